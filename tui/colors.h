/* Which colours and attributes stand for the roles of canvas.h, by what the terminal can show.
 *
 * Colours are chosen as 24-bit ones and brought down to 256 or 8 by the nearest; without colours
 * the attributes are all there is. Orange and blue mark growth and shrinkage because every kind of
 * colour blindness tells them apart. Nothing here is tied to a dark or a light background: text has
 * the terminal's own colours wherever a role does not set both.
 */
#ifndef CPPROF_TUI_COLORS_H
#define CPPROF_TUI_COLORS_H

#include "tui/canvas.h"

enum color_depth { DEPTH_NONE, DEPTH_8, DEPTH_256, DEPTH_TRUE };

enum { COLOR_DEFAULT = -1 }; /* the terminal's own */

struct look {
    int fg, bg;          /* an index at 8 and 256 colours, 0xRRGGBB at true colours */
    unsigned attributes; /* STYLE_... */
    bool dim;
};

struct look color_look(struct style style, enum color_depth depth);

#endif
