#include "analyzer/cli/shell_help.h"

#include "analyzer/cli/commands.h"
#include "analyzer/cli/help.h"
#include "analyzer/cli/settings.h"
#include "analyzer/cli/shell.h"
#include "analyzer/cli/shell_words.h"
#include "analyzer/profile/profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- the options as they are */

/* What is worth a remark behind VALUE. */
static void put_remark(struct buf *out, const struct option *o, const struct shell *sh,
                       const char *value)
{
    const char *names[16];
    size_t count = 0;
    for (const struct choice *c = o->choices; c && c->name && count < 16; c++) {
        size_t at = count++;
        for (; at && strcmp(names[at - 1], c->name) > 0; at--)
            names[at] = names[at - 1];
        names[at] = c->name;
    }
    for (size_t i = 0; i < count; i++)
        buf_printf(out, "%s%s", i ? " | " : "//: [", names[i]);
    bool types = o->offset == offsetof(struct config, report.sample_index) && o->size;
    for (size_t i = 0; types && i < sh->types.count; i++)
        buf_printf(out, "%s%s", i ? " | " : "//: [", sh->types.items[i]);
    if (count || (types && sh->types.count))
        buf_putc(out, ']');
    else if (strcmp(value, "-1") == 0)
        buf_puts(out, "//: default");
}

static void put_setting(struct buf *out, const struct option *o, const struct shell *sh)
{
    struct buf value = {0}, remark = {0};
    setting_text(&value, &sh->config, o);
    if (o->offset == offsetof(struct config, report.sample_index) && !value.len && sh->types.count)
        buf_puts(&value, sh->types.items[profile_sample_index(sh->session->profile, "", NULL)]);
    if (!value.len)
        buf_puts(&value, "\"\"");
    put_remark(&remark, o, sh, value.data);
    buf_printf(out, "  %-25s = %-20s %s\n", o->name, value.data, remark.data ? remark.data : "");
    buf_release(&value);
    buf_release(&remark);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp((*(const struct option *const *)a)->name,
                  (*(const struct option *const *)b)->name);
}

void shell_options(struct buf *out, const struct shell *sh)
{
    const struct option *sorted[OPTION_LIMIT] = {0};
    size_t count = 0;
    for (size_t i = 0; i < option_count; i++)
        if (option_is_setting(&options[i]))
            sorted[count++] = &options[i];
    qsort(sorted, count, sizeof *sorted, compare_names);
    for (size_t i = 0; i < count; i++)
        put_setting(out, sorted[i], sh);
}

/* --- help */

static void put_name(struct buf *out, const char *name, const char *operand, const char *text)
{
    char label[100];
    snprintf(label, sizeof label, "%s%s%s", name, operand ? " " : "", operand ? operand : "");
    help_put_row(out, label, text);
}

static const char *operand_of(const struct command *cmd)
{
    return cmd->does & DOES_PAIR ? "FILE" : cmd->operand;
}

static void put_setting_row(struct buf *out, const struct option *o, const struct choice *c)
{
    if (option_is_setting(o))
        put_name(out, help_flag_name(o, c), NULL, help_flag_text(o, c));
}

static void put_word(struct buf *out, const struct shell_word *w)
{
    struct buf names = {0};
    buf_puts(&names, w->name);
    for (size_t i = 0; i < 2 && w->aliases[i]; i++)
        buf_printf(&names, ", %s", w->aliases[i]);
    put_name(out, names.data, w->operand, w->help);
    buf_release(&names);
}

static void help_all(struct buf *out)
{
    buf_puts(out, "Lines:\n");
    for (size_t i = 0; i < shell_form_count; i++)
        help_put_row(out, shell_forms[i].form, shell_forms[i].help);
    buf_puts(out, "\nCommands:\n");
    for (size_t i = 0; i < command_count; i++)
        if (commands[i].on)
            put_name(out, commands[i].name, operand_of(&commands[i]), commands[i].help);
    buf_puts(out, "\nOf the shell:\n");
    for (size_t i = 0; i < shell_word_count; i++)
        put_word(out, &shell_words[i]);
    for (int g = 0; g < GROUP_COUNT; g++) {
        size_t before = out->len;
        buf_printf(out, "\n%s:\n", option_group_titles[g]);
        size_t empty = out->len;
        help_options(out, g, ~0u, put_setting_row);
        if (out->len == empty)
            out->len = before;
    }
    buf_puts(out, "\n`help NAME` says more about a command or an option.\n");
}

static void help_report(struct buf *out, const struct command *cmd)
{
    const char *operand = operand_of(cmd);
    buf_printf(out, "usage: %s%s%s", cmd->name, operand ? " " : "", operand ? operand : "");
    if (cmd->does & (DOES_TRIM | DOES_CELLS))
        buf_puts(out, " [N]");
    if (cmd->does & DOES_SORT)
        buf_puts(out, " [-cum]");
    if (cmd->does & DOES_FILTER)
        buf_puts(out, " [REGEX]... [-REGEX]...");
    buf_printf(out, " [>FILE] [| PROGRAM]\n\n%s: %s\n", cmd->name, cmd->help);
    if (cmd->details)
        help_put_wrapped(out, cmd->details, 0);
    if (cmd->report == REPORT_TAGS)
        buf_puts(out, "REGEX and -REGEX are held against labels here: tagfocus and tagignore.\n");
    help_destination(out, cmd);
}

static void help_word(struct buf *out, const struct shell_word *w)
{
    buf_printf(out, "usage: %s%s%s\n\n%s: %s\n", w->name, w->operand ? " " : "",
               w->operand ? w->operand : "", w->name, w->help);
    if (w->details)
        help_put_wrapped(out, w->details, 0);
    for (size_t i = 0; i < 2 && w->aliases[i]; i++)
        buf_printf(out, "%s is short for it.\n", w->aliases[i]);
}

static void help_setting(struct buf *out, const struct option *o, const struct choice *c)
{
    if (c) {
        buf_printf(out, "usage: %s\n\n%s: %s\n", c->name, c->name, c->help);
        return;
    }
    buf_printf(out, "usage: %s%s%s\n\n%s: %s\n", o->name, o->value ? "=" : "[=false]",
               o->value ? o->value : "", o->name, o->help);
    for (c = o->choices; c && c->name; c++)
        help_put_row(out, c->name, c->help);
    if (o->details)
        help_put_wrapped(out, o->details, 0);
}

int shell_help(struct buf *out, const char *name, struct error *err)
{
    if (!name) {
        help_all(out);
        return 0;
    }
    const struct choice *choice;
    const struct option *o = setting_find((struct str){name, strlen(name)}, &choice);
    const struct command *cmd = command_find(name);
    const struct shell_word *w = shell_word_find(name);
    if (cmd && cmd->on)
        help_report(out, cmd);
    else if (w)
        help_word(out, w);
    else if (o)
        help_setting(out, o, choice);
    else if (strcmp(name, ":") == 0)
        buf_puts(out, "usage: :\n\n:: clears focus, ignore, hide, tagfocus and tagignore\n");
    else
        return error_set(err, ERROR_USAGE, "nothing is known about `%.200s`: help lists all names",
                         name);
    return 0;
}
