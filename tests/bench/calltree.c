#include "calltree.h"

#include "rng.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBERED_BY_USE = 45, N_BRANCHES = 4, BRANCH_FRAMES = 6 };

/* Topics of calltree_hash used here; names.c and genprofile.c use 100 and up. */
enum { TOPIC_SITES, TOPIC_INLINE_COUNT, TOPIC_INLINED, TOPIC_NUMBERING = 9, TOPIC_CALLEE = 10 };

uint64_t calltree_hash(const struct calltree *tree, uint64_t a, uint64_t topic)
{
    return rng_mix(rng_mix(tree->seed + a * 0x9e3779b97f4a7c15u) + topic);
}

enum language calltree_language(const struct calltree *tree, uint32_t function)
{
    if (function < tree->segments[GO].first)
        return CXX;
    return function < tree->segments[RUST].first ? GO : RUST;
}

static uint32_t n_sites(const struct calltree *tree, uint32_t function)
{
    return 1 + rng_scale((uint32_t)calltree_hash(tree, function, TOPIC_SITES), CALLTREE_MAX_SITES);
}

/* A function that code of LANGUAGE would call: one in six times a popular one such as malloc. */
static uint32_t pick_function(const struct calltree *tree, enum language language, uint64_t hash)
{
    if (hash % 64 == 0)
        language = (hash >> 6) % N_LANGUAGES; /* a call through the foreign-function interface */
    const struct segment *segment = &tree->segments[language];
    uint32_t popular = segment->count / 50 + 1;
    uint32_t n = (hash >> 8) % 6 == 0 ? popular : segment->count;
    return segment->first + rng_scale((uint32_t)(hash >> 32), n);
}

static uint64_t site_number(uint32_t function, uint32_t site)
{
    return (uint64_t)function * CALLTREE_MAX_SITES + site;
}

/* The function called at LOC; an indirect call has several, told apart by CHOICE. */
static uint32_t callee(const struct calltree *tree, const struct location *loc, uint32_t choice)
{
    uint64_t hash =
        calltree_hash(tree, site_number(loc->function, loc->site), TOPIC_CALLEE + choice);
    return pick_function(tree, calltree_language(tree, loc->function), hash);
}

uint32_t calltree_inlined(const struct calltree *tree, const struct location *loc, uint32_t i)
{
    uint64_t hash = calltree_hash(tree, site_number(loc->function, loc->site), TOPIC_INLINED + i);
    return pick_function(tree, calltree_language(tree, loc->function), hash);
}

static uint32_t location_at(struct calltree *tree, uint32_t function, uint32_t site)
{
    uint32_t *slot = &tree->location_of_site[site_number(function, site)];
    if (!*slot) {
        uint64_t percent =
            calltree_hash(tree, site_number(function, site), TOPIC_INLINE_COUNT) % 100;
        struct location *loc = &tree->locations[tree->n_locations];
        loc->function = function;
        loc->site = site;
        loc->n_inlined = percent < 10 ? 1 : percent < 15 ? 2 : 0;
        *slot = ++tree->n_locations;
    }
    return *slot - 1;
}

static bool is_full(const struct calltree *tree)
{
    return tree->n_nodes == tree->max_nodes;
}

static uint32_t add_node(struct calltree *tree, uint32_t parent, uint32_t location)
{
    uint32_t node = tree->n_nodes++;
    tree->nodes[node] = (struct node){parent, location};
    tree->depths[node] = (uint16_t)(tree->depths[parent] + 1);
    return node;
}

/* A function nobody was made to call yet, of LANGUAGE while
 * there are any; some function remains. */
static uint32_t next_unreached(struct calltree *tree, enum language language)
{
    while (tree->n_reached_of[language] == tree->segments[language].count)
        language = (language + 1) % N_LANGUAGES;
    tree->n_reached++;
    return tree->segments[language].first + tree->n_reached_of[language]++;
}

static uint32_t add_call(struct calltree *tree, struct rng *rng, uint32_t parent)
{
    const struct location *caller = &tree->locations[tree->nodes[parent].location];
    uint32_t function;

    /* Some code runs on one path only; this also brings every function into the tree. */
    if (tree->n_reached < tree->n_functions && rng_percent(rng, 20))
        function = next_unreached(tree, calltree_language(tree, caller->function));
    else
        function = callee(tree, caller, rng_percent(rng, 50) ? 0 : rng_below(rng, 4));
    uint32_t site = rng_below(rng, n_sites(tree, function));
    return add_node(tree, parent, location_at(tree, function, site));
}

/* Adds at least one frame below NODE and returns the last: a call, or now and then recursion. */
static uint32_t grow(struct calltree *tree, struct rng *rng, uint32_t node)
{
    uint32_t kind = rng_below(rng, 1000), caller = tree->nodes[node].parent;
    if (kind < 25)
        return add_node(tree, node, tree->nodes[node].location);
    if (kind < 45 && caller) /* mutual recursion */
        return add_node(tree, node, tree->nodes[caller].location);
    if (kind == 45) { /* a recursive-descent parser deep in its input */
        uint32_t run = 5 + rng_below(rng, 30);
        while (run-- && !is_full(tree) && tree->depths[node] < CALLTREE_MAX_FRAMES)
            node = add_node(tree, node, tree->nodes[node].location);
        return node;
    }
    return add_call(tree, rng, node);
}

/* The thread entry points with a few branches each, so that no language crowds out the others. */
static void plant(struct calltree *tree, struct rng *rng)
{
    for (uint32_t i = 0; i < N_LANGUAGES; i++) {
        uint32_t root = add_node(tree, 0, location_at(tree, tree->segments[i].first, 0));
        for (uint32_t branch = 0; branch < N_BRANCHES; branch++) {
            uint32_t node = root;
            for (uint32_t depth = 0; depth < BRANCH_FRAMES; depth++)
                node = add_call(tree, rng, node);
        }
    }
}

/*
 * Grows the tree in branches of CHAIN/256 frames on average, each from a random node. Returns the
 * mean depth of its nodes, times 256.
 */
static uint64_t build(struct calltree *tree, uint32_t chain)
{
    struct rng rng = {tree->seed};
    uint32_t stop = (uint32_t)((1ull << 40) / chain); /* the chance that a branch ends, of 2^32 */
    uint64_t total = 0;

    memset(tree->location_of_site, 0,
           sizeof(*tree->location_of_site) * site_number(tree->n_functions, 0));
    tree->n_locations = 0;
    tree->n_reached = 0;
    memset(tree->n_reached_of, 0, sizeof(tree->n_reached_of));
    tree->n_nodes = 1;
    plant(tree, &rng);
    while (!is_full(tree)) {
        uint32_t node = 1 + rng_below(&rng, tree->n_nodes - 1);
        do {
            if (tree->depths[node] >= CALLTREE_MAX_FRAMES)
                break;
            node = grow(tree, &rng, node);
        } while (!is_full(tree) && rng_next(&rng) > stop);
    }
    for (uint32_t i = 1; i < tree->n_nodes; i++)
        total += tree->depths[i];
    return total * 256 / (tree->n_nodes - 1);
}

/* Depth grows with the logarithm of the size, so the length of branches holds the mean in place. */
static void calibrate(struct calltree *tree)
{
    uint64_t wanted = CALLTREE_MEAN_FRAMES * 256, chain = 4 * 256;
    for (int round = 0; round < 16; round++) {
        uint64_t mean = build(tree, (uint32_t)chain);
        if (mean > wanted - 64 && mean < wanted + 64)
            break;
        assert(mean > 0); /* every node but the empty stack has a frame */
        chain = chain * wanted / mean;
        if (chain <= 256)
            chain = 257;
    }
}

/*
 * Some profilers number locations as they meet them, so that hot ones get short ids; others by
 * address. This is as if one of each had been merged: NUMBERED_BY_USE percent come first in order
 * of use, the others follow by address.
 */
static int number_locations(struct calltree *tree)
{
    struct location *sorted = calloc(tree->n_locations, sizeof(*sorted));
    uint32_t *moved = calloc(tree->n_locations, sizeof(*moved)), n = 0;

    if (sorted && moved) {
        for (uint32_t i = 0; i < tree->n_locations; i++) {
            if (calltree_hash(tree, i, TOPIC_NUMBERING) % 100 < NUMBERED_BY_USE) {
                moved[i] = n;
                sorted[n++] = tree->locations[i];
            }
        }
        for (size_t i = 0; i < site_number(tree->n_functions, 0); i++) {
            uint32_t old = tree->location_of_site[i] - 1;
            if (tree->location_of_site[i] &&
                calltree_hash(tree, old, TOPIC_NUMBERING) % 100 >= NUMBERED_BY_USE) {
                moved[old] = n;
                sorted[n++] = tree->locations[old];
            }
        }
        for (uint32_t i = 1; i < tree->n_nodes; i++)
            tree->nodes[i].location = moved[tree->nodes[i].location];
        memcpy(tree->locations, sorted, n * sizeof(*sorted));
    }
    free(sorted);
    free(moved);
    return n ? 0 : -1;
}

int calltree_init(struct calltree *tree, uint32_t functions, uint32_t nodes, uint64_t seed)
{
    uint32_t cxx = functions / 2, go = functions / 10 * 3;
    size_t n_all_sites = site_number(functions, 0);

    memset(tree, 0, sizeof(*tree));
    tree->seed = rng_mix(seed);
    tree->n_functions = functions;
    tree->segments[CXX] = (struct segment){0, cxx};
    tree->segments[GO] = (struct segment){cxx, go};
    tree->segments[RUST] = (struct segment){cxx + go, functions - cxx - go};
    tree->max_nodes = nodes + 1;
    tree->nodes = calloc(tree->max_nodes, sizeof(*tree->nodes));
    tree->depths = calloc(tree->max_nodes, sizeof(*tree->depths));
    tree->location_of_site = calloc(n_all_sites, sizeof(*tree->location_of_site));
    tree->locations = calloc(n_all_sites, sizeof(*tree->locations));
    if (!tree->nodes || !tree->depths || !tree->location_of_site || !tree->locations) {
        calltree_release(tree);
        return -1;
    }
    calibrate(tree);
    if (number_locations(tree) < 0) {
        calltree_release(tree);
        return -1;
    }
    return 0;
}

void calltree_release(struct calltree *tree)
{
    free(tree->nodes);
    free(tree->depths);
    free(tree->location_of_site);
    free(tree->locations);
    memset(tree, 0, sizeof(*tree));
}
