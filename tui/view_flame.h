/* The Flame view: the whole profile as an icicle, callers above what they call. */
#ifndef CPPROF_TUI_VIEW_FLAME_H
#define CPPROF_TUI_VIEW_FLAME_H

#include "tui/view.h"

extern const struct view_ops view_flame;

/* Whether functions have their callers below them, not above. */
bool flame_is_bottom_up(const struct view *v);

#endif
