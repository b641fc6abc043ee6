/* What views of flames have in common below their panes: lines on what the cursor is on, and
 * what of the whole is marked.
 */
#ifndef CPPROF_TUI_FLAME_FRAME_H
#define CPPROF_TUI_FLAME_FRAME_H

#include "tui/flame_pane.h"

/* How many rows they take: numbers of two sides need more room. */
int flame_frame_rows(const struct amounts *a);

/* Draws them into the last rows of AREA. FLAT: the cells have one that means something. */
void flame_frame_draw(struct canvas *c, struct rect area, const struct flame_pane *p,
                      const struct amounts *a, bool flat);

/* "found 12.3% in 5 cells; main.f 40% in 2 cells": how much below what is zoomed is marked, as
 * parts of it. */
void flame_frame_marks(struct buf *out, const struct flame_pane *p, struct marks *m);

#endif
