/* Graphs as text, to be compared in tests. */
#ifndef CPPROF_TESTS_GRAPHTEXT_H
#define CPPROF_TESTS_GRAPHTEXT_H

#include "analyzer/graph/graph.h"

/* "NAME FLAT/CUM" for each node, in order, then "SRC -> DEST WEIGHT" for each call between nodes
 * that are listed, heaviest first, with " residual" and " inline" where that holds. A line each;
 * the caller frees it. */
char *graph_text(const struct graph *g);

#endif
