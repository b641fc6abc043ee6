#include "tui/value_columns.h"

#include "analyzer/base/num.h"
#include "analyzer/report/report.h"
#include "tui/heat.h"

#include <string.h>

enum {
    LEAST_WIDTH = 8,
    WIDE = 120, /* columns from which on there is room for flat and cum with a base */
    LEAST_BAR = 6,
    MOST_BAR = 16,
};

int value_columns_width(const struct report *r, struct calltree_value most)
{
    struct buf text = {0};
    int width = LEAST_WIDTH;
    const int64_t values[] = {most.old, most.new};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        buf_clear(&text);
        report_value(&text, r, values[i]);
        int needed = text_columns(buf_view(&text)) + 1; /* a sign */
        width = needed > width ? needed : width;
    }
    buf_release(&text);
    return width;
}

static int groups(const struct value_columns *v)
{
    return v->both ? 2 : 1;
}

int value_columns_fit(struct value_columns *v, int cols)
{
    v->both = v->has_flat && (!v->has_base || cols >= WIDE);
    v->bar = v->has_base ? 0 : LEAST_BAR + (cols - 80) / 8;
    v->bar = v->bar > MOST_BAR ? MOST_BAR : v->bar;
    return groups(v) * (v->has_base ? 3 : 1) * (v->value + 1) + (v->bar ? v->bar + 1 : 0);
}

/* --- heads */

void value_columns_heads(const struct value_columns *v, struct canvas *c, int row, int col)
{
    static const char *const plain[] = {"flat", "cum"};
    static const char *const compared[2][3] = {{"old", "new", "flat +-"}, {"old", "new", "cum +-"}};
    for (int group = 0; group < 2; group++) {
        bool is_shown = v->both || (group == 0) == (v->has_flat && v->by_flat);
        for (int i = 0; is_shown && i < (v->has_base ? 3 : 1); i++) {
            const char *title = v->has_base ? compared[group][i] : plain[group];
            if (!v->has_flat)
                title = v->has_base ? (i == 2 ? "change" : title) : "weight";
            canvas_right(c, row, col, v->value, (struct str){title, strlen(title)},
                         STYLE(ROLE_HEADER));
            col += v->value + 1;
        }
    }
}

/* --- rows */

static void put_value(const struct value_columns *v, struct canvas *c, int row, int col,
                      int64_t value, bool sign, struct style style)
{
    struct buf text = {0};
    if (value > 0 && sign)
        buf_putc(&text, '+');
    report_value(&text, v->r, value);
    if (value)
        canvas_right(c, row, col, v->value, buf_view(&text), style);
    buf_release(&text);
}

/* The values of one of flat and cum. Returns where the next ones begin. */
static int put_group(const struct value_columns *v, struct canvas *c, int row, int col,
                     struct calltree_value value, int64_t whole, bool chosen)
{
    struct style style = chosen ? STYLE(ROLE_CHOSEN) : heat_style(value.new, whole);
    if (!v->has_base) {
        put_value(v, c, row, col, value.new, false, style);
        return col + v->value + 1;
    }
    int64_t change = value.new - value.old;
    struct style plain = STYLE(chosen ? ROLE_CHOSEN : ROLE_PLAIN);
    put_value(v, c, row, col, value.old, false, plain);
    put_value(v, c, row, col + v->value + 1, value.new, false, plain);
    if (!chosen)
        plain = STYLE(change > 0 ? ROLE_MORE : ROLE_LESS);
    put_value(v, c, row, col + 2 * (v->value + 1), change, true, plain);
    return col + 3 * (v->value + 1);
}

void value_columns_row(const struct value_columns *v, struct canvas *c, int row, int col,
                       const struct value_cells *cells, bool chosen)
{
    int64_t whole = cells->whole ? cells->whole : v->whole;
    if (v->both || (v->has_flat && v->by_flat))
        col = put_group(v, c, row, col, cells->flat, whole, chosen);
    if (v->both || !(v->has_flat && v->by_flat))
        col = put_group(v, c, row, col, cells->cum, whole, chosen);
    int64_t measure = cells->cum.new;
    if (v->bar && whole && measure)
        canvas_bar(c, row, col, v->bar, (double)magnitude64(measure) / (double)magnitude64(whole),
                   chosen ? STYLE(ROLE_CHOSEN) : heat_style(measure, whole));
}
