#include "analyzer/profile/tagunits.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/buf.h"

#include <stdlib.h>
#include <string.h>

/* Sets in the order samples first use them. */
static uint32_t *sets_in_order(const struct profile *p, size_t *count)
{
    uint32_t *order = xmalloc((p->labelset_count + 1) * sizeof *order);
    bool *seen = xcalloc(p->labelset_count + 1, sizeof *seen);
    *count = 0;
    for (size_t i = 0; i < p->sample_count; i++) {
        uint32_t set = p->sample_labels[i];
        if (!seen[set])
            order[(*count)++] = set;
        seen[set] = true;
    }
    free(seen);
    return order;
}

static void forget(struct tagunits *t)
{
    memset(t->units, 0xFF, t->count * sizeof *t->units);
}

/* Nearly always a key has one unit, and then it does not matter which label is met first, nor
 * whether a sample has it: a look at the labels tells all. False if some key has several. */
static bool take_units_of_labels(struct tagunits *t, const struct profile *p)
{
    forget(t);
    for (size_t i = 0; i < p->label_count; i++) {
        const struct label *l = &p->labels[i];
        if (!l->is_number)
            continue;
        strid *unit = &t->units[l->key];
        if (*unit != NO_INDEX && *unit != l->str)
            return false;
        *unit = l->str;
    }
    return true;
}

struct clash {
    strid key, unit;
};

static int by_key_then_text(const void *a, const void *b, void *p)
{
    const struct clash *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return str_cmp(profile_str(p, x->unit), profile_str(p, y->unit));
}

static void report_clashes(const struct tagunits *t, struct profile *p, struct clash *clashes,
                           size_t count, struct lines *notes)
{
    qsort_r(clashes, count, sizeof *clashes, by_key_then_text, p);
    for (size_t i = 0; i < count;) {
        strid key = clashes[i].key;
        struct buf others = {0};
        for (; i < count && clashes[i].key == key; i++)
            if (!others.len || clashes[i].unit != clashes[i - 1].unit)
                buf_printf(&others, "%s%s", others.len ? ", " : "",
                           profile_str(p, clashes[i].unit).ptr);
        lines_add(notes, "For tag %s used unit %s, also encountered unit(s) %s",
                  profile_str(p, key).ptr, tagunits_get(t, p, key), others.data ? others.data : "");
        buf_release(&others);
    }
}

/* A key's unit is the first one that a sample has. */
static void take_units_of_samples(struct tagunits *t, struct profile *p, struct lines *notes)
{
    size_t order_count, clash_count = 0, clash_cap = 0;
    uint32_t *order = sets_in_order(p, &order_count);
    struct clash *clashes = NULL;
    forget(t);
    for (size_t i = 0; i < order_count; i++) {
        const struct labelset *set = &p->labelsets[order[i]];
        for (uint32_t k = 0; k < set->count; k++) {
            const struct label *l = &p->labels[set->first + k];
            if (!l->is_number)
                continue;
            strid *unit = &t->units[l->key];
            if (*unit == NO_INDEX || (!*unit && l->str)) {
                *unit = l->str;
            } else if (l->str && *unit != l->str) {
                clashes = xgrow(clashes, &clash_cap, clash_count + 1, sizeof *clashes);
                clashes[clash_count++] = (struct clash){l->key, l->str};
            }
        }
    }
    if (clash_count)
        report_clashes(t, p, clashes, clash_count, notes);
    free(order);
    free(clashes);
}

static void guess_units(struct tagunits *t, const struct profile *p, strid bytes)
{
    for (strid key = 0; key < t->count; key++) {
        if (t->units[key] != 0)
            continue;
        const char *name = profile_str(p, key).ptr;
        bool of_bytes = strcmp(name, "alignment") == 0 || strcmp(name, "request") == 0;
        t->units[key] = of_bytes ? bytes : key;
    }
}

void tagunits_init(struct tagunits *t, struct profile *p, struct lines *notes)
{
    strid bytes = profile_intern(p, "bytes");
    t->count = p->strings.count;
    t->units = xmalloc(t->count * sizeof *t->units);
    if (!take_units_of_labels(t, p))
        take_units_of_samples(t, p, notes);
    guess_units(t, p, bytes);
}

void tagunits_release(struct tagunits *t)
{
    free(t->units);
    *t = (struct tagunits){0};
}

const char *tagunits_get(const struct tagunits *t, const struct profile *p, strid key)
{
    if (key >= t->count || t->units[key] == NO_INDEX)
        return "";
    return profile_str(p, t->units[key]).ptr;
}
