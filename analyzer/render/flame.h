/* Flame graphs in one file each: a page that draws on a canvas, and an SVG picture.
 *
 * Both carry the tree as JSON and scripts that zoom and search in it (assets/flame_*.js); neither
 * needs a network. The picture shows the whole tree where no scripts run as well.
 */
#ifndef CPPROF_RENDER_FLAME_H
#define CPPROF_RENDER_FLAME_H

#include "analyzer/render/out.h"
#include "analyzer/render/palette.h"
#include "analyzer/report/flame.h"

/* PALETTE is for comparisons; packages have colours of their own, greys in PALETTE_MONO. */
void flame_html(struct out *o, const struct report *r, const struct flame *f, enum palette palette);
void flame_svg(struct out *o, const struct report *r, const struct flame *f, enum palette palette);

#endif
