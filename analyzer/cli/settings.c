#include "analyzer/cli/settings.h"

#include "analyzer/cli/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    /* what is done with a profile that has been read */
    DOES_SHOW = DOES_FILTER | DOES_VALUE | DOES_GRANULE | DOES_SORT | DOES_TRIM | DOES_EDGES |
                DOES_CONTEXT | DOES_HEADER | DOES_TABLE | DOES_TERMINAL | DOES_WRITE |
                DOES_ASSEMBLY | DOES_PAINT | DOES_SOURCE | DOES_CONVERT | DOES_LAYOUT | DOES_CELLS |
                DOES_PAIR,
};

bool option_is_setting(const struct option *o)
{
    return (o->means & DOES_SHOW) && o->kind != OPTION_SHORTHAND && o->kind != OPTION_STRINGS;
}

static bool is_name(struct str name, const char *of)
{
    return strlen(of) == name.len && memcmp(of, name.ptr, name.len) == 0;
}

const struct option *setting_find(struct str name, const struct choice **choice)
{
    *choice = NULL;
    for (size_t i = 0; i < option_count; i++) {
        const struct option *o = &options[i];
        if (!option_is_setting(o))
            continue;
        if (is_name(name, o->name))
            return o;
        if (!(o->flags & OPTION_CHOICES_ARE_FLAGS))
            continue;
        for (const struct choice *c = o->choices; c->name; c++) {
            if (is_name(name, c->name)) {
                *choice = c;
                return o;
            }
        }
    }
    return NULL;
}

/* More than a flag may say: pprof's shell has its own list, in any case of letters. */
static int parse_bool(const char *name, const char *text, bool *value, struct error *err)
{
    static const char *const yes[] = {"", "true", "t", "yes", "y", "1"};
    static const char *const no[] = {"false", "f", "no", "n", "0"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        if (strcasecmp(text, yes[i]) == 0)
            return *value = true, 0;
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        if (strcasecmp(text, no[i]) == 0)
            return *value = false, 0;
    return error_set(err, ERROR_USAGE, "%s is either true or false, not `%.200s`", name, text);
}

int setting_assign(struct config *cfg, const struct option *o, const struct choice *choice,
                   const char *text, struct error *err)
{
    bool on = false;
    if (choice) {
        if (parse_bool(choice->name, text, &on, err))
            return -1;
        if (!on)
            return error_set(err, ERROR_USAGE, "%s cannot be switched off: choose another %s",
                             choice->name, o->name);
        option_set_choice(cfg, o, choice);
        return 0;
    }
    if (o->kind == OPTION_BOOL)
        return parse_bool(o->name, text, (bool *)((char *)cfg + o->offset), err);
    return option_set(cfg, o, text, err);
}

static void put_choice(struct buf *out, const struct option *o, const void *field)
{
    unsigned value = 0;
    if (o->size == sizeof(bool))
        value = *(const bool *)field;
    else
        memcpy(&value, field, sizeof value);
    for (const struct choice *c = o->choices; c->name; c++)
        if (c->value == value)
            buf_puts(out, c->name);
}

/* With as many digits as it takes to read the same number again. */
static void put_float(struct buf *out, double value)
{
    char text[40];
    for (int digits = 6; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    buf_puts(out, text);
}

void setting_text(struct buf *out, const struct config *cfg, const struct option *o)
{
    const void *field = (const char *)cfg + o->offset;
    switch (o->kind) {
    case OPTION_BOOL:
        buf_puts(out, *(const bool *)field ? "true" : "false");
        break;
    case OPTION_INT:
        buf_printf(out, "%d", *(const int *)field);
        break;
    case OPTION_FLOAT:
        put_float(out, *(const double *)field);
        break;
    case OPTION_STRING:
        buf_puts(out, *(const char *const *)field);
        break;
    case OPTION_CHOICE:
        put_choice(out, o, field);
        break;
    case OPTION_STRINGS:
    case OPTION_SHORTHAND:
        break; /* no settings */
    }
}

bool setting_equal(const struct config *a, const struct config *b, const struct option *o)
{
    struct buf one = {0}, other = {0};
    setting_text(&one, a, o);
    setting_text(&other, b, o);
    bool equal = str_cmp(buf_view(&one), buf_view(&other)) == 0;
    buf_release(&one);
    buf_release(&other);
    return equal;
}
