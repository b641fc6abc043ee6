/* Graphs for other programs: DOT for Graphviz, callgrind's format for KCachegrind. */
#ifndef CPPROF_RENDER_CALLGRAPH_H
#define CPPROF_RENDER_CALLGRAPH_H

#include "analyzer/render/out.h"
#include "analyzer/render/palette.h"
#include "analyzer/report/callgraph.h"

void dot_graph(struct out *o, const struct report *r, const struct callgraph *c,
               enum palette palette);
void callgrind_graph(struct out *o, const struct report *r, const struct callgraph *c);

#endif
