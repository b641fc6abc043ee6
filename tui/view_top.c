#include "tui/view_top.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/num.h"
#include "analyzer/base/units.h"
#include "tui/app.h"
#include "tui/heat.h"
#include "tui/list.h"
#include "tui/top_rows.h"

#include <stdlib.h>
#include <string.h>

enum {
    PERCENT_COLUMNS = 6,
    LEAST_BAR = 6,
    MOST_BAR = 24,
    MOST_COLUMNS = 8,
    LEAST_COLUMNS = 8,
    AUTO_COLUMNS = 10
};

struct model {
    struct top_rows *rows;
    int value_columns; /* what the widest value takes */
};

struct state {
    struct list list;
    struct top_order order;
    int sort; /* index of a column */
    bool reversed;
    bool is_settled, asked_cum;      /* SORT has begun as -cum, or its absence, asks for */
    struct rect heads[MOST_COLUMNS]; /* where the columns were drawn, for clicks */
};

/* --- the columns */

struct cell_context {
    const struct view *v;
    const struct top_rows *t;
    const struct top_line *line;
    int64_t sum;
    double share; /* what the bar shows */
    struct buf *text;
};

static void put_value(const struct cell_context *c, int64_t value)
{
    if (value)
        report_value(c->text, c->v->r, value);
    else
        buf_putc(c->text, '0');
}

/* With a sign, because not everybody sees colours. */
static void put_change(const struct cell_context *c, struct top_pair p)
{
    if (p.new > p.old)
        buf_putc(c->text, '+');
    put_value(c, p.new - p.old);
}

static void cell_flat(const struct cell_context *c)
{
    put_value(c, c->line->flat.new);
}

static void cell_flat_share(const struct cell_context *c)
{
    units_percentage(c->text, c->line->flat.new, c->t->total.new);
}

static void cell_sum_share(const struct cell_context *c)
{
    units_percentage(c->text, c->sum, c->t->total.new);
}

static void cell_cum(const struct cell_context *c)
{
    put_value(c, c->line->cum.new);
}

static void cell_cum_share(const struct cell_context *c)
{
    units_percentage(c->text, c->line->cum.new, c->t->total.new);
}

static void cell_flat_old(const struct cell_context *c)
{
    put_value(c, c->line->flat.old);
}

static void cell_flat_change(const struct cell_context *c)
{
    put_change(c, c->line->flat);
}

static void cell_cum_old(const struct cell_context *c)
{
    put_value(c, c->line->cum.old);
}

static void cell_cum_change(const struct cell_context *c)
{
    put_change(c, c->line->cum);
}

enum column_kind { COLUMN_VALUE, COLUMN_PERCENT, COLUMN_BAR, COLUMN_NAME };

struct column {
    const char *title;
    enum column_kind kind;
    enum top_key sorts;
    void (*text)(const struct cell_context *c); /* NULL: the bar, the name */
};

static const struct column plain_columns[] = {
    {"flat", COLUMN_VALUE, TOP_FLAT, cell_flat},
    {"flat%", COLUMN_PERCENT, TOP_FLAT, cell_flat_share},
    {"sum%", COLUMN_PERCENT, TOP_FLAT, cell_sum_share},
    {"cum", COLUMN_VALUE, TOP_CUM, cell_cum},
    {"cum%", COLUMN_PERCENT, TOP_CUM, cell_cum_share},
    {"", COLUMN_BAR, TOP_FLAT, NULL},
    {"name", COLUMN_NAME, TOP_NAME, NULL},
};

static const struct column base_columns[] = {
    {"old", COLUMN_VALUE, TOP_FLAT_OLD, cell_flat_old},
    {"new", COLUMN_VALUE, TOP_FLAT, cell_flat},
    {"flat +-", COLUMN_VALUE, TOP_FLAT_CHANGE, cell_flat_change},
    {"cum old", COLUMN_VALUE, TOP_CUM_OLD, cell_cum_old},
    {"cum new", COLUMN_VALUE, TOP_CUM, cell_cum},
    {"cum +-", COLUMN_VALUE, TOP_CUM_CHANGE, cell_cum_change},
    {"name", COLUMN_NAME, TOP_NAME, NULL},
};

struct columns {
    const struct column *items;
    int count;
};

static struct columns columns_of(const struct view *v)
{
    if (v->has_base)
        return (struct columns){base_columns, sizeof base_columns / sizeof *base_columns};
    return (struct columns){plain_columns, sizeof plain_columns / sizeof *plain_columns};
}

/* What -cum sorts by: cum, or how it changed. */
static enum top_key cum_key(const struct view *v)
{
    return v->has_base ? TOP_CUM_CHANGE : TOP_CUM;
}

/* The column rows are sorted by at first: flat, or what changed. */
static int first_sort(const struct view *v)
{
    struct columns columns = columns_of(v);
    enum top_key flat = v->has_base ? TOP_FLAT_CHANGE : TOP_FLAT;
    int i = 0;
    while (i + 1 < columns.count &&
           columns.items[i].sorts != (v->cfg->report.cum_sort ? cum_key(v) : flat))
        i++;
    return i;
}

bool top_is_by_cum(const struct view *v)
{
    const struct state *s = v->state;
    return s->is_settled && columns_of(v).items[s->sort].sorts == cum_key(v);
}

/* --- building */

/* The columns that the longest of the values takes: that of the largest one, or, where each has a
 * unit of its own, "-1023.99MB" at most. */
static int value_columns(const struct top_rows *t, const struct report *r)
{
    int64_t largest = magnitude64(t->total.new);
    struct buf text = {0};
    for (size_t i = 0; i < t->count; i++) {
        const struct top_line *l = &t->rows[i];
        const int64_t values[] = {l->flat.new, l->cum.new, l->flat.old, l->cum.old};
        for (size_t k = 0; k < sizeof values / sizeof *values; k++)
            largest = magnitude64(values[k]) > largest ? magnitude64(values[k]) : largest;
    }
    report_value(&text, r, largest);
    int columns = text_columns(buf_view(&text)) + 1; /* a sign */
    buf_release(&text);
    return strcmp(r->output_unit, "auto") == 0 ? AUTO_COLUMNS
           : columns < LEAST_COLUMNS           ? LEAST_COLUMNS
                                               : columns;
}

static void *build(const struct view_request *request, struct error *err)
{
    (void)err;
    struct model *m = xcalloc(1, sizeof *m);
    m->rows = top_rows_new(request->r, request->has_base);
    m->value_columns = value_columns(m->rows, request->r);
    return m;
}

static void free_model(void *model)
{
    top_rows_free(((struct model *)model)->rows);
    free(model);
}

/* --- state */

static void release(struct view *v)
{
    top_order_release(&((struct state *)v->state)->order);
}

static void sort(struct view *v)
{
    struct state *s = v->state;
    const struct model *m = v->model;
    top_order_sort(&s->order, m->rows, columns_of(v).items[s->sort].sorts, s->reversed);
}

static void shown(struct view *v)
{
    struct state *s = v->state;
    bool asks_cum = v->cfg->report.cum_sort;
    if (!s->is_settled || s->asked_cum != asks_cum) {
        s->sort = first_sort(v);
        s->reversed = false;
    }
    s->is_settled = true;
    s->asked_cum = asks_cum;
    sort(v);
}

static const struct top_line *line_at(const struct view *v, size_t i)
{
    const struct state *s = v->state;
    const struct model *m = v->model;
    return &m->rows->rows[s->order.rows[i]];
}

static struct str chosen(const struct view *v)
{
    const struct state *s = v->state;
    if (s->list.chosen >= s->order.count)
        return (struct str){0};
    return line_at(v, s->list.chosen)->name;
}

static bool choose(struct view *v, struct str name)
{
    struct state *s = v->state;
    for (size_t i = 0; i < s->order.count; i++) {
        if (str_equal(line_at(v, i)->name, name)) {
            s->list.count = s->order.count;
            list_choose(&s->list, i);
            return true;
        }
    }
    return false;
}

/* The chosen function stays chosen, wherever it goes. */
static void sort_by(struct view *v, int column, bool reversed)
{
    struct state *s = v->state;
    struct str name = chosen(v);
    s->sort = column;
    s->reversed = reversed;
    sort(v);
    choose(v, name);
}

/* --- drawing */

static int bar_columns(struct rect area)
{
    int bar = (area.cols - 80) / 4 + LEAST_BAR;
    return bar < LEAST_BAR ? LEAST_BAR : bar > MOST_BAR ? MOST_BAR : bar;
}

static int column_width(const struct view *v, const struct column *column, struct rect area,
                        int col)
{
    const struct model *m = v->model;
    switch (column->kind) {
    case COLUMN_VALUE:
        return m->value_columns;
    case COLUMN_PERCENT:
        return PERCENT_COLUMNS;
    case COLUMN_BAR:
        return bar_columns(area);
    case COLUMN_NAME:
        return area.col + area.cols - col;
    }
    return 0;
}

/* Widths are the same for the heads and the rows: they are remembered where the heads are drawn. */
static void draw_heads(struct view *v, struct canvas *c, struct rect area)
{
    struct state *s = v->state;
    struct columns columns = columns_of(v);
    int col = area.col;
    canvas_fill(c, (struct rect){area.row, area.col, 1, area.cols}, STYLE(ROLE_HEADER));
    for (int i = 0; i < columns.count; i++) {
        const struct column *column = &columns.items[i];
        struct buf title = {0};
        int width = column_width(v, column, area, col);
        bool up = s->reversed != (column->sorts == TOP_NAME);
        buf_puts(&title, column->title);
        if (i == s->sort && column->kind != COLUMN_BAR)
            buf_puts(&title, glyph_text(c, up ? GLYPH_UP : GLYPH_DOWN));
        s->heads[i] = (struct rect){area.row, col, 1, width};
        if (column->kind == COLUMN_NAME)
            canvas_put(c, area.row, col, width, buf_view(&title), STYLE(ROLE_HEADER));
        else
            canvas_right(c, area.row, col, width, buf_view(&title), STYLE(ROLE_HEADER));
        buf_release(&title);
        col += width + 1;
    }
}

static struct style style_of(const struct view *v, const struct column *column,
                             const struct top_line *line)
{
    const struct model *m = v->model;
    struct top_pair p =
        column->sorts == TOP_CUM || column->sorts == TOP_CUM_CHANGE ? line->cum : line->flat;
    bool is_change = column->sorts == TOP_FLAT_CHANGE || column->sorts == TOP_CUM_CHANGE;
    if (is_change)
        return STYLE(p.new > p.old ? ROLE_MORE : p.new < p.old ? ROLE_LESS : ROLE_DIM);
    if (v->has_base)
        return STYLE(ROLE_PLAIN);
    return heat_style(p.new, m->rows->total.new);
}

static void draw_name(const struct view *v, struct canvas *c, int row, struct rect at,
                      const struct top_line *line, struct style style)
{
    int used = canvas_put_found(c, row, at.col, at.cols, line->name, style, app_search(v->app));
    if (*line->inlined && used + 2 < at.cols)
        canvas_printf(c, row, at.col + used, at.cols - used, STYLE(ROLE_DIM), " (%s)",
                      line->inlined);
}

static void draw_row(const struct view *v, struct canvas *c, int row, size_t i)
{
    const struct state *s = v->state;
    const struct model *m = v->model;
    const struct top_line *line = line_at(v, i);
    struct columns columns = columns_of(v);
    struct buf text = {0};
    bool by_cum = columns.items[s->sort].sorts == TOP_CUM;
    int64_t measure = by_cum ? line->cum.new : line->flat.new;
    struct cell_context context = {v, m->rows, line, s->order.sums[i], 0, &text};
    bool is_chosen = i == s->list.chosen;
    if (is_chosen)
        canvas_fill(c, (struct rect){row, s->list.area.col, 1, s->list.area.cols},
                    STYLE(ROLE_CHOSEN));
    for (int k = 0; k < columns.count; k++) {
        const struct column *column = &columns.items[k];
        struct rect at = s->heads[k];
        struct style style = is_chosen ? STYLE(ROLE_CHOSEN) : style_of(v, column, line);
        if (column->kind == COLUMN_BAR) {
            double share = m->rows->total.new ? (double)measure / (double)m->rows->total.new : 0;
            canvas_bar(c, row, at.col, at.cols, share,
                       is_chosen ? style : heat_style(measure, m->rows->total.new));
        } else if (column->kind == COLUMN_NAME) {
            draw_name(v, c, row, at, line, is_chosen ? style : STYLE(ROLE_PLAIN));
        } else {
            buf_clear(&text);
            column->text(&context);
            canvas_right(c, row, at.col, at.cols, buf_view(&text), style);
        }
    }
    buf_release(&text);
}

static void draw_totals(const struct view *v, struct canvas *c, struct rect area)
{
    const struct state *s = v->state;
    const struct model *m = v->model;
    const struct top_pair *total = &m->rows->total;
    int64_t seen = s->order.count ? s->order.sums[s->order.count - 1] : 0;
    struct buf text = {0};
    int row = area.row + area.rows - 1;
    report_value(&text, v->r, seen);
    if (v->has_base) {
        buf_puts(&text, " new, of ");
        report_value(&text, v->r, total->new);
        buf_puts(&text, "; the total was ");
        report_value(&text, v->r, total->old);
        buf_printf(&text, ", %s", total->new > total->old ? "+" : "");
        report_value(&text, v->r, total->new - total->old);
    } else {
        buf_puts(&text, " of ");
        report_value(&text, v->r, total->new);
        buf_puts(&text, " (");
        struct buf share = {0};
        units_percentage(&share, seen, total->new);
        buf_puts(&text, share.data + strspn(share.data, " "));
        buf_release(&share);
        buf_puts(&text, ")");
    }
    buf_printf(&text, " in %zu rows", s->order.count);
    canvas_hline(c, row, area.col, area.cols, STYLE(ROLE_DIM));
    canvas_put(c, row, area.col + 2, area.cols - 4, buf_view(&text), STYLE(ROLE_PLAIN));
    buf_release(&text);
}

static void draw(struct view *v, struct canvas *c, struct rect area)
{
    struct state *s = v->state;
    struct rect rows = {area.row + 1, area.col, area.rows - 2, area.cols};
    draw_heads(v, c, area);
    list_fit(&s->list, s->order.count, rows);
    for (size_t i = s->list.top; i < list_end(&s->list); i++)
        draw_row(v, c, rows.row + (int)(i - s->list.top), i);
    draw_totals(v, c, area);
}

static void status(const struct view *v, struct buf *out)
{
    const struct state *s = v->state;
    if (s->order.count)
        buf_printf(out, "%zu of %zu", s->list.chosen + 1, s->order.count);
}

/* --- keys and mouse */

/* To the next column that sorts by something else. */
static void next_sort(struct view *v, bool forward)
{
    const struct state *s = v->state;
    struct columns columns = columns_of(v);
    int column = s->sort;
    do
        column = (column + (forward ? 1 : columns.count - 1)) % columns.count;
    while (columns.items[column].sorts == columns.items[s->sort].sorts ||
           columns.items[column].kind == COLUMN_BAR);
    sort_by(v, column, false);
}

static bool act(struct view *v, enum action action)
{
    struct state *s = v->state;
    switch (action) {
    case ACTION_SORT:
    case ACTION_RIGHT:
        next_sort(v, true);
        return true;
    case ACTION_LEFT:
        next_sort(v, false);
        return true;
    case ACTION_REVERSE_SORT:
        sort_by(v, s->sort, !s->reversed);
        return true;
    case ACTION_ENTER:
        if (views[VIEW_PEEK])
            app_show(v->app, VIEW_PEEK);
        return true;
    default:
        return list_act(&s->list, action);
    }
}

static bool mouse(struct view *v, const struct mouse *m)
{
    struct state *s = v->state;
    for (int i = 0; m->kind == MOUSE_CLICK && i < columns_of(v).count; i++) {
        if (mouse_in(m, s->heads[i])) {
            sort_by(v, i, i == s->sort && !s->reversed);
            return true;
        }
    }
    return list_mouse(&s->list, m);
}

static size_t item_count(const struct view *v)
{
    return ((const struct state *)v->state)->order.count;
}

static struct str item_text(const struct view *v, size_t item)
{
    return line_at(v, item)->name;
}

static size_t item_current(const struct view *v)
{
    return ((const struct state *)v->state)->list.chosen;
}

static void item_go(struct view *v, size_t item)
{
    list_choose(&((struct state *)v->state)->list, item);
}

const struct view_ops view_top = {
    .id = VIEW_TOP,
    .title = "Top",
    .explanation = "every function with what it spent itself (flat) and with all it called (cum).",
    .state_size = sizeof(struct state),
    .build = build,
    .free_model = free_model,
    .release = release,
    .shown = shown,
    .draw = draw,
    .act = act,
    .mouse = mouse,
    .choose = choose,
    .chosen = chosen,
    .status = status,
    .item_count = item_count,
    .item_text = item_text,
    .item_current = item_current,
    .item_go = item_go,
};
