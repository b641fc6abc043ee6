/*
 * An imagined program of three languages and one random call tree of it, grown from a seed.
 *
 * A function has one to six call sites, a location is a function at one of them, and what a site
 * calls is fixed, so that functions have few callers and callees as real ones do. A node of the
 * tree is a stack; its ancestors are its callers. Call calltree_init, read the arrays, call
 * calltree_release.
 */
#ifndef BENCH_CALLTREE_H
#define BENCH_CALLTREE_H

#include <stdint.h>

enum {
    CALLTREE_MEAN_FRAMES = 44, /* mean depth of the nodes, whatever the size of the tree */
    CALLTREE_MAX_FRAMES = 300,
    CALLTREE_MAX_SITES = 6,
};

enum language { CXX, GO, RUST, N_LANGUAGES };

/* Functions of one language have neighbouring numbers and mostly call each other. */
struct segment {
    uint32_t first, count;
};

struct location {
    uint32_t function, site; /* the physical frame */
    uint32_t n_inlined;      /* functions inlined there, see calltree_inlined */
};

struct node {
    uint32_t parent, location; /* index into locations; node 0 is the empty stack and has none */
};

struct calltree {
    uint64_t seed;
    uint32_t n_functions, n_locations, n_nodes;
    struct segment segments[N_LANGUAGES];
    struct location *locations;
    struct node *nodes; /* parents come before children */
    uint16_t *depths;
    uint32_t *location_of_site; /* function * CALLTREE_MAX_SITES + site: index plus 1, or 0 */
    uint32_t max_nodes;
    uint32_t n_reached, n_reached_of[N_LANGUAGES]; /* functions made sure to be called */
};

/* Returns 0, or -1 when memory is out. FUNCTIONS is 30 or more, NODES 100 or more. */
int calltree_init(struct calltree *tree, uint32_t functions, uint32_t nodes, uint64_t seed);
void calltree_release(struct calltree *tree);

enum language calltree_language(const struct calltree *tree, uint32_t function);

/* The function inlined at LOC, number I of n_inlined from the inside. */
uint32_t calltree_inlined(const struct calltree *tree, const struct location *loc, uint32_t i);

/* Random bits that belong to number A of whatever TOPIC stands for. */
uint64_t calltree_hash(const struct calltree *tree, uint64_t a, uint64_t topic);

#endif
