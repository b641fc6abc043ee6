#include "tui/view_tree.h"

#include "analyzer/base/alloc.h"
#include "analyzer/report/flame.h"
#include "tui/amounts.h"
#include "tui/app.h"
#include "tui/cell_paths.h"
#include "tui/list.h"
#include "tui/marks.h"
#include "tui/name_fit.h"
#include "tui/tree_rows.h"
#include "tui/value_columns.h"

#include <stdlib.h>

enum { MOST_CELLS = 20000, GUIDE_COLS = 2 };

struct model {
    struct flame flame;
    const struct calltree *tree;
    bool bottom_up;
};

struct state {
    struct tree_rows rows;
    struct list list;
    struct marks marks;
    bool bottom_up;
};

/* --- building */

static void *ask(const struct view *v)
{
    bool *bottom_up = xmalloc(sizeof *bottom_up);
    *bottom_up = tree_is_bottom_up(v);
    return bottom_up;
}

static void free_model(void *model)
{
    struct model *m = model;
    flame_release(&m->flame);
    free(m);
}

static void *build(const struct view_request *request, struct error *err)
{
    struct model *m = xcalloc(1, sizeof *m);
    m->bottom_up = *(const bool *)request->asked;
    struct flame_spec spec = {.limits = {.cells = MOST_CELLS}, .only_inverse = m->bottom_up};
    if (flame_init(&m->flame, request->r, &spec, err)) {
        free_model(m);
        return NULL;
    }
    m->tree = m->bottom_up ? &m->flame.inverse : &m->flame.tree;
    nodes_keep_names(&m->flame.nodes);
    return m;
}

/* --- state */

static uint32_t chosen_cell(const struct state *s)
{
    return s->list.chosen < s->rows.count ? s->rows.cells[s->list.chosen] : 0;
}

static void go_to_cell(struct state *s, uint32_t cell)
{
    size_t row = tree_rows_show(&s->rows, cell);
    s->list.count = s->rows.count;
    list_choose(&s->list, row);
}

static void shown(struct view *v)
{
    struct state *s = v->state;
    const struct model *m = v->model;
    uint32_t before = chosen_cell(s);
    uint64_t path = before ? s->rows.paths[before] : 0;
    tree_rows_set(&s->rows, m->tree, &m->flame.nodes);
    marks_move(&s->marks, &m->flame.nodes);
    uint32_t cell = before ? cell_paths_find(s->rows.paths, m->tree->count, path) : NO_INDEX;
    if (cell != NO_INDEX && cell)
        go_to_cell(s, cell);
    else
        list_choose(&s->list, 0);
}

static void release(struct view *v)
{
    struct state *s = v->state;
    tree_rows_release(&s->rows);
    marks_release(&s->marks);
}

static struct str name_of(const struct view *v, uint32_t cell)
{
    const struct model *m = v->model;
    return cell ? flame_name(&m->flame, &m->tree->cells[cell]) : (struct str){"", 0};
}

static struct str chosen(const struct view *v)
{
    return name_of(v, chosen_cell(v->state));
}

static bool choose(struct view *v, struct str name)
{
    const struct model *m = v->model;
    if (str_cmp(chosen(v), name) == 0)
        return true;
    uint32_t cell = cell_named(m->tree, &m->flame.nodes, 0, name);
    if (cell != NO_INDEX)
        go_to_cell(v->state, cell);
    return cell != NO_INDEX;
}

/* --- drawing */

static enum glyph guide_of(const struct tree_rows *t, uint32_t cell, bool is_own)
{
    bool is_last = tree_rows_is_last(t, cell);
    if (is_own)
        return is_last ? GLYPH_CORNER : GLYPH_TEE;
    return is_last ? GLYPH_COUNT : GLYPH_VLINE;
}

/* Lines from CELL's callers down to it, in as many columns as LEVELS need; what is deeper than
 * there is room for shows the nearest callers only. Returns the columns taken. */
static int draw_guides(const struct tree_rows *t, struct canvas *c, int row, int col, int room,
                       uint32_t cell, struct style style)
{
    int levels = (int)t->levels[cell], most = room / 2 / GUIDE_COLS;
    int skipped = levels > most ? levels - most : 0;
    int at = levels;
    for (uint32_t up = cell; up && at > skipped; up = t->tree->cells[up].parent) {
        if (!tree_rows_is_branch(t, up))
            continue;
        enum glyph glyph = guide_of(t, up, up == cell);
        at--;
        if (glyph != GLYPH_COUNT)
            canvas_glyph(c, row, col + (at - skipped) * GUIDE_COLS, glyph, style);
        if (up == cell)
            canvas_glyph(c, row, col + (at - skipped) * GUIDE_COLS + 1, GLYPH_HLINE, style);
    }
    if (skipped)
        canvas_glyph(c, row, col, GLYPH_ELLIPSIS, style);
    return (levels - skipped) * GUIDE_COLS;
}

static void draw_name(const struct view *v, struct canvas *c, int row, int col, int room,
                      uint32_t cell, bool is_chosen)
{
    struct state *s = v->state;
    const struct model *m = v->model;
    const struct calltree_cell *k = &m->tree->cells[cell];
    struct style plain = STYLE(is_chosen ? ROLE_CHOSEN : ROLE_PLAIN);
    struct style dim = STYLE(is_chosen ? ROLE_CHOSEN : ROLE_DIM);
    int used = draw_guides(&s->rows, c, row, col, room, cell, dim);
    if (tree_rows_can_open(&s->rows, cell))
        canvas_glyph(c, row, col + used, s->rows.open[cell] ? GLYPH_OPEN : GLYPH_CLOSED, plain);
    used += 2;
    if (k->merged) {
        canvas_printf(c, row, col + used, room - used, dim, "%s %u more",
                      glyph_text(c, GLYPH_ELLIPSIS), k->merged);
        return;
    }
    const struct search *search = is_chosen ? NULL : app_search(v->app);
    struct style style = marks_style(&s->marks, k->node, plain);
    if (style.role == ROLE_MATCH && !style.attributes)
        style = plain; /* of what is found, only the words are shown */
    struct buf name = {0};
    name_fit(&name, name_of(v, cell), room - used);
    used += canvas_put_found(c, row, col + used, room - used, buf_view(&name),
                             is_chosen ? plain : style, search);
    buf_release(&name);
    if (k->inlined && used + 2 < room)
        canvas_puts(c, row, col + used, room - used, " (inlined)", dim);
}

static void draw_row(const struct view *v, const struct value_columns *columns, struct canvas *c,
                     int row, size_t i)
{
    const struct state *s = v->state;
    const struct model *m = v->model;
    uint32_t cell = s->rows.cells[i];
    const struct calltree_cell *k = &m->tree->cells[cell];
    struct rect area = s->list.area;
    bool is_chosen = i == s->list.chosen;
    if (is_chosen)
        canvas_fill(c, (struct rect){row, area.col, 1, area.cols}, STYLE(ROLE_CHOSEN));
    value_columns_row(columns, c, row, area.col,
                      (struct calltree_value[VALUE_WEIGHTS]){k->cum, k->flat}, 0, is_chosen);
    int col = area.col + columns->cols;
    draw_name(v, c, row, col, area.col + area.cols - col, cell, is_chosen);
}

static void draw_totals(const struct view *v, const struct amounts *a, struct canvas *c,
                        struct rect area)
{
    const struct state *s = v->state;
    const struct model *m = v->model;
    const struct calltree_cell *cells = m->tree->cells;
    struct buf text = {0};
    int row = area.row + area.rows - 1;
    uint32_t cell = chosen_cell(s), parent = cell ? cells[cell].parent : 0;
    canvas_hline(c, row, area.col, area.cols, STYLE(ROLE_DIM));
    buf_puts(&text, m->bottom_up ? "all flat " : "all ");
    amount_story(&text, a, cells[0].cum);
    if (parent) {
        buf_puts(&text, "; chosen ");
        amount_part(&text, cells[cell].cum, cells[parent].cum);
        buf_puts(&text, m->bottom_up ? " of what it calls" : " of its caller");
    }
    canvas_put(c, row, area.col + 2, area.cols - 4, buf_view(&text), STYLE(ROLE_PLAIN));
    buf_release(&text);
}

static void draw(struct view *v, struct canvas *c, struct rect area)
{
    struct state *s = v->state;
    const struct model *m = v->model;
    struct amounts a = {
        .r = v->r, .two_sides = v->has_base || m->flame.has_old, .total = m->flame.total};
    struct value_columns columns = {
        .r = v->r,
        .has_base = a.two_sides,
        .has_shares = true,
        .titles = {m->bottom_up ? &value_flat : &value_cum, m->bottom_up ? NULL : &value_flat},
        .whole = a.total.new,
        .value = value_columns_width(v->r, m->tree->cells[0].cum)};
    int col = area.col + value_columns_fit(&columns, area.cols);
    canvas_fill(c, (struct rect){area.row, area.col, 1, area.cols}, STYLE(ROLE_HEADER));
    value_columns_heads(&columns, c, area.row, area.col);
    canvas_puts(c, area.row, col, area.col + area.cols - col,
                m->bottom_up ? "functions, below them their callers" : "calls", STYLE(ROLE_HEADER));
    list_fit(&s->list, s->rows.count,
             (struct rect){area.row + 1, area.col, area.rows - 2, area.cols});
    for (size_t i = s->list.top; i < list_end(&s->list); i++)
        draw_row(v, &columns, c, s->list.area.row + (int)(i - s->list.top), i);
    draw_totals(v, &a, c, area);
}

static void status(const struct view *v, struct buf *out)
{
    const struct state *s = v->state;
    if (s->rows.count)
        buf_printf(out, "%zu of %zu", s->list.chosen + 1, s->rows.count);
}

/* --- keys and mouse */

static void open_cell(struct state *s, uint32_t cell, bool open)
{
    tree_rows_open(&s->rows, cell, open);
    go_to_cell(s, cell);
}

static void go_left(struct state *s)
{
    uint32_t cell = chosen_cell(s), parent = s->rows.tree->cells[cell].parent;
    if (s->rows.open[cell])
        open_cell(s, cell, false);
    else if (parent)
        go_to_cell(s, parent);
}

static void go_right(struct state *s)
{
    uint32_t cell = chosen_cell(s);
    if (!tree_rows_can_open(&s->rows, cell))
        return;
    if (s->rows.open[cell])
        go_to_cell(s, cell + 1);
    else
        open_cell(s, cell, true);
}

static bool act_on_cell(struct view *v, enum action action)
{
    struct state *s = v->state;
    uint32_t cell = chosen_cell(s);
    switch (action) {
    case ACTION_ENTER:
        open_cell(s, cell, !s->rows.open[cell]);
        return true;
    case ACTION_LEFT:
        go_left(s);
        return true;
    case ACTION_RIGHT:
        go_right(s);
        return true;
    case ACTION_EXPAND_ALL:
    case ACTION_COLLAPSE_ALL:
        tree_rows_open_all(&s->rows, cell, action == ACTION_EXPAND_ALL);
        go_to_cell(s, cell);
        return true;
    case ACTION_HOTTEST:
        if (!tree_rows_can_open(&s->rows, cell))
            cell = 1; /* of everything */
        go_to_cell(s, tree_rows_open_hottest(&s->rows, cell));
        return true;
    case ACTION_SAME_EVERYWHERE:
        app_mark(v->app, &s->marks, chosen(v));
        return true;
    default:
        return false;
    }
}

static bool act(struct view *v, enum action action)
{
    struct state *s = v->state;
    if (action == ACTION_BOTTOM_UP) {
        s->bottom_up = !s->bottom_up;
        app_rebuild(v->app, v);
        return true;
    }
    if (list_act(&s->list, action))
        return true;
    return chosen_cell(s) && act_on_cell(v, action);
}

/* A click on the sign before a name, or a double click anywhere, opens and closes. */
static bool mouse(struct view *v, const struct mouse *m)
{
    struct state *s = v->state;
    if (m->kind == MOUSE_DOUBLE_CLICK && mouse_in(m, s->list.area))
        return chosen_cell(s) && act_on_cell(v, ACTION_ENTER);
    return list_mouse(&s->list, m);
}

/* --- searching: all cells, open or not */

static size_t item_count(const struct view *v)
{
    return ((const struct model *)v->model)->tree->count;
}

static struct str item_text(const struct view *v, size_t item)
{
    return name_of(v, (uint32_t)item);
}

static size_t item_current(const struct view *v)
{
    return chosen_cell(v->state);
}

static void item_go(struct view *v, size_t item)
{
    if (item)
        go_to_cell(v->state, (uint32_t)item);
}

bool tree_is_bottom_up(const struct view *v)
{
    return ((const struct state *)v->state)->bottom_up;
}

const struct view_ops view_tree = {
    .id = VIEW_TREE,
    .title = "Tree",
    .explanation =
        "calls to be opened one by one, the heaviest first; bottom-up, functions by flat "
        "with their callers below.",
    .state_size = sizeof(struct state),
    .build = build,
    .free_model = free_model,
    .ask = ask,
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
