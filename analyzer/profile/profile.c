#include "analyzer/profile/profile.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/buf.h"
#include "analyzer/base/suggest.h"
#include "analyzer/profile/clone.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

struct profile *profile_new(void)
{
    struct profile *p = xcalloc(1, sizeof *p);
    strtab_init(&p->strings);
    profile_add_labels(p, NULL, 0);
    return p;
}

void profile_free(struct profile *p)
{
    if (!p)
        return;
    strtab_release(&p->strings);
    free(p->comments);
    free(p->mappings);
    free(p->functions);
    free(p->locations);
    free(p->lines);
    free(p->stacks);
    hashindex_release(&p->stack_index);
    hashindex_release(&p->labelset_index);
    if (!(p->shared & COLUMNS_FRAMES))
        free(p->frames);
    if (!(p->shared & COLUMNS_LABELS)) {
        free(p->labels);
        free(p->labelsets);
    }
    if (!(p->shared & COLUMNS_SAMPLES)) {
        free(p->sample_stack);
        free(p->sample_labels);
        for (size_t t = 0; t < p->sample_type_count; t++)
            free(p->values[t]);
    }
    free(p->values);
    free(p->sample_types);
    free(p);
}

void profile_set_sample_types(struct profile *p, const struct value_type *types, size_t count)
{
    p->sample_types = xcalloc(count, sizeof *types);
    if (count)
        memcpy(p->sample_types, types, count * sizeof *types);
    p->values = xcalloc(count, sizeof *p->values);
    p->sample_type_count = count;
}

void profile_add_comment(struct profile *p, strid comment)
{
    p->comments = xgrow(p->comments, &p->comment_cap, p->comment_count + 1, sizeof *p->comments);
    p->comments[p->comment_count++] = comment;
}

uint32_t profile_add_mapping(struct profile *p, struct mapping m)
{
    p->mappings = xgrow(p->mappings, &p->mapping_cap, p->mapping_count + 1, sizeof *p->mappings);
    if (!m.id)
        m.id = p->mapping_count + 1;
    p->mappings[p->mapping_count] = m;
    return (uint32_t)p->mapping_count++;
}

void profile_lead_mapping(struct profile *p, uint32_t index)
{
    struct mapping *first = &p->mappings[0], *lead = &p->mappings[index], m = *first;
    uint64_t id = lead->id;
    *first = *lead;
    first->id = m.id;
    *lead = m;
    lead->id = id;
    for (size_t i = 0; i < p->location_count; i++) {
        uint32_t *mapping = &p->locations[i].mapping;
        if (*mapping == 0 || *mapping == index)
            *mapping = *mapping == 0 ? index : 0;
    }
}

uint32_t profile_add_function(struct profile *p, struct function f)
{
    p->functions =
        xgrow(p->functions, &p->function_cap, p->function_count + 1, sizeof *p->functions);
    p->functions[p->function_count] = f;
    return (uint32_t)p->function_count++;
}

uint32_t profile_add_location(struct profile *p, struct location l, const struct line *lines,
                              size_t line_count)
{
    l.first_line = (uint32_t)p->line_count;
    l.line_count = (uint32_t)line_count;
    if (!l.id)
        l.id = p->location_count + 1;
    p->lines = xgrow(p->lines, &p->line_cap, p->line_count + line_count, sizeof *p->lines);
    if (line_count)
        memcpy(p->lines + p->line_count, lines, line_count * sizeof *lines);
    p->line_count += line_count;
    p->locations =
        xgrow(p->locations, &p->location_cap, p->location_count + 1, sizeof *p->locations);
    p->locations[p->location_count] = l;
    return (uint32_t)p->location_count++;
}

static uint64_t stack_hash(const uint32_t *locations, size_t count)
{
    return XXH3_64bits(locations, count * sizeof *locations);
}

static void index_stacks(struct profile *p)
{
    if (p->stack_index.slot_count)
        return;
    hashindex_init(&p->stack_index, p->stack_count);
    for (size_t i = 0; i < p->stack_count; i++) {
        struct stack s = p->stacks[i];
        hashindex_put(&p->stack_index, stack_hash(p->frames + s.first, s.count), (uint32_t)i);
    }
}

static uint32_t add_hashed_stack(struct profile *p, const uint32_t *locations, size_t count,
                                 uint64_t hash)
{
    struct hashindex *known = &p->stack_index;
    uint32_t index;
    for (size_t at = hashindex_start(known, hash); hashindex_next(known, hash, &at, &index);) {
        struct stack s = p->stacks[index];
        if (s.count == count &&
            (!count || memcmp(p->frames + s.first, locations, count * sizeof *locations) == 0))
            return index;
    }
    profile_own(p, COLUMNS_FRAMES);
    p->frames = xgrow(p->frames, &p->frame_cap, p->frame_count + count, sizeof *p->frames);
    if (count)
        memcpy(p->frames + p->frame_count, locations, count * sizeof *locations);
    p->stacks = xgrow(p->stacks, &p->stack_cap, p->stack_count + 1, sizeof *p->stacks);
    p->stacks[p->stack_count] = (struct stack){p->frame_count, (uint32_t)count};
    p->frame_count += count;
    hashindex_put(known, hash, (uint32_t)p->stack_count);
    return (uint32_t)p->stack_count++;
}

uint32_t profile_add_stack(struct profile *p, const uint32_t *locations, size_t count)
{
    index_stacks(p);
    return add_hashed_stack(p, locations, count, stack_hash(locations, count));
}

void profile_add_stacks(struct profile *p, const uint32_t *locations, const size_t *starts,
                        size_t count, uint32_t *out)
{
    uint64_t hashes[PROFILE_BATCH];
    index_stacks(p);
    const struct hashindex *known = &p->stack_index;
    for (size_t i = 0; i < count; i++)
        hashes[i] = stack_hash(locations + starts[i], starts[i + 1] - starts[i]);
    for (size_t i = 0; i < count; i++)
        hashindex_prefetch(known, hashes[i]);
    for (size_t i = 0; i < count; i++) {
        uint32_t at = hashindex_likely(known, hashes[i]);
        if (at)
            __builtin_prefetch(&p->stacks[at - 1]);
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t at = hashindex_likely(known, hashes[i]);
        if (!at)
            continue;
        const uint32_t *frames = p->frames + p->stacks[at - 1].first;
        for (size_t k = 0; k < starts[i + 1] - starts[i]; k += 64 / sizeof *frames)
            __builtin_prefetch(frames + k);
    }
    for (size_t i = 0; i < count; i++)
        out[i] = add_hashed_stack(p, locations + starts[i], starts[i + 1] - starts[i], hashes[i]);
}

static int label_before(const struct profile *p, const struct label *a, const struct label *b)
{
    if (a->is_number != b->is_number)
        return b->is_number;
    if (a->key == b->key)
        return 0;
    return str_cmp(profile_str(p, a->key), profile_str(p, b->key)) < 0;
}

static void index_labelsets(struct profile *p)
{
    if (p->labelset_index.slot_count)
        return;
    hashindex_init(&p->labelset_index, p->labelset_count);
    for (size_t i = 0; i < p->labelset_count; i++) {
        struct labelset s = p->labelsets[i];
        hashindex_put(&p->labelset_index,
                      XXH3_64bits(p->labels + s.first, s.count * sizeof *p->labels), (uint32_t)i);
    }
}

static uint32_t append_labels(struct profile *p, const struct label *labels, size_t count)
{
    profile_own(p, COLUMNS_LABELS);
    p->labels = xgrow(p->labels, &p->label_cap, p->label_count + count, sizeof *p->labels);
    if (count)
        memcpy(p->labels + p->label_count, labels, count * sizeof *labels);
    p->labelsets =
        xgrow(p->labelsets, &p->labelset_cap, p->labelset_count + 1, sizeof *p->labelsets);
    p->labelsets[p->labelset_count] = (struct labelset){(uint32_t)p->label_count, (uint32_t)count};
    p->label_count += count;
    return (uint32_t)p->labelset_count++;
}

static uint32_t add_hashed_labels(struct profile *p, const struct label *labels, size_t count,
                                  uint64_t hash)
{
    struct hashindex *known = &p->labelset_index;
    uint32_t index;
    for (size_t at = hashindex_start(known, hash); hashindex_next(known, hash, &at, &index);) {
        struct labelset s = p->labelsets[index];
        if (s.count == count &&
            (!count || memcmp(p->labels + s.first, labels, count * sizeof *labels) == 0))
            return index;
    }
    hashindex_put(known, hash, (uint32_t)p->labelset_count);
    return append_labels(p, labels, count);
}

/* Merges the sorted first HALF of the labels with the sorted rest;
 * of equals the first stay first. */
static void merge_labels(const struct profile *p, struct label *labels, size_t half, size_t count)
{
    struct label *left = xmalloc(half * sizeof *left);
    memcpy(left, labels, half * sizeof *left);
    size_t out = 0, l = 0, r = half;
    while (l < half)
        labels[out++] =
            r < count && label_before(p, &labels[r], &left[l]) ? labels[r++] : left[l++];
    free(left);
}

void profile_sort_labels(const struct profile *p, struct label *labels, size_t count)
{
    if (count > 64) { /* nobody has so many, but a file may */
        size_t half = count / 2;
        profile_sort_labels(p, labels, half);
        profile_sort_labels(p, labels + half, count - half);
        merge_labels(p, labels, half, count);
        return;
    }
    /* Insertion sort: stable, and sets are small. */
    for (size_t i = 1; i < count; i++) {
        struct label moved = labels[i];
        size_t at = i;
        for (; at && label_before(p, &moved, &labels[at - 1]); at--)
            labels[at] = labels[at - 1];
        labels[at] = moved;
    }
}

uint32_t profile_add_labels(struct profile *p, struct label *labels, size_t count)
{
    profile_sort_labels(p, labels, count);
    index_labelsets(p);
    return add_hashed_labels(p, labels, count, XXH3_64bits(labels, count * sizeof *labels));
}

/* With a request's id among the labels hardly two sets are equal, and looking for them is vain. */
static bool are_mostly_different(const struct profile *p)
{
    return p->sample_count > 1 << 15 && p->labelset_count > p->sample_count / 2;
}

void profile_add_raw_labels(struct profile *p, const struct label *labels, const size_t *starts,
                            size_t count, uint32_t *out)
{
    uint64_t hashes[PROFILE_BATCH];
    if (are_mostly_different(p)) {
        for (size_t i = 0; i < count; i++)
            out[i] = starts[i] == starts[i + 1]
                         ? 0
                         : append_labels(p, labels + starts[i], starts[i + 1] - starts[i]);
        return;
    }
    index_labelsets(p);
    const struct hashindex *known = &p->labelset_index;
    for (size_t i = 0; i < count; i++)
        hashes[i] = XXH3_64bits(labels + starts[i], (starts[i + 1] - starts[i]) * sizeof *labels);
    for (size_t i = 0; i < count; i++)
        hashindex_prefetch(known, hashes[i]);
    for (size_t i = 0; i < count; i++) {
        uint32_t at = hashindex_likely(known, hashes[i]);
        if (at)
            __builtin_prefetch(&p->labelsets[at - 1]);
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t at = hashindex_likely(known, hashes[i]);
        if (at)
            __builtin_prefetch(&p->labels[p->labelsets[at - 1].first]);
    }
    for (size_t i = 0; i < count; i++)
        out[i] = add_hashed_labels(p, labels + starts[i], starts[i + 1] - starts[i], hashes[i]);
}

void profile_add_sample(struct profile *p, uint32_t stack, uint32_t labels, const int64_t *values)
{
    profile_own(p, COLUMNS_SAMPLES);
    if (p->sample_count == p->sample_cap) {
        size_t cap = p->sample_cap ? p->sample_cap + p->sample_cap / 2 : 64;
        p->sample_stack = xrealloc(p->sample_stack, cap * sizeof *p->sample_stack);
        p->sample_labels = xrealloc(p->sample_labels, cap * sizeof *p->sample_labels);
        for (size_t t = 0; t < p->sample_type_count; t++)
            p->values[t] = xrealloc(p->values[t], cap * sizeof **p->values);
        p->sample_cap = cap;
    }
    p->sample_stack[p->sample_count] = stack;
    p->sample_labels[p->sample_count] = labels;
    for (size_t t = 0; t < p->sample_type_count; t++)
        p->values[t][p->sample_count] = values[t];
    p->sample_count++;
}

struct label label_text(strid key, strid value)
{
    return (struct label){.key = key & 0x7FFFFFFF, .is_number = 0, .str = value};
}

struct label label_number(strid key, int64_t number, strid unit)
{
    return (struct label){.key = key & 0x7FFFFFFF, .is_number = 1, .str = unit, .number = number};
}

void profile_forget_stack_index(struct profile *p)
{
    hashindex_release(&p->stack_index);
}

void profile_forget_label_index(struct profile *p)
{
    hashindex_release(&p->labelset_index);
}

void profile_keep_samples(struct profile *p, const bool *keep)
{
    size_t kept = 0;
    profile_own(p, COLUMNS_SAMPLES);
    for (size_t i = 0; i < p->sample_count; i++) {
        if (!keep[i])
            continue;
        if (kept != i) {
            p->sample_stack[kept] = p->sample_stack[i];
            p->sample_labels[kept] = p->sample_labels[i];
            for (size_t t = 0; t < p->sample_type_count; t++)
                p->values[t][kept] = p->values[t][i];
        }
        kept++;
    }
    p->sample_count = kept;
}

int profile_sample_index(const struct profile *p, const char *name, struct error *err)
{
    size_t count = p->sample_type_count;
    if (!name || !*name) {
        if (p->default_sample_type)
            for (size_t i = 0; i < count; i++)
                if (p->sample_types[i].type == p->default_sample_type)
                    return (int)i;
        return (int)count - 1;
    }
    char *end;
    errno = 0;
    long long number = strtoll(name, &end, 10);
    if (*end == '\0' && end != name && *name != ' ' && !errno) {
        if (number < 0 || (size_t)number >= count)
            return error_set(err, ERROR_USAGE, "sample_index %s is outside the range [0..%zu]",
                             name, count - 1);
        return (int)number;
    }
    /* "inuse_space" also finds "space", for profiles from before allocations were counted. */
    const char *bare = strncmp(name, "inuse_", 6) == 0 ? name + 6 : name;
    for (size_t i = 0; i < count; i++) {
        const char *type = profile_str(p, p->sample_types[i].type).ptr;
        if (strcmp(type, name) == 0 || strcmp(type, bare) == 0)
            return (int)i;
    }
    struct buf all = {0};
    const char **types = xcalloc(count, sizeof *types);
    for (size_t i = 0; i < count; i++) {
        types[i] = profile_str(p, p->sample_types[i].type).ptr;
        buf_printf(&all, "%s%s", i ? ", " : "", types[i]);
    }
    const char *near = suggest_nearest(name, types, count);
    if (near)
        error_set(err, ERROR_USAGE,
                  "no sample type \"%s\" in this profile; did you mean \"%s\"? (it has: %s)", name,
                  near, all.data ? all.data : "");
    else
        error_set(err, ERROR_USAGE, "no sample type \"%s\" in this profile; it has: %s", name,
                  all.data ? all.data : "");
    free(types);
    buf_release(&all);
    return -1;
}
