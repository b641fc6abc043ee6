/* The Sandwich view: the chosen function, its callers above it and its callees below. */
#ifndef CPPROF_TUI_VIEW_SANDWICH_H
#define CPPROF_TUI_VIEW_SANDWICH_H

#include "tui/view.h"

extern const struct view_ops view_sandwich;

#endif
