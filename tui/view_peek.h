/* The Peek view: the chosen function between its callers and its callees, to walk along the calls.
 */
#ifndef CPPROF_TUI_VIEW_PEEK_H
#define CPPROF_TUI_VIEW_PEEK_H

#include "tui/view.h"

extern const struct view_ops view_peek;

#endif
