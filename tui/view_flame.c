#include "tui/view_flame.h"

#include "analyzer/base/alloc.h"
#include "analyzer/report/flame.h"
#include "tui/app.h"
#include "tui/cell_paths.h"
#include "tui/flame_frame.h"

#include <stdlib.h>

/* More cells than any screen shows, so that zooming in finds something. */
enum { MOST_CELLS = 20000 };

struct model {
    struct flame flame;
    const struct calltree *tree;
    uint8_t *hues;
    bool bottom_up;
};

struct state {
    struct flame_pane pane;
    struct marks marks;
    bool bottom_up;
};

/* --- building */

static void *ask(const struct view *v)
{
    bool *bottom_up = xmalloc(sizeof *bottom_up);
    *bottom_up = flame_is_bottom_up(v);
    return bottom_up;
}

static void free_model(void *model)
{
    struct model *m = model;
    flame_release(&m->flame);
    free(m->hues);
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
    m->hues = flame_hues_new(&m->flame.nodes, m->tree);
    nodes_keep_names(&m->flame.nodes);
    return m;
}

/* --- state */

static struct amounts amounts_of(const struct view *v)
{
    const struct model *m = v->model;
    return (struct amounts){
        .r = v->r, .two_sides = v->has_base || m->flame.has_old, .total = m->flame.total};
}

static void shown(struct view *v)
{
    struct state *s = v->state;
    const struct model *m = v->model;
    struct flame_source source = {
        .tree = m->tree,
        .nodes = &m->flame.nodes,
        .hues = m->hues,
        .root =
            m->bottom_up ? (struct str){"all, by where it was spent", 26} : (struct str){"all", 3},
        .two_sides = v->has_base || m->flame.has_old,
    };
    flame_pane_set(&s->pane, &source);
    marks_move(&s->marks, source.nodes);
}

static void release(struct view *v)
{
    struct state *s = v->state;
    flame_pane_release(&s->pane);
    marks_release(&s->marks);
}

static struct str chosen(const struct view *v)
{
    return flame_pane_chosen(&((const struct state *)v->state)->pane);
}

static bool choose(struct view *v, struct str name)
{
    struct state *s = v->state;
    if (str_cmp(chosen(v), name) == 0)
        return true;
    const struct flame_source *source = &s->pane.source;
    uint32_t cell = cell_named(source->tree, source->nodes, s->pane.zoom, name);
    if (cell == NO_INDEX)
        cell = cell_named(source->tree, source->nodes, 0, name);
    if (cell == NO_INDEX)
        return false;
    flame_pane_go(&s->pane, cell);
    return true;
}

/* --- drawing */

static void draw(struct view *v, struct canvas *c, struct rect area)
{
    struct state *s = v->state;
    struct amounts a = amounts_of(v);
    const struct search *search = app_search(v->app);
    struct rect pane = area;
    pane.rows -= flame_frame_rows(&a);
    marks_search(&s->marks, search);
    flame_pane_draw(&s->pane, c, pane, true, &s->marks, search);
    flame_frame_draw(c, area, &s->pane, &a, !((const struct model *)v->model)->bottom_up);
}

static void status(const struct view *v, struct buf *out)
{
    struct state *s = v->state;
    const struct calltree *tree = s->pane.source.tree;
    flame_frame_marks(out, &s->pane, &s->marks);
    if (out->len)
        return;
    buf_printf(out, "level %u", tree->cells[s->pane.chosen].depth);
    if (s->pane.layout.row_count)
        buf_printf(out, " of %zu", s->pane.layout.row_count - 1);
}

/* --- keys and mouse */

static const struct {
    enum action action;
    enum flame_move move;
} moves[] = {
    {ACTION_DOWN, FLAME_IN},           {ACTION_UP, FLAME_OUT},
    {ACTION_LEFT, FLAME_BEFORE},       {ACTION_RIGHT, FLAME_AFTER},
    {ACTION_PAGE_DOWN, FLAME_PAGE_IN}, {ACTION_PAGE_UP, FLAME_PAGE_OUT},
    {ACTION_FIRST, FLAME_START},       {ACTION_LAST, FLAME_END},
};

static void zoom(struct view *v)
{
    struct state *s = v->state;
    if (!flame_pane_zoom(&s->pane))
        app_say(v->app, s->pane.on_several
                            ? "these are too small to be told apart here: f focuses on one of them"
                            : "this is what is zoomed: Backspace goes back");
}

static bool act(struct view *v, enum action action)
{
    struct state *s = v->state;
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        if (moves[i].action == action) {
            flame_pane_move(&s->pane, moves[i].move);
            return true;
        }
    }
    switch (action) {
    case ACTION_ENTER:
        zoom(v);
        return true;
    case ACTION_BACKSPACE:
        if (!flame_pane_zoom_back(&s->pane))
            app_say(v->app, "nothing was zoomed before");
        return true;
    case ACTION_BACK: /* the search goes first */
        return !app_search(v->app) && flame_pane_zoom_reset(&s->pane);
    case ACTION_RESET_ZOOM:
        flame_pane_zoom_reset(&s->pane);
        return true;
    case ACTION_SAME_EVERYWHERE:
        app_mark(v->app, &s->marks, chosen(v));
        return true;
    case ACTION_BOTTOM_UP:
        s->bottom_up = !s->bottom_up;
        app_rebuild(v->app, v);
        return true;
    default:
        return false;
    }
}

static bool mouse(struct view *v, const struct mouse *m)
{
    struct state *s = v->state;
    if (m->kind == MOUSE_WHEEL_UP || m->kind == MOUSE_WHEEL_DOWN) {
        flame_pane_scroll(&s->pane, m->kind == MOUSE_WHEEL_DOWN);
        return true;
    }
    if (!flame_pane_click(&s->pane, m->row, m->col))
        return false;
    if (m->kind == MOUSE_DOUBLE_CLICK)
        zoom(v);
    return true;
}

/* --- searching: all cells, seen or not */

static size_t item_count(const struct view *v)
{
    return ((const struct model *)v->model)->tree->count;
}

static struct str item_text(const struct view *v, size_t item)
{
    return item ? flame_pane_name(&((const struct state *)v->state)->pane, (uint32_t)item)
                : (struct str){"", 0};
}

static size_t item_current(const struct view *v)
{
    return ((const struct state *)v->state)->pane.chosen;
}

static void item_go(struct view *v, size_t item)
{
    flame_pane_go(&((struct state *)v->state)->pane, (uint32_t)item);
}

bool flame_is_bottom_up(const struct view *v)
{
    return ((const struct state *)v->state)->bottom_up;
}

const struct view_ops view_flame = {
    .id = VIEW_FLAME,
    .title = "Flame",
    .explanation = "the whole profile, callers above what they call; a cell is as wide as what it "
                   "and its callees cost.",
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
