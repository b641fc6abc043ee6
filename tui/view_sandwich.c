#include "tui/view_sandwich.h"

#include "analyzer/base/alloc.h"
#include "analyzer/report/sandwich.h"
#include "tui/app.h"
#include "tui/cell_paths.h"
#include "tui/flame_frame.h"
#include "tui/walk.h"

#include <stdlib.h>

enum { MOST_CELLS = 10000 }; /* on each side */

struct model {
    struct sandwich sandwich;
    uint8_t *hues[2]; /* of callers, callees */
};

enum side { CALLERS, CALLEES, SIDE_COUNT };

struct state {
    struct flame_pane panes[SIDE_COUNT];
    enum side active; /* where the cursor is; on the function itself it is among the callees */
    struct marks marks;
    struct walk walk;
};

/* --- building */

static void free_model(void *model)
{
    struct model *m = model;
    sandwich_release(&m->sandwich);
    free(m->hues[CALLERS]);
    free(m->hues[CALLEES]);
    free(m);
}

static void *build(const struct view_request *request, struct error *err)
{
    struct model *m = xcalloc(1, sizeof *m);
    struct calltree_limits limits = {.cells = MOST_CELLS};
    if (sandwich_init(&m->sandwich, request->r, request->chosen, &limits, err)) {
        free_model(m);
        return NULL;
    }
    m->hues[CALLERS] = flame_hues_new(&m->sandwich.nodes, &m->sandwich.callers);
    m->hues[CALLEES] = flame_hues_new(&m->sandwich.nodes, &m->sandwich.callees);
    nodes_keep_names(&m->sandwich.nodes);
    return m;
}

/* --- state */

static const struct calltree *tree_of(const struct model *m, enum side side)
{
    return side == CALLERS ? &m->sandwich.callers : &m->sandwich.callees;
}

static struct amounts amounts_of(const struct view *v)
{
    const struct model *m = v->model;
    return (struct amounts){
        .r = v->r, .two_sides = v->has_base || m->sandwich.has_old, .total = m->sandwich.total};
}

static void shown(struct view *v)
{
    struct state *s = v->state;
    const struct model *m = v->model;
    for (enum side side = 0; side < SIDE_COUNT; side++) {
        struct flame_source source = {
            .tree = tree_of(m, side),
            .nodes = &m->sandwich.nodes,
            .hues = m->hues[side],
            .root = m->sandwich.name,
            .two_sides = v->has_base || m->sandwich.has_old,
            .upwards = side == CALLERS,
            .skips_root = side == CALLERS,
        };
        flame_pane_set(&s->panes[side], &source);
    }
    if (!s->panes[CALLERS].chosen)
        s->active = CALLEES;
    marks_move(&s->marks, &m->sandwich.nodes);
}

static void release(struct view *v)
{
    struct state *s = v->state;
    flame_pane_release(&s->panes[CALLERS]);
    flame_pane_release(&s->panes[CALLEES]);
    marks_release(&s->marks);
    walk_release(&s->walk);
}

static struct str function_of(const struct view *v)
{
    return ((const struct model *)v->model)->sandwich.name;
}

static struct str chosen(const struct view *v)
{
    const struct state *s = v->state;
    const struct flame_pane *p = &s->panes[s->active];
    return p->chosen ? flame_pane_chosen(p) : function_of(v);
}

static void go_to_function(struct state *s)
{
    s->active = CALLEES;
    flame_pane_go(&s->panes[CALLEES], 0);
    flame_pane_go(&s->panes[CALLERS], 0);
}

static bool choose(struct view *v, struct str name)
{
    if (str_cmp(function_of(v), name) != 0)
        return false;
    go_to_function(v->state);
    return true;
}

/* --- drawing: each side gets the rows it needs, as far as there are any */

static int rows_of_callers(struct state *s, struct rect area)
{
    size_t rows = (size_t)area.rows, half = rows / 2;
    size_t above = flame_pane_levels(&s->panes[CALLERS], area.cols);
    size_t below = flame_pane_levels(&s->panes[CALLEES], area.cols);
    size_t left = below < rows - half ? rows - below : half;
    return (int)(above < left ? above : left);
}

static void draw(struct view *v, struct canvas *c, struct rect area)
{
    struct state *s = v->state;
    struct amounts a = amounts_of(v);
    const struct search *search = app_search(v->app);
    struct rect flames = {area.row, area.col, area.rows - flame_frame_rows(&a), area.cols};
    int above = rows_of_callers(s, flames);
    struct rect up = {flames.row, flames.col, above, flames.cols};
    struct rect down = {flames.row + above, flames.col, flames.rows - above, flames.cols};
    marks_search(&s->marks, search);
    if (above)
        flame_pane_draw(&s->panes[CALLERS], c, up, s->active == CALLERS, &s->marks, search);
    flame_pane_draw(&s->panes[CALLEES], c, down, s->active == CALLEES, &s->marks, search);
    flame_frame_draw(c, area, &s->panes[s->active], &a, s->active == CALLEES);
}

static void status(const struct view *v, struct buf *out)
{
    struct state *s = v->state;
    flame_frame_marks(out, &s->panes[s->active], &s->marks);
    if (out->len)
        return;
    buf_printf(out, "%zu up, %zu down", s->panes[CALLERS].layout.row_count - 1,
               s->panes[CALLEES].layout.row_count - 1);
}

/* --- keys and mouse */

/* Moves within the callees; among the callers up and down change places. */
static const struct {
    enum action action;
    enum flame_move moves[SIDE_COUNT];
} moves[] = {
    {ACTION_DOWN, {FLAME_OUT, FLAME_IN}},
    {ACTION_UP, {FLAME_IN, FLAME_OUT}},
    {ACTION_LEFT, {FLAME_BEFORE, FLAME_BEFORE}},
    {ACTION_RIGHT, {FLAME_AFTER, FLAME_AFTER}},
    {ACTION_PAGE_DOWN, {FLAME_PAGE_OUT, FLAME_PAGE_IN}},
    {ACTION_PAGE_UP, {FLAME_PAGE_IN, FLAME_PAGE_OUT}},
    {ACTION_FIRST, {FLAME_END, FLAME_START}},
    {ACTION_LAST, {FLAME_START, FLAME_END}},
};

/* From the function itself one gets to either side. */
static void move(struct state *s, enum action action, enum flame_move in[SIDE_COUNT])
{
    bool at_function = s->active == CALLEES && !s->panes[CALLEES].chosen;
    bool up = action == ACTION_UP || action == ACTION_PAGE_UP || action == ACTION_FIRST;
    if (at_function && up) {
        flame_pane_go(&s->panes[CALLERS], 0);
        if (flame_pane_move(&s->panes[CALLERS], in[CALLERS]))
            s->active = CALLERS;
        return;
    }
    flame_pane_move(&s->panes[s->active], in[s->active]);
    if (s->active == CALLERS && !s->panes[CALLERS].chosen)
        go_to_function(s);
}

static void enter(struct view *v)
{
    struct state *s = v->state;
    if (walk_to(&s->walk, v->app, function_of(v), chosen(v)))
        return;
    if (s->panes[s->active].on_several)
        app_say(v->app, "these are too small to be told apart here: f focuses on one of them");
    else
        app_say(v->app, "this is the function all is about: move up to its callers, down to its "
                        "callees");
}

static bool act(struct view *v, enum action action)
{
    struct state *s = v->state;
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        if (moves[i].action == action) {
            enum flame_move in[SIDE_COUNT] = {moves[i].moves[CALLERS], moves[i].moves[CALLEES]};
            move(s, action, in);
            return true;
        }
    }
    switch (action) {
    case ACTION_ENTER:
        enter(v);
        return true;
    case ACTION_BACKSPACE:
        if (!walk_back(&s->walk, v->app))
            app_say(v->app, "this is the function it began with");
        return true;
    case ACTION_SAME_EVERYWHERE:
        app_mark(v->app, &s->marks, chosen(v));
        return true;
    default:
        return false;
    }
}

static enum side side_at(const struct state *s, int row)
{
    return row < s->panes[CALLEES].area.row ? CALLERS : CALLEES;
}

static bool mouse(struct view *v, const struct mouse *m)
{
    struct state *s = v->state;
    enum side side = side_at(s, m->row);
    struct flame_pane *p = &s->panes[side];
    if (m->kind == MOUSE_WHEEL_UP || m->kind == MOUSE_WHEEL_DOWN) {
        flame_pane_scroll(p, (m->kind == MOUSE_WHEEL_DOWN) == (side == CALLEES));
        return true;
    }
    if (!flame_pane_click(p, m->row, m->col))
        return false;
    s->active = side;
    if (m->kind == MOUSE_DOUBLE_CLICK)
        enter(v);
    return true;
}

/* --- searching: the cells of both sides; the function is the first of the callees */

static size_t caller_count(const struct view *v)
{
    return ((const struct model *)v->model)->sandwich.callers.count - 1;
}

static size_t item_count(const struct view *v)
{
    return caller_count(v) + ((const struct model *)v->model)->sandwich.callees.count;
}

static struct str item_text(const struct view *v, size_t item)
{
    const struct state *s = v->state;
    size_t callers = caller_count(v);
    return item < callers ? flame_pane_name(&s->panes[CALLERS], (uint32_t)item + 1)
                          : flame_pane_name(&s->panes[CALLEES], (uint32_t)(item - callers));
}

static size_t item_current(const struct view *v)
{
    const struct state *s = v->state;
    return s->active == CALLERS ? s->panes[CALLERS].chosen - 1
                                : caller_count(v) + s->panes[CALLEES].chosen;
}

static void item_go(struct view *v, size_t item)
{
    struct state *s = v->state;
    size_t callers = caller_count(v);
    s->active = item < callers ? CALLERS : CALLEES;
    flame_pane_go(&s->panes[s->active],
                  (uint32_t)(s->active == CALLERS ? item + 1 : item - callers));
}

const struct view_ops view_sandwich = {
    .id = VIEW_SANDWICH,
    .title = "Sandwich",
    .explanation = "the chosen function, its callers above it, the nearest next to it, and its "
                   "callees below.",
    .state_size = sizeof(struct state),
    .rebuilds_on_choice = true,
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
