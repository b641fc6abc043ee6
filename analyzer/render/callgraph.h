/* Graphs for other programs: DOT for Graphviz, callgrind's format for KCachegrind. */
#ifndef CPPROF_RENDER_CALLGRAPH_H
#define CPPROF_RENDER_CALLGRAPH_H

#include "analyzer/render/out.h"
#include "analyzer/render/palette.h"
#include "analyzer/report/callgraph.h"

struct dot_style {
    enum palette palette;
    /* Longer text is cut, a line in a box and a tooltip, so that a picture can be made of it; 0:
     * never. */
    size_t longest_line, longest_tooltip;
    /* Graphviz 2.42 expands \N and its like in tooltips twice: once more after \\ became \. */
    bool tooltips_twice;
};

void dot_graph(struct out *o, const struct report *r, const struct callgraph *c,
               const struct dot_style *style);
void callgrind_graph(struct out *o, const struct report *r, const struct callgraph *c);

#endif
