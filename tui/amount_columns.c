#include "tui/amount_columns.h"

#include "analyzer/base/units.h"
#include "tui/heat.h"
#include "tui/value_columns.h"

enum { PERCENT_COLUMNS = 6 };

void amount_columns_init(struct amount_columns *k, const struct amounts *a, const char *first,
                         const char *second, struct calltree_value widest)
{
    *k = (struct amount_columns){
        .a = a, .titles = {first, second}, .width = value_columns_width(a->r, widest)};
    if (a->two_sides)
        k->titles[1] = NULL;
}

static int put_right(struct canvas *c, int row, int col, int width, struct buf *text,
                     struct style style)
{
    canvas_right(c, row, col, width, buf_view(text), style);
    buf_clear(text);
    return col + width + 1;
}

static int put_head(struct canvas *c, int row, int col, int width, const char *title)
{
    struct buf text = {0};
    buf_puts(&text, title);
    col = put_right(c, row, col, width, &text, STYLE(ROLE_HEADER));
    buf_release(&text);
    return col;
}

int amount_columns_heads(const struct amount_columns *k, struct canvas *c, int row, int col)
{
    struct buf percent = {0};
    if (k->a->two_sides) {
        struct buf old = {0};
        buf_printf(&old, "%s old", k->titles[0]);
        col = put_head(c, row, col, k->width, old.data);
        col = put_head(c, row, col, k->width, "new");
        col = put_head(c, row, col, k->width, "change");
        col = put_head(c, row, col, PERCENT_COLUMNS, "%");
        buf_release(&old);
    }
    for (int i = 0; i < AMOUNT_VALUES && k->titles[i] && !k->a->two_sides; i++) {
        buf_clear(&percent);
        buf_printf(&percent, "%s%%", k->titles[i]);
        col = put_head(c, row, col, k->width, k->titles[i]);
        col = put_head(c, row, col, PERCENT_COLUMNS, percent.data);
    }
    buf_release(&percent);
    return col;
}

static int put_sides(const struct amount_columns *k, struct canvas *c, int row, int col,
                     struct calltree_value v, bool is_chosen)
{
    struct buf text = {0};
    struct style plain = STYLE(is_chosen ? ROLE_CHOSEN : ROLE_PLAIN);
    struct style change = STYLE(is_chosen ? ROLE_CHOSEN : amount_role(v));
    amount_value(&text, k->a->r, v.old);
    col = put_right(c, row, col, k->width, &text, plain);
    amount_value(&text, k->a->r, v.new);
    col = put_right(c, row, col, k->width, &text, plain);
    amount_change(&text, k->a->r, v);
    col = put_right(c, row, col, k->width, &text, change);
    amount_growth(&text, v);
    col = put_right(c, row, col, PERCENT_COLUMNS, &text, change);
    buf_release(&text);
    return col;
}

int amount_columns_row(const struct amount_columns *k, struct canvas *c, int row, int col,
                       const struct calltree_value values[AMOUNT_VALUES], bool is_chosen)
{
    struct buf text = {0};
    if (k->a->two_sides)
        return put_sides(k, c, row, col, values[0], is_chosen);
    for (int i = 0; i < AMOUNT_VALUES && k->titles[i]; i++) {
        int64_t value = values[i].new, total = k->a->total.new;
        struct style style = is_chosen ? STYLE(ROLE_CHOSEN) : heat_style(value, total);
        amount_value(&text, k->a->r, value);
        col = put_right(c, row, col, k->width, &text, style);
        amount_share(&text, value, total);
        col = put_right(c, row, col, PERCENT_COLUMNS, &text, style);
    }
    buf_release(&text);
    return col;
}
