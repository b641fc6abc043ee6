#include "tui/view_info.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/num.h"
#include "analyzer/base/units.h"
#include "analyzer/cli/commands.h"
#include "analyzer/report/info.h"
#include "tui/app.h"
#include "tui/list.h"
#include "tui/sides.h"
#include "tui/wrap.h"

#include <stdlib.h>
#include <string.h>

enum { LABEL_COLUMNS = 16, GAP = 2 };

/* A line on the screen: a row of the info, or the rest of a long one. */
struct piece {
    size_t row;
    struct str text;
    bool is_first;
};

struct state {
    struct list list;
    struct piece *pieces;
    size_t count, cap;
    const void *model; /* they are of, */
    int columns;       /* in so many columns */
};

/* --- building */

static void add_sources(struct info *i, const struct source_spec *source)
{
    const struct string_list *bases = source->base.count ? &source->base : &source->diff_base;
    info_add_section(i, "Sources");
    for (size_t k = 0; k < source->sources.count; k++) {
        const char *name = source->sources.items[k];
        info_add(i, "profile", (struct str){name, strlen(name)});
    }
    for (size_t k = 0; k < bases->count; k++)
        info_add(i, "compared with", (struct str){bases->items[k], strlen(bases->items[k])});
}

/* What is shown of what there is, after which filters. */
static void add_filters(struct info *i, const struct report *r, const struct report *new)
{
    struct buf b = {0};
    int64_t kept = 0;
    for (size_t k = 0; k < new->p->sample_count; k++)
        kept += magnitude64(new->p->values[new->value][k]);
    info_add_section(i, "Filters, in this order");
    for (size_t k = 0; k < r->filters.count; k++) {
        buf_clear(&b);
        buf_printf(&b, "%zu", k + 1);
        info_add(i, b.data, lines_get(&r->filters, k));
    }
    if (!r->filters.count)
        info_add(i, "", (struct str){"none: this is the whole profile", 31});
    buf_clear(&b);
    report_value(&b, r, kept);
    buf_puts(&b, " of ");
    report_value(&b, r, r->total);
    struct buf share = {0};
    units_percentage(&share, kept, r->total);
    buf_printf(&b, " (%s)", share.data + strspn(share.data, " "));
    if (r->filters.count)
        info_add(i, "left by them", buf_view(&b));
    buf_release(&share);
    buf_release(&b);
}

/* REMARKS: lines of text. */
static void add_remarks(struct info *i, const char *remarks)
{
    if (!*remarks)
        return;
    info_add_section(i, "What was lost or remarked on when it was read");
    while (*remarks) {
        size_t len = strcspn(remarks, "\n");
        info_add(i, "", (struct str){remarks, len});
        remarks += len + (remarks[len] != '\0');
    }
}

static void *ask(const struct view *v)
{
    const struct lines *remarks = app_remarks(v->app);
    struct buf b = {0};
    buf_puts(&b, "");
    for (size_t i = 0; i < remarks->count; i++)
        buf_printf(&b, "%s\n", remarks->items[i]);
    return buf_detach(&b);
}

static void *build(const struct view_request *request, struct error *err)
{
    struct sides sides;
    struct info *i = NULL;
    if (sides_init(&sides, request, err) == 0) {
        i = xcalloc(1, sizeof *i);
        info_init(i);
        add_sources(i, &request->cfg->source);
        info_add_measurement(i, sides.new, sides.old);
        add_filters(i, request->r, sides.new);
        add_remarks(i, request->asked);
        info_add_contents(i, request->r);
    }
    sides_release(&sides);
    return i;
}

static void free_model(void *model)
{
    info_release(model);
    free(model);
}

/* --- lines on the screen */

static void add_piece(struct state *s, struct piece piece)
{
    s->pieces = xgrow(s->pieces, &s->cap, s->count + 1, sizeof *s->pieces);
    s->pieces[s->count++] = piece;
}

/* Cuts long texts into lines of COLUMNS, unless that has been done. */
static void cut(struct view *v, int columns)
{
    struct state *s = v->state;
    const struct info *info = v->model;
    if (s->model == info && s->columns == columns)
        return;
    s->model = info;
    s->columns = columns;
    s->count = 0;
    for (size_t i = 0; i < info->count; i++) {
        struct str rest = info->rows[i].text;
        if (info->rows[i].kind == INFO_SECTION && i)
            add_piece(s, (struct piece){.row = i});
        bool is_first = true;
        do {
            struct str line = wrap_next(&rest, columns - LABEL_COLUMNS - GAP);
            add_piece(s, (struct piece){i, line, is_first});
            is_first = false;
        } while (rest.len);
    }
}

static void release(struct view *v)
{
    free(((struct state *)v->state)->pieces);
}

static void shown(struct view *v)
{
    struct state *s = v->state;
    s->model = NULL; /* a new model may be where an old one was */
    if (s->columns)
        cut(v, s->columns);
}

static void draw(struct view *v, struct canvas *c, struct rect area)
{
    struct state *s = v->state;
    const struct info *info = v->model;
    cut(v, area.cols);
    list_fit(&s->list, s->count, area);
    for (size_t i = s->list.top; i < list_end(&s->list); i++) {
        int row = area.row + (int)(i - s->list.top);
        const struct piece *piece = &s->pieces[i];
        const struct info_row *r = &info->rows[piece->row];
        bool chosen = i == s->list.chosen;
        struct style label = STYLE(chosen ? ROLE_CHOSEN : ROLE_DIM);
        if (chosen)
            canvas_fill(c, (struct rect){row, area.col, 1, area.cols}, STYLE(ROLE_CHOSEN));
        if (piece->is_first && r->kind == INFO_SECTION) {
            label =
                (struct style){.role = chosen ? ROLE_CHOSEN : ROLE_PLAIN, .attributes = STYLE_BOLD};
            canvas_put_found(c, row, area.col, area.cols, r->label, label, app_search(v->app));
        } else if (piece->is_first) {
            canvas_right(c, row, area.col, LABEL_COLUMNS, r->label, label);
        }
        canvas_put_found(c, row, area.col + LABEL_COLUMNS + GAP, area.cols - LABEL_COLUMNS - GAP,
                         piece->text, STYLE(chosen ? ROLE_CHOSEN : ROLE_PLAIN), app_search(v->app));
    }
}

static void status(const struct view *v, struct buf *out)
{
    const struct state *s = v->state;
    if (s->count)
        buf_printf(out, "%zu of %zu", s->list.chosen + 1, s->count);
}

static bool act(struct view *v, enum action action)
{
    return list_act(&((struct state *)v->state)->list, action);
}

static bool mouse(struct view *v, const struct mouse *m)
{
    return list_mouse(&((struct state *)v->state)->list, m);
}

static size_t item_count(const struct view *v)
{
    return ((const struct state *)v->state)->count;
}

static struct str item_text(const struct view *v, size_t item)
{
    const struct state *s = v->state;
    const struct info *info = v->model;
    const struct info_row *r = &info->rows[s->pieces[item].row];
    return r->kind == INFO_SECTION && s->pieces[item].is_first ? r->label : s->pieces[item].text;
}

static size_t item_current(const struct view *v)
{
    return ((const struct state *)v->state)->list.chosen;
}

static void item_go(struct view *v, size_t item)
{
    list_choose(&((struct state *)v->state)->list, item);
}

const struct view_ops view_info = {
    .id = VIEW_INFO,
    .title = "Info",
    .explanation = "what was measured when, in which binaries, which of them have names, and how "
                   "what is shown was filtered.",
    .state_size = sizeof(struct state),
    .aggregation = COMMAND_FORCES_ADDRESSES,
    .ask = ask,
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
