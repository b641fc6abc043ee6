#include "tui/view_peek.h"

#include "analyzer/base/alloc.h"
#include "analyzer/report/peek.h"
#include "tui/amounts.h"
#include "tui/app.h"
#include "tui/heat.h"
#include "tui/list.h"
#include "tui/value_columns.h"
#include "tui/walk.h"

#include <stdlib.h>

enum { LEAST_BAR = 8, MOST_BAR = 24, SHARE_COLS = 7 };

struct state {
    struct list list; /* callers, the function, callees */
    struct walk walk;
};

/* One of them. */
struct row {
    struct str name;
    struct calltree_value weight;
    bool inlined;
    enum { CALLER, FUNCTION, CALLEE } kind;
};

static void free_model(void *model)
{
    peek_release(model);
    free(model);
}

static void *build(const struct view_request *request, struct error *err)
{
    struct peek *k = xcalloc(1, sizeof *k);
    if (peek_init(k, request->r, request->chosen, err)) {
        free_model(k);
        return NULL;
    }
    nodes_keep_names(&k->nodes);
    return k;
}

/* --- rows */

static size_t row_count(const struct peek *k)
{
    return k->around.caller_count + 1 + k->around.callee_count;
}

static struct row row_at(const struct peek *k, size_t i)
{
    size_t callers = k->around.caller_count;
    if (i == callers)
        return (struct row){k->name, k->around.cum, false, FUNCTION};
    const struct neighbor *n =
        i < callers ? &k->around.callers[i] : &k->around.callees[i - callers - 1];
    return (struct row){k->nodes.names[n->node], n->weight, n->inlined,
                        i < callers ? CALLER : CALLEE};
}

static struct row chosen_row(const struct view *v)
{
    return row_at(v->model, ((const struct state *)v->state)->list.chosen);
}

static void go_to_function(struct view *v)
{
    struct state *s = v->state;
    const struct peek *k = v->model;
    s->list.count = row_count(k);
    list_choose(&s->list, k->around.caller_count);
}

static void release(struct view *v)
{
    walk_release(&((struct state *)v->state)->walk);
}

static struct str chosen(const struct view *v)
{
    return chosen_row(v).name;
}

static bool choose(struct view *v, struct str name)
{
    if (str_cmp(((const struct peek *)v->model)->name, name) != 0)
        return false;
    go_to_function(v);
    return true;
}

/* --- drawing */

static int bar_columns(struct rect area)
{
    int bar = (area.cols - 80) / 4 + LEAST_BAR;
    return bar < LEAST_BAR ? LEAST_BAR : bar > MOST_BAR ? MOST_BAR : bar;
}

static double share_of(struct calltree_value v, struct calltree_value of)
{
    return calltree_weight(of) ? (double)calltree_weight(v) / (double)calltree_weight(of) : 0;
}

/* Its part of the function's cum as a bar and a number. */
static int draw_share(const struct peek *k, struct canvas *c, struct rect area, int row, int col,
                      const struct row *r, struct style style)
{
    struct buf text = {0};
    int bar = bar_columns(area);
    canvas_bar(c, row, col, bar, share_of(r->weight, k->around.cum), style);
    if (r->kind != FUNCTION) {
        amount_part(&text, r->weight, k->around.cum);
        canvas_right(c, row, col + bar, SHARE_COLS, buf_view(&text), style);
    }
    buf_release(&text);
    return col + bar + SHARE_COLS + 1;
}

/* Callers and callees hang from the function between them. */
static enum glyph branch_of(const struct peek *k, size_t i)
{
    if (i == 0)
        return GLYPH_TOP_LEFT;
    return i + 1 == row_count(k) ? GLYPH_CORNER : GLYPH_TEE;
}

static void draw_row(const struct view *v, const struct value_columns *columns, struct canvas *c,
                     int row, size_t i)
{
    const struct state *s = v->state;
    const struct peek *k = v->model;
    struct row r = row_at(k, i);
    struct rect area = s->list.area;
    bool is_chosen = i == s->list.chosen;
    struct style plain = STYLE(is_chosen ? ROLE_CHOSEN : ROLE_PLAIN);
    struct style bar = is_chosen           ? plain
                       : columns->has_base ? STYLE(amount_role(r.weight))
                                           : heat_style(r.weight.new, k->total.new);
    if (is_chosen)
        canvas_fill(c, (struct rect){row, area.col, 1, area.cols}, plain);
    value_columns_row(columns, c, row, area.col, (struct calltree_value[VALUE_WEIGHTS]){r.weight},
                      0, is_chosen);
    int col = draw_share(k, c, area, row, area.col + columns->cols, &r, bar);
    if (r.kind == FUNCTION)
        plain.attributes |= STYLE_BOLD;
    else
        canvas_glyph(c, row, col + 1, branch_of(k, i), STYLE(is_chosen ? ROLE_CHOSEN : ROLE_DIM));
    col += r.kind == FUNCTION ? 0 : 3;
    col += canvas_put_found(c, row, col, area.col + area.cols - col, r.name, plain,
                            is_chosen ? NULL : app_search(v->app));
    if (r.inlined)
        canvas_puts(c, row, col, area.col + area.cols - col, " (inlined)",
                    STYLE(is_chosen ? ROLE_CHOSEN : ROLE_DIM));
}

static void draw_totals(const struct peek *k, const struct amounts *a, struct canvas *c,
                        struct rect area)
{
    struct buf text = {0};
    int row = area.row + area.rows - 1;
    buf_puts(&text, "flat ");
    amount_story(&text, a, k->around.flat);
    if (!a->two_sides) { /* else there is no room, and its row says so */
        buf_puts(&text, "  cum ");
        amount_story(&text, a, k->around.cum);
    }
    canvas_hline(c, row, area.col, area.cols, STYLE(ROLE_DIM));
    canvas_put(c, row, area.col + 2, area.cols - 4, buf_view(&text), STYLE(ROLE_PLAIN));
    buf_release(&text);
}

static void draw(struct view *v, struct canvas *c, struct rect area)
{
    struct state *s = v->state;
    const struct peek *k = v->model;
    struct amounts a = {.r = v->r, .two_sides = v->has_base || k->has_old, .total = k->total};
    struct value_columns columns = {.r = v->r,
                                    .has_base = a.two_sides,
                                    .has_shares = true,
                                    .titles = {&value_cum},
                                    .whole = k->total.new,
                                    .value = value_columns_width(v->r, k->around.cum)};
    int col = area.col + value_columns_fit(&columns, area.cols) + bar_columns(area);
    canvas_fill(c, (struct rect){area.row, area.col, 1, area.cols}, STYLE(ROLE_HEADER));
    value_columns_heads(&columns, c, area.row, area.col);
    canvas_right(c, area.row, col, SHARE_COLS, (struct str){"of cum", 6}, STYLE(ROLE_HEADER));
    col += SHARE_COLS + 1;
    canvas_puts(c, area.row, col, area.col + area.cols - col, "callers, function, callees",
                STYLE(ROLE_HEADER));
    list_fit(&s->list, row_count(k),
             (struct rect){area.row + 1, area.col, area.rows - 2, area.cols});
    for (size_t i = s->list.top; i < list_end(&s->list); i++)
        draw_row(v, &columns, c, s->list.area.row + (int)(i - s->list.top), i);
    draw_totals(k, &a, c, area);
}

static void status(const struct view *v, struct buf *out)
{
    const struct peek *k = v->model;
    buf_printf(out, "%zu caller%s, %zu callee%s", k->around.caller_count,
               k->around.caller_count == 1 ? "" : "s", k->around.callee_count,
               k->around.callee_count == 1 ? "" : "s");
}

/* --- keys and mouse */

static void enter(struct view *v)
{
    struct state *s = v->state;
    const struct peek *k = v->model;
    if (walk_to(&s->walk, v->app, k->name, chosen(v)))
        return;
    if (views[VIEW_SOURCE])
        app_show(v->app, VIEW_SOURCE);
}

static bool act(struct view *v, enum action action)
{
    struct state *s = v->state;
    switch (action) {
    case ACTION_ENTER:
        enter(v);
        return true;
    case ACTION_BACKSPACE:
        if (!walk_back(&s->walk, v->app))
            app_say(v->app, "this is the function it began with");
        return true;
    default:
        return list_act(&s->list, action);
    }
}

static bool mouse(struct view *v, const struct mouse *m)
{
    struct state *s = v->state;
    if (m->kind == MOUSE_DOUBLE_CLICK && mouse_in(m, s->list.area)) {
        enter(v);
        return true;
    }
    return list_mouse(&s->list, m);
}

static size_t item_count(const struct view *v)
{
    return row_count(v->model);
}

static struct str item_text(const struct view *v, size_t item)
{
    return row_at(v->model, item).name;
}

static size_t item_current(const struct view *v)
{
    return ((const struct state *)v->state)->list.chosen;
}

static void item_go(struct view *v, size_t item)
{
    list_choose(&((struct state *)v->state)->list, item);
}

const struct view_ops view_peek = {
    .id = VIEW_PEEK,
    .title = "Peek",
    .explanation = "the chosen function between its callers and its callees; Enter walks to one of "
                   "them, Backspace returns.",
    .state_size = sizeof(struct state),
    .rebuilds_on_choice = true,
    .build = build,
    .free_model = free_model,
    .release = release,
    .shown = go_to_function,
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
