/* The Tree view: calls to be opened one by one, from the root down or from the leaves up. */
#ifndef CPPROF_TUI_VIEW_TREE_H
#define CPPROF_TUI_VIEW_TREE_H

#include "tui/view.h"

extern const struct view_ops view_tree;

/* Whether functions have their callers below them, not above. */
bool tree_is_bottom_up(const struct view *v);

#endif
