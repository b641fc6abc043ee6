/* What the page and the picture of a flame graph share: the tree for their scripts, and words.
 *
 * The tree is compact JSON (assets/flame_model.js reads it): names once each, cells in preorder as
 * differences, values divided by the largest number that divides them all.
 */
#ifndef CPPROF_RENDER_FLAME_DATA_H
#define CPPROF_RENDER_FLAME_DATA_H

#include "analyzer/render/hue.h"
#include "analyzer/render/out.h"
#include "analyzer/report/flame.h"

/* The colours cells can have. Without a base those of packages (hue.h), at the number a name has;
 * with one FLAME_STEPS from what shrank to what grew, then what appeared and what vanished. */
enum { FLAME_STEPS = 21 };
struct flame_colors {
    struct rgb list[HUE_COUNT];
    size_t count;
};

void flame_colors_init(struct flame_colors *c, const struct flame *f, enum palette palette);

/* The names a tree uses, numbered in the order in which they first come up. */
struct flame_names {
    uint32_t *nodes;   /* per number */
    uint32_t *numbers; /* per node; NO_INDEX: not used */
    unsigned *colors;  /* per number: of its package */
    size_t count;
};

void flame_names_init(struct flame_names *n, const struct flame *f);
void flame_names_release(struct flame_names *n);

/* Safe in a script element and in a CDATA section. */
void flame_data(struct out *o, const struct report *r, const struct flame *f,
                const struct flame_names *names, const struct flame_colors *colors);

/* Which of the colours a cell has; -1: the grey of what is no frame. */
int flame_cell_color(const struct flame *f, const struct flame_names *names,
                     const struct calltree_cell *c);

/* "shop: cpu": what the picture is of. */
void flame_title(struct buf *b, const struct report *r);

/* "(3 smaller)", "all", or a frame's name. */
void flame_cell_name(struct buf *b, const struct flame *f, const struct calltree_cell *c);

#endif
