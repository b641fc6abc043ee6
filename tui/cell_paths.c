#include "tui/cell_paths.h"

#include "analyzer/base/alloc.h"

/* FNV-1a. */
static uint64_t add_name(uint64_t hash, struct str name)
{
    for (size_t i = 0; i < name.len; i++)
        hash = (hash ^ (unsigned char)name.ptr[i]) * UINT64_C(0x100000001B3);
    return hash;
}

uint64_t *cell_paths_new(const struct calltree *t, const struct nodes *nodes)
{
    uint64_t *paths = xmalloc(t->count * sizeof *paths);
    paths[0] = UINT64_C(0xCBF29CE484222325);
    for (size_t i = 1; i < t->count; i++) {
        const struct calltree_cell *c = &t->cells[i];
        struct str name = {"\n", 1}; /* one for several */
        if (c->node != NO_INDEX)
            name = nodes->names[c->node];
        paths[i] = add_name(add_name(paths[c->parent], (struct str){";", 1}), name);
    }
    return paths;
}

uint32_t cell_paths_find(const uint64_t *paths, size_t count, uint64_t path)
{
    for (size_t i = 0; i < count; i++)
        if (paths[i] == path)
            return (uint32_t)i;
    return NO_INDEX;
}

uint32_t cell_named(const struct calltree *t, const struct nodes *nodes, uint32_t from,
                    struct str name)
{
    uint32_t best = NO_INDEX;
    for (uint32_t i = from; i < t->cells[from].end; i++) {
        const struct calltree_cell *c = &t->cells[i];
        if (c->node == NO_INDEX || str_cmp(nodes->names[c->node], name) != 0)
            continue;
        if (best == NO_INDEX || calltree_weight(c->cum) > calltree_weight(t->cells[best].cum))
            best = i;
    }
    return best;
}
