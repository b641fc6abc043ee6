#include "analyzer/transform/merge.h"

#include "analyzer/base/alloc.h"
#include "analyzer/profile/clone.h"
#include "analyzer/transform/scale.h"

#include <stdlib.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

/* Indices found by a 64-bit hash of their content; the caller compares. Slots hold index + 1. */
struct table {
    struct table_slot {
        uint64_t hash;
        uint32_t index;
    } * slots;
    size_t slot_count, used;
};

static struct table_slot *table_first(const struct table *t, uint64_t hash)
{
    return t->slot_count ? &t->slots[hash & (t->slot_count - 1)] : NULL;
}

static struct table_slot *table_next(const struct table *t, struct table_slot *slot)
{
    return ++slot == t->slots + t->slot_count ? t->slots : slot;
}

static void table_put(struct table *t, uint64_t hash, uint32_t index)
{
    if ((t->used + 1) * 2 > t->slot_count) {
        struct table old = *t;
        t->slot_count = old.slot_count ? old.slot_count * 2 : 256;
        t->slots = xcalloc(t->slot_count, sizeof *t->slots);
        for (size_t i = 0; i < old.slot_count; i++) {
            if (!old.slots[i].index)
                continue;
            struct table_slot *slot = table_first(t, old.slots[i].hash);
            while (slot->index)
                slot = table_next(t, slot);
            *slot = old.slots[i];
        }
        free(old.slots);
    }
    struct table_slot *slot = table_first(t, hash);
    while (slot->index)
        slot = table_next(t, slot);
    *slot = (struct table_slot){hash, index + 1};
    t->used++;
}

struct merger {
    struct profile *p;     /* the result so far */
    bool started, merging; /* has one profile; has several, and the tables know them */
    struct table mappings, functions, locations, samples;
};

/* Names in one source, and what they are in the result: index, or NO_INDEX when not met yet. */
struct renaming {
    const struct profile *src;
    uint32_t *mappings, *functions, *locations, *stacks, *labelsets;
    strid *strings;
    uint32_t *scratch;
    size_t scratch_cap;
    struct line *lines;
    size_t line_cap;
    struct label *labels;
    size_t label_cap;
    bool collapsed; /* two locations became one */
};

struct merger *merger_new(void)
{
    struct merger *m = xcalloc(1, sizeof *m);
    m->p = profile_new();
    return m;
}

static void release_tables(struct merger *m)
{
    free(m->mappings.slots);
    free(m->functions.slots);
    free(m->locations.slots);
    free(m->samples.slots);
}

void merger_free(struct merger *m)
{
    if (!m)
        return;
    release_tables(m);
    profile_free(m->p);
    free(m);
}

static uint32_t *unnamed(size_t count)
{
    uint32_t *names = xmalloc((count + 1) * sizeof *names);
    memset(names, 0xFF, (count + 1) * sizeof *names);
    return names;
}

static void renaming_init(struct renaming *r, const struct profile *src, bool whole)
{
    *r = (struct renaming){.src = src};
    r->mappings = unnamed(src->mapping_count);
    r->functions = unnamed(src->function_count);
    r->locations = unnamed(src->location_count);
    if (whole) {
        r->stacks = unnamed(src->stack_count);
        r->labelsets = unnamed(src->labelset_count);
        r->strings = unnamed(src->strings.count);
    }
}

static void renaming_release(struct renaming *r)
{
    free(r->mappings);
    free(r->functions);
    free(r->locations);
    free(r->stacks);
    free(r->labelsets);
    free(r->strings);
    free(r->scratch);
    free(r->lines);
    free(r->labels);
}

/* Within one profile strings keep their ids; between two they are interned anew. */
static strid map_string(struct merger *m, struct renaming *r, strid id)
{
    if (!r->strings)
        return id;
    if (r->strings[id] == NO_INDEX) {
        struct str s = profile_str(r->src, id);
        r->strings[id] = strtab_add(&m->p->strings, s.ptr, s.len);
    }
    return r->strings[id];
}

/* What two mappings of the same file have in common wherever they are loaded: the size up to the
 * next page, the offset, and the build id or else the name. */
struct mapping_key {
    uint64_t size, offset, name;
};

static struct mapping_key mapping_key(const struct mapping *m)
{
    uint64_t size = m->limit - m->start + 0xFFF;
    return (struct mapping_key){size - size % 0x1000, m->offset,
                                m->build_id ? m->build_id : m->file};
}

static uint32_t map_mapping(struct merger *m, struct renaming *r, uint32_t index)
{
    if (index == NO_INDEX || r->mappings[index] != NO_INDEX)
        return index == NO_INDEX ? NO_INDEX : r->mappings[index];
    struct mapping mapping = r->src->mappings[index];
    mapping.id = 0;
    mapping.file = map_string(m, r, mapping.file);
    mapping.build_id = map_string(m, r, mapping.build_id);
    struct mapping_key key = mapping_key(&mapping);
    uint64_t hash = XXH3_64bits(&key, sizeof key);
    struct table_slot *slot = table_first(&m->mappings, hash);
    for (; slot && slot->index; slot = table_next(&m->mappings, slot)) {
        struct mapping_key other = mapping_key(&m->p->mappings[slot->index - 1]);
        if (slot->hash == hash && memcmp(&other, &key, sizeof key) == 0)
            return r->mappings[index] = slot->index - 1;
    }
    r->mappings[index] = profile_add_mapping(m->p, mapping);
    table_put(&m->mappings, hash, r->mappings[index]);
    return r->mappings[index];
}

static uint32_t map_function(struct merger *m, struct renaming *r, uint32_t index)
{
    if (r->functions[index] != NO_INDEX)
        return r->functions[index];
    struct function f = r->src->functions[index];
    f.name = map_string(m, r, f.name);
    f.system_name = map_string(m, r, f.system_name);
    f.filename = map_string(m, r, f.filename);
    uint64_t key[] = {f.name, f.system_name, f.filename, (uint64_t)f.start_line};
    uint64_t hash = XXH3_64bits(key, sizeof key);
    struct table_slot *slot = table_first(&m->functions, hash);
    for (; slot && slot->index; slot = table_next(&m->functions, slot)) {
        const struct function *o = &m->p->functions[slot->index - 1];
        if (slot->hash == hash && o->name == f.name && o->system_name == f.system_name &&
            o->filename == f.filename && o->start_line == f.start_line)
            return r->functions[index] = slot->index - 1;
    }
    r->functions[index] = profile_add_function(m->p, f);
    table_put(&m->functions, hash, r->functions[index]);
    return r->functions[index];
}

/* Of all columns only the last line's counts: pprof's key writes each column where the next line's
 * function goes. */
static bool same_location(const struct profile *p, const struct location *l, uint64_t address,
                          const struct location *o, const struct line *lines)
{
    uint64_t other = o->address - (o->mapping == NO_INDEX ? 0 : p->mappings[o->mapping].start);
    if (other != address || o->mapping != l->mapping || o->folded != l->folded ||
        o->line_count != l->line_count)
        return false;
    const struct line *ol = p->lines + o->first_line;
    for (uint32_t i = 0; i < l->line_count; i++)
        if (ol[i].function != lines[i].function || ol[i].line != lines[i].line ||
            (i + 1 == l->line_count && ol[i].column != lines[i].column))
            return false;
    return true;
}

static uint32_t map_location(struct merger *m, struct renaming *r, uint32_t index)
{
    if (r->locations[index] != NO_INDEX)
        return r->locations[index];
    const struct profile *src = r->src;
    struct location l = src->locations[index];
    l.id = 0;
    uint64_t old_start = l.mapping == NO_INDEX ? 0 : src->mappings[l.mapping].start;
    l.mapping = map_mapping(m, r, l.mapping);
    uint64_t relative = l.address - old_start;
    l.address = relative + (l.mapping == NO_INDEX ? 0 : m->p->mappings[l.mapping].start);

    r->lines = xgrow(r->lines, &r->line_cap, l.line_count + 1, sizeof *r->lines);
    uint64_t hash = XXH3_64bits(&relative, sizeof relative) + l.mapping * 31u + l.folded;
    for (uint32_t i = 0; i < l.line_count; i++) {
        r->lines[i] = src->lines[l.first_line + i];
        r->lines[i].function = map_function(m, r, r->lines[i].function);
        hash =
            (hash ^ r->lines[i].function ^ ((uint64_t)r->lines[i].line << 32)) * 0x9E3779B97F4A7C15;
        hash ^= hash >> 29;
    }
    struct table_slot *slot = table_first(&m->locations, hash);
    for (; slot && slot->index; slot = table_next(&m->locations, slot)) {
        if (slot->hash == hash &&
            same_location(m->p, &l, relative, &m->p->locations[slot->index - 1], r->lines)) {
            r->collapsed = true;
            return r->locations[index] = slot->index - 1;
        }
    }
    r->locations[index] = profile_add_location(m->p, l, r->lines, l.line_count);
    table_put(&m->locations, hash, r->locations[index]);
    return r->locations[index];
}

static uint32_t map_stack(struct merger *m, struct renaming *r, uint32_t index)
{
    if (r->stacks[index] != NO_INDEX)
        return r->stacks[index];
    struct stack s = r->src->stacks[index];
    r->scratch = xgrow(r->scratch, &r->scratch_cap, s.count + 1, sizeof *r->scratch);
    for (uint32_t i = 0; i < s.count; i++)
        r->scratch[i] = map_location(m, r, r->src->frames[s.first + i]);
    return r->stacks[index] = profile_add_stack(m->p, r->scratch, s.count);
}

static uint32_t map_labels(struct merger *m, struct renaming *r, uint32_t index)
{
    if (r->labelsets[index] != NO_INDEX)
        return r->labelsets[index];
    struct labelset s = r->src->labelsets[index];
    r->labels = xgrow(r->labels, &r->label_cap, s.count + 1, sizeof *r->labels);
    for (uint32_t i = 0; i < s.count; i++) {
        struct label l = r->src->labels[s.first + i];
        l.key = map_string(m, r, l.key) & 0x7FFFFFFF;
        l.str = map_string(m, r, l.str);
        r->labels[i] = l;
    }
    return r->labelsets[index] = profile_add_labels(m->p, r->labels, s.count);
}

static bool is_zero(const struct profile *p, size_t sample)
{
    for (size_t t = 0; t < p->sample_type_count; t++)
        if (p->values[t][sample])
            return false;
    return true;
}

static uint64_t sample_hash(uint32_t stack, uint32_t labels)
{
    uint64_t h = ((uint64_t)stack << 32 | labels) * 0x9E3779B97F4A7C15;
    return h ^ h >> 32;
}

/* The sample of M's profile, among the first COUNT, with this stack and these labels. */
static uint32_t find_sample(const struct merger *m, uint64_t hash, uint32_t stack, uint32_t labels)
{
    struct table_slot *slot = table_first(&m->samples, hash);
    for (; slot && slot->index; slot = table_next(&m->samples, slot))
        if (slot->hash == hash && m->p->sample_stack[slot->index - 1] == stack &&
            m->p->sample_labels[slot->index - 1] == labels)
            return slot->index - 1;
    return NO_INDEX;
}

/* Each comment once. */
static void unify_comments(struct profile *p)
{
    if (p->comment_count < 2)
        return;
    bool *seen = xcalloc(p->strings.count, sizeof *seen);
    size_t kept = 0;
    for (size_t i = 0; i < p->comment_count; i++) {
        strid comment = p->comments[i];
        if (!seen[comment])
            p->comments[kept++] = comment;
        seen[comment] = true;
    }
    p->comment_count = kept;
    free(seen);
}

static void combine_headers(struct profile *into, const struct profile *src, struct renaming *r,
                            struct merger *m)
{
    if (!into->time_nanos || src->time_nanos < into->time_nanos)
        into->time_nanos = src->time_nanos;
    into->duration_nanos += src->duration_nanos;
    if (!into->period || into->period < src->period)
        into->period = src->period;
    for (size_t i = 0; i < src->comment_count; i++)
        profile_add_comment(into, map_string(m, r, src->comments[i]));
    unify_comments(into);
    if (!into->default_sample_type)
        into->default_sample_type = map_string(m, r, src->default_sample_type);
    if (!into->doc_url)
        into->doc_url = map_string(m, r, src->doc_url);
}

static void first_headers(struct profile *into, const struct profile *src, struct renaming *r,
                          struct merger *m)
{
    struct value_type *types = xcalloc(src->sample_type_count + 1, sizeof *types);
    for (size_t t = 0; t < src->sample_type_count; t++)
        types[t] = (struct value_type){map_string(m, r, src->sample_types[t].type),
                                       map_string(m, r, src->sample_types[t].unit)};
    profile_set_sample_types(into, types, src->sample_type_count);
    free(types);
    into->period_type = (struct value_type){map_string(m, r, src->period_type.type),
                                            map_string(m, r, src->period_type.unit)};
    into->drop_frames = map_string(m, r, src->drop_frames);
    into->keep_frames = map_string(m, r, src->keep_frames);
}

static void add_samples(struct merger *m, struct renaming *r)
{
    const struct profile *src = r->src;
    /* The first mapping is the main binary; it stays the first. */
    if (!m->p->mapping_count && src->mapping_count)
        map_mapping(m, r, 0);
    int64_t *values = xcalloc(src->sample_type_count + 1, sizeof *values);
    for (size_t i = 0; i < src->sample_count; i++) {
        if (is_zero(src, i))
            continue;
        uint32_t stack = map_stack(m, r, src->sample_stack[i]);
        uint32_t labels = map_labels(m, r, src->sample_labels[i]);
        uint64_t hash = sample_hash(stack, labels);
        uint32_t same = find_sample(m, hash, stack, labels);
        for (size_t t = 0; t < src->sample_type_count; t++) {
            if (same != NO_INDEX)
                m->p->values[t][same] += src->values[t][i];
            else
                values[t] = src->values[t][i];
        }
        if (same == NO_INDEX) {
            table_put(&m->samples, hash, (uint32_t)m->p->sample_count);
            profile_add_sample(m->p, stack, labels, values);
        }
    }
    free(values);
}

static int check_compatible(const struct profile *a, const struct profile *b, struct error *err)
{
    if (str_cmp(profile_str(a, a->period_type.type), profile_str(b, b->period_type.type)))
        return error_set(err, ERROR_DATA, "the profiles have different period types: %s and %s",
                         profile_str(a, a->period_type.type).ptr,
                         profile_str(b, b->period_type.type).ptr);
    for (size_t t = 0; t < a->sample_type_count; t++) {
        struct str x = profile_str(a, a->sample_types[t].type);
        struct str y = profile_str(b, b->sample_types[t].type);
        if (str_cmp(x, y))
            return error_set(err, ERROR_DATA, "the profiles have different sample types: %s and %s",
                             x.ptr, y.ptr);
    }
    return 0;
}

/* A second profile came: the first goes through the tables like all others. */
static void take_first_in(struct merger *m)
{
    struct profile *first = m->p;
    struct renaming r;
    m->p = profile_new();
    m->merging = true;
    renaming_init(&r, first, true);
    first_headers(m->p, first, &r, m);
    combine_headers(m->p, first, &r, m);
    add_samples(m, &r);
    renaming_release(&r);
    profile_free(first);
}

static void index_samples(struct merger *m)
{
    free(m->samples.slots);
    m->samples = (struct table){0};
    for (size_t i = 0; i < m->p->sample_count; i++)
        table_put(&m->samples, sample_hash(m->p->sample_stack[i], m->p->sample_labels[i]),
                  (uint32_t)i);
}

int merger_add(struct merger *m, struct profile *p, struct error *err)
{
    if (scale_drop_doubled_types(p, err))
        goto fail;
    if (!m->started) {
        profile_free(m->p);
        m->p = p;
        m->started = true;
        return 0;
    }
    size_t before = m->p->sample_count;
    if (scale_to_common(m->p, p, err) || check_compatible(m->p, p, err))
        goto fail;
    if (!m->merging)
        take_first_in(m);
    else if (m->p->sample_count != before) /* scaling leaves samples without a value out */
        index_samples(m);
    struct renaming r;
    renaming_init(&r, p, true);
    combine_headers(m->p, p, &r, m);
    add_samples(m, &r);
    renaming_release(&r);
    profile_free(p);
    return 0;
fail:
    profile_free(p);
    return -1;
}

struct profile *merger_finish(struct merger *m)
{
    struct profile *p = m->started ? m->p : NULL;
    bool merged = m->merging, any_zero = false;
    if (p)
        m->p = NULL;
    merger_free(m);
    for (size_t i = 0; merged && i < p->sample_count && !any_zero; i++)
        any_zero = is_zero(p, i);
    return any_zero ? merge_compact(p) : p;
}

/* Two locations that became one may have made stacks equal: names each stack by its first equal. */
static void unify_stacks(struct profile *p)
{
    uint32_t *renamed = unnamed(p->stack_count);
    struct stack *stacks = p->stacks;
    uint32_t *frames = p->frames;
    p->stacks = NULL;
    p->frames = NULL;
    p->stack_count = p->stack_cap = p->frame_count = p->frame_cap = 0;
    profile_forget_stack_index(p);
    for (size_t i = 0; i < p->sample_count; i++) {
        uint32_t s = p->sample_stack[i];
        if (renamed[s] == NO_INDEX)
            renamed[s] = profile_add_stack(p, frames + stacks[s].first, stacks[s].count);
        p->sample_stack[i] = renamed[s];
    }
    free(stacks);
    free(frames);
    free(renamed);
}

/* Adds up samples with the same stack and labels, in place. True
 * if that left one without a value. */
static bool unify_samples(struct profile *p)
{
    size_t slot_count = 64, kept = 0;
    while (slot_count < p->sample_count * 2)
        slot_count *= 2;
    uint32_t *slots = xcalloc(slot_count, sizeof *slots); /* index + 1 */
    bool any_zero = false;
    for (size_t i = 0; i < p->sample_count; i++) {
        uint32_t stack = p->sample_stack[i], labels = p->sample_labels[i];
        size_t at = sample_hash(stack, labels) & (slot_count - 1);
        while (slots[at] && (p->sample_stack[slots[at] - 1] != stack ||
                             p->sample_labels[slots[at] - 1] != labels))
            at = (at + 1) & (slot_count - 1);
        if (slots[at]) {
            size_t same = slots[at] - 1;
            for (size_t t = 0; t < p->sample_type_count; t++)
                p->values[t][same] += p->values[t][i];
            continue;
        }
        p->sample_stack[kept] = stack;
        p->sample_labels[kept] = labels;
        for (size_t t = 0; t < p->sample_type_count; t++)
            p->values[t][kept] = p->values[t][i];
        slots[at] = (uint32_t)++kept;
    }
    p->sample_count = kept;
    for (size_t i = 0; i < kept && !any_zero; i++)
        any_zero = is_zero(p, i);
    free(slots);
    return any_zero;
}

/* The decoder may leave equal sets apart. */
static void unify_labelsets(struct profile *p)
{
    uint32_t *renamed = xmalloc(p->labelset_count * sizeof *renamed);
    struct label *labels = p->labels;
    struct labelset *sets = p->labelsets;
    size_t count = p->labelset_count;
    p->labels = NULL;
    p->labelsets = NULL;
    p->label_count = p->label_cap = p->labelset_count = p->labelset_cap = 0;
    profile_forget_label_index(p);
    for (size_t i = 0; i < count; i++)
        renamed[i] = profile_add_labels(p, labels + sets[i].first, sets[i].count);
    for (size_t i = 0; i < p->sample_count; i++)
        p->sample_labels[i] = renamed[p->sample_labels[i]];
    free(renamed);
    free(labels);
    free(sets);
}

static void drop_zero_samples(struct profile *p)
{
    bool *keep = xcalloc(p->sample_count + 1, sizeof *keep);
    for (size_t i = 0; i < p->sample_count; i++)
        keep[i] = !is_zero(p, i);
    profile_keep_samples(p, keep);
    free(keep);
}

/* Works in place, because the frames of a large profile are most of the memory there is. */
struct profile *merge_compact(struct profile *p)
{
    bool again = true;
    profile_own(p, COLUMNS_ALL);
    unify_comments(p);
    unify_labelsets(p);
    while (again) {
        drop_zero_samples(p);

        /* The tables are made anew next to the old ones; strings and frames stay where they are. */
        struct profile old = *p;
        struct merger m = {.p = p};
        struct renaming r;
        p->mappings = NULL;
        p->functions = NULL;
        p->locations = NULL;
        p->lines = NULL;
        p->mapping_count = p->mapping_cap = p->function_count = p->function_cap = 0;
        p->location_count = p->location_cap = p->line_count = p->line_cap = 0;
        renaming_init(&r, &old, false);
        if (old.mapping_count)
            map_mapping(&m, &r, 0);
        bool *done = xcalloc(p->stack_count + 1, sizeof *done);
        for (size_t i = 0; i < p->sample_count; i++) {
            uint32_t index = p->sample_stack[i];
            if (done[index])
                continue;
            done[index] = true;
            struct stack s = p->stacks[index];
            for (uint32_t k = 0; k < s.count; k++) {
                uint32_t *frame = &p->frames[s.first + k];
                uint32_t renamed = r.locations[*frame];
                *frame = renamed != NO_INDEX ? renamed : map_location(&m, &r, *frame);
            }
        }
        for (size_t i = 0; i < p->stack_count; i++)
            if (!done[i])
                p->stacks[i].count = 0; /* its frames mean nothing any more */
        free(done);
        profile_forget_stack_index(p);
        if (r.collapsed)
            unify_stacks(p);
        renaming_release(&r);
        release_tables(&m);
        free(old.mappings);
        free(old.functions);
        free(old.locations);
        free(old.lines);
        again = unify_samples(p);
    }
    return p;
}
