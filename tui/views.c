#include "tui/view.h"
#include "tui/view_assembly.h"
#include "tui/view_flame.h"
#include "tui/view_info.h"
#include "tui/view_labels.h"
#include "tui/view_peek.h"
#include "tui/view_sandwich.h"
#include "tui/view_source.h"
#include "tui/view_top.h"
#include "tui/view_tree.h"

/* clang-format off */
const struct view_ops *const views[VIEW_COUNT] = {
    [VIEW_TOP] = &view_top,
    [VIEW_FLAME] = &view_flame,
    [VIEW_SANDWICH] = &view_sandwich,
    [VIEW_TREE] = &view_tree,
    [VIEW_PEEK] = &view_peek,
    [VIEW_SOURCE] = &view_source,
    [VIEW_ASSEMBLY] = &view_assembly,
    [VIEW_LABELS] = &view_labels,
    [VIEW_INFO] = &view_info,
};
/* clang-format on */
