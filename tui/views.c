#include "tui/view.h"
#include "tui/view_assembly.h"
#include "tui/view_info.h"
#include "tui/view_labels.h"
#include "tui/view_source.h"
#include "tui/view_top.h"

const struct view_ops *const views[VIEW_COUNT] = {
    [VIEW_TOP] = &view_top,       [VIEW_SOURCE] = &view_source, [VIEW_ASSEMBLY] = &view_assembly,
    [VIEW_LABELS] = &view_labels, [VIEW_INFO] = &view_info,
};
