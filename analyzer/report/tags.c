#include "analyzer/report/tags.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/num.h"
#include "analyzer/base/units.h"

#include <stdlib.h>
#include <string.h>

/* The weight of one key with one value, both as written. */
struct tally {
    strid key, value;
    int64_t weight;
};

struct tallies {
    struct tally *items;
    size_t count, cap;
    uint32_t *slots; /* index + 1 */
    size_t slot_count;
};

static uint32_t *tally_slot(const struct tallies *t, strid key, strid value)
{
    uint64_t h = ((uint64_t)key << 32 | value) * 0x9E3779B97F4A7C15;
    size_t at = (h ^ h >> 32) & (t->slot_count - 1);
    while (t->slots[at] &&
           (t->items[t->slots[at] - 1].key != key || t->items[t->slots[at] - 1].value != value))
        at = (at + 1) & (t->slot_count - 1);
    return &t->slots[at];
}

static void tally_add(struct tallies *t, strid key, strid value, int64_t weight)
{
    if ((t->count + 1) * 2 > t->slot_count) {
        free(t->slots);
        t->slot_count = t->slot_count ? t->slot_count * 2 : 256;
        t->slots = xcalloc(t->slot_count, sizeof *t->slots);
        for (size_t i = 0; i < t->count; i++)
            *tally_slot(t, t->items[i].key, t->items[i].value) = (uint32_t)i + 1;
    }
    uint32_t *slot = tally_slot(t, key, value);
    if (!*slot) {
        t->items = xgrow(t->items, &t->cap, t->count + 1, sizeof *t->items);
        t->items[t->count++] = (struct tally){key, value, 0};
        *slot = (uint32_t)t->count;
    }
    t->items[*slot - 1].weight += weight;
}

static void tally_set(struct tallies *out, struct strtab *texts, const struct report *r,
                      const struct labelset *set, int64_t weight, struct buf *scratch)
{
    const struct profile *p = r->p;
    for (uint32_t i = 0; i < set->count; i++) {
        const struct label *l = &p->labels[set->first + i];
        struct str key = profile_str(p, l->key), value = profile_str(p, l->str);
        if (l->is_number) {
            buf_clear(scratch);
            units_label(scratch, l->number, tagunits_get(&r->units, p, l->key), r->output_unit);
            value = (struct str){scratch->data, scratch->len};
        }
        tally_add(out, strtab_add(texts, key.ptr, key.len), strtab_add(texts, value.ptr, value.len),
                  weight);
    }
}

static int by_key_and_weight(const void *a, const void *b, void *texts)
{
    const struct tally *x = a, *y = b;
    const struct strtab *t = texts;
    if (x->key != y->key)
        return str_cmp(strtab_get(t, x->key), strtab_get(t, y->key));
    int64_t wx = abs64(x->weight), wy = abs64(y->weight);
    if (x->weight != y->weight && wx != wy)
        return (wx < wy) - (wx > wy);
    return str_cmp(strtab_get(t, x->value), strtab_get(t, y->value));
}

void tags_init(struct tags *t, const struct report *r)
{
    const struct profile *p = r->p;
    struct tallies tallies = {0};
    struct buf scratch = {0};
    *t = (struct tags){0};
    strtab_init(&t->texts);

    /* Label sets repeat from sample to sample, so their weights are added up first. */
    int64_t *weights = xcalloc(p->labelset_count + 1, sizeof *weights);
    bool *used = xcalloc(p->labelset_count + 1, sizeof *used);
    for (size_t i = 0; i < p->sample_count; i++) {
        weights[p->sample_labels[i]] += p->values[r->value][i];
        used[p->sample_labels[i]] = true;
    }
    for (size_t i = 0; i < p->labelset_count; i++)
        if (used[i])
            tally_set(&tallies, &t->texts, r, &p->labelsets[i], weights[i], &scratch);
    free(weights);
    free(used);
    buf_release(&scratch);

    if (tallies.count)
        qsort_r(tallies.items, tallies.count, sizeof *tallies.items, by_key_and_weight, &t->texts);
    t->values = xcalloc(tallies.count + 1, sizeof *t->values);
    t->keys = xcalloc(tallies.count + 1, sizeof *t->keys);
    for (size_t i = 0; i < tallies.count; i++) {
        const struct tally *tally = &tallies.items[i];
        if (!i || tally[-1].key != tally->key)
            t->keys[t->count++] =
                (struct tag_key){.key = strtab_get(&t->texts, tally->key), .values = t->values + i};
        struct tag_key *key = &t->keys[t->count - 1];
        key->total += tally->weight;
        key->count++;
        t->values[i] = (struct tag_value){strtab_get(&t->texts, tally->value), tally->weight};
    }
    free(tallies.items);
    free(tallies.slots);
}

void tags_release(struct tags *t)
{
    strtab_release(&t->texts);
    free(t->keys);
    free(t->values);
}
