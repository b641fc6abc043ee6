#include "analyzer/graph/tagtexts.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/units.h"

#include <stdlib.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

/* Samples of a diff base carry this label, which is not the user's. */
static bool is_shown(const struct profile *p, const struct label *l)
{
    return !l->is_number && strcmp(profile_str(p, l->key).ptr, "pprof::base") != 0;
}

/* A set holds its texts first. */
static uint32_t count_texts(const struct profile *p, const struct labelset *set)
{
    uint32_t count = 0;
    while (count < set->count && !p->labels[set->first + count].is_number)
        count++;
    return count;
}

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* "key:value" of each label, sorted as a whole, joined by a backslash and an n. */
static strid join(struct tag_texts *t, const struct profile *p, const struct label *labels,
                  uint32_t label_count)
{
    struct arena arena;
    struct str *parts = NULL;
    size_t count = 0, cap = 0;
    struct buf name = {0};
    arena_init(&arena);
    for (uint32_t i = 0; i < label_count; i++) {
        if (!is_shown(p, &labels[i]))
            continue;
        buf_clear(&name);
        buf_str(&name, profile_str(p, labels[i].key));
        buf_putc(&name, ':');
        buf_str(&name, profile_str(p, labels[i].str));
        parts = xgrow(parts, &cap, count + 1, sizeof *parts);
        parts[count++] = (struct str){arena_strndup(&arena, name.data, name.len), name.len};
    }
    if (count)
        qsort(parts, count, sizeof *parts, by_text);
    buf_clear(&name);
    for (size_t i = 0; i < count; i++) {
        buf_puts(&name, i ? "\\n" : "");
        buf_str(&name, parts[i]);
    }
    strid text = strtab_add(&t->strings, name.data ? name.data : "", name.len);
    buf_release(&name);
    free(parts);
    arena_release(&arena);
    return text;
}

/* Sets differ more in their numbers than in their texts: equal texts are joined once, and texts
 * that read the same are one. */
static void find_texts(struct tag_texts *t, const struct profile *p)
{
    size_t slot_count = 64;
    while (slot_count < p->labelset_count * 2)
        slot_count *= 2;
    uint32_t *slots = xcalloc(slot_count, sizeof *slots); /* a set with these texts, + 1 */
    struct pairmap by_name = {0};
    t->of = xcalloc(p->labelset_count + 1, sizeof *t->of);
    t->texts = xgrow(t->texts, &t->cap, 1, sizeof *t->texts);
    t->texts[t->count++] = 0;
    for (size_t i = 0; i < p->labelset_count; i++) {
        const struct labelset *set = &p->labelsets[i];
        const struct label *labels = p->labels + set->first;
        uint32_t count = count_texts(p, set);
        if (!count)
            continue;
        size_t size = count * sizeof *labels;
        size_t at = XXH3_64bits(labels, size) & (slot_count - 1);
        for (; slots[at]; at = (at + 1) & (slot_count - 1)) {
            const struct labelset *other = &p->labelsets[slots[at] - 1];
            if (count_texts(p, other) == count &&
                memcmp(p->labels + other->first, labels, size) == 0)
                break;
        }
        if (!slots[at]) {
            strid text = join(t, p, labels, count);
            slots[at] = (uint32_t)i + 1;
            uint32_t same = text ? pairmap_get(&by_name, text, 0) : 0;
            if (same == UINT32_MAX) {
                same = (uint32_t)t->count;
                t->texts = xgrow(t->texts, &t->cap, t->count + 1, sizeof *t->texts);
                t->texts[t->count++] = text;
                pairmap_set(&by_name, pairmap_slot(&by_name, text, 0), text, 0, same);
            }
            t->of[i] = same;
        } else {
            t->of[i] = t->of[slots[at] - 1];
        }
        t->any |= t->of[i] != 0;
    }
    pairmap_release(&by_name);
    free(slots);
}

static void find_numbers(struct tag_texts *t, const struct profile *p, const char *output_unit)
{
    struct buf b = {0};
    for (size_t i = 0; i < p->labelset_count; i++) {
        const struct labelset *set = &p->labelsets[i];
        for (uint32_t k = count_texts(p, set); k < set->count; k++) {
            const struct label *l = &p->labels[set->first + k];
            if (strcmp(profile_str(p, l->key).ptr, "bytes") != 0)
                continue;
            if (!t->numbers_of)
                t->numbers_of = xcalloc(p->labelset_count + 1, sizeof *t->numbers_of);
            if (!t->numbers_of[i].count++)
                t->numbers_of[i].first = t->number_count;
            buf_clear(&b);
            units_label(&b, l->number, t->bytes_unit, output_unit);
            t->numbers = xgrow(t->numbers, &t->number_cap, t->number_count + 1, sizeof *t->numbers);
            t->numbers[t->number_count++] =
                (struct tag_number){strtab_add(&t->strings, b.data, b.len), l->number};
            t->any = true;
        }
    }
    buf_release(&b);
}

struct tag_texts *tag_texts_new(const struct profile *p, const struct nodetags_spec *spec)
{
    struct tag_texts *t = xcalloc(1, sizeof *t);
    strtab_init(&t->strings);
    t->bytes_unit = spec->bytes_unit;
    find_texts(t, p);
    find_numbers(t, p, spec->output_unit);
    return t;
}

void tag_texts_free(struct tag_texts *t)
{
    if (!t)
        return;
    strtab_release(&t->strings);
    free(t->texts);
    free(t->of);
    free(t->numbers_of);
    free(t->numbers);
    free(t);
}
