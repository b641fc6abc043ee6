/* The instructions of the chosen function with what was spent on each, and their source. */
#ifndef CPPROF_TUI_VIEW_ASSEMBLY_H
#define CPPROF_TUI_VIEW_ASSEMBLY_H

#include "tui/view.h"

extern const struct view_ops view_assembly;

/* Goes to the hottest instruction of LINE of the function, now or when they are there. */
void assembly_go(struct view *v, int64_t line);

/* The regular expression for the symbols that are shown; NULL: none yet. */
const char *assembly_symbols(const struct view *v);

#endif
