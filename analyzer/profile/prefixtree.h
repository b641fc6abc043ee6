/* Stacks as formats with tables write them: a tree of frames, each of which knows its caller.
 *
 *     struct prefix_tree t;
 *     prefix_tree_init(&t, count);
 *     t.nodes[i].parent = ...; .line = ...         for each; zeros mean a frame without anything
 *     prefix_tree_stack(&t, &builder, node, &stack, err)
 *     prefix_tree_release(&t);
 *
 * Parents may come before or after their children; a circle is found out.
 */
#ifndef CPPROF_PROFILE_PREFIXTREE_H
#define CPPROF_PROFILE_PREFIXTREE_H

#include "analyzer/base/error.h"
#include "analyzer/profile/builder.h"

struct prefix_node {
    uint32_t parent;  /* the caller, or NO_INDEX */
    uint32_t mapping; /* or NO_INDEX */
    uint64_t address;
    struct line line;
    bool has_line;
    bool is_inlined; /* into the parent, with which it shares a location */
    bool is_hidden;  /* no frame at all, like a root that stands for the whole */

    uint32_t location, stack; /* once known, plus one */
};

struct prefix_tree {
    struct prefix_node *nodes;
    size_t count;
    uint32_t *frames; /* of the stack that is being put together */
    size_t frame_cap;
    struct line *lines; /* of its current location */
    size_t line_cap;
};

void prefix_tree_init(struct prefix_tree *t, size_t count);
void prefix_tree_release(struct prefix_tree *t);

/* The stack in B that ends in NODE. -1 and ERR if there are too many frames, or if NODE is its own
 * caller. */
int prefix_tree_stack(struct prefix_tree *t, struct builder *b, uint32_t node, uint32_t *stack,
                      struct error *err);

#endif
