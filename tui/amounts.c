#include "tui/amounts.h"

#include "analyzer/base/units.h"

#include <string.h>

void amount_value(struct buf *out, const struct report *r, int64_t value)
{
    if (value)
        report_value(out, r, value);
    else
        buf_putc(out, '0');
}

void amount_change(struct buf *out, const struct report *r, struct calltree_value v)
{
    if (v.new > v.old)
        buf_putc(out, '+');
    amount_value(out, r, v.new - v.old);
}

static void add_trimmed(struct buf *out, struct buf *share)
{
    buf_puts(out, share->data + strspn(share->data, " "));
    buf_release(share);
}

void amount_share(struct buf *out, int64_t value, int64_t of)
{
    struct buf share = {0};
    units_percentage(&share, value, of);
    add_trimmed(out, &share);
}

void amount_part(struct buf *out, struct calltree_value v, struct calltree_value of)
{
    amount_share(out, add_up64(v.old, v.new), add_up64(of.old, of.new));
}

void amount_growth(struct buf *out, struct calltree_value v)
{
    if (v.old == v.new) {
        buf_puts(out, "same");
    } else if (!v.old) {
        buf_puts(out, "new");
    } else if (!v.new) {
        buf_puts(out, "gone");
    } else {
        double percent = 100 * ((double)v.new - (double)v.old) / (double)v.old;
        bool is_small = percent < 10 && percent > -10;
        buf_printf(out, is_small ? "%+.1f%%" : "%+.0f%%", percent);
    }
}

static void add_side(struct buf *out, const struct report *r, int64_t value, int64_t total)
{
    amount_value(out, r, value);
    buf_puts(out, " (");
    amount_share(out, value, total);
    buf_putc(out, ')');
}

void amount_story(struct buf *out, const struct amounts *a, struct calltree_value v)
{
    if (!a->two_sides) {
        add_side(out, a->r, v.new, a->total.new);
        return;
    }
    add_side(out, a->r, v.old, a->total.old);
    buf_puts(out, " to ");
    add_side(out, a->r, v.new, a->total.new);
    buf_puts(out, ", ");
    amount_change(out, a->r, v);
    buf_puts(out, " (");
    amount_growth(out, v);
    buf_putc(out, ')');
}

enum role amount_role(struct calltree_value v)
{
    return v.new > v.old ? ROLE_MORE : v.new < v.old ? ROLE_LESS : ROLE_DIM;
}
