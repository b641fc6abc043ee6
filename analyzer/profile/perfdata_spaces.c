/* Treaps: trees by address that are heaps by a random priority, hence as deep as a random tree,
 * whatever the order in which a file maps things.
 * Source: Seidel and Aragon, Randomized Search Trees, 1996. */
#include "analyzer/profile/perfdata_spaces.h"

#include "analyzer/base/alloc.h"

#include <stdlib.h>
#include <sys/random.h>

struct perfdata_range {
    uint64_t start, limit;
    uint32_t map;
    uint32_t priority;
    uint32_t left, right;
};

void perfdata_spaces_init(struct perfdata_spaces *s)
{
    *s = (struct perfdata_spaces){.random = (uint64_t)(uintptr_t)s};
    /* What a file cannot know, so that it cannot choose addresses that make deep trees. Should it
     * fail, the address of S is as good. */
    (void)!getrandom(&s->random, sizeof s->random, GRND_NONBLOCK);
    s->ranges = xgrow(NULL, &s->cap, 1, sizeof *s->ranges);
    s->ranges[0] = (struct perfdata_range){0};
    s->count = 1;
}

void perfdata_spaces_release(struct perfdata_spaces *s)
{
    free(s->ranges);
    *s = (struct perfdata_spaces){0};
}

void perfdata_spaces_keep(struct perfdata_spaces *s)
{
    s->shared = s->count;
}

/* The next number of splitmix64. */
static uint32_t random_priority(struct perfdata_spaces *s)
{
    uint64_t z = s->random += 0x9E3779B97F4A7C15;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return (uint32_t)(z >> 32);
}

static uint32_t add(struct perfdata_spaces *s, struct perfdata_range range)
{
    s->ranges = xgrow(s->ranges, &s->cap, s->count + 1, sizeof *s->ranges);
    s->ranges[s->count] = range;
    return (uint32_t)s->count++;
}

/* NODE, or a copy of it, that may be changed. */
static uint32_t own(struct perfdata_spaces *s, uint32_t node)
{
    return node >= s->shared ? node : add(s, s->ranges[node]);
}

/* Cuts TREE at AT: into what lies below, and the rest. */
static void split(struct perfdata_spaces *s, uint32_t tree, uint64_t at, uint32_t *low,
                  uint32_t *high)
{
    if (!tree) {
        *low = *high = 0;
        return;
    }
    struct perfdata_range r = s->ranges[tree];
    uint32_t child;
    if (r.start >= at) {
        split(s, r.left, at, low, &child);
        *high = own(s, tree);
        s->ranges[*high].left = child;
    } else if (r.limit <= at) {
        split(s, r.right, at, &child, high);
        *low = own(s, tree);
        s->ranges[*low].right = child;
    } else {
        *low = own(s, tree);
        s->ranges[*low].limit = at;
        s->ranges[*low].right = 0;
        r.start = at;
        r.left = 0;
        *high = add(s, r);
    }
}

/* One tree of two, A below B. */
static uint32_t join(struct perfdata_spaces *s, uint32_t a, uint32_t b)
{
    if (!a || !b)
        return a ? a : b;
    if (s->ranges[a].priority >= s->ranges[b].priority) {
        uint32_t right = join(s, s->ranges[a].right, b);
        a = own(s, a);
        s->ranges[a].right = right;
        return a;
    }
    uint32_t left = join(s, a, s->ranges[b].left);
    b = own(s, b);
    s->ranges[b].left = left;
    return b;
}

uint32_t perfdata_spaces_map(struct perfdata_spaces *s, uint32_t space, uint64_t start,
                             uint64_t limit, uint32_t map)
{
    uint32_t low, rest, hidden, high;
    split(s, space, start, &low, &rest);
    split(s, rest, limit, &hidden, &high);
    uint32_t added = add(s, (struct perfdata_range){start, limit, map, random_priority(s), 0, 0});
    return join(s, join(s, low, added), high);
}

uint32_t perfdata_spaces_find(const struct perfdata_spaces *s, uint32_t space, uint64_t address)
{
    while (space) {
        const struct perfdata_range *r = &s->ranges[space];
        if (address < r->start)
            space = r->left;
        else if (address >= r->limit)
            space = r->right;
        else
            return r->map;
    }
    return UINT32_MAX;
}
