#include "analyzer/cli/flags.h"

#include "analyzer/base/buf.h"
#include "analyzer/cli/binary_arg.h"
#include "analyzer/cli/commands.h"
#include "analyzer/cli/options.h"
#include "analyzer/cli/suggest.h"
#include "analyzer/cli/terminal.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { QUESTION = 400 }; /* room for a "did you mean" */

struct parser {
    struct command_line *line;
    bool pprof; /* the grammar */
    char *const *args;
    int count, next;
    struct string_list positionals;
    bool wants_help, wants_version;

    /* By row of the option table. Choices are collected first and stored last, because two that are
     * on exclude each other while -lines -lines=false is nothing at all. */
    bool given[OPTION_LIMIT];
    unsigned chosen[OPTION_LIMIT]; /* bit per choice; for a shorthand, bit 0 */

    /* By row of the command table: the formats asked for in pprof's grammar. */
    bool format[COMMAND_LIMIT];
    const char *operand[COMMAND_LIMIT];
};

/* What a flag's name stands for: an option, an option's choice, or a format. */
struct flag {
    const struct option *option;
    const struct choice *choice;
    const struct command *command;
    bool negated;
};

static bool flag_find(const struct parser *p, const char *name, struct flag *flag)
{
    *flag = (struct flag){0};
    flag->option = option_find_choice(name, &flag->choice);
    if (flag->option)
        return true;
    flag->option = option_find(name);
    /* pprof spells these by their choices only. */
    if (flag->option && p->pprof && (flag->option->flags & OPTION_CHOICES_ARE_FLAGS))
        flag->option = NULL;
    if (flag->option)
        return true;
    flag->command = p->pprof ? command_find(name) : NULL;
    return flag->command && (flag->command->flags & COMMAND_PPROF);
}

static bool flag_takes_value(const struct flag *flag)
{
    if (flag->command)
        return flag->command->flags & COMMAND_NEEDS_OPERAND;
    return !flag->choice && option_takes_value(flag->option);
}

/* --no-x is -x=false in our grammar. */
static bool flag_find_negated(const struct parser *p, const char *name, struct flag *flag)
{
    if (p->pprof || (strncmp(name, "no-", 3) != 0 && strncmp(name, "no_", 3) != 0) ||
        !flag_find(p, name + 3, flag) || flag_takes_value(flag))
        return false;
    flag->negated = true;
    return true;
}

static int unknown_flag(const struct parser *p, const char *name, struct error *err)
{
    const char *names[4 * OPTION_LIMIT + COMMAND_LIMIT];
    size_t count = 0;
    for (size_t i = 0; i < option_count; i++) {
        const struct option *o = &options[i];
        if (!(o->flags & OPTION_CHOICES_ARE_FLAGS)) {
            names[count++] = o->name;
            continue;
        }
        for (const struct choice *c = o->choices; c->name; c++)
            names[count++] = c->name;
    }
    for (size_t i = 0; p->pprof && i < command_count; i++)
        if ((commands[i].flags & COMMAND_PPROF) && commands[i].run)
            names[count++] = commands[i].name;
    char question[QUESTION];
    suggest_question(question, sizeof question, name, "-", names, count);
    return error_set(err, ERROR_USAGE, "there is no flag -%.200s%s", name, question);
}

static int store_string(struct parser *p, const struct option *o, const char *value)
{
    struct string_list *list = (void *)((char *)&p->line->config + o->offset);
    if (p->pprof)
        string_list_clear(list);
    if (*value)
        string_list_add(list, value);
    return 0;
}

static int flag_set(struct parser *p, const struct flag *flag, const char *name, const char *value,
                    struct error *err)
{
    const struct option *o = flag->option;
    if (flag->command) {
        size_t at = (size_t)(flag->command - commands);
        if (!flag_takes_value(flag))
            return option_parse_bool(name, value, &p->format[at], err);
        p->format[at] = *value != '\0';
        p->operand[at] = value;
        return 0;
    }
    size_t at = (size_t)(o - options);
    p->given[at] = true;
    if (flag->choice || o->kind == OPTION_SHORTHAND) {
        bool on = false;
        if (option_parse_bool(name, value, &on, err) < 0)
            return -1;
        unsigned bit = 1u << (flag->choice ? flag->choice - o->choices : 0);
        p->chosen[at] = on ? p->chosen[at] | bit : p->chosen[at] & ~bit;
        return 0;
    }
    if (o->kind == OPTION_STRINGS)
        return store_string(p, o, value);
    return option_set(&p->line->config, o, value, err);
}

/* Takes the flag at p->next and, if it needs one, its value. */
static int parse_flag(struct parser *p, struct error *err)
{
    const char *arg = p->args[p->next++];
    const char *name = arg + (arg[1] == '-' ? 2 : 1);
    if (*name == '-' || *name == '=')
        return error_set(err, ERROR_USAGE, "`%.200s` is not a flag: write -name or -name=value",
                         arg);
    const char *equals = strchr(name, '=');
    size_t len = equals ? (size_t)(equals - name) : strlen(name);
    char bare[64];
    /* No flag has a name this long: cut, it stays unknown. */
    snprintf(bare, sizeof bare, "%.*s", (int)(len < sizeof bare ? len : sizeof bare), name);

    struct flag flag;
    if (!flag_find(p, bare, &flag) && !flag_find_negated(p, bare, &flag)) {
        p->wants_help |= strcmp(bare, "h") == 0 || strcmp(bare, "help") == 0;
        p->wants_version |= strcmp(bare, "version") == 0;
        return p->wants_help || p->wants_version ? 0 : unknown_flag(p, bare, err);
    }
    if (flag.negated && equals)
        return error_set(err, ERROR_USAGE, "-%s takes no value", bare);
    if (!flag_takes_value(&flag))
        return flag_set(p, &flag, bare, flag.negated ? "false" : equals ? equals + 1 : "true", err);
    if (equals)
        return flag_set(p, &flag, bare, equals + 1, err);
    if (p->next == p->count)
        return error_set(err, ERROR_USAGE, "-%s needs a value: -%s=%s", bare, bare,
                         flag.command ? flag.command->operand : flag.option->value);
    return flag_set(p, &flag, bare, p->args[p->next++], err);
}

/* A lone "-" is a source: standard input. */
static bool looks_like_flag(const char *arg)
{
    return arg[0] == '-' && arg[1] != '\0';
}

static int parse_arguments(struct parser *p, struct error *err)
{
    while (p->next < p->count && !p->wants_help && !p->wants_version) {
        const char *arg = p->args[p->next];
        if (strcmp(arg, "--") == 0) {
            p->next++;
            break;
        }
        if (looks_like_flag(arg)) {
            if (parse_flag(p, err) < 0)
                return -1;
            continue;
        }
        if (p->pprof || (p->line->command->flags & COMMAND_RUNS_PROGRAM))
            break;
        string_list_add(&p->positionals, arg);
        p->next++;
    }
    for (; p->next < p->count; p->next++)
        string_list_add(&p->positionals, p->args[p->next]);
    return 0;
}

static int store_choices(struct parser *p, struct error *err)
{
    for (size_t i = 0; i < option_count; i++) {
        const struct option *o = &options[i];
        if (!(o->flags & OPTION_CHOICES_ARE_FLAGS))
            continue;
        const struct choice *first = NULL;
        for (const struct choice *c = o->choices; c->name; c++) {
            if (!(p->chosen[i] & 1u << (c - o->choices)))
                continue;
            if (first)
                return error_set(err, ERROR_USAGE, "-%s and -%s exclude each other", first->name,
                                 c->name);
            first = c;
        }
        if (first)
            option_set_choice(&p->line->config, o, first);
    }
    return 0;
}

static void store_shorthands(struct parser *p)
{
    struct report_spec *report = &p->line->config.report;
    for (size_t i = 0; i < option_count; i++) {
        const struct option *o = &options[i];
        if (o->kind != OPTION_SHORTHAND || !p->chosen[i])
            continue;
        if (*report->sample_index)
            lines_add(&p->line->notes, "several values are selected: -%s is ignored", o->name);
        else
            report->sample_index = o->sets;
        if (o->flags & OPTION_SETS_MEAN)
            report->mean = true;
    }
}

/* What happens to a profile without a command: it is looked at on a terminal, elsewhere a script
 * says what to do with it. */
static const struct command *interactive_command(void)
{
    const struct command *tui = command_find("tui");
    bool terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && !terminal_is_dumb();
    return terminal && tui->run ? tui : command_find("shell");
}

/* The one format among pprof's flags. */
static int choose_format(struct parser *p, struct error *err)
{
    struct command_line *line = p->line;
    for (size_t i = 0; i < command_count; i++) {
        if (!p->format[i])
            continue;
        if (line->command)
            return error_set(err, ERROR_USAGE, "-%s and -%s are two output formats: choose one",
                             line->command->name, commands[i].name);
        line->command = &commands[i];
        line->operand = p->operand[i];
    }
    if (!line->command && !*line->config.http)
        line->command = interactive_command();
    return 0;
}

/* Takes the command's operand off the front of the positionals. */
static int take_operand(struct parser *p, struct error *err)
{
    struct command_line *line = p->line;
    struct string_list *left = &p->positionals;
    if (p->pprof || !line->command->operand)
        return 0;
    if (left->count) {
        line->operand = left->items[0];
        left->count--;
        memmove(left->items, left->items + 1, left->count * sizeof *left->items);
    } else if (line->command->flags & COMMAND_NEEDS_OPERAND) {
        return error_set(err, ERROR_USAGE, "`%s` needs %s: cpprof %s %s%s%s", line->command->name,
                         line->command->operand, line->command->name, line->command->operand,
                         line->command->sources ? " " : "",
                         line->command->sources ? line->command->sources : "");
    }
    return 0;
}

static int take_program(struct parser *p, struct error *err)
{
    const struct command *cmd = p->line->command;
    struct record_spec *record = &p->line->config.record;
    if (record->pids.count && p->positionals.count)
        return error_set(err, ERROR_USAGE,
                         "-pid is for processes that run already: `%.200s` is not run then",
                         p->positionals.items[0]);
    if (!p->positionals.count && !record->pids.count)
        return error_set(err, ERROR_USAGE, "no program to run: cpprof %s [options] %s", cmd->name,
                         cmd->sources);
    for (size_t i = 0; i < p->positionals.count; i++)
        string_list_add(&record->program, p->positionals.items[i]);
    return 0;
}

static int take_sources(struct parser *p, struct error *err)
{
    const struct command *cmd = p->line->command;
    struct source_spec *source = &p->line->config.source;
    const struct string_list *left = &p->positionals;
    size_t first = 0;
    if (!cmd->sources) {
        if (left->count)
            return error_set(err, ERROR_USAGE, "`%s` has no use for `%.300s`", cmd->name,
                             left->items[0]);
        return 0;
    }
    if (cmd->flags & COMMAND_RUNS_PROGRAM)
        return take_program(p, err);
    if (left->count == 0)
        return error_set(err, ERROR_USAGE, "no profile to read: cpprof %s%s%s %s", cmd->name,
                         cmd->operand ? " " : "", cmd->operand ? cmd->operand : "", cmd->sources);
    if (cmd->source_count && left->count != cmd->source_count)
        return error_set(err, ERROR_USAGE, "`%s` takes %u sources, not %zu: cpprof %s %s",
                         cmd->name, cmd->source_count, left->count, cmd->name, cmd->sources);
    if ((cmd->flags & COMMAND_FIRST_IS_BINARY) && left->count > 1) {
        const char *candidate = left->items[0];
        if (binary_arg_is_program(candidate)) {
            source->exec_name = candidate;
            first = 1;
        } else if (!*source->build_id && binary_arg_is_build_id(candidate) &&
                   /* pprof never looks whether a file has such a name; a profile called "1" is
                    * worth a look. */
                   (p->pprof || access(candidate, F_OK) != 0)) {
            source->build_id = candidate;
            first = 1;
        }
    }
    for (size_t i = first; i < left->count; i++)
        string_list_add(&source->sources, left->items[i]);
    return 0;
}

/* pprof's formats take every flag and leave out what means nothing to them, so scripts may pass the
 * same flags to all. A command of our own would be misread that way. */
static int check_meanings(const struct parser *p, struct error *err)
{
    const struct command *cmd = p->line->command;
    for (size_t i = 0; i < option_count; i++) {
        const struct option *o = &options[i];
        if (!p->given[i] || (o->means & cmd->does))
            continue;
        if ((o->flags & OPTION_STRICT) || (!p->pprof && !(cmd->flags & COMMAND_PPROF)))
            return error_set(err, ERROR_USAGE, "`%s` has no use for -%s", cmd->name, o->name);
    }
    return 0;
}

static int check_config(const struct config *cfg, const struct command *cmd, struct error *err)
{
    const struct source_spec *source = &cfg->source;
    if (*cfg->http)
        return error_set(err, ERROR_USAGE, "the web interface (-http) is not in this version yet");
    if (cfg->no_browser)
        return error_set(err, ERROR_USAGE, "-no_browser means something only with -http");
    if (source->base.count && source->diff_base.count)
        return error_set(err, ERROR_USAGE, "-base and -diff_base exclude each other");
    if (source->normalize && !source->base.count && !source->diff_base.count &&
        !(cmd->does & DOES_PAIR))
        return error_set(err, ERROR_USAGE,
                         "-normalize needs a profile to scale to: -base or -diff_base");
    if (cfg->report.divide_by == 0)
        return error_set(err, ERROR_USAGE, "-divide_by=0 divides by zero");
    return command_check_format(cmd, cfg->output.format, err);
}

/* Help and version, asked for as flags, are the commands of that name. */
static bool answer_flags(struct parser *p)
{
    struct command_line *line = p->line;
    if (!p->wants_help && !p->wants_version)
        return false;
    if (p->wants_help && line->command)
        line->operand = line->command->name;
    line->command = command_find(p->wants_help ? "help" : "version");
    return true;
}

static int parse(struct parser *p, struct error *err)
{
    struct command_line *line = p->line;
    if (line->command && !line->command->run)
        return error_set(err, ERROR_USAGE, "`%s` is not in this version yet", line->command->name);
    if (parse_arguments(p, err) < 0)
        return -1;
    if (answer_flags(p))
        return 0;
    if (store_choices(p, err) < 0 || (p->pprof && choose_format(p, err) < 0))
        return -1;
    store_shorthands(p);
    if (check_config(&line->config, line->command, err) < 0)
        return -1;
    if (!line->command->run)
        return error_set(err, ERROR_USAGE, "`%s` is not in this version yet", line->command->name);
    if (check_meanings(p, err) < 0 || take_operand(p, err) < 0 || take_sources(p, err) < 0)
        return -1;
    return 0;
}

static int unknown_command(const char *word, struct error *err)
{
    if (strpbrk(word, "./"))
        return error_set(err, ERROR_USAGE, "there is no command and no file `%.300s`", word);
    const char *names[COMMAND_LIMIT];
    char question[QUESTION];
    suggest_question(question, sizeof question, word, "", names, suggest_commands(names));
    return error_set(err, ERROR_USAGE, "there is no command `%.200s`%s%s", word, question,
                     *question ? "" : "; `cpprof help` lists them");
}

int command_line_parse(struct command_line *line, int count, char *const *args, struct error *err)
{
    *line = (struct command_line){0};
    config_init(&line->config);
    if (count <= 0)
        return error_set(err, ERROR_USAGE,
                         "a command and a profile are needed, as in `cpprof top FILE`; "
                         "`cpprof help` lists all");
    struct parser p = {.line = line, .pprof = args[0][0] == '-', .args = args, .count = count};
    if (!p.pprof) {
        line->command = command_find(args[0]);
        p.next = line->command != NULL;
        if (!line->command && access(args[0], F_OK) == 0)
            line->command = interactive_command();
        if (!line->command)
            return unknown_command(args[0], err);
    }
    int result = parse(&p, err);
    string_list_release(&p.positionals);
    return result;
}

void command_line_release(struct command_line *line)
{
    config_release(&line->config);
    lines_release(&line->notes);
}
