#include "analyzer/cli/manual.h"

#include "analyzer/cli/commands.h"
#include "analyzer/cli/help.h"
#include "analyzer/cli/options.h"
#include "analyzer/cli/shell_words.h"
#include "tui/help.h"
#include "tui/keys.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum { LINE = 72 };

struct entry {
    const char *name, *text;
};

static const struct entry environment[] = {
    {"CPPROF_SYMBOLIZE", "The initial value of `-symbolize`."},
    {"DEBUGINFOD_URLS", "Servers that are asked for debug files by build id; see debuginfod(8)."},
    {"PPROF_BINARY_PATH",
     "Folders in which binaries and their debug files are looked for, separated by colons; "
     "$HOME/pprof/binaries if it is not set."},
    {"BROWSER",
     "What shows pages: commands separated by colons, of which the first that works is taken; "
     "%s in one stands for the page. Without it one of the usual browsers is looked for."},
    {"PPROF_TMPDIR",
     "Where files for browsers and other viewers are put; without it TMPDIR says where, else they "
     "go to /tmp."},
    {"PPROF_TOOLS", "The initial value of `-tools`."},
    {"XDG_STATE_HOME",
     "Where the shell keeps the lines that were typed, in cpprof/history; ~/.local/state if it is "
     "not set."},
    {"NO_COLOR", "If it is set to anything, nothing is coloured unless `-color=always` says so."},
    {"COLUMNS", "The width of the terminal, if the terminal itself does not tell."},
    {"TZ", "The time zone in which the time of a profile is written."},
};

static const struct entry exit_status[] = {
    {"0", "The report was written."},
    {"1",
     "A source could not be read or is not a valid profile, or the result could not be written."},
    {"2", "The command line is wrong."},
    {"3", "`diff -fail-above` found a function that grew by more."},
    {"of record",
     "That of the program: 128 and the number of the signal that ended it, 127 if there is no such "
     "program and 126 if it cannot be run."},
};

static const struct entry examples[] = {
    {"cpprof top cpu.pb.gz", "The functions that use the most time."},
    {"cpprof top -cum -focus=parse -n 20 cpu.pb.gz",
     "The twenty functions with the largest cumulative value, in samples that pass through a "
     "function whose name contains parse."},
    {"cpprof peek '^malloc$' heap.pb.gz", "Who calls malloc."},
    {"cpprof record --cpu --heap -o prog.pb.gz ./prog ARG",
     "Runs a program; prog.cpu.pb.gz has its CPU time, prog.heap.pb.gz its memory."},
    {"cpprof record -p 1234 --seconds 30 -o live.pb.gz",
     "The CPU time of a process that runs already."},
    {"cpprof threads 1234", "What each of its threads is doing now."},
    {"cpprof diff --fail-above=2 old.pb.gz new.pb.gz",
     "What changed; exit status 3 if a function's share grew by more than two points."},
    {"cpprof merge -o all.pb.gz host*.pb.gz", "One profile of many."},
    {"cpprof symbolize -o named.pb.gz ./server cpu.prof",
     "The profile with the names of its functions in it, to be looked at elsewhere."},
    {"cpprof top --format=json cpu.pb.gz", "For programs: unrounded numbers with their unit."},
    {"cpprof -dot -nodecount=40 cpu.pb.gz | dot -Tsvg > cpu.svg",
     "A call graph as a picture, called as pprof is."},
};

/* Text in lines of moderate length, with what roff would take for commands made harmless; `words`
 * in backquotes become bold. */
static void put_text(struct buf *out, const char *text)
{
    bool bold = false, line_start = true;
    for (size_t line = out->len; *text; text++) {
        if (line_start && *text == '.')
            buf_puts(out, "\\&");
        line_start = *text == ' ' && out->len - line + 1 + strcspn(text + 1, " ") > LINE;
        if (line_start) {
            buf_putc(out, '\n');
            line = out->len;
            continue;
        }
        switch (*text) {
        case '\\':
            buf_puts(out, "\\e");
            break;
        case '-':
            buf_puts(out, "\\-");
            break;
        case '\'':
            buf_puts(out, "\\(aq");
            break;
        case '^':
            buf_puts(out, "\\(ha");
            break;
        case '`':
            bold = !bold;
            buf_puts(out, bold ? "\\fB" : "\\fR");
            break;
        default:
            buf_putc(out, *text);
        }
    }
    buf_putc(out, '\n');
}

/* Our one-line texts begin in lower case and have no period; in the manual they are sentences. */
static void put_sentence(struct buf *out, const char *text)
{
    struct buf sentence = {0};
    buf_puts(&sentence, text);
    sentence.data[0] = (char)toupper((unsigned char)sentence.data[0]);
    if (sentence.data[sentence.len - 1] != '.')
        buf_putc(&sentence, '.');
    put_text(out, sentence.data);
    buf_release(&sentence);
}

static void put_entries(struct buf *out, const struct entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buf_puts(out, ".TP\n.B ");
        put_text(out, entries[i].name);
        put_text(out, entries[i].text);
    }
}

static void put_commands(struct buf *out)
{
    for (size_t i = 0; i < command_count; i++) {
        const struct command *cmd = &commands[i];
        if (!cmd->run)
            continue;
        buf_printf(out, ".TP\n\\fB%s\\fR", cmd->name);
        if (cmd->operand)
            buf_printf(out, " \\fI%s\\fR", cmd->operand);
        if (cmd->sources)
            buf_printf(out, " \\fI%s\\fR", cmd->sources);
        buf_putc(out, '\n');
        put_sentence(out, cmd->help);
        if (cmd->details)
            put_text(out, cmd->details);
        help_destination(out, cmd);
    }
}

static void put_option(struct buf *out, const struct option *o, const struct choice *c)
{
    buf_puts(out, ".TP\n");
    const char *names[] = {help_flag_name(o, c), c ? NULL : o->alias};
    for (size_t i = 0; i < 2 && names[i]; i++) {
        buf_puts(out, i ? ", \\fB\\-" : "\\fB\\-");
        for (const char *s = names[i]; *s; s++)
            buf_printf(out, *s == '-' ? "\\%c" : "%c", *s);
        buf_puts(out, "\\fR");
    }
    if (!c && o->value)
        buf_printf(out, " \\fI%s\\fR", o->value);
    buf_putc(out, '\n');
    put_sentence(out, help_flag_text(o, c));
    if (!c && o->details)
        put_text(out, o->details);
    const char *initial = help_flag_initial(o, c);
    if (initial) {
        buf_puts(out, c ? "This is the default" : "The default is ");
        if (!c)
            for (; *initial; initial++)
                buf_printf(out, *initial == '-' ? "\\%c" : "%c", *initial);
        buf_puts(out, ".\n");
    }
}

static void put_shell(struct buf *out)
{
    buf_puts(out, ".SH SHELL\n");
    put_text(out,
             "`cpprof shell`, and `cpprof` with a source but no command where standard input or "
             "output is no terminal, reads lines as pprof's shell does. The source is read once. "
             "Each report begins with all of it, and Ctrl-C ends a report, not the shell. On a "
             "terminal lines can be edited and recalled (keys as in ~/.editrc), and Tab completes "
             "commands, options and their values, sample types, labels, functions and files.");
    for (size_t i = 0; i < shell_form_count; i++) {
        struct buf form = {0};
        buf_printf(&form, "`%s`", shell_forms[i].form);
        buf_puts(out, ".TP\n");
        put_text(out, form.data);
        put_sentence(out, shell_forms[i].help);
        buf_release(&form);
    }
    for (size_t i = 0; i < shell_word_count; i++) {
        const struct shell_word *w = &shell_words[i];
        buf_printf(out, ".TP\n\\fB%s\\fR", w->name);
        for (size_t a = 0; a < 2 && w->aliases[a]; a++)
            buf_printf(out, ", \\fB%s\\fR", w->aliases[a]);
        if (w->operand)
            buf_printf(out, " \\fI%s\\fR", w->operand);
        buf_putc(out, '\n');
        put_sentence(out, w->help);
        if (w->details)
            put_text(out, w->details);
    }
}

/* What `?` shows in the terminal UI. */
static void put_keys(struct buf *out)
{
    struct buf keys = {0}, text = {0};
    for (enum key_group group = 0; group < KEY_GROUP_COUNT; group++) {
        buf_puts(out, ".SS ");
        put_text(out, key_group_titles[group]);
        for (size_t i = 0; i < key_count; i++) {
            if (key_table[i].group != group || !key_table[i].help)
                continue;
            help_key(&keys, &text, &key_table[i]);
            buf_puts(out, ".TP\n.B ");
            put_text(out, keys.data);
            put_sentence(out, text.data);
        }
    }
    buf_release(&keys);
    buf_release(&text);
}

void manual_write(struct buf *out)
{
    buf_printf(out, ".TH CPPROF 1 \"2026-11-23\" \"cpprof %s\" \"User Commands\"\n",
               cpprof_version);
    buf_puts(out, ".SH NAME\n"
                  "cpprof \\- read and compare profiles of programs\n"
                  ".SH SYNOPSIS\n"
                  "\\fBcpprof\\fR \\fICOMMAND\\fR [\\fIoptions\\fR] [\\fIBINARY\\fR] "
                  "\\fISOURCE\\fR...\n"
                  ".br\n"
                  "\\fBcpprof\\fR \\fB\\-\\fICOMMAND\\fR [\\fIoptions\\fR] [\\fIBINARY\\fR] "
                  "\\fISOURCE\\fR...\n"
                  ".br\n"
                  "\\fBcpprof\\fR [\\fIoptions\\fR] [\\fIBINARY\\fR] \\fISOURCE\\fR...\n"
                  ".SH DESCRIPTION\n");
    put_text(
        out,
        "`cpprof` shows where a program spends its time and memory. It reads every profile that "
        "pprof reads: profile.proto, plain or compressed with gzip or zstd, and the older text and "
        "binary forms of gperftools, Go and Java. Its text reports are those of pprof to the byte, "
        "and it can be called in pprof's place. `cpprof record` makes profiles of programs and of "
        "running processes.");
    buf_puts(out, ".PP\n");
    put_text(
        out,
        "A `SOURCE` is a file, or - for standard input: a profile, or what Linux' `perf record` "
        "writes. Several are added up. `BINARY` is the program that was profiled, or its "
        "build id.");
    buf_puts(out, ".PP\n");
    put_text(out,
             "Options stand anywhere after the command and begin with one dash or two. A value "
             "follows as `-name=VALUE` or `-name VALUE`. Options without a value are switched "
             "off by `-name=false` or `--no-name`. After `--` everything is a source. In the "
             "names of options - and _ are the same.");
    buf_puts(out, ".SH COMMANDS\n");
    put_commands(out);
    buf_puts(out, ".SH OPTIONS\n");
    put_text(out,
             "An option that means nothing to a pprof command is accepted and left out of account, "
             "as in pprof; the commands that pprof does not have refuse it.");
    for (int g = 0; g < GROUP_COUNT; g++) {
        buf_puts(out, ".SS ");
        put_text(out, option_group_titles[g]);
        help_options(out, g, commands_do(), put_option);
    }
    buf_puts(out, ".SH PPROF GRAMMAR\n");
    put_text(
        out,
        "If the first argument begins with a dash, the command line is read by pprof's rules: the "
        "command is an option too (`-top`, `-peek=REGEX`), exactly one may be given, and all "
        "options "
        "stand before the first source. Of an option given twice the last counts. The values of "
        "options without an argument are 1, t, T, true, TRUE, True, 0, f, F, false, FALSE and "
        "False; "
        "whole numbers may be written in hexadecimal (0x), octal (0 or 0o) and binary (0b).");
    put_shell(out);
    buf_puts(out, ".SH TERMINAL UI\n");
    put_text(out,
             "`cpprof tui`, and `cpprof` with a source and nothing else on a terminal, show a "
             "profile in views that the keys 1 to 8 choose. What is done to the profile (focus, "
             "hide, ...) holds for all views, is named above them, and can be undone. A click "
             "chooses, the wheel scrolls, a double click enters. NO_COLOR=1 and -color=never "
             "do without colours.");
    put_keys(out);
    buf_puts(out, ".SH EXIT STATUS\n");
    put_entries(out, exit_status, sizeof exit_status / sizeof *exit_status);
    buf_puts(out, ".SH ENVIRONMENT\n");
    put_entries(out, environment, sizeof environment / sizeof *environment);
    buf_puts(out, ".SH EXAMPLES\n");
    put_entries(out, examples, sizeof examples / sizeof *examples);
    buf_puts(out, ".SH SEE ALSO\n"
                  ".BR dot (1),\n"
                  ".BR perf (1),\n"
                  ".BR kcachegrind (1)\n"
                  ".PP\n");
    put_text(out, "https://github.com/google/pprof describes the format and the original.");
}
