#include "tui/view_source.h"

#include "analyzer/base/alloc.h"
#include "analyzer/cli/commands.h"
#include "tui/app.h"
#include "tui/code_model.h"
#include "tui/hot_list.h"
#include "tui/sides.h"
#include "tui/source_rows.h"
#include "tui/value_columns.h"
#include "tui/view_assembly.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_COLUMNS = 6, TAB = 4, MOST_STEPS_BACK = 32 };

struct model {
    struct source_rows *rows;
    char *chosen, *function;
    int64_t whole; /* what the function took */
    int value;     /* columns of the widest value */
};

struct state {
    struct hot_list hot;
    char *function;  /* of the model before */
    int64_t line;    /* to go to; 0: the hottest one */
    bool is_pending; /* go there when the next model is there */
    bool by_flat;
    char *back[MOST_STEPS_BACK]; /* functions one came from */
    size_t back_count;
};

/* --- building */

static struct calltree_value larger(struct calltree_value a, struct calltree_value b)
{
    return calltree_weight(a) >= calltree_weight(b) ? a : b;
}

static struct source_rows *make_rows(const struct view_request *request, const char *function,
                                     struct error *err)
{
    struct sides sides;
    struct buf pattern = {0};
    struct source_rows *rows = NULL;
    step_quote(&pattern, (struct str){function, strlen(function)});
    struct regex *only = regex_compile(pattern.data, "function", err);
    if (sides_init(&sides, request, err) == 0 && only)
        rows = source_rows_new(sides.new, sides.old, only, err);
    sides_release(&sides);
    regex_free(only);
    buf_release(&pattern);
    return rows;
}

static void *build(const struct view_request *request, struct error *err)
{
    struct buf name = {0};
    struct source_rows *rows = NULL;
    if (code_function(&name, request, err) == 0)
        rows = make_rows(request, name.data, err);
    if (!rows) {
        buf_release(&name);
        return NULL;
    }
    struct model *m = xcalloc(1, sizeof *m);
    struct calltree_value most = {0};
    m->rows = rows;
    m->function = buf_detach(&name);
    m->chosen = request->chosen.len ? xstrndup(request->chosen.ptr, request->chosen.len)
                                    : xstrdup(m->function);
    for (size_t i = 0; i < rows->count; i++)
        most = larger(larger(most, rows->rows[i].flat), rows->rows[i].cum);
    m->whole = most.new > most.old ? most.new : most.old;
    m->value = value_columns_width(request->r, most);
    return m;
}

static void free_model(void *model)
{
    struct model *m = model;
    source_rows_free(m->rows);
    free(m->chosen);
    free(m->function);
    free(m);
}

/* --- where one is */

static void release(struct view *v)
{
    struct state *s = v->state;
    free(s->function);
    while (s->back_count)
        free(s->back[--s->back_count]);
}

static const struct source_row *row_at(const struct view *v, size_t i)
{
    return &((const struct model *)v->model)->rows->rows[i];
}

static struct hot_rows hot_rows(const struct view *v)
{
    const struct source_rows *rows = ((const struct model *)v->model)->rows;
    return (struct hot_rows){rows->hottest, rows->hottest_count, rows->count};
}

static void shown(struct view *v)
{
    struct state *s = v->state;
    const struct model *m = v->model;
    struct hot_rows hot = hot_rows(v);
    bool is_same = s->function && strcmp(s->function, m->function) == 0;
    hot_list_hottest(&s->hot, &hot);
    if (s->line && (is_same || s->is_pending))
        hot_list_go(&s->hot, &hot, source_rows_find(m->rows, s->line));
    s->is_pending = false;
    free(s->function);
    s->function = xstrdup(m->function);
}

void source_go(struct view *v, int64_t line)
{
    struct state *s = v->state;
    const struct model *m = v->model;
    s->line = line;
    s->is_pending = true;
    if (m) {
        struct hot_rows hot = hot_rows(v);
        hot_list_go(&s->hot, &hot, source_rows_find(m->rows, line));
    }
}

/* Keeps in mind which line one is on, for models to come. */
static void moved(struct view *v)
{
    struct state *s = v->state;
    const struct model *m = v->model;
    size_t at = s->hot.list.chosen;
    s->is_pending = false;
    if (at < m->rows->count && row_at(v, at)->kind == SOURCE_LINE)
        s->line = row_at(v, at)->number;
}

/* --- drawing */

/* TEXT with blanks in place of tabs. */
static void add_text(struct buf *out, struct str text)
{
    size_t column = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\t') {
            size_t width = TAB - column % TAB;
            buf_pad(out, ' ', width);
            column += width;
            continue;
        }
        buf_putc(out, text.ptr[i]);
        column++;
    }
}

/* What stands where the source does, and from which column on. */
static void draw_text(const struct view *v, struct canvas *c, int row, struct rect at,
                      const struct source_row *r, bool chosen)
{
    struct buf text = {0};
    int end = at.col + at.cols, col = at.col;
    enum role roles[] = {[SOURCE_FILE] = ROLE_PLAIN,
                         [SOURCE_PROBLEM] = ROLE_ERROR,
                         [SOURCE_LINE] = ROLE_PLAIN,
                         [SOURCE_INLINED] = ROLE_DIM,
                         [SOURCE_NOTE] = ROLE_DIM};
    struct style style = STYLE(chosen ? ROLE_CHOSEN : roles[r->kind]);
    if (r->kind == SOURCE_FILE)
        style.attributes |= STYLE_BOLD;
    if (r->kind == SOURCE_LINE) {
        struct style dim = STYLE(chosen ? ROLE_CHOSEN : ROLE_DIM);
        buf_printf(&text, "%" PRId64, r->number);
        canvas_right(c, row, col, NUMBER_COLUMNS, buf_view(&text), dim);
        col += NUMBER_COLUMNS + 1;
        buf_clear(&text);
        add_text(&text, r->text);
    } else if (r->kind == SOURCE_INLINED) {
        col += NUMBER_COLUMNS + 1 + 2 * (int)(r->depth < 20 ? r->depth : 20);
        canvas_glyph(c, row, col, GLYPH_CORNER, style);
        col += 2;
        buf_puts(&text, "inlined ");
        buf_str(&text, r->text);
        buf_puts(&text, "  ");
        buf_str(&text, r->file);
        if (r->number)
            buf_printf(&text, ":%" PRId64, r->number);
    } else {
        buf_str(&text, r->text);
    }
    if (col < end)
        canvas_put_found(c, row, col, end - col, buf_view(&text), style, app_search(v->app));
    buf_release(&text);
}

static void draw(struct view *v, struct canvas *c, struct rect area)
{
    struct state *s = v->state;
    const struct model *m = v->model;
    struct rect rows = {area.row + 1, area.col, area.rows - 1, area.cols};
    struct value_columns columns = {.r = v->r,
                                    .has_base = v->has_base,
                                    .titles = {&value_flat, &value_cum},
                                    .first = s->by_flat ? 0 : 1,
                                    .whole = m->whole,
                                    .value = m->value};
    int taken = value_columns_fit(&columns, area.cols);
    struct rect text = {0, area.col + taken, 1, area.cols - taken};
    canvas_fill(c, (struct rect){area.row, area.col, 1, area.cols}, STYLE(ROLE_HEADER));
    value_columns_heads(&columns, c, area.row, area.col);
    canvas_right(c, area.row, text.col, NUMBER_COLUMNS, (struct str){"line", 4},
                 STYLE(ROLE_HEADER));
    canvas_puts(c, area.row, text.col + NUMBER_COLUMNS + 1, text.cols - NUMBER_COLUMNS - 1,
                m->function, STYLE(ROLE_HEADER));
    struct list *list = &s->hot.list;
    hot_list_fit(&s->hot, m->rows->count, rows);
    for (size_t i = list->top; i < list_end(list); i++) {
        int row = rows.row + (int)(i - list->top);
        const struct source_row *r = row_at(v, i);
        bool chosen = i == list->chosen;
        struct rect at = text;
        if (chosen)
            canvas_fill(c, (struct rect){row, area.col, 1, area.cols}, STYLE(ROLE_CHOSEN));
        if (r->kind == SOURCE_PROBLEM || r->kind == SOURCE_NOTE)
            at = (struct rect){0, area.col + 2, 1, area.cols - 2};
        else
            value_columns_row(&columns, c, row, area.col,
                              (struct calltree_value[VALUE_WEIGHTS]){r->flat, r->cum}, 0, chosen);
        draw_text(v, c, row, at, r, chosen);
    }
}

static void status(const struct view *v, struct buf *out)
{
    struct hot_rows hot = hot_rows(v);
    hot_list_status(&((const struct state *)v->state)->hot, &hot, "line", out);
}

/* --- keys and mouse */

static void come_back(struct view *v)
{
    struct state *s = v->state;
    if (!s->back_count)
        return;
    char *name = s->back[--s->back_count];
    app_choose(v->app, (struct str){name, strlen(name)});
    free(name);
}

/* To the instructions of a line, or to the source of what was inlined into it. */
static void enter(struct view *v)
{
    struct state *s = v->state;
    const struct model *m = v->model;
    if (s->hot.list.chosen >= m->rows->count)
        return;
    const struct source_row *r = row_at(v, s->hot.list.chosen);
    if (r->kind == SOURCE_INLINED) {
        if (s->back_count == MOST_STEPS_BACK) {
            free(s->back[0]);
            memmove(s->back, s->back + 1, --s->back_count * sizeof *s->back);
        }
        s->back[s->back_count++] = xstrdup(m->chosen);
        s->line = r->number;
        s->is_pending = r->number != 0;
        app_choose(v->app, r->text);
    } else if (r->kind == SOURCE_LINE) {
        int64_t line = r->number;
        app_show(v->app, VIEW_ASSEMBLY);
        assembly_go(app_view(v->app), line);
    }
}

static bool act(struct view *v, enum action action)
{
    struct state *s = v->state;
    struct hot_rows hot = hot_rows(v);
    switch (action) {
    case ACTION_SORT:
    case ACTION_REVERSE_SORT:
        s->by_flat = !s->by_flat;
        return true;
    case ACTION_ENTER:
        enter(v);
        return true;
    case ACTION_BACKSPACE:
        come_back(v);
        return true;
    default:
        if (!hot_list_act(&s->hot, &hot, action, app_search(v->app)))
            return false;
        moved(v);
        return true;
    }
}

static bool mouse(struct view *v, const struct mouse *m)
{
    struct state *s = v->state;
    if (!list_mouse(&s->hot.list, m))
        return false;
    moved(v);
    return true;
}

static struct str chosen(const struct view *v)
{
    const struct model *m = v->model;
    return (struct str){m->chosen, strlen(m->chosen)};
}

static size_t item_count(const struct view *v)
{
    return ((const struct model *)v->model)->rows->count;
}

static struct str item_text(const struct view *v, size_t item)
{
    return row_at(v, item)->text;
}

static size_t item_current(const struct view *v)
{
    return ((const struct state *)v->state)->hot.list.chosen;
}

static void item_go(struct view *v, size_t item)
{
    list_choose(&((struct state *)v->state)->hot.list, item);
    moved(v);
}

const struct view_ops view_source = {
    .id = VIEW_SOURCE,
    .title = "Source",
    .explanation = "the lines of the chosen function with what was spent on them, the hottest one "
                   "first; below a line what was inlined into it. Enter goes to its instructions.",
    .state_size = sizeof(struct state),
    .aggregation = COMMAND_FORCES_LINES,
    .rebuilds_on_choice = true,
    .build = build,
    .free_model = free_model,
    .release = release,
    .shown = shown,
    .draw = draw,
    .act = act,
    .mouse = mouse,
    .chosen = chosen,
    .status = status,
    .item_count = item_count,
    .item_text = item_text,
    .item_current = item_current,
    .item_go = item_go,
};
