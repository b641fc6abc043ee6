#include "tui/view_labels.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/units.h"
#include "tui/app.h"
#include "tui/label_rows.h"
#include "tui/list.h"
#include "tui/sides.h"
#include "tui/value_columns.h"

#include <stdlib.h>
#include <string.h>

enum { PERCENT_COLUMNS = 7 };

struct model {
    struct label_rows *rows;
    int value; /* columns of the widest value */
};

struct state {
    struct list list;
    char *key, *value; /* one is on; NULL: none yet */
};

/* --- building */

static void *build(const struct view_request *request, struct error *err)
{
    struct sides sides;
    struct model *m = NULL;
    if (sides_init(&sides, request, err) == 0) {
        struct calltree_value most = {0};
        m = xcalloc(1, sizeof *m);
        m->rows = label_rows_new(sides.new, sides.old);
        for (size_t i = 0; i < m->rows->count; i++)
            if (calltree_weight(m->rows->rows[i].weight) > calltree_weight(most))
                most = m->rows->rows[i].weight;
        m->value = value_columns_width(request->r, most);
    }
    sides_release(&sides);
    return m;
}

static void free_model(void *model)
{
    label_rows_free(((struct model *)model)->rows);
    free(model);
}

/* --- where one is */

static void release(struct view *v)
{
    struct state *s = v->state;
    free(s->key);
    free(s->value);
}

static const struct label_rows *rows_of(const struct view *v)
{
    return ((const struct model *)v->model)->rows;
}

/* The chosen row; NULL if there are none. */
static const struct label_row *chosen_row(const struct view *v)
{
    size_t at = ((const struct state *)v->state)->list.chosen;
    return at < rows_of(v)->count ? &rows_of(v)->rows[at] : NULL;
}

static bool is_text(struct str s, const char *text)
{
    return text && str_is(s, text);
}

/* The same value as before, if it is still there; else the heaviest of the first key. */
static void shown(struct view *v)
{
    struct state *s = v->state;
    const struct label_rows *rows = rows_of(v);
    size_t found = rows->count > 1 ? 1 : 0;
    for (size_t i = 0; i < rows->count; i++) {
        const struct label_row *row = &rows->rows[i];
        if (is_text(rows->rows[row->key].text, s->key) && is_text(row->text, s->value))
            found = i;
    }
    s->list.count = rows->count;
    list_choose(&s->list, found);
}

/* Keeps in mind where one is, for models to come. */
static void moved(struct view *v)
{
    struct state *s = v->state;
    const struct label_row *row = chosen_row(v);
    free(s->key);
    free(s->value);
    s->key = s->value = NULL;
    if (row) {
        struct str key = rows_of(v)->rows[row->key].text;
        s->key = xstrndup(key.ptr, key.len);
        s->value = xstrndup(row->text.ptr, row->text.len);
    }
}

/* --- drawing */

static void draw_text(const struct view *v, struct canvas *c, int row, struct rect at,
                      const struct label_row *r, bool chosen)
{
    struct style style = STYLE(chosen                  ? ROLE_CHOSEN
                               : r->kind == LABEL_NONE ? ROLE_DIM
                                                       : ROLE_PLAIN);
    struct style dim = STYLE(chosen ? ROLE_CHOSEN : ROLE_DIM);
    int indent = r->kind == LABEL_KEY ? 0 : 2;
    if (r->kind == LABEL_KEY)
        style.attributes |= STYLE_BOLD;
    at.col += indent;
    at.cols -= indent;
    if (r->kind == LABEL_NONE) {
        canvas_puts(c, row, at.col, at.cols, "(without this label)", style);
        return;
    }
    /* What is empty would not be seen. */
    struct str text = r->text.len ? r->text : (struct str){"\"\"", 2};
    int used = canvas_put_found(c, row, at.col, at.cols, text, style, app_search(v->app));
    if (r->kind == LABEL_KEY && used + 2 < at.cols)
        canvas_printf(c, row, at.col + used + 2, at.cols - used - 2, dim, "%zu value%s", r->values,
                      r->values == 1 ? "" : "s");
}

/* The share of a value in its key, that of a key in everything. */
static void draw_share(const struct view *v, struct canvas *c, int row, int col,
                       const struct label_row *r, bool chosen)
{
    const struct label_row *key = &rows_of(v)->rows[r->key];
    int64_t whole = r->kind == LABEL_VALUE ? key->weight.new : v->r->total;
    struct buf text = {0};
    units_percentage(&text, r->weight.new, whole);
    canvas_right(c, row, col, PERCENT_COLUMNS, buf_view(&text),
                 STYLE(chosen ? ROLE_CHOSEN : ROLE_DIM));
    buf_release(&text);
}

static void draw_empty(const struct view *v, struct canvas *c, struct rect area)
{
    (void)v;
    canvas_puts(c, area.row + 2, area.col + 2, area.cols - 4, "No sample here has a label.",
                STYLE(ROLE_PLAIN));
    canvas_puts(c, area.row + 4, area.col + 2, area.cols - 4,
                "Programs give samples labels, such as the request they work on, with their",
                STYLE(ROLE_DIM));
    canvas_puts(c, area.row + 5, area.col + 2, area.cols - 4,
                "profiler's functions: cpprof.h has some, Go's pprof.Do is another.",
                STYLE(ROLE_DIM));
}

static void draw(struct view *v, struct canvas *c, struct rect area)
{
    struct state *s = v->state;
    const struct model *m = v->model;
    struct rect rows = {area.row + 1, area.col, area.rows - 1, area.cols};
    struct value_columns columns = {
        .r = v->r, .has_base = v->has_base, .titles = {&value_weight}, .value = m->value};
    int taken = value_columns_fit(&columns, area.cols),
        share = v->has_base ? 0 : PERCENT_COLUMNS + 1;
    struct rect text = {0, area.col + taken + share, 1, area.cols - taken - share};
    if (!m->rows->count) {
        draw_empty(v, c, area);
        return;
    }
    canvas_fill(c, (struct rect){area.row, area.col, 1, area.cols}, STYLE(ROLE_HEADER));
    value_columns_heads(&columns, c, area.row, area.col);
    if (share)
        canvas_puts(c, area.row, area.col + taken + PERCENT_COLUMNS - 1, 1, "%",
                    STYLE(ROLE_HEADER));
    canvas_puts(c, area.row, text.col, text.cols, "label", STYLE(ROLE_HEADER));
    list_fit(&s->list, m->rows->count, rows);
    for (size_t i = s->list.top; i < list_end(&s->list); i++) {
        int row = rows.row + (int)(i - s->list.top);
        const struct label_row *r = &m->rows->rows[i];
        const struct label_row *key = &m->rows->rows[r->key];
        bool chosen = i == s->list.chosen;
        int64_t whole = r->kind == LABEL_KEY ? 0 : key->weight.new;
        if (chosen)
            canvas_fill(c, (struct rect){row, area.col, 1, area.cols}, STYLE(ROLE_CHOSEN));
        value_columns_row(&columns, c, row, area.col,
                          (struct calltree_value[VALUE_WEIGHTS]){r->weight}, whole, chosen);
        if (share)
            draw_share(v, c, row, area.col + taken, r, chosen);
        draw_text(v, c, row, text, r, chosen);
    }
}

static void status(const struct view *v, struct buf *out)
{
    if (rows_of(v)->count)
        buf_printf(out, "%zu of %zu", ((const struct state *)v->state)->list.chosen + 1,
                   rows_of(v)->count);
}

/* --- keys and mouse */

/* Keeps only the samples of the chosen value. */
static void focus(struct view *v)
{
    const struct label_row *row = chosen_row(v);
    if (!row || row->kind == LABEL_KEY)
        app_say(v->app, "Enter focuses on a value, g regroups every view under its key");
    else if (!row->focus.len)
        app_say(v->app, "no tag expression says this; t takes one");
    else
        app_step(v->app, STEP_TAGFOCUS, row->focus.ptr);
}

/* Puts the chosen key at the root of every stack. */
static void regroup(struct view *v)
{
    const struct label_row *row = chosen_row(v);
    struct str key = row ? rows_of(v)->rows[row->key].text : (struct str){"", 0};
    if (!key.len || memchr(key.ptr, ',', key.len) || memchr(key.ptr, '\0', key.len))
        app_say(v->app, "there is no key here that views can be regrouped under");
    else
        app_step(v->app, STEP_TAGROOT, key.ptr);
}

static bool act(struct view *v, enum action action)
{
    struct state *s = v->state;
    switch (action) {
    case ACTION_ENTER:
        focus(v);
        return true;
    case ACTION_REGROUP:
        regroup(v);
        return true;
    default:
        if (!list_act(&s->list, action))
            return false;
    }
    moved(v);
    return true;
}

static bool mouse(struct view *v, const struct mouse *m)
{
    struct state *s = v->state;
    if (!list_mouse(&s->list, m))
        return false;
    moved(v);
    return true;
}

static size_t item_count(const struct view *v)
{
    return rows_of(v)->count;
}

static struct str item_text(const struct view *v, size_t item)
{
    return rows_of(v)->rows[item].text;
}

static size_t item_current(const struct view *v)
{
    return ((const struct state *)v->state)->list.chosen;
}

static void item_go(struct view *v, size_t item)
{
    list_choose(&((struct state *)v->state)->list, item);
    moved(v);
}

const struct view_ops view_labels = {
    .id = VIEW_LABELS,
    .title = "Labels",
    .explanation = "each key of the samples' labels with its values and what they weigh. Enter "
                   "keeps only the samples of a value, g puts the key at the root of every stack.",
    .state_size = sizeof(struct state),
    .build = build,
    .free_model = free_model,
    .release = release,
    .shown = shown,
    .draw = draw,
    .act = act,
    .mouse = mouse,
    .status = status,
    .item_count = item_count,
    .item_text = item_text,
    .item_current = item_current,
    .item_go = item_go,
};
