#include "analyzer/profile/prefixtree.h"

#include "analyzer/base/alloc.h"

#include <stdlib.h>

void prefix_tree_init(struct prefix_tree *t, size_t count)
{
    *t = (struct prefix_tree){.nodes = xcalloc(count + 1, sizeof *t->nodes), .count = count};
    for (size_t i = 0; i < count; i++)
        t->nodes[i].parent = t->nodes[i].mapping = NO_INDEX;
}

void prefix_tree_release(struct prefix_tree *t)
{
    free(t->nodes);
    free(t->frames);
    free(t->lines);
    *t = (struct prefix_tree){0};
}

/* The location that NODE ends, after the LINE_COUNT lines that were inlined into it. */
static uint32_t location_of(struct prefix_tree *t, struct builder *b, struct prefix_node *node,
                            size_t line_count)
{
    struct location l = {.address = node->address, .mapping = node->mapping};
    bool alone = line_count == 0;
    if (alone && node->location)
        return node->location - 1;
    if (node->has_line) {
        t->lines = xgrow(t->lines, &t->line_cap, line_count + 1, sizeof *t->lines);
        t->lines[line_count++] = node->line;
    }
    uint32_t location = builder_location(b, l, t->lines, line_count);
    if (alone)
        node->location = location + 1;
    return location;
}

int prefix_tree_stack(struct prefix_tree *t, struct builder *b, uint32_t node, uint32_t *stack,
                      struct error *err)
{
    struct prefix_node *leaf = &t->nodes[node];
    size_t count = 0, line_count = 0, steps = 0;
    if (leaf->stack) {
        *stack = leaf->stack - 1;
        return 0;
    }
    for (uint32_t at = node; at != NO_INDEX; at = t->nodes[at].parent) {
        struct prefix_node *n = &t->nodes[at];
        if (++steps > t->count)
            return error_set(err, ERROR_DATA, "frame %u of the stacks is its own caller", node);
        if (n->is_hidden)
            continue;
        if (n->is_inlined && n->parent != NO_INDEX) {
            if (n->has_line) {
                t->lines = xgrow(t->lines, &t->line_cap, line_count + 1, sizeof *t->lines);
                t->lines[line_count++] = n->line;
            }
            continue;
        }
        t->frames = xgrow(t->frames, &t->frame_cap, count + 1, sizeof *t->frames);
        t->frames[count++] = location_of(t, b, n, line_count);
        line_count = 0;
    }
    if (builder_stack(b, t->frames, count, stack, err))
        return -1;
    leaf->stack = *stack + 1;
    return 0;
}
