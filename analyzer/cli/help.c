#include "analyzer/cli/help.h"

#include "analyzer/cli/commands.h"
#include "analyzer/cli/manual.h"
#include "analyzer/cli/options.h"
#include "analyzer/cli/suggest.h"

#include <stdio.h>
#include <string.h>

#ifndef CPPROF_VERSION
#define CPPROF_VERSION "0.1.0"
#endif

const char *const cpprof_version = CPPROF_VERSION;

enum { COLUMN = 26, WIDTH = 80 };

const char *help_flag_name(const struct option *o, const struct choice *c)
{
    return c ? c->name : o->name;
}

const char *help_flag_text(const struct option *o, const struct choice *c)
{
    return c ? c->help : o->help;
}

const char *help_flag_initial(const struct option *o, const struct choice *c)
{
    if (!o->initial || o->kind == OPTION_BOOL || (c && strcmp(c->name, o->initial) != 0))
        return NULL;
    return o->initial;
}

void help_options(struct buf *out, int group, unsigned means, help_row *row)
{
    for (size_t i = 0; i < option_count; i++) {
        const struct option *o = &options[i];
        if ((int)o->group != group || !(o->means & means))
            continue;
        if (!(o->flags & OPTION_CHOICES_ARE_FLAGS)) {
            row(out, o, NULL);
            continue;
        }
        for (const struct choice *c = o->choices; c->name; c++)
            row(out, o, c);
    }
}

void help_put_wrapped(struct buf *out, const char *text, size_t at)
{
    size_t column = at;
    for (;;) {
        size_t word = strcspn(text, " \n");
        if (column > at && column + 1 + word > WIDTH) {
            buf_putc(out, '\n');
            buf_pad(out, ' ', at);
            column = at;
        } else if (column > at) {
            buf_putc(out, ' ');
            column++;
        }
        buf_add(out, text, word);
        column += word;
        if (!text[word])
            break;
        text += word + 1;
    }
    buf_putc(out, '\n');
}

void help_put_row(struct buf *out, const char *label, const char *text)
{
    size_t start = out->len;
    buf_printf(out, "  %s", label);
    size_t used = out->len - start;
    if (used + 1 > COLUMN) {
        buf_putc(out, '\n');
        used = 0;
    }
    buf_pad(out, ' ', COLUMN - used);
    help_put_wrapped(out, text, COLUMN);
}

static void put_option(struct buf *out, const struct option *o, const struct choice *c)
{
    struct buf label = {0}, text = {0};
    buf_printf(&label, "-%s", help_flag_name(o, c));
    if (!c && o->alias)
        buf_printf(&label, ", -%s", o->alias);
    if (!c && o->value)
        buf_printf(&label, " %s", o->value);
    buf_puts(&text, help_flag_text(o, c));
    const char *initial = help_flag_initial(o, c);
    if (initial)
        buf_printf(&text, c ? " (default)" : " (default %s)", initial);
    help_put_row(out, label.data, text.data);
    buf_release(&label);
    buf_release(&text);
}

static void put_option_fully(struct buf *out, const struct option *o, const struct choice *c)
{
    put_option(out, o, c);
    if (c || !o->details)
        return;
    buf_pad(out, ' ', COLUMN);
    help_put_wrapped(out, o->details, COLUMN);
}

static void put_groups(struct buf *out, unsigned means, help_row *row)
{
    for (int g = 0; g < GROUP_COUNT; g++) {
        size_t before = out->len;
        buf_printf(out, "\n%s:\n", option_group_titles[g]);
        size_t empty = out->len;
        help_options(out, g, means, row);
        if (out->len == empty)
            out->len = before;
    }
}

void help_overview(struct buf *out)
{
    buf_puts(out, "cpprof shows where a program spends its time and memory, from any profile that\n"
                  "pprof reads.\n"
                  "\n"
                  "usage: cpprof COMMAND [options] [BINARY] SOURCE...\n"
                  "       cpprof -COMMAND [options] [BINARY] SOURCE...      as pprof is called\n"
                  "       cpprof [options] [BINARY] SOURCE...               to look around in it\n"
                  "\n"
                  "A SOURCE is a file or - for standard input: a profile, or perf.data of Linux'\n"
                  "perf; several are added up. BINARY is the program that was profiled, or its\n"
                  "build id.\n"
                  "\n"
                  "Commands:\n");
    for (size_t i = 0; i < command_count; i++) {
        const struct command *cmd = &commands[i];
        char label[100];
        snprintf(label, sizeof label, "%s%s%s", cmd->name, cmd->operand ? " " : "",
                 cmd->operand ? cmd->operand : "");
        if (cmd->run)
            help_put_row(out, label, cmd->help);
    }
    buf_puts(out, "\n"
                  "Options begin with one dash or two and stand anywhere. Values follow as\n"
                  "-name=VALUE or -name VALUE; -name=false and -no-name switch off. After -- come\n"
                  "only sources.\n");
    put_groups(out, commands_do(), put_option);
    buf_puts(out, "\n"
                  "`cpprof help COMMAND` says more about a command and its options,\n"
                  "`cpprof help -man` prints the manual page.\n");
}

void help_destination(struct buf *out, const struct command *cmd)
{
    if (cmd->viewer)
        buf_printf(out, "Starts %s; with -output writes to a file instead.\n", cmd->viewer);
    else if (cmd->extension)
        buf_printf(out, "On a terminal the result goes to a file profileNNN.%s instead.\n",
                   cmd->extension);
}

void help_command(struct buf *out, const struct command *cmd)
{
    buf_printf(out, "usage: cpprof %s [options]", cmd->name);
    if (cmd->operand)
        buf_printf(out, " %s", cmd->operand);
    if (cmd->sources)
        buf_printf(out, " %s", cmd->sources);
    if (cmd->flags & COMMAND_PPROF)
        buf_printf(out, "\n       cpprof -%s%s%s [options] %s", cmd->name, cmd->operand ? "=" : "",
                   cmd->operand ? cmd->operand : "", cmd->sources);
    buf_printf(out, "\n\n%s: %s\n", cmd->name, cmd->help);
    if (cmd->details)
        help_put_wrapped(out, cmd->details, 0);
    help_destination(out, cmd);
    put_groups(out, cmd->does, put_option_fully);
}

int help_run(const struct config *cfg, const struct command *cmd, const char *operand,
             struct error *err)
{
    (void)cmd;
    const struct command *about = operand ? command_find(operand) : NULL;
    if (operand && !about) {
        const char *names[COMMAND_LIMIT];
        char question[400];
        suggest_question(question, sizeof question, operand, "", names, suggest_commands(names));
        return error_set(err, ERROR_USAGE, "there is no command `%.200s`%s", operand, question);
    }
    if (about && !about->run)
        return error_set(err, ERROR_USAGE, "`%s` is not in this version yet", about->name);
    struct buf out = {0};
    if (cfg->man)
        manual_write(&out);
    else if (about)
        help_command(&out, about);
    else
        help_overview(&out);
    fwrite(out.data, 1, out.len, stdout);
    buf_release(&out);
    return 0;
}

int version_run(const struct config *cfg, const struct command *cmd, const char *operand,
                struct error *err)
{
    (void)cfg, (void)cmd, (void)operand, (void)err;
    printf("cpprof %s\n", cpprof_version);
    return 0;
}
