/* What the mouse did. */
#ifndef CPPROF_TUI_MOUSE_H
#define CPPROF_TUI_MOUSE_H

#include "tui/canvas.h"

enum mouse_kind {
    MOUSE_CLICK,
    MOUSE_DOUBLE_CLICK, /* a click came before: the row is chosen already */
    MOUSE_WHEEL_UP,
    MOUSE_WHEEL_DOWN,
};

struct mouse {
    enum mouse_kind kind;
    int row, col;
};

static inline bool mouse_in(const struct mouse *m, struct rect area)
{
    return m->row >= area.row && m->row < area.row + area.rows && m->col >= area.col &&
           m->col < area.col + area.cols;
}

#endif
