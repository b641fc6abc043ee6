/* What is known of the profile, and how what is shown came about. */
#ifndef CPPROF_TUI_VIEW_INFO_H
#define CPPROF_TUI_VIEW_INFO_H

#include "tui/view.h"

extern const struct view_ops view_info;

#endif
