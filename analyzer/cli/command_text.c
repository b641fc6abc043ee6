#include "analyzer/cli/command_text.h"

#include "analyzer/cli/commands.h"
#include "analyzer/cli/config.h"
#include "analyzer/cli/options.h"

#include <ctype.h>
#include <string.h>

void command_text_quote(struct buf *out, const char *word)
{
    static const char harmless[] = "_./=:,+@%^-";
    const char *s = word;
    while (isalnum((unsigned char)*s) || (*s && strchr(harmless, *s)))
        s++;
    if (*word && !*s) {
        buf_puts(out, word);
        return;
    }
    buf_putc(out, '\'');
    for (; *word; word++)
        buf_printf(out, *word == '\'' ? "'\\''" : "%c", *word);
    buf_putc(out, '\'');
}

static void add_word(struct buf *out, const char *word)
{
    buf_putc(out, ' ');
    command_text_quote(out, word);
}

static void add_option(struct buf *out, const char *name, const char *value)
{
    struct buf word = {0};
    buf_printf(&word, "-%s=%s", name, value);
    add_word(out, word.data);
    buf_release(&word);
}

static const void *field_of(const struct config *cfg, const struct option *o)
{
    return (const char *)cfg + o->offset;
}

static void add_choice(struct buf *out, const struct option *o, const void *field)
{
    for (const struct choice *c = o->choices; c->name; c++) {
        unsigned value = 0;
        if (o->size == sizeof(bool))
            value = *(const bool *)field;
        else
            memcpy(&value, field, sizeof value);
        if (value != c->value)
            continue;
        if (o->flags & OPTION_CHOICES_ARE_FLAGS)
            buf_printf(out, " -%s", c->name);
        else
            add_option(out, o->name, c->name);
        return;
    }
}

/* O with the value it has in CFG. */
static void add_value(struct buf *out, const struct option *o, const struct config *cfg)
{
    const void *field = field_of(cfg, o);
    struct buf text = {0};
    switch (o->kind) {
    case OPTION_BOOL:
        buf_printf(out, " -%s%s", o->name, *(const bool *)field ? "" : "=false");
        break;
    case OPTION_INT:
        buf_printf(&text, "%d", *(const int *)field);
        add_option(out, o->name, text.data);
        break;
    case OPTION_FLOAT:
        buf_printf(&text, "%.17g", *(const double *)field);
        add_option(out, o->name, text.data);
        break;
    case OPTION_STRING:
        add_option(out, o->name, *(const char *const *)field);
        break;
    case OPTION_STRINGS: {
        const struct string_list *list = field;
        for (size_t i = 0; i < list->count; i++)
            add_option(out, o->name, list->items[i]);
        break;
    }
    case OPTION_CHOICE:
        add_choice(out, o, field);
        break;
    case OPTION_SHORTHAND:
        break;
    }
    buf_release(&text);
}

static bool is_initial(const struct option *o, const struct config *cfg,
                       const struct config *initial)
{
    if (o->kind == OPTION_STRING) {
        const char *a = *(const char *const *)field_of(cfg, o);
        const char *b = *(const char *const *)field_of(initial, o);
        return strcmp(a ? a : "", b ? b : "") == 0;
    }
    if (o->kind == OPTION_STRINGS)
        return ((const struct string_list *)field_of(cfg, o))->count == 0;
    return memcmp(field_of(cfg, o), field_of(initial, o), o->size) == 0;
}

void command_text(struct buf *out, const struct command *cmd, const struct config *cfg,
                  const char *operand)
{
    struct config initial;
    config_init(&initial);
    buf_printf(out, "cpprof %s", cmd->name);
    for (size_t i = 0; i < option_count; i++) {
        const struct option *o = &options[i];
        if (o->size && o->kind != OPTION_SHORTHAND && (o->means & cmd->does) &&
            !is_initial(o, cfg, &initial))
            add_value(out, o, cfg);
    }
    if (operand)
        add_word(out, operand);
    if (cfg->source.exec_name && *cfg->source.exec_name)
        add_word(out, cfg->source.exec_name);
    for (size_t i = 0; i < cfg->source.sources.count; i++)
        add_word(out, cfg->source.sources.items[i]);
    config_release(&initial);
}
