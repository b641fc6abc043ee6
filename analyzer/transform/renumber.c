#include "analyzer/transform/renumber.h"

#include "analyzer/base/alloc.h"

#include <stdlib.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

void renumbered_release(struct renumbered *to)
{
    hashindex_release(&to->mappings);
    hashindex_release(&to->functions);
    hashindex_release(&to->locations);
}

static uint32_t *no_indices(size_t count)
{
    uint32_t *names = xmalloc((count + 1) * sizeof *names);
    memset(names, 0xFF, (count + 1) * sizeof *names);
    return names;
}

void renumbering_init(struct renumbering *r, const struct profile *src, bool whole)
{
    *r = (struct renumbering){.src = src};
    r->mappings = no_indices(src->mapping_count);
    r->functions = no_indices(src->function_count);
    r->locations = no_indices(src->location_count);
    if (whole) {
        r->stacks = no_indices(src->stack_count);
        r->labelsets = no_indices(src->labelset_count);
        r->strings = no_indices(src->strings.count);
    }
}

void renumbering_release(struct renumbering *r)
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

strid renumber_string(struct renumbered *to, struct renumbering *r, strid id)
{
    if (!r->strings)
        return id;
    if (r->strings[id] == NO_INDEX) {
        struct str s = profile_str(r->src, id);
        r->strings[id] = strtab_add(&to->p->strings, s.ptr, s.len);
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

uint32_t renumber_mapping(struct renumbered *to, struct renumbering *r, uint32_t index)
{
    if (index == NO_INDEX || r->mappings[index] != NO_INDEX)
        return index == NO_INDEX ? NO_INDEX : r->mappings[index];
    struct mapping mapping = r->src->mappings[index];
    mapping.id = 0;
    mapping.file = renumber_string(to, r, mapping.file);
    mapping.build_id = renumber_string(to, r, mapping.build_id);
    struct mapping_key key = mapping_key(&mapping);
    uint64_t hash = XXH3_64bits(&key, sizeof key);
    uint32_t known;
    for (size_t at = hashindex_start(&to->mappings, hash);
         hashindex_next(&to->mappings, hash, &at, &known);) {
        struct mapping_key other = mapping_key(&to->p->mappings[known]);
        if (memcmp(&other, &key, sizeof key) == 0)
            return r->mappings[index] = known;
    }
    r->mappings[index] = profile_add_mapping(to->p, mapping);
    hashindex_put(&to->mappings, hash, r->mappings[index]);
    return r->mappings[index];
}

static uint32_t renumber_function(struct renumbered *to, struct renumbering *r, uint32_t index)
{
    if (r->functions[index] != NO_INDEX)
        return r->functions[index];
    struct function f = r->src->functions[index];
    f.name = renumber_string(to, r, f.name);
    f.system_name = renumber_string(to, r, f.system_name);
    f.filename = renumber_string(to, r, f.filename);
    uint64_t key[] = {f.name, f.system_name, f.filename, (uint64_t)f.start_line};
    uint64_t hash = XXH3_64bits(key, sizeof key);
    uint32_t known;
    for (size_t at = hashindex_start(&to->functions, hash);
         hashindex_next(&to->functions, hash, &at, &known);) {
        const struct function *o = &to->p->functions[known];
        if (o->name == f.name && o->system_name == f.system_name && o->filename == f.filename &&
            o->start_line == f.start_line)
            return r->functions[index] = known;
    }
    r->functions[index] = profile_add_function(to->p, f);
    hashindex_put(&to->functions, hash, r->functions[index]);
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

uint32_t renumber_location(struct renumbered *to, struct renumbering *r, uint32_t index)
{
    if (r->locations[index] != NO_INDEX)
        return r->locations[index];
    const struct profile *src = r->src;
    struct location l = src->locations[index];
    l.id = 0;
    uint64_t old_start = l.mapping == NO_INDEX ? 0 : src->mappings[l.mapping].start;
    l.mapping = renumber_mapping(to, r, l.mapping);
    uint64_t relative = l.address - old_start;
    l.address = relative + (l.mapping == NO_INDEX ? 0 : to->p->mappings[l.mapping].start);

    r->lines = xgrow(r->lines, &r->line_cap, l.line_count + 1, sizeof *r->lines);
    uint64_t key[] = {relative, (uint64_t)l.mapping << 1 | l.folded};
    uint64_t hash = XXH3_64bits(key, sizeof key);
    for (uint32_t i = 0; i < l.line_count; i++) {
        r->lines[i] = src->lines[l.first_line + i];
        r->lines[i].function = renumber_function(to, r, r->lines[i].function);
        hash =
            (hash ^ r->lines[i].function ^ ((uint64_t)r->lines[i].line << 32)) * 0x9E3779B97F4A7C15;
        hash ^= hash >> 29;
    }
    uint32_t known;
    for (size_t at = hashindex_start(&to->locations, hash);
         hashindex_next(&to->locations, hash, &at, &known);) {
        if (same_location(to->p, &l, relative, &to->p->locations[known], r->lines)) {
            r->collapsed = true;
            return r->locations[index] = known;
        }
    }
    r->locations[index] = profile_add_location(to->p, l, r->lines, l.line_count);
    hashindex_put(&to->locations, hash, r->locations[index]);
    return r->locations[index];
}

uint32_t renumber_stack(struct renumbered *to, struct renumbering *r, uint32_t index)
{
    if (r->stacks[index] != NO_INDEX)
        return r->stacks[index];
    struct stack s = r->src->stacks[index];
    r->scratch = xgrow(r->scratch, &r->scratch_cap, s.count + 1, sizeof *r->scratch);
    for (uint32_t i = 0; i < s.count; i++)
        r->scratch[i] = renumber_location(to, r, r->src->frames[s.first + i]);
    return r->stacks[index] = profile_add_stack(to->p, r->scratch, s.count);
}

uint32_t renumber_labels(struct renumbered *to, struct renumbering *r, uint32_t index)
{
    if (r->labelsets[index] != NO_INDEX)
        return r->labelsets[index];
    struct labelset s = r->src->labelsets[index];
    r->labels = xgrow(r->labels, &r->label_cap, s.count + 1, sizeof *r->labels);
    for (uint32_t i = 0; i < s.count; i++) {
        struct label l = r->src->labels[s.first + i];
        l.key = renumber_string(to, r, l.key) & 0x7FFFFFFF;
        l.str = renumber_string(to, r, l.str);
        r->labels[i] = l;
    }
    return r->labelsets[index] = profile_add_labels(to->p, r->labels, s.count);
}
