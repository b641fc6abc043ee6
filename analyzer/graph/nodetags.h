/* Labels at nodes, as graphs show them in small boxes: how much of a node's value carries which.
 *
 * A text tag is all text labels of a sample together ("key:value\nkey:value", the "\n" being two
 * characters); the numeric tag "bytes" hangs off the text tag of the same sample, or off the node.
 */
#ifndef CPPROF_GRAPH_NODETAGS_H
#define CPPROF_GRAPH_NODETAGS_H

#include "analyzer/graph/graph.h"

struct nodetag {
    struct str name;  /* tells tags of a kind apart */
    const char *unit; /* of value; "" for text */
    int64_t value;
    int64_t flat, flat_div, cum, cum_div;
};

/* Numbers that belong to one text tag. */
struct nodetag_group {
    uint32_t text; /* of tag_texts; 0 for none */
    struct nodetag *tags;
    size_t count, cap;
};

struct node_tags {
    struct nodetag *texts;
    size_t text_count, text_cap;
    struct nodetag_group *groups;
    size_t group_count, group_cap;
};

struct nodetags_spec {
    const char *bytes_unit;  /* unit of the numeric label "bytes" */
    const char *output_unit; /* in which its values are written (and told apart) */
};

/* The tags that each label set of a profile amounts to; made once, used for each graph. */
struct tag_texts;

struct tag_texts *tag_texts_new(const struct profile *p, const struct nodetags_spec *spec);
void tag_texts_free(struct tag_texts *t); /* NULL is fine */

struct nodetags {
    const struct tag_texts *texts; /* borrowed */
    struct node_tags *of;          /* per node of the graph */
    size_t node_count;
};

struct nodetags_query {
    int value, divisor; /* as in graph_spec */
    bool call_tree;
    const bool *kept;   /* what the graph's edges were made with */
    const bool *wanted; /* per node of the graph: whose tags to count */
    int64_t cutoff;     /* tags whose flat and cum are both below it are left out */
};

struct nodetags *nodetags_new(const struct graph *g, const struct tag_texts *texts,
                              const struct nodetags_query *query);
void nodetags_free(struct nodetags *t); /* NULL is fine */

/* The numbers that hang off a text tag, or (text "") off the
 * node itself; NULL if there are none. */
struct nodetag_group *nodetags_group(const struct nodetags *t, uint32_t node, struct str text);

/* How many tags of the node have a flat value. */
size_t nodetags_count(const struct nodetags *t, uint32_t node);

/* Heaviest first (by flat, or by cum and then flat), then by name. */
void nodetags_sort(struct nodetag *tags, size_t count, bool flat);

static inline int64_t nodetag_flat(const struct nodetag *t)
{
    return t->flat_div ? div64(t->flat, t->flat_div) : t->flat;
}
static inline int64_t nodetag_cum(const struct nodetag *t)
{
    return t->cum_div ? div64(t->cum, t->cum_div) : t->cum;
}

#endif
