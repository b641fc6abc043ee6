/* A call graph as a picture: DOT, drawn by Graphviz. */
#ifndef CPPROF_RENDER_PICTURE_H
#define CPPROF_RENDER_PICTURE_H

#include "analyzer/base/lines.h"
#include "analyzer/render/callgraph.h"

enum picture_format { PICTURE_SVG, PICTURE_PNG, PICTURE_PDF, PICTURE_PS, PICTURE_GIF };

struct picture_spec {
    enum picture_format format;
    enum palette palette;
    double seconds;                  /* that the layout may take; 0: as long as it wants */
    const struct progress *progress; /* may be NULL */
};

/* Draws C. What Graphviz remarks goes to NOTES. -1 and ERR if it cannot be drawn: because Graphviz
 * is not there, or the graph too large for the time or the memory. */
int picture_graph(struct out *o, const struct report *r, const struct callgraph *c,
                  const struct picture_spec *spec, struct lines *notes, struct error *err);

/* How many of NODES nodes, with EDGES edges, Graphviz should lay out in SECONDS (0: in a minute),
 * given that it did not with all of them. */
size_t picture_advised_nodes(size_t nodes, size_t edges, double seconds);

#endif
