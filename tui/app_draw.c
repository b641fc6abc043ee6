#include "tui/amounts.h"
#include "tui/app_state.h"
#include "tui/wrap.h"

#include "analyzer/base/utf8.h"
#include "analyzer/cli/pipeline.h"

#include <string.h>

enum {
    LEAST_ROWS = 24,
    LEAST_COLS = 80,
    MOST_SAID = 8, /* rows of a long sentence */
    CRUMB_GAP = 2,
    LEAST_NAME = 8, /* columns of a source's name that still tell something */
};

/* --- the title line: the views */

/* Source and assembly share a key and a tab. */
static bool has_tab(const struct app *a, enum view_id id)
{
    enum view_id code = a->current == VIEW_ASSEMBLY ? VIEW_ASSEMBLY : VIEW_SOURCE;
    return views[id] && ((id != VIEW_SOURCE && id != VIEW_ASSEMBLY) || id == code);
}

static enum action tab_action(enum view_id id)
{
    return ACTION_VIEW_TOP + (id == VIEW_ASSEMBLY ? VIEW_SOURCE : id);
}

static void tab_text(enum view_id id, struct buf *out)
{
    size_t i = 0;
    while (key_table[i].action != tab_action(id))
        i++;
    buf_clear(out);
    buf_putc(out, ' ');
    key_add_name(out, key_table[i].key);
    buf_printf(out, " %s ", views[id]->title);
}

static void draw_tabs(struct app *a)
{
    struct buf text = {0};
    int col = 0;
    canvas_fill(&a->canvas, (struct rect){0, 0, 1, a->canvas.cols}, STYLE(ROLE_BAR));
    for (enum view_id id = 0; id < VIEW_COUNT; id++) {
        if (!has_tab(a, id))
            continue;
        tab_text(id, &text);
        col += canvas_put(&a->canvas, 0, col, a->canvas.cols - col, buf_view(&text),
                          STYLE(id == a->current ? ROLE_TAB : ROLE_BAR));
    }
    buf_release(&text);
}

int app_tab_at(const struct app *a, int col)
{
    struct buf text = {0};
    int found = -1;
    for (enum view_id id = 0; id < VIEW_COUNT && found < 0; id++) {
        if (!has_tab(a, id))
            continue;
        tab_text(id, &text);
        int columns = text_columns(buf_view(&text));
        if (col < columns)
            found = (int)id;
        col -= columns;
    }
    buf_release(&text);
    return found;
}

static void add_sources(struct buf *out, const struct source_spec *source)
{
    const struct string_list *bases = source->base.count ? &source->base : &source->diff_base;
    const char *name = source->sources.items[0], *slash = strrchr(name, '/');
    buf_puts(out, slash && slash[1] ? slash + 1 : name);
    if (source->sources.count > 1)
        buf_printf(out, " +%zu", source->sources.count - 1);
    if (bases->count) {
        slash = strrchr(bases->items[0], '/');
        buf_printf(out, " against %s", slash && slash[1] ? slash + 1 : bases->items[0]);
    }
}

/* --- the breadcrumbs: what is shown, what was done to it, and what it is of */

static const char *const granularities[] = {"functions", "filefunctions", "files", "lines",
                                            "addresses"};

/* Those of the command line come before the steps. False if there are none. */
static bool add_filters(const struct app *a, struct buf *out, const char *between)
{
    struct report named = {0};
    pipeline_note_filters(&named, &a->cfg);
    for (size_t i = 0; i < named.filters.count; i++) {
        buf_puts(out, between);
        buf_str(out, lines_get(&named.filters, i));
    }
    bool is_filtered = named.filters.count || a->steps.count;
    report_release(&named);
    buf_puts(out, a->steps.count ? between : "");
    steps_show(out, &a->steps, between);
    return is_filtered;
}

/* S into ROW; of one that is too long its end, where the last steps are. */
static void put_end(struct canvas *c, int row, struct str s, struct style style)
{
    bool cut = text_columns(s) > c->cols;
    while (cut && s.len && text_columns(s) >= c->cols) {
        size_t n = utf8_length(s.ptr, s.len);
        n = n ? n : 1;
        s = (struct str){s.ptr + n, s.len - n};
    }
    if (cut)
        canvas_glyph(c, row, 0, GLYPH_ELLIPSIS, style);
    canvas_put(c, row, cut, c->cols - cut, s, style);
}

static void add_total(struct buf *out, const struct view *v)
{
    const struct report *r = v->r;
    struct calltree_value sides = {.old = r->total_below, .new = r->total_above};
    buf_str(out, buf_view(&r->type));
    buf_puts(out, " total ");
    if (!v->has_base || r->divisor >= 0) {
        report_value(out, r, r->total);
        return;
    }
    amount_value(out, r, sides.old);
    buf_puts(out, " to ");
    amount_value(out, r, sides.new);
    buf_puts(out, ", ");
    amount_growth(out, sides);
}

/* The view that is shown or, where that could not be made, another one of the same profile; NULL if
 * there is none. */
static const struct view *view_with_total(const struct app *a)
{
    const struct shown_view *s = &a->views[a->current];
    for (size_t i = 0; !s->view.r && i < VIEW_COUNT; i++)
        if (a->views[i].view.r && a->views[i].version == a->version)
            s = &a->views[i];
    return s->view.r ? &s->view : NULL;
}

/* In what the steps leave of the line. */
static void draw_sources(struct app *a, int from)
{
    struct buf text = {0};
    int room = a->canvas.cols - 1 - from;
    add_sources(&text, &a->cfg.source);
    if (room >= LEAST_NAME)
        canvas_right(&a->canvas, 1, from, room, buf_view(&text), STYLE(ROLE_DIM));
    buf_release(&text);
}

static void draw_crumbs(struct app *a)
{
    const struct view *v = view_with_total(a);
    struct buf text = {0}, between = {0};
    buf_printf(&between, " %s ", glyph_text(&a->canvas, GLYPH_ARROW));
    if (v)
        add_total(&text, v);
    if (a->cfg.aggregate.granularity != GRANULARITY_FUNCTIONS)
        buf_printf(&text, "%sby %s", v ? ", " : "", granularities[a->cfg.aggregate.granularity]);
    bool is_filtered = add_filters(a, &text, between.data);
    if (a->steps.count < a->steps.stored)
        buf_printf(&text, "  (%zu undone)", a->steps.stored - a->steps.count);
    put_end(&a->canvas, 1, buf_view(&text), STYLE(is_filtered ? ROLE_PLAIN : ROLE_DIM));
    draw_sources(a, text_columns(buf_view(&text)) + CRUMB_GAP);
    buf_release(&text);
    buf_release(&between);
}

/* --- the last line: a prompt, a sentence, or the keys */

static void add_work(const struct app *a, struct buf *out)
{
    const struct work *w = app_work(a);
    const char *what = atomic_load(&w->what);
    uint64_t done = atomic_load(&w->done), total = atomic_load(&w->total);
    buf_puts(out, what ? what : a->task && !a->loading ? a->task_what : "working");
    buf_puts(out, a->canvas.ascii ? "..." : "…");
    if (total)
        buf_printf(out, " %d %%", (int)(100 * (double)done / (double)total));
    buf_puts(out, ", Esc cancels");
}

static bool is_worth_mentioning(const struct app *a)
{
    return app_is_busy(a) && app_milliseconds() - a->busy_since >= APP_PATIENCE;
}

/* The keys of this view before those of all. */
static int draw_hints_of(struct app *a, int row, int col, int limit, bool own)
{
    struct buf key = {0};
    for (size_t i = 0; i < key_count; i++) {
        const struct key_row *k = &key_table[i];
        if (!k->hint || !(k->views & IN_VIEW(a->current)) || (k->views == IN_ALL_VIEWS) == own)
            continue;
        buf_clear(&key);
        key_add_name(&key, k->key);
        int need = text_columns(buf_view(&key)) + 1 + (int)strlen(k->hint) + 2;
        if (col + need > limit)
            break;
        struct style bold = {.role = ROLE_BAR, .attributes = STYLE_BOLD};
        col += canvas_put(&a->canvas, row, col, limit - col, buf_view(&key), bold) + 1;
        col += canvas_puts(&a->canvas, row, col, limit - col, k->hint, STYLE(ROLE_BAR)) + 2;
    }
    buf_release(&key);
    return col;
}

/* In ROW up to LIMIT; a sentence that is too long for that covers what it needs of the rows above.
 */
static void draw_message(struct app *a, int row, int limit)
{
    struct style style = STYLE(a->message_is_error ? ROLE_ERROR : ROLE_BAR);
    struct str lines[MOST_SAID], rest = buf_view(&a->message);
    int count = 0;
    if (text_columns(rest) <= limit - 1) {
        canvas_put(&a->canvas, row, 1, limit - 1, rest, style);
        return;
    }
    while (rest.len && count < MOST_SAID)
        lines[count++] = wrap_next(&rest, a->canvas.cols - 2);
    canvas_fill(&a->canvas, (struct rect){row - count + 1, 0, count, a->canvas.cols},
                STYLE(ROLE_BAR));
    for (int i = 0; i < count; i++)
        canvas_put(&a->canvas, row - count + 1 + i, 1, a->canvas.cols - 2, lines[i], style);
}

static void draw_status(struct app *a, int row)
{
    struct view *v = &a->views[a->current].view;
    struct buf right = {0}, left = {0};
    int cols = a->canvas.cols;
    canvas_fill(&a->canvas, (struct rect){row, 0, 1, cols}, STYLE(ROLE_BAR));
    if (v->ops->status && v->model && !a->pager.title)
        v->ops->status(v, &right);
    int width = right.len ? text_columns(buf_view(&right)) + 1 : 0;
    if (width)
        canvas_right(&a->canvas, row, cols / 2, cols - cols / 2 - 1, buf_view(&right),
                     STYLE(ROLE_BAR));
    int limit = cols - width - 1;
    if (is_worth_mentioning(a)) {
        add_work(a, &left);
        canvas_put(&a->canvas, row, 1, limit - 1, buf_view(&left), STYLE(ROLE_BAR));
    } else if (a->message.len) {
        draw_message(a, row, limit);
    } else if (a->pager.title) {
        canvas_puts(&a->canvas, row, 1, limit - 1, "q closes   / searches", STYLE(ROLE_BAR));
    } else {
        int col = draw_hints_of(a, row, 1, limit, true);
        draw_hints_of(a, row, col, limit, false);
    }
    buf_release(&right);
    buf_release(&left);
}

static void draw_prompt(struct app *a, int row)
{
    const struct lines *choices = &a->prompt.choices;
    prompt_draw(&a->prompt, &a->canvas, row);
    int col = 0;
    if (choices->count > 1)
        canvas_fill(&a->canvas, (struct rect){row - 1, 0, 1, a->canvas.cols}, STYLE(ROLE_BAR));
    for (size_t i = 0; choices->count > 1 && i < choices->count && col < a->canvas.cols; i++)
        col += 2 + canvas_put(&a->canvas, row - 1, col, a->canvas.cols - col, lines_get(choices, i),
                              STYLE(ROLE_BAR));
}

/* --- the whole */

static void draw_failure(struct app *a, struct rect area, const char *text)
{
    struct str rest = {text, strlen(text)};
    for (int row = area.row + 1; rest.len && row < area.row + area.rows; row++)
        canvas_put(&a->canvas, row, 2, area.cols - 4, wrap_next(&rest, area.cols - 4),
                   STYLE(ROLE_ERROR));
}

static void draw_middle(struct app *a)
{
    struct shown_view *s = &a->views[a->current];
    struct rect area = a->view_area;
    if (a->pager.title)
        pager_draw(&a->pager, &a->canvas, area, a->search);
    else if (s->view.model)
        s->view.ops->draw(&s->view, &a->canvas, area);
    else if (s->failed.kind != ERROR_NONE)
        draw_failure(a, area, s->failed.text);
}

static void draw_loading(struct app *a)
{
    struct buf text = {0};
    const struct work *w = &a->loading->work;
    int row = a->canvas.rows / 2, cols = a->canvas.cols;
    buf_puts(&text, "cpprof: ");
    add_sources(&text, &a->cfg.source);
    canvas_put(&a->canvas, row - 2, 4, cols - 8, buf_view(&text), STYLE(ROLE_PLAIN));
    buf_clear(&text);
    add_work(a, &text);
    canvas_put(&a->canvas, row - 1, 4, cols - 8, buf_view(&text), STYLE(ROLE_DIM));
    uint64_t done = atomic_load(&w->done), total = atomic_load(&w->total);
    if (total)
        canvas_bar(&a->canvas, row, 4, cols - 8, (double)done / (double)total, STYLE(ROLE_KEY));
    buf_release(&text);
}

void app_draw(struct app *a)
{
    int rows = a->canvas.rows, cols = a->canvas.cols;
    canvas_clear(&a->canvas);
    if (rows < LEAST_ROWS || cols < LEAST_COLS) {
        canvas_printf(&a->canvas, 0, 0, cols, STYLE(ROLE_PLAIN),
                      "%d x %d is too small: cpprof needs %d x %d", cols, rows, LEAST_COLS,
                      LEAST_ROWS);
    } else if (a->phase == PHASE_LOADING) {
        if (a->loading && is_worth_mentioning(a))
            draw_loading(a);
    } else {
        a->view_area = (struct rect){2, 0, rows - 3, cols};
        draw_tabs(a);
        draw_crumbs(a);
        draw_middle(a);
        draw_status(a, rows - 1);
        if (a->has_prompt)
            draw_prompt(a, rows - 1);
    }
    screen_show(a->screen, &a->canvas);
}
