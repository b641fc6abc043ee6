/* Amounts in words, with one side or two.
 *
 * What became more always has a sign: colours alone do not tell everybody.
 */
#ifndef CPPROF_TUI_AMOUNTS_H
#define CPPROF_TUI_AMOUNTS_H

#include "analyzer/graph/calltree.h"
#include "analyzer/report/report.h"
#include "tui/canvas.h"

/* What amounts of a view are parts of. */
struct amounts {
    const struct report *r;
    bool two_sides;              /* show old and new */
    struct calltree_value total; /* 100 %, of each side */
};

/* "1.20s"; "0". */
void amount_value(struct buf *out, const struct report *r, int64_t value);

/* "+100ms", "-100ms", "0". */
void amount_change(struct buf *out, const struct report *r, struct calltree_value v);

/* "12.34%", without spaces before it. */
void amount_share(struct buf *out, int64_t value, int64_t of);

/* V's weight in % of OF's: of what is seen, whichever side it is on. */
void amount_part(struct buf *out, struct calltree_value v, struct calltree_value of);

/* "+9.1%", "new", "gone", "same". */
void amount_growth(struct buf *out, struct calltree_value v);

/* "1.20s (12.34%)", or "1.10s (11.00%) to 1.20s (12.34%), +100ms (+9.1%)". */
void amount_story(struct buf *out, const struct amounts *a, struct calltree_value v);

/* How a change looks. */
enum role amount_role(struct calltree_value v);

#endif
