/* The source of the chosen function with what was spent on each line. */
#ifndef CPPROF_TUI_VIEW_SOURCE_H
#define CPPROF_TUI_VIEW_SOURCE_H

#include "tui/view.h"

extern const struct view_ops view_source;

/* Goes to LINE of the function, now or when its source is there. */
void source_go(struct view *v, int64_t line);

#endif
