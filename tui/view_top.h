/* View 1: every function with what it costs, sorted by any column. */
#ifndef CPPROF_TUI_VIEW_TOP_H
#define CPPROF_TUI_VIEW_TOP_H

#include "tui/view.h"

extern const struct view_ops view_top;

/* Whether its rows are in the order that -cum gives. */
bool top_is_by_cum(const struct view *v);

#endif
