#include "tui/view.h"
#include "tui/view_top.h"

const struct view_ops *const views[VIEW_COUNT] = {
    [VIEW_TOP] = &view_top,
};
