/* Colours for how much there is of something, and for what it became.
 *
 * One table of palettes for every picture: graphs and flame graphs look a weight up as a score, its
 * share of the total, from -1 (it all went) over 0 to 1 (it is all of it, or all came). A palette
 * is chosen with --palette; the default is pprof's, grey over yellow to red, and green for what
 * went. `colorblind` goes from blue to orange, which every kind of colour blindness keeps apart;
 * `mono` from light to dark, for printing.
 *
 *     struct rgb c = palette_color(PALETTE_DEFAULT, PALETTE_INK, 0.4);
 *     buf_printf(b, "#%02x%02x%02x", c.r, c.g, c.b);
 */
#ifndef CPPROF_RENDER_PALETTE_H
#define CPPROF_RENDER_PALETTE_H

#include <stdint.h>

enum palette { PALETTE_DEFAULT, PALETTE_COLORBLIND, PALETTE_MONO, PALETTE_COUNT };

/* What is painted. */
enum palette_use {
    PALETTE_INK,   /* lines on white */
    PALETTE_PAPER, /* behind black text, pale: a box with an outline of ink */
    PALETTE_FRAME, /* behind black text, strong: a box without an outline */
    PALETTE_USE_COUNT,
};

struct rgb {
    uint8_t r, g, b;
};

/* The colour of SCORE; what is beyond -1 and 1 counts as these, NaN as 0. */
struct rgb palette_color(enum palette palette, enum palette_use use, double score);

/* Behind black text, for comparisons: what was not there before and what is not there any more.
 * Told apart from each other and from anything palette_color gives; never by hue alone, so mark
 * them (a pattern, an outline) as well. */
struct rgb palette_appeared(enum palette palette);
struct rgb palette_vanished(enum palette palette);

#endif
