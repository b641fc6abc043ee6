#include "analyzer/report/function.h"

#include "analyzer/base/alloc.h"
#include "analyzer/graph/calltree.h"

#include <stdlib.h>

/* NO_INDEX if no stack has a value. Of equal ones the one whose name comes first. */
static uint32_t find_heaviest(const struct nodes *nodes, int value)
{
    const struct profile *p = nodes->p;
    struct calltree_value *stacks = calltree_stack_values(p, value);
    struct calltree_value *flat = xcalloc(nodes->count + 1, sizeof *flat);
    for (size_t i = 0; i < p->stack_count; i++)
        if (p->stacks[i].count)
            calltree_add(&flat[nodes->of[nodes->first[p->frames[p->stacks[i].first]]]], stacks[i]);
    uint32_t best = NO_INDEX;
    uint64_t most = 0;
    for (uint32_t i = 0; i < nodes->count; i++) {
        uint64_t weight = calltree_weight(flat[i]);
        if (weight > most ||
            (weight && weight == most && str_cmp(nodes->names[i], nodes->names[best]) < 0)) {
            best = i;
            most = weight;
        }
    }
    free(stacks);
    free(flat);
    return best;
}

bool *function_nodes(const struct nodes *nodes, int value, struct str name, struct str *chosen,
                     struct error *err)
{
    *chosen = name;
    if (!name.len) {
        uint32_t heaviest = find_heaviest(nodes, value);
        if (heaviest == NO_INDEX) {
            error_set(err, ERROR_DATA, "no sample has a value");
            return NULL;
        }
        *chosen = nodes->names[heaviest];
    }
    bool *at = nodes_named(nodes, *chosen);
    if (!at) {
        error_set(err, ERROR_DATA, "%.*s is in no sample that is left", (int)name.len, name.ptr);
        return NULL;
    }
    for (size_t i = 0; i < nodes->count; i++)
        if (at[i])
            *chosen = nodes->names[i]; /* all are equal; this one is not the caller's */
    return at;
}
