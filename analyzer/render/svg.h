/* Graphviz's SVG as a page of its own that can be moved about: it fills the window, pans, zooms,
 * shows the full name of what the pointer is at, and needs nothing from elsewhere.
 */
#ifndef CPPROF_RENDER_SVG_H
#define CPPROF_RENDER_SVG_H

#include "analyzer/base/error.h"
#include "analyzer/render/out.h"

/* Writes SVG, which is Graphviz's, as such a page. -1 and ERR if it is nothing Graphviz makes. */
int svg_page(struct out *o, struct str svg, struct error *err);

#endif
