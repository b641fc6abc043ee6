#include "tui/value_columns.h"

#include "analyzer/base/num.h"
#include "tui/amounts.h"
#include "tui/heat.h"

enum {
    LEAST_WIDTH = 8,
    PERCENT_COLUMNS = 6,
    WIDE = 120, /* columns from which on there is room for two weights with a base */
    LEAST_BAR = 6,
    MOST_BAR = 16,
};

const struct value_title value_flat = {"flat", "flat +-"}, value_cum = {"cum", "cum +-"},
                         value_weight = {"weight", "change"};

/* What is shown of one weight. */
enum column {
    COLUMN_END,
    COLUMN_VALUE,
    COLUMN_SHARE,
    COLUMN_OLD,
    COLUMN_NEW,
    COLUMN_CHANGE,
    COLUMN_GROWTH
};

static const enum column *columns_of(const struct value_columns *v)
{
    static const enum column with[2][2][5] = {
        {{COLUMN_VALUE}, {COLUMN_VALUE, COLUMN_SHARE}},
        {{COLUMN_OLD, COLUMN_NEW, COLUMN_CHANGE},
         {COLUMN_OLD, COLUMN_NEW, COLUMN_CHANGE, COLUMN_GROWTH}},
    };
    return with[v->has_base][v->has_shares];
}

static int width_of(const struct value_columns *v, enum column column)
{
    return column == COLUMN_SHARE || column == COLUMN_GROWTH ? PERCENT_COLUMNS : v->value;
}

static bool is_shown(const struct value_columns *v, size_t weight)
{
    return v->titles[weight] && (v->both || weight == v->first);
}

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

int value_columns_fit(struct value_columns *v, int cols)
{
    v->both = v->titles[1] && (!v->has_base || cols >= WIDE);
    v->bar = v->has_base || v->has_shares ? 0 : LEAST_BAR + (cols - 80) / 8;
    v->bar = v->bar > MOST_BAR ? MOST_BAR : v->bar;
    v->cols = v->bar ? v->bar + 1 : 0;
    for (size_t i = 0; i < VALUE_WEIGHTS; i++)
        for (const enum column *k = columns_of(v); *k && is_shown(v, i); k++)
            v->cols += width_of(v, *k) + 1;
    return v->cols;
}

static void add_head(struct buf *out, const struct value_title *title, enum column column)
{
    buf_puts(out, column == COLUMN_OLD      ? "old"
                  : column == COLUMN_NEW    ? "new"
                  : column == COLUMN_CHANGE ? title->change
                  : column == COLUMN_GROWTH ? ""
                                            : title->name);
    if (column == COLUMN_SHARE || column == COLUMN_GROWTH)
        buf_putc(out, '%');
}

void value_columns_heads(const struct value_columns *v, struct canvas *c, int row, int col)
{
    struct buf text = {0};
    for (size_t i = 0; i < VALUE_WEIGHTS; i++) {
        for (const enum column *k = columns_of(v); *k && is_shown(v, i); k++) {
            buf_clear(&text);
            add_head(&text, v->titles[i], *k);
            canvas_right(c, row, col, width_of(v, *k), buf_view(&text), STYLE(ROLE_HEADER));
            col += width_of(v, *k) + 1;
        }
    }
    buf_release(&text);
}

/* Beside a bar zeros are left out: most rows have nothing else. */
static void add_cell(struct buf *out, const struct value_columns *v, enum column column,
                     struct calltree_value value, int64_t whole)
{
    bool is_zero = column == COLUMN_OLD      ? !value.old
                   : column == COLUMN_CHANGE ? value.old == value.new
                                             : !value.new;
    if (is_zero && !v->has_shares)
        return;
    if (column == COLUMN_SHARE)
        amount_share(out, value.new, whole);
    else if (column == COLUMN_CHANGE)
        amount_change(out, v->r, value);
    else if (column == COLUMN_GROWTH)
        amount_growth(out, value);
    else
        amount_value(out, v->r, column == COLUMN_OLD ? value.old : value.new);
}

static struct style style_of(enum column column, struct calltree_value value, int64_t whole)
{
    if (column == COLUMN_VALUE || column == COLUMN_SHARE)
        return heat_style(value.new, whole);
    bool is_change = column == COLUMN_CHANGE || column == COLUMN_GROWTH;
    return STYLE(is_change ? amount_role(value) : ROLE_PLAIN);
}

void value_columns_row(const struct value_columns *v, struct canvas *c, int row, int col,
                       const struct calltree_value values[VALUE_WEIGHTS], int64_t whole,
                       bool chosen)
{
    struct buf text = {0};
    whole = whole ? whole : v->whole;
    for (size_t i = 0; i < VALUE_WEIGHTS; i++) {
        for (const enum column *k = columns_of(v); *k && is_shown(v, i); k++) {
            struct style style = chosen ? STYLE(ROLE_CHOSEN) : style_of(*k, values[i], whole);
            buf_clear(&text);
            add_cell(&text, v, *k, values[i], whole);
            canvas_right(c, row, col, width_of(v, *k), buf_view(&text), style);
            col += width_of(v, *k) + 1;
        }
    }
    int64_t last = values[v->titles[1] != NULL].new;
    if (v->bar && whole && last)
        canvas_bar(c, row, col, v->bar, (double)magnitude64(last) / (double)magnitude64(whole),
                   chosen ? STYLE(ROLE_CHOSEN) : heat_style(last, whole));
    buf_release(&text);
}
