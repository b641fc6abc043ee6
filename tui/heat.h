/* How hot a share of the total looks. */
#ifndef CPPROF_TUI_HEAT_H
#define CPPROF_TUI_HEAT_H

#include "tui/canvas.h"

/* Red from a fifth of TOTAL on, grey below a thousandth. */
static inline struct style heat_style(int64_t value, int64_t total)
{
    double share = total ? (double)value / (double)total : 0;
    share = share < 0 ? -share : share;
    uint8_t shade = share >= 0.2 ? 4 : share >= 0.05 ? 3 : share >= 0.01 ? 2 : share >= 0.001;
    return (struct style){.role = ROLE_HEAT, .shade = shade};
}

#endif
