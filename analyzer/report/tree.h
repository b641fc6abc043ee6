/* Each node with its callers above and its callees below. */
#ifndef CPPROF_REPORT_TREE_H
#define CPPROF_REPORT_TREE_H

#include "analyzer/report/report.h"

struct tree_call {
    struct str name; /* the caller or the callee; borrowed */
    int64_t weight;  /* a sum even where means are shown, as pprof has it */
    bool inlined;
    const struct edge *edge; /* borrowed */
};

struct tree_row {
    struct str name;
    int64_t flat, cum;
    const struct node *node;                   /* the sums of which means are quotients; borrowed */
    const struct tree_call *callers, *callees; /* heaviest first */
    size_t caller_count, callee_count;
};

struct tree {
    struct lines header;
    const struct regex *only; /* or NULL; borrowed */
    struct tree_row *rows;
    size_t count;
    size_t node_count; /* including those ONLY left out */
    struct tree_call *calls;
    struct nodes nodes;
    struct trimmed trimmed;
};

/* ONLY: rows whose name matches it, of all nodes, untrimmed (peek); NULL: the whole trimmed graph.
 * -1 and ERR if nothing matches. */
int tree_init(struct tree *t, struct report *r, struct regex *only, struct error *err);
void tree_release(struct tree *t);

#endif
