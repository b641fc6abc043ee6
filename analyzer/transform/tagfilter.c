#include "analyzer/transform/tagfilter.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/buf.h"
#include "analyzer/base/regex.h"
#include "analyzer/base/units.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct range {
    const char *unit; /* bounds and values are compared in it */
    double low, high;
};

struct tagfilter {
    const struct profile *p;
    const struct tagunits *units;
    char *key; /* or NULL: any */
    bool is_range;
    struct range range;
    struct regex **regexes;
    size_t regex_count, regex_cap;
    char *unit_text; /* what range.unit may point to */
};

/* One "[+-]digits[letters]" of a range expression. */
struct quantity {
    const char *start;
    size_t len;
    int64_t number;
    char unit[32];
};

/* Finds the next quantity at or after S, as a regular expression search would. */
static bool next_quantity(const char *s, struct quantity *q)
{
    for (; *s; s++) {
        const char *digits = s + (*s == '+' || *s == '-');
        if (!isdigit((unsigned char)*digits))
            continue;
        const char *end = digits;
        while (isdigit((unsigned char)*end))
            end++;
        errno = 0;
        q->number = strtoll(s, NULL, 10);
        q->start = s;
        size_t letters = 0;
        while (isalpha((unsigned char)end[letters]))
            letters++;
        size_t kept = letters < sizeof q->unit ? letters : sizeof q->unit - 1;
        memcpy(q->unit, end, kept);
        q->unit[kept] = '\0';
        q->len = (size_t)(end - s) + letters;
        return true;
    }
    return false;
}

/* 1 if VALUE is a range, 0 if it is not, -1 and ERR if its numbers are too large. */
static int parse_range(struct tagfilter *f, const char *value, const char *name, struct error *err)
{
    struct quantity a, b;
    if (!next_quantity(value, &a))
        return 0;
    if (errno == ERANGE)
        return error_set(err, ERROR_USAGE, "%s: %.*s is too large", name, (int)a.len, a.start);
    f->unit_text = xstrdup(a.unit);
    struct scaled low = units_scale(a.number, f->unit_text, f->unit_text);
    f->range = (struct range){low.unit, low.value, low.value};
    const char *after = a.start + a.len;
    if (!next_quantity(after, &b)) {
        if (a.start == value && *after == '\0')
            return 1;
        if (a.start == value && strcmp(after, ":") == 0) {
            f->range.high = INFINITY;
            return 1;
        }
        if (a.start == value + 1 && *value == ':' && *after == '\0') {
            f->range.low = -INFINITY;
            return 1;
        }
        return 0;
    }
    if (a.start != value || *after != ':' || b.start != after + 1 || b.start[b.len] != '\0')
        return 0;
    if (errno == ERANGE)
        return error_set(err, ERROR_USAGE, "%s: %.*s is too large", name, (int)b.len, b.start);
    struct scaled high = units_scale(b.number, b.unit, low.unit);
    if (strcmp(high.unit, low.unit) != 0)
        return 0;
    f->range.high = high.value;
    return 1;
}

static int add_regexes(struct tagfilter *f, const char *name, const char *value, struct error *err)
{
    for (;;) {
        size_t len = strcspn(value, ",");
        char *pattern = xstrndup(value, len);
        struct regex *re = regex_compile(pattern, name, err);
        free(pattern);
        if (!re)
            return -1;
        f->regexes = xgrow(f->regexes, &f->regex_cap, f->regex_count + 1, sizeof *f->regexes);
        f->regexes[f->regex_count++] = re;
        if (!value[len])
            return 0;
        value += len + 1;
    }
}

struct tagfilter *tagfilter_new(const char *name, const char *expression, const struct profile *p,
                                const struct tagunits *units, struct lines *notes,
                                struct error *err)
{
    struct tagfilter *f = xcalloc(1, sizeof *f);
    f->p = p;
    f->units = units;
    const char *value = expression, *equals = strchr(expression, '=');
    if (equals) {
        f->key = xstrndup(expression, (size_t)(equals - expression));
        value = equals + 1;
        if (!*f->key) { /* "=value" means any key */
            free(f->key);
            f->key = NULL;
        }
    }
    int range = parse_range(f, value, name, err);
    f->is_range = range > 0;
    if (f->is_range)
        lines_add(notes, "%s:Interpreted '%s' as range, not regexp", name, value);
    if (range < 0 || (!f->is_range && add_regexes(f, name, value, err))) {
        tagfilter_free(f);
        return NULL;
    }
    return f;
}

void tagfilter_free(struct tagfilter *f)
{
    if (!f)
        return;
    for (size_t i = 0; i < f->regex_count; i++)
        regex_free(f->regexes[i]);
    free(f->regexes);
    free(f->unit_text);
    free(f->key);
    free(f);
}

static bool has_key(const struct tagfilter *f, const struct label *l)
{
    return !f->key || strcmp(profile_str(f->p, l->key).ptr, f->key) == 0;
}

static bool match_range(const struct tagfilter *f, const struct labelset *set)
{
    for (uint32_t i = 0; i < set->count; i++) {
        const struct label *l = &f->p->labels[set->first + i];
        if (!l->is_number || !has_key(f, l))
            continue;
        struct scaled v =
            units_scale(l->number, tagunits_get(f->units, f->p, l->key), f->range.unit);
        if (strcmp(v.unit, f->range.unit) == 0 && v.value >= f->range.low &&
            v.value <= f->range.high)
            return true;
    }
    return false;
}

static bool match_one(struct tagfilter *f, struct regex *re, const struct labelset *set,
                      struct buf *text)
{
    for (uint32_t i = 0; i < set->count; i++) {
        const struct label *l = &f->p->labels[set->first + i];
        if (l->is_number || !has_key(f, l))
            continue;
        buf_clear(text);
        if (!f->key) {
            buf_str(text, profile_str(f->p, l->key));
            buf_putc(text, ':');
        }
        buf_str(text, profile_str(f->p, l->str));
        if (regex_match(re, text->data, text->len))
            return true;
    }
    return false;
}

bool tagfilter_match(struct tagfilter *f, const struct labelset *set)
{
    if (f->is_range)
        return match_range(f, set);
    struct buf text = {0};
    /* With a key any of the expressions will do; without one all must match. */
    bool any = f->key != NULL, result = !any;
    for (size_t i = 0; i < f->regex_count && result != any; i++)
        result = match_one(f, f->regexes[i], set, &text);
    buf_release(&text);
    return result;
}

bool tagfilter_failed(const struct tagfilter *f, struct error *err)
{
    for (size_t i = 0; f && i < f->regex_count; i++)
        if (regex_failed(f->regexes[i], err))
            return true;
    return false;
}
