#include "analyzer/cli/completion.h"

#include "analyzer/cli/commands.h"
#include "analyzer/cli/help.h"
#include "analyzer/cli/options.h"

#include <stdio.h>
#include <string.h>

/* In single quotes a shell takes everything as it is, but for the quote. */
static void put_quoted(struct buf *out, const char *text)
{
    buf_putc(out, '\'');
    for (; *text; text++)
        buf_printf(out, *text == '\'' ? "'\\''" : "%c", *text);
    buf_putc(out, '\'');
}

static void put_commands(struct buf *out, unsigned flags, const char *prefix)
{
    const char *space = "";
    for (size_t i = 0; i < command_count; i++) {
        const struct command *cmd = &commands[i];
        if (!cmd->run || (cmd->flags & flags) != flags)
            continue;
        buf_printf(out, "%s%s%s", space, prefix, cmd->name);
        space = " ";
    }
}

static void put_choices(struct buf *out, const struct option *o)
{
    for (const struct choice *c = o->choices; c->name; c++)
        buf_printf(out, "%s%s", c == o->choices ? "" : " ", c->name);
}

/* Does O take one of a few names as its value? */
static bool is_listed_choice(const struct option *o)
{
    return o->kind == OPTION_CHOICE && !(o->flags & OPTION_CHOICES_ARE_FLAGS);
}

static void put_groups(struct buf *out, unsigned means, help_row *row)
{
    for (int g = 0; g < GROUP_COUNT; g++)
        help_options(out, g, means, row);
}

static void put_bash_option(struct buf *out, const struct option *o, const struct choice *c)
{
    buf_printf(out, " -%s", help_flag_name(o, c));
}

/* bash splits words at "=", so that "-format=js" arrives as three; both spellings are taken apart
 * before the name of the option is looked at. */
static void write_bash(struct buf *out)
{
    buf_puts(out,
             "# bash completion for cpprof, made by `cpprof completion bash`\n"
             "_cpprof() {\n"
             "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} words=\n"
             "    if [[ $cur == = ]]; then\n"
             "        cur=\n"
             "    elif [[ $prev == = ]]; then\n"
             "        prev=${COMP_WORDS[COMP_CWORD-2]}\n"
             "    fi\n"
             "    COMPREPLY=()\n"
             "    case $prev in\n");
    for (size_t i = 0; i < option_count; i++) {
        const struct option *o = &options[i];
        if (!is_listed_choice(o))
            continue;
        buf_printf(out, "    -%s|--%s) words='", o->name, o->name);
        put_choices(out, o);
        buf_puts(out, "' ;;\n");
    }
    buf_puts(out, "    completion) words='bash zsh fish' ;;\n"
                  "    help) words='");
    put_commands(out, 0, "");
    buf_puts(out, "' ;;\n"
                  "    esac\n"
                  "    if [[ -n $words ]]; then\n"
                  "        COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
                  "        return\n"
                  "    fi\n"
                  "    if [[ $COMP_CWORD -eq 1 && $cur != -* ]]; then\n"
                  "        words='");
    put_commands(out, 0, "");
    buf_puts(out, "'\n"
                  "    elif [[ $cur == -* ]]; then\n"
                  "        case ${COMP_WORDS[1]} in\n");
    for (size_t i = 0; i < command_count; i++) {
        if (!commands[i].run)
            continue;
        buf_printf(out, "        %s) words=' -help", commands[i].name);
        put_groups(out, commands[i].does, put_bash_option);
        buf_puts(out, "' ;;\n");
    }
    buf_puts(out, "        *) words=' -help -version ");
    put_commands(out, COMMAND_PPROF, "-");
    put_groups(out, commands_do(), put_bash_option);
    buf_puts(out, "' ;;\n"
                  "        esac\n"
                  "    fi\n"
                  "    if [[ $cur == --* ]]; then\n"
                  "        words=${words// -/ --}\n"
                  "    fi\n"
                  "    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
                  "}\n"
                  "complete -o default -F _cpprof cpprof\n");
}

/* zsh's _describe takes 'name:text', where only the name must be free of colons. */
static void put_zsh_item(struct buf *out, const char *dash, const char *name, const char *text)
{
    char item[400];
    snprintf(item, sizeof item, "%s%s:%s", dash, name, text);
    buf_putc(out, ' ');
    put_quoted(out, item);
}

static void put_zsh_commands(struct buf *out, unsigned flags, const char *dash)
{
    for (size_t i = 0; i < command_count; i++)
        if (commands[i].run && (commands[i].flags & flags) == flags)
            put_zsh_item(out, dash, commands[i].name, commands[i].help);
}

static void put_zsh_option(struct buf *out, const struct option *o, const struct choice *c)
{
    put_zsh_item(out, "-", help_flag_name(o, c), help_flag_text(o, c));
}

static void write_zsh(struct buf *out)
{
    buf_puts(out, "#compdef cpprof\n"
                  "# zsh completion for cpprof, made by `cpprof completion zsh`\n"
                  "_cpprof() {\n"
                  "    local -a commands options\n"
                  "    commands=(");
    put_zsh_commands(out, 0, "");
    buf_puts(out, ")\n"
                  "    if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then\n"
                  "        _describe command commands\n"
                  "        return\n"
                  "    fi\n"
                  "    case $words[CURRENT-1] in\n");
    for (size_t i = 0; i < option_count; i++) {
        const struct option *o = &options[i];
        if (!is_listed_choice(o))
            continue;
        buf_printf(out, "    -%s|--%s) compadd ", o->name, o->name);
        put_choices(out, o);
        buf_puts(out, "; return ;;\n");
    }
    buf_puts(out, "    completion) compadd bash zsh fish; return ;;\n"
                  "    help) _describe command commands; return ;;\n"
                  "    esac\n"
                  "    if [[ $words[CURRENT] != -* ]]; then\n"
                  "        _files\n"
                  "        return\n"
                  "    fi\n"
                  "    case $words[2] in\n");
    for (size_t i = 0; i < command_count; i++) {
        if (!commands[i].run)
            continue;
        buf_printf(out, "    %s) options=('-help:about this command'", commands[i].name);
        put_groups(out, commands[i].does, put_zsh_option);
        buf_puts(out, ") ;;\n");
    }
    buf_puts(out, "    *) options=('-help:commands and options'");
    put_zsh_commands(out, COMMAND_PPROF, "-");
    put_groups(out, commands_do(), put_zsh_option);
    buf_puts(out, ") ;;\n"
                  "    esac\n"
                  "    [[ $words[CURRENT] == --* ]] && options=(-${^options})\n"
                  "    _describe -o option options\n"
                  "}\n"
                  "if [[ $funcstack[1] == _cpprof ]]; then\n"
                  "    _cpprof \"$@\"\n"
                  "else\n"
                  "    compdef _cpprof cpprof\n"
                  "fi\n");
}

/* The commands an option means something to, for fish's condition. */
static void put_fish_condition(struct buf *out, const struct option *o)
{
    buf_puts(out, "complete -c cpprof -n '__fish_use_subcommand; or __fish_seen_subcommand_from");
    for (size_t i = 0; i < command_count; i++)
        if (commands[i].run && (commands[i].does & o->means))
            buf_printf(out, " %s", commands[i].name);
    buf_puts(out, "'");
}

static void put_fish_option(struct buf *out, const struct option *o, const struct choice *c)
{
    put_fish_condition(out, o);
    buf_printf(out, " -o %s", help_flag_name(o, c));
    if (!c && o->kind == OPTION_CHOICE) {
        buf_puts(out, " -x -a '");
        put_choices(out, o);
        buf_puts(out, "'");
    } else if (!c && option_takes_value(o)) {
        buf_puts(out, " -r");
    }
    buf_puts(out, " -d ");
    put_quoted(out, help_flag_text(o, c));
    buf_putc(out, '\n');
}

static void put_fish_commands(struct buf *out, unsigned flags, const char *as)
{
    for (size_t i = 0; i < command_count; i++) {
        const struct command *cmd = &commands[i];
        if (!cmd->run || (cmd->flags & flags) != flags)
            continue;
        buf_printf(out, "complete -c cpprof -n __fish_use_subcommand %s %s -d ", as, cmd->name);
        put_quoted(out, cmd->help);
        buf_putc(out, '\n');
    }
}

static void write_fish(struct buf *out)
{
    buf_puts(out, "# fish completion for cpprof, made by `cpprof completion fish`\n");
    put_fish_commands(out, 0, "-f -a");
    put_fish_commands(out, COMMAND_PPROF, "-o");
    buf_puts(out, "complete -c cpprof -n '__fish_seen_subcommand_from completion' -f "
                  "-a 'bash zsh fish'\n"
                  "complete -c cpprof -n '__fish_seen_subcommand_from help' -f -a '");
    put_commands(out, 0, "");
    buf_puts(out, "'\n");
    put_groups(out, commands_do(), put_fish_option);
}

static const struct {
    const char *name;
    void (*write)(struct buf *out);
} shells[] = {
    {"bash", write_bash},
    {"zsh", write_zsh},
    {"fish", write_fish},
};

int completion_write(struct buf *out, const char *shell, struct error *err)
{
    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++) {
        if (strcmp(shells[i].name, shell) == 0) {
            shells[i].write(out);
            return 0;
        }
    }
    return error_set(err, ERROR_USAGE,
                     "there is completion for bash, zsh and fish, not for `%.200s`", shell);
}

int completion_run(const struct config *cfg, const struct command *cmd, const char *operand,
                   struct error *err)
{
    (void)cfg, (void)cmd;
    struct buf out = {0};
    int result = completion_write(&out, operand, err);
    if (result == 0)
        fwrite(out.data, 1, out.len, stdout);
    buf_release(&out);
    return result;
}
