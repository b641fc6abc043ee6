#include "analyzer/profile/builder.h"

#include "analyzer/base/alloc.h"

#include <stdlib.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

void builder_init(struct builder *b)
{
    *b = (struct builder){.p = profile_new()};
}

void builder_set_types(struct builder *b, const struct value_type *types, size_t count)
{
    profile_set_sample_types(b->p, types, count);
    b->zeros = xcalloc(count + 1, sizeof *b->zeros);
}

void builder_release(struct builder *b)
{
    profile_free(b->p);
    free(b->named);
    hashindex_release(&b->functions);
    hashindex_release(&b->locations);
    free(b->zeros);
    pairmap_release(&b->mappings);
    pairmap_release(&b->samples);
    *b = (struct builder){0};
}

struct profile *builder_finish(struct builder *b)
{
    struct profile *p = b->p;
    b->p = NULL;
    builder_release(b);
    return p;
}

strid builder_str(struct builder *b, struct str s)
{
    return s.len ? strtab_add(&b->p->strings, s.ptr, s.len) : 0;
}

uint32_t builder_mapping(struct builder *b, strid file, strid build_id)
{
    struct pairmap_slot *slot = pairmap_slot(&b->mappings, file, build_id);
    if (!slot->value) {
        struct mapping m = {.file = file, .build_id = build_id, .has_functions = true};
        pairmap_set(&b->mappings, slot, file, build_id, profile_add_mapping(b->p, m));
    }
    return slot->value - 1;
}

/* --- functions and locations, found by all they consist of */

static uint64_t function_hash(const struct function *f)
{
    uint64_t key[3] = {(uint64_t)f->name << 32 | f->system_name, f->filename,
                       (uint64_t)f->start_line};
    return XXH3_64bits(key, sizeof key);
}

static bool function_same(const struct function *a, const struct function *b)
{
    return a->name == b->name && a->system_name == b->system_name && a->filename == b->filename &&
           a->start_line == b->start_line;
}

static uint64_t location_hash(const struct location *l, const struct line *lines, size_t count)
{
    uint64_t h = (l->address ^ (uint64_t)l->mapping << 40) * 0x9E3779B97F4A7C15;
    for (size_t i = 0; i < count; i++) {
        uint64_t key[4] = {h, lines[i].function, (uint64_t)lines[i].line,
                           (uint64_t)lines[i].column};
        h = XXH3_64bits(key, sizeof key);
    }
    return h ^ h >> 32;
}

static bool location_same(const struct profile *p, const struct location *have,
                          const struct location *l, const struct line *lines, size_t count)
{
    if (have->address != l->address || have->mapping != l->mapping || have->line_count != count)
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct line *a = &p->lines[have->first_line + i], *b = &lines[i];
        if (a->function != b->function || a->line != b->line || a->column != b->column)
            return false;
    }
    return true;
}

uint32_t builder_function(struct builder *b, struct function f)
{
    struct profile *p = b->p;
    uint64_t hash = function_hash(&f);
    uint32_t i;
    for (size_t at = hashindex_start(&b->functions, hash);
         hashindex_next(&b->functions, hash, &at, &i);)
        if (function_same(&p->functions[i], &f))
            return i;
    hashindex_put(&b->functions, hash, (uint32_t)p->function_count);
    return profile_add_function(p, f);
}

uint32_t builder_location(struct builder *b, struct location l, const struct line *lines,
                          size_t line_count)
{
    struct profile *p = b->p;
    uint64_t hash = location_hash(&l, lines, line_count);
    uint32_t i;
    for (size_t at = hashindex_start(&b->locations, hash);
         hashindex_next(&b->locations, hash, &at, &i);)
        if (location_same(p, &p->locations[i], &l, lines, line_count))
            return i;
    hashindex_put(&b->locations, hash, (uint32_t)p->location_count);
    return profile_add_location(p, l, lines, line_count);
}

uint32_t builder_named(struct builder *b, const char *name, size_t len)
{
    strid id = strtab_add(&b->p->strings, name, len);
    if (id >= b->named_cap) {
        size_t old = b->named_cap;
        b->named = xgrow(b->named, &b->named_cap, (size_t)id + 1, sizeof *b->named);
        memset(b->named + old, 0, (b->named_cap - old) * sizeof *b->named);
    }
    if (!b->named[id]) {
        struct line line = {
            .function = builder_function(b, (struct function){.name = id, .system_name = id})};
        b->named[id] = builder_location(b, (struct location){.mapping = NO_INDEX}, &line, 1) + 1;
    }
    return b->named[id] - 1;
}

/* --- samples */

int builder_stack(struct builder *b, const uint32_t *locations, size_t count, uint32_t *stack,
                  struct error *err)
{
    if (b->p->frame_count + count > BUILDER_MOST_FRAMES)
        return error_set(err, ERROR_DATA, "its stacks have more than %zu frames in all",
                         BUILDER_MOST_FRAMES);
    *stack = profile_add_stack(b->p, locations, count);
    return 0;
}

void builder_add(struct builder *b, uint32_t stack, uint32_t labels, size_t type, int64_t value)
{
    struct profile *p = b->p;
    struct pairmap_slot *slot = pairmap_slot(&b->samples, stack, labels);
    if (!slot->value) {
        pairmap_set(&b->samples, slot, stack, labels, (uint32_t)p->sample_count);
        profile_add_sample(p, stack, labels, b->zeros);
    }
    p->values[type][slot->value - 1] += value;
}
