#include "analyzer/cli/options.h"

#include "analyzer/base/buf.h"
#include "analyzer/cli/values.h"

#include <limits.h>
#include <string.h>

const char *const option_group_titles[GROUP_COUNT] = {
    [GROUP_VALUE] = "Which value is shown",
    [GROUP_FILTER] = "Which samples and frames are kept",
    [GROUP_LABEL] = "Labels (tags)",
    [GROUP_GRANULARITY] = "What makes one row (at most one of the first five)",
    [GROUP_SORT] = "Order (at most one)",
    [GROUP_TRIM] = "How much is shown",
    [GROUP_OUTPUT] = "Where and how it is written",
    [GROUP_COMPARE] = "Comparison with other profiles",
    [GROUP_RECORD] = "What is recorded",
    [GROUP_SOURCE] = "Reading and symbols",
    [GROUP_WEB] = "Web interface",
    [GROUP_LEGACY] = "Short for a sample type",
};

bool option_name_equal(const char *a, const char *b)
{
    for (; *a || *b; a++, b++)
        if ((*a == '-' ? '_' : *a) != (*b == '-' ? '_' : *b))
            return false;
    return true;
}

const struct option *option_find(const char *name)
{
    for (size_t i = 0; i < option_count; i++)
        if (option_name_equal(options[i].name, name) ||
            (options[i].alias && strcmp(options[i].alias, name) == 0))
            return &options[i];
    return NULL;
}

const struct option *option_find_choice(const char *name, const struct choice **choice)
{
    for (size_t i = 0; i < option_count; i++) {
        if (!(options[i].flags & OPTION_CHOICES_ARE_FLAGS))
            continue;
        for (const struct choice *c = options[i].choices; c->name; c++) {
            if (strcmp(c->name, name) == 0) {
                *choice = c;
                return &options[i];
            }
        }
    }
    return NULL;
}

bool option_takes_value(const struct option *o)
{
    return o->kind != OPTION_BOOL && o->kind != OPTION_SHORTHAND;
}

int option_parse_bool(const char *name, const char *text, bool *value, struct error *err)
{
    if (value_bool(text, value) != VALUE_OK)
        return error_set(err, ERROR_USAGE, "-%s is either true or false, not `%s`", name, text);
    return 0;
}

static int set_int(const struct option *o, int *field, const char *text, struct error *err)
{
    int64_t v = 0;
    enum value_result result = value_int(text, &v);
    if (result == VALUE_SYNTAX)
        return error_set(err, ERROR_USAGE, "-%s needs a whole number, not `%s`", o->name, text);
    if (result == VALUE_RANGE)
        return error_set(err, ERROR_USAGE, "-%s: `%s` is out of range", o->name, text);
    /* pprof's are 64 bits wide, but what these count never gets near the limit. */
    *field = v > INT_MAX ? INT_MAX : v < INT_MIN ? INT_MIN : (int)v;
    return 0;
}

static int set_float(const struct option *o, double *field, const char *text, struct error *err)
{
    double v = 0;
    enum value_result result = value_float(text, &v);
    if (result == VALUE_SYNTAX)
        return error_set(err, ERROR_USAGE, "-%s needs a number, not `%s`", o->name, text);
    if (result == VALUE_RANGE)
        return error_set(err, ERROR_USAGE, "-%s: `%s` is out of range", o->name, text);
    if ((o->flags & OPTION_NOT_NEGATIVE) && !(v >= 0))
        return error_set(err, ERROR_USAGE, "-%s needs a number from 0 on, not `%s`", o->name, text);
    *field = v;
    return 0;
}

static int set_choice(struct config *cfg, const struct option *o, const char *text,
                      struct error *err)
{
    struct buf all = {0};
    for (const struct choice *c = o->choices; c->name; c++) {
        if (strcmp(c->name, text) == 0) {
            option_set_choice(cfg, o, c);
            buf_release(&all);
            return 0;
        }
        buf_printf(&all, "%s%s", c == o->choices ? "" : c[1].name ? ", " : " or ", c->name);
    }
    error_set(err, ERROR_USAGE, "-%s is %s, not `%s`", o->name, all.data, text);
    buf_release(&all);
    return -1;
}

void option_set_choice(struct config *cfg, const struct option *o, const struct choice *c)
{
    void *field = (char *)cfg + o->offset;
    if (o->size == sizeof(bool))
        *(bool *)field = c->value != 0;
    else
        memcpy(field, &c->value, sizeof c->value);
}

int option_set(struct config *cfg, const struct option *o, const char *text, struct error *err)
{
    void *field = (char *)cfg + o->offset;
    switch (o->kind) {
    case OPTION_BOOL:
        return option_parse_bool(o->name, text, field, err);
    case OPTION_INT:
        return set_int(o, field, text, err);
    case OPTION_FLOAT:
        return set_float(o, field, text, err);
    case OPTION_CHOICE:
        return set_choice(cfg, o, text, err);
    case OPTION_STRING:
        *(const char **)field = text;
        return 0;
    case OPTION_STRINGS:
        string_list_add(field, text);
        return 0;
    case OPTION_SHORTHAND:
        break;
    }
    return error_set(err, ERROR_USAGE, "-%s cannot be set by itself", o->name);
}
