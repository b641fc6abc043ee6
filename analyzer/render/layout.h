/* A graph in DOT becomes a picture: Graphviz lays it out, in a child process with limits.
 *
 * libgvc and libcgraph are loaded when this is called for the first time; no program is run.
 */
#ifndef CPPROF_RENDER_LAYOUT_H
#define CPPROF_RENDER_LAYOUT_H

#include "analyzer/base/isolate.h"

/* Draws DOT in FORMAT, one of Graphviz's names ("svg", "png:cairo"). END says how that ended, with
 * the picture in its output; what SPEC does not say (memory and size) is set here. -1 and ERR if
 * Graphviz is not there. */
int layout_draw(struct str dot, const char *format, const struct isolate_spec *spec,
                struct isolate_end *end, struct error *err);

#endif
