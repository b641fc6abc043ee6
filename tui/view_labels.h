/* The labels of the samples: keys, their values, and what these weigh. */
#ifndef CPPROF_TUI_VIEW_LABELS_H
#define CPPROF_TUI_VIEW_LABELS_H

#include "tui/view.h"

extern const struct view_ops view_labels;

#endif
