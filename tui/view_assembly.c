#include "tui/view_assembly.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/path.h"
#include "analyzer/binary/find.h"
#include "analyzer/cli/commands.h"
#include "analyzer/report/hosts.h"
#include "analyzer/transform/aggregate.h"
#include "tui/app.h"
#include "tui/assembly_rows.h"
#include "tui/code_model.h"
#include "tui/hot_list.h"
#include "tui/sides.h"
#include "tui/value_columns.h"
#include "tui/view_source.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_ADDRESS = 6, MOST_ADDRESS = 16 };

struct model {
    struct assembly_rows *rows;
    char *chosen, *function;
    char *symbols; /* a regular expression for what has its instructions */
    int64_t whole; /* what the function took */
    int value;     /* columns of the widest value */
    int address;   /* and of an address */
};

struct state {
    struct hot_list hot;
    char *function;   /* of the model before */
    uint64_t address; /* one is on */
    int64_t line;     /* to go to when the next model is there; 0: nowhere */
    bool by_flat;
};

/* --- building */

/* The functions whose code that of FUNCTION is in: itself, or those it was inlined into. */
static void add_symbols(struct buf *pattern, const struct profile *p, struct regex *function)
{
    size_t count;
    strid *hosts = hosts_find(p, function, &count);
    for (size_t i = 0; i < count; i++) {
        buf_puts(pattern, i ? "|" : "");
        step_quote(pattern, profile_str(p, hosts[i]));
    }
    if (!count)
        buf_puts(pattern, regex_text(function));
    free(hosts);
}

/* *SYMBOLS gets the regular expression for what is shown, which the caller frees. */
static struct assembly_rows *make_rows(const struct view_request *request, const char *name,
                                       char **symbols, struct error *err)
{
    struct sides sides = {0};
    struct buf pattern = {0}, path = {0};
    struct assembly_rows *rows = NULL;
    binary_search_path(&path);
    struct codefiles_spec code = {
        .syntax = request->cfg->output.intel_syntax ? DISASM_INTEL : DISASM_ATT,
        .search_path = path.data,
    };
    struct assembly_question question = {.code = &code};
    step_quote(&pattern, (struct str){name, strlen(name)});
    question.function = regex_compile(pattern.data, "function", err);
    if (question.function) {
        buf_clear(&pattern);
        add_symbols(&pattern, request->p, question.function);
        question.symbols = regex_compile(pattern.data, "function", err);
    }
    if (question.symbols) {
        /* Instructions belong to the function that was not inlined. */
        aggregate_apply(request->p, &(struct aggregate_spec){.granularity = GRANULARITY_ADDRESSES,
                                                             .noinlines = true});
        if (sides_init(&sides, request, err) == 0)
            rows = assembly_rows_new(sides.new, sides.old, &question, err);
    }
    sides_release(&sides);
    regex_free(question.function);
    regex_free(question.symbols);
    *symbols = buf_detach(&pattern);
    buf_release(&path);
    return rows;
}

static void measure(struct model *m, const struct report *r)
{
    struct calltree_value most = {0};
    uint64_t highest = 0;
    for (size_t i = 0; i < m->rows->count; i++) {
        const struct assembly_row_shown *row = &m->rows->rows[i];
        if (calltree_weight(row->cum) > calltree_weight(most))
            most = row->cum;
        if (calltree_weight(row->flat) > calltree_weight(most))
            most = row->flat;
        highest = row->address > highest ? row->address : highest;
    }
    m->whole = most.new > most.old ? most.new : most.old;
    m->value = value_columns_width(r, most);
    for (m->address = LEAST_ADDRESS; m->address < MOST_ADDRESS && highest >> 4 * m->address;)
        m->address++;
}

static void *build(const struct view_request *request, struct error *err)
{
    struct buf name = {0};
    struct assembly_rows *rows = NULL;
    char *symbols = NULL;
    if (code_function(&name, request, err) == 0)
        rows = make_rows(request, name.data, &symbols, err);
    if (!rows) {
        buf_release(&name);
        free(symbols);
        return NULL;
    }
    struct model *m = xcalloc(1, sizeof *m);
    m->rows = rows;
    m->symbols = symbols;
    m->function = buf_detach(&name);
    m->chosen = request->chosen.len ? xstrndup(request->chosen.ptr, request->chosen.len)
                                    : xstrdup(m->function);
    measure(m, request->r);
    return m;
}

static void free_model(void *model)
{
    struct model *m = model;
    assembly_rows_free(m->rows);
    free(m->chosen);
    free(m->function);
    free(m->symbols);
    free(m);
}

/* --- where one is */

static void release(struct view *v)
{
    free(((struct state *)v->state)->function);
}

static const struct assembly_rows *rows_of(const struct view *v)
{
    return ((const struct model *)v->model)->rows;
}

static struct hot_rows hot_rows(const struct view *v)
{
    const struct assembly_rows *rows = rows_of(v);
    return (struct hot_rows){rows->hottest, rows->hottest_count, rows->count};
}

static size_t row_of_address(const struct assembly_rows *rows, uint64_t address)
{
    size_t i = 0;
    while (i < rows->count &&
           (rows->rows[i].kind != ASSEMBLY_INSTRUCTION || rows->rows[i].address != address))
        i++;
    return i;
}

static void shown(struct view *v)
{
    struct state *s = v->state;
    const struct model *m = v->model;
    struct hot_rows hot = hot_rows(v);
    bool is_same = s->function && strcmp(s->function, m->function) == 0;
    hot_list_hottest(&s->hot, &hot);
    if (is_same)
        hot_list_go(&s->hot, &hot, row_of_address(m->rows, s->address));
    if (s->line)
        hot_list_go(&s->hot, &hot, assembly_rows_find(m->rows, s->line));
    s->line = 0;
    free(s->function);
    s->function = xstrdup(m->function);
}

void assembly_go(struct view *v, int64_t line)
{
    struct state *s = v->state;
    s->line = line;
    if (!v->model)
        return;
    struct hot_rows hot = hot_rows(v);
    hot_list_go(&s->hot, &hot, assembly_rows_find(rows_of(v), line));
}

const char *assembly_symbols(const struct view *v)
{
    const struct model *m = v->model;
    return m ? m->symbols : NULL;
}

/* Keeps in mind where one is, for models to come. */
static void moved(struct view *v)
{
    struct state *s = v->state;
    size_t at = s->hot.list.chosen;
    s->line = 0;
    if (at < rows_of(v)->count)
        s->address = rows_of(v)->rows[at].address;
}

/* --- drawing */

/* "sum > wave waves.c:11", of the functions that the innermost one was inlined into. */
static void add_place(struct buf *out, const struct canvas *c, const struct assembly_rows *rows,
                      const struct assembly_row_shown *row)
{
    for (uint32_t i = row->call_count; i-- > 0 && row->call_count > 1;) {
        buf_str(out, rows->calls[row->first_call + i].function);
        buf_printf(out, " %s", i ? glyph_text(c, GLYPH_ARROW) : "");
        buf_puts(out, i ? " " : "");
    }
    if (row->call_count) {
        const struct assembly_call *call = &rows->calls[row->first_call];
        buf_str(out, path_base(call->file));
        buf_printf(out, ":%" PRId64 "  ", call->line);
    }
}

static void draw_text(const struct view *v, struct canvas *c, int row, struct rect at,
                      const struct assembly_row_shown *r, bool chosen)
{
    static const struct style styles[] = {
        [ASSEMBLY_SYMBOL] = {.role = ROLE_PLAIN, .attributes = STYLE_BOLD},
        [ASSEMBLY_PROBLEM] = {.role = ROLE_ERROR},
        [ASSEMBLY_SOURCE] = {.role = ROLE_DIM},
        [ASSEMBLY_INSTRUCTION] = {.role = ROLE_PLAIN},
        [ASSEMBLY_NOTE] = {.role = ROLE_DIM},
    };
    const struct model *m = v->model;
    struct buf text = {0};
    struct style style = styles[r->kind];
    int col = at.col, end = at.col + at.cols;
    if (chosen)
        style.role = ROLE_CHOSEN;
    if (r->kind == ASSEMBLY_INSTRUCTION) {
        canvas_printf(c, row, col, m->address, STYLE(chosen ? ROLE_CHOSEN : ROLE_DIM), "%*" PRIx64,
                      m->address, r->address);
        col += m->address + 2;
    } else if (r->kind == ASSEMBLY_SOURCE) {
        add_place(&text, c, m->rows, r);
    }
    buf_str(&text, r->text);
    if (col < end)
        canvas_put_found(c, row, col, end - col, buf_view(&text), style, app_search(v->app));
    buf_release(&text);
}

static void draw(struct view *v, struct canvas *c, struct rect area)
{
    struct state *s = v->state;
    const struct model *m = v->model;
    struct list *list = &s->hot.list;
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
    canvas_puts(c, area.row, text.col, text.cols, m->function, STYLE(ROLE_HEADER));
    hot_list_fit(&s->hot, m->rows->count, rows);
    for (size_t i = list->top; i < list_end(list); i++) {
        int row = rows.row + (int)(i - list->top);
        const struct assembly_row_shown *r = &m->rows->rows[i];
        bool chosen = i == list->chosen;
        if (chosen)
            canvas_fill(c, (struct rect){row, area.col, 1, area.cols}, STYLE(ROLE_CHOSEN));
        value_columns_row(&columns, c, row, area.col,
                          (struct calltree_value[VALUE_WEIGHTS]){r->flat, r->cum}, 0, chosen);
        draw_text(v, c, row, r->kind == ASSEMBLY_PROBLEM ? area : text, r, chosen);
    }
}

static void status(const struct view *v, struct buf *out)
{
    struct hot_rows hot = hot_rows(v);
    hot_list_status(&((const struct state *)v->state)->hot, &hot, "instruction", out);
}

/* --- keys and mouse */

/* To the source line: of this function, or of the one that was inlined here. */
static void enter(struct view *v)
{
    const struct state *s = v->state;
    size_t at = s->hot.list.chosen;
    const struct assembly_call *place =
        at < rows_of(v)->count ? assembly_rows_place(rows_of(v), at) : NULL;
    if (!place) {
        app_say(v->app, "where this comes from is not known");
        return;
    }
    struct app *a = v->app;
    char *function = xstrndup(place->function.ptr, place->function.len);
    int64_t line = place->line;
    bool is_other = !place->asked && *function;
    app_show(a, VIEW_SOURCE);
    if (is_other)
        app_choose(a, (struct str){function, strlen(function)});
    source_go(app_view(a), line);
    free(function);
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
    return rows_of(v)->count;
}

static struct str item_text(const struct view *v, size_t item)
{
    return rows_of(v)->rows[item].text;
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

const struct view_ops view_assembly = {
    .id = VIEW_ASSEMBLY,
    .title = "Assembly",
    .explanation =
        "the instructions of the chosen function with what was spent on them, below the source "
        "lines they come from. Enter goes to the line.",
    .state_size = sizeof(struct state),
    .aggregation = COMMAND_FORCES_ADDRESSES | COMMAND_FORCES_INLINES,
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
