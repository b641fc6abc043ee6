#include "tui/flame_pane.h"

#include "analyzer/base/alloc.h"
#include "analyzer/render/hue.h"
#include "analyzer/render/shorten.h"
#include "tui/cell_paths.h"
#include "tui/name_fit.h"
#include "tui/search.h"

#include <math.h>
#include <stdlib.h>

enum {
    DEFAULT_COLS = 80,
    LEAST_LABEL_COLS = 4,
    LEAST_COUNT_COLS = 6,
    LEAST_GROWTH_COLS = 14,
    PAGE_LEVELS = 10,
    WHEEL_LEVELS = 3
};

uint8_t *flame_hues_new(const struct nodes *nodes, const struct calltree *t)
{
    uint8_t *hues = xcalloc(nodes->count + 1, sizeof *hues);
    bool *done = xcalloc(nodes->count + 1, sizeof *done);
    struct str *libraries = nodes_libraries(nodes);
    for (size_t i = 0; i < t->count; i++) {
        uint32_t node = t->cells[i].node;
        if (node == NO_INDEX || done[node])
            continue;
        done[node] = true;
        hues[node] = (uint8_t)hue_of(nodes->names[node], libraries[node]);
    }
    free(libraries);
    free(done);
    return hues;
}

/* --- the layout, made when it is needed */

static const struct calltree_cell *cell_of(const struct flame_pane *p, uint32_t cell)
{
    return &p->source.tree->cells[cell];
}

static const struct flame_layout *layout_of(struct flame_pane *p)
{
    int cols = p->area.cols > 0 ? p->area.cols : DEFAULT_COLS;
    if (p->layout_cols != cols || p->layout_zoom != p->zoom) {
        flame_layout_release(&p->layout);
        flame_layout_init(&p->layout, p->source.tree, p->zoom, cols);
        p->layout_cols = cols;
        p->layout_zoom = p->zoom;
    }
    return &p->layout;
}

static void forget_layout(struct flame_pane *p)
{
    flame_layout_release(&p->layout);
    p->layout_cols = 0;
}

static size_t chosen_box(struct flame_pane *p)
{
    return flame_layout_find(layout_of(p), p->source.tree, p->chosen);
}

static uint32_t find_again(const struct flame_pane *p, const uint64_t *paths, uint64_t path)
{
    uint32_t cell = cell_paths_find(paths, p->source.tree->count, path);
    return cell == NO_INDEX ? 0 : cell;
}

void flame_pane_set(struct flame_pane *p, const struct flame_source *source)
{
    uint64_t *before = p->paths;
    p->source = *source;
    p->paths = cell_paths_new(source->tree, source->nodes);
    if (before) {
        p->zoom = find_again(p, p->paths, before[p->zoom]);
        p->chosen = find_again(p, p->paths, before[p->chosen]);
        p->on_several = p->on_several && p->chosen; /* the root is one of a kind */
        size_t kept = 0;
        for (size_t i = 0; i < p->history_count; i++) {
            uint32_t cell = find_again(p, p->paths, before[p->history[i]]);
            if (cell != p->zoom)
                p->history[kept++] = cell;
        }
        p->history_count = kept;
    }
    free(before);
    forget_layout(p);
}

void flame_pane_release(struct flame_pane *p)
{
    free(p->paths);
    free(p->history);
    forget_layout(p);
}

/* --- zooming */

static void zoom_to(struct flame_pane *p, uint32_t cell)
{
    p->history = xgrow(p->history, &p->history_cap, p->history_count + 1, sizeof *p->history);
    p->history[p->history_count++] = p->zoom;
    p->zoom = cell;
}

bool flame_pane_zoom(struct flame_pane *p)
{
    uint32_t cell = p->on_several ? cell_of(p, p->chosen)->parent : p->chosen;
    if (cell == p->zoom)
        return false;
    zoom_to(p, cell);
    return true;
}

bool flame_pane_zoom_back(struct flame_pane *p)
{
    if (!p->history_count)
        return false;
    p->zoom = p->history[--p->history_count];
    return true;
}

bool flame_pane_zoom_reset(struct flame_pane *p)
{
    if (!p->zoom)
        return false;
    zoom_to(p, 0);
    return true;
}

/* --- moving */

static bool is_below(const struct flame_pane *p, uint32_t cell, uint32_t above)
{
    return above <= cell && cell < cell_of(p, above)->end;
}

void flame_pane_go(struct flame_pane *p, uint32_t cell)
{
    if (!is_below(p, cell, p->zoom) && !is_below(p, p->zoom, cell))
        zoom_to(p, 0);
    p->chosen = cell;
    p->on_several = cell_of(p, cell)->merged > 0;
}

static bool go_to_box(struct flame_pane *p, size_t box)
{
    const struct flame_box *b = &p->layout.boxes[box];
    if (p->chosen == b->cell && p->on_several == (b->merged > 0))
        return false;
    p->chosen = b->cell;
    p->on_several = b->merged > 0;
    return true;
}

static bool go_in(struct flame_pane *p)
{
    const struct flame_box *b = &layout_of(p)->boxes[chosen_box(p)];
    if (b->merged || cell_of(p, b->cell)->end == b->cell + 1)
        return false;
    /* Above what is zoomed, its callers lead to it and to nothing else. */
    size_t row = flame_layout_row(&p->layout, chosen_box(p)) + 1;
    if (cell_of(p, p->zoom)->depth >= row)
        return go_to_box(p, row);
    return go_to_box(p, flame_layout_find(&p->layout, p->source.tree, b->cell + 1));
}

static bool go_out(struct flame_pane *p)
{
    uint32_t parent = cell_of(p, layout_of(p)->boxes[chosen_box(p)].cell)->parent;
    if (parent == NO_INDEX)
        return false;
    flame_pane_go(p, parent);
    return true;
}

static bool go_aside(struct flame_pane *p, bool after)
{
    const struct flame_layout *l = layout_of(p);
    size_t box = chosen_box(p), row = flame_layout_row(l, box);
    if (after ? box + 1 == l->rows[row + 1] : box == l->rows[row])
        return false;
    return go_to_box(p, after ? box + 1 : box - 1);
}

static bool repeat(struct flame_pane *p, bool (*go)(struct flame_pane *p), int most)
{
    int count = 0;
    while ((!most || count < most) && go(p))
        count++;
    return count > 0;
}

bool flame_pane_move(struct flame_pane *p, enum flame_move move)
{
    int page = p->area.rows > 1 ? p->area.rows - 1 : PAGE_LEVELS;
    switch (move) {
    case FLAME_IN:
        return go_in(p);
    case FLAME_OUT:
        return go_out(p);
    case FLAME_BEFORE:
        return go_aside(p, false);
    case FLAME_AFTER:
        return go_aside(p, true);
    case FLAME_PAGE_IN:
        return repeat(p, go_in, page);
    case FLAME_PAGE_OUT:
        return repeat(p, go_out, page);
    case FLAME_START:
        return go_to_box(p, flame_layout_find(layout_of(p), p->source.tree, p->zoom));
    case FLAME_END:
        return repeat(p, go_in, 0);
    }
    return false;
}

/* --- what of it is to be seen */

static size_t rows_seen(const struct flame_pane *p)
{
    return p->area.rows > 0 ? (size_t)p->area.rows : 1;
}

static size_t first_level(const struct flame_pane *p)
{
    return p->source.skips_root;
}

static void show_level(struct flame_pane *p, size_t level)
{
    size_t rows = rows_seen(p), count = layout_of(p)->row_count;
    if (level < p->top)
        p->top = level;
    if (level >= p->top + rows)
        p->top = level - rows + 1;
    if (p->top + rows > count)
        p->top = count > rows ? count - rows : 0;
    if (p->top < first_level(p))
        p->top = first_level(p);
}

size_t flame_pane_levels(struct flame_pane *p, int cols)
{
    p->area.cols = cols;
    return layout_of(p)->row_count - first_level(p);
}

/* As lists do it, the cursor comes along as far as it must. */
void flame_pane_scroll(struct flame_pane *p, bool further)
{
    const struct flame_layout *l = layout_of(p);
    size_t rows = rows_seen(p), last = l->row_count > rows ? l->row_count - rows : 0;
    if (further)
        p->top = p->top + WHEEL_LEVELS < last ? p->top + WHEEL_LEVELS : last;
    else
        p->top = p->top > WHEEL_LEVELS + first_level(p) ? p->top - WHEEL_LEVELS : first_level(p);
    while (flame_layout_row(l, chosen_box(p)) >= p->top + rows && go_out(p))
        ;
    while (flame_layout_row(l, chosen_box(p)) < p->top && go_in(p))
        ;
    if (flame_layout_row(l, chosen_box(p)) < p->top)
        go_to_box(p, l->rows[p->top]);
}

static size_t level_at(const struct flame_pane *p, int row)
{
    int from_root = p->source.upwards ? p->area.row + p->area.rows - 1 - row : row - p->area.row;
    return p->top + (size_t)from_root;
}

bool flame_pane_click(struct flame_pane *p, int row, int col)
{
    bool is_inside = row >= p->area.row && row < p->area.row + p->area.rows;
    size_t box =
        is_inside ? flame_layout_at(layout_of(p), level_at(p, row), col - p->area.col) : SIZE_MAX;
    if (box == SIZE_MAX)
        return false;
    go_to_box(p, box);
    return true;
}

/* --- drawing */

struct str flame_pane_name(const struct flame_pane *p, uint32_t cell)
{
    const struct calltree_cell *c = cell_of(p, cell);
    if (!cell)
        return p->source.root;
    return c->node == NO_INDEX ? (struct str){"", 0} : p->source.nodes->names[c->node];
}

struct str flame_pane_chosen(const struct flame_pane *p)
{
    bool is_function = !p->on_several && cell_of(p, p->chosen)->node != NO_INDEX;
    return is_function ? flame_pane_name(p, p->chosen) : (struct str){"", 0};
}

/* By the root of what changed: a few percent have to be seen, too. */
static struct style change_style(struct calltree_value v)
{
    double all = (double)v.old + (double)v.new;
    double growth = all > 0 ? ((double)v.new - (double)v.old) / all : 0;
    growth = growth < 0 ? -sqrt(-growth) : sqrt(growth);
    int shade = (int)((growth + 1) / 2 * CHANGE_MOST + 0.5);
    return (struct style){.role = ROLE_CHANGE_CELL, .shade = (uint8_t)shade};
}

static struct style box_style(const struct flame_pane *p, const struct flame_box *b)
{
    uint32_t node = cell_of(p, b->cell)->node;
    if (p->source.two_sides && !b->merged)
        return change_style(b->cum);
    if (b->merged || node == NO_INDEX)
        return STYLE(ROLE_BAR);
    return (struct style){.role = ROLE_CELL, .shade = p->source.hues[node]};
}

/* "+12% ", or the sign alone where there is little room. */
static void add_sign(struct buf *out, const struct flame_box *b)
{
    struct calltree_value v = b->cum;
    if (v.new == v.old)
        return;
    if (b->cols < LEAST_GROWTH_COLS) {
        buf_putc(out, v.new > v.old ? '+' : '-');
    } else {
        amount_growth(out, v);
        buf_putc(out, ' ');
    }
}

/* What stands in a box: the part of a name that tells it from others first. */
static void add_label(const struct flame_pane *p, const struct canvas *c, const struct flame_box *b,
                      struct buf *out)
{
    if (p->source.two_sides && !b->merged)
        add_sign(out, b);
    if (b->merged) {
        buf_puts(out, glyph_text(c, GLYPH_ELLIPSIS));
        if (b->cols < LEAST_COUNT_COLS)
            return;
        buf_printf(out, " %u more, ", b->merged);
        amount_part(out, b->cum, p->source.tree->cells[0].cum);
        return;
    }
    if (b->cols < LEAST_LABEL_COLS)
        return;
    name_fit(out, flame_pane_name(p, b->cell), b->cols - 1 - text_columns(buf_view(out)));
}

/* A line at the left edge keeps neighbours apart where colours do not. */
static void draw_box(const struct flame_pane *p, struct canvas *c, int row,
                     const struct flame_box *b, struct style style, const struct search *search)
{
    struct rect at = {row, p->area.col + b->col, 1, b->cols};
    struct buf label = {0};
    add_label(p, c, b, &label);
    canvas_fill(c, at, style);
    if (b->cols > 1) {
        bool has_found = style.role != ROLE_MATCH && style.role != ROLE_CHOSEN;
        canvas_puts(c, row, at.col, 1, c->ascii ? "|" : "▏", style);
        canvas_put_found(c, row, at.col + 1, b->cols - 1, buf_view(&label), style,
                         has_found ? search : NULL);
    } else {
        canvas_puts(c, row, at.col, 1, b->merged ? ":" : c->ascii ? "|" : "▏", style);
    }
    buf_release(&label);
}

void flame_pane_draw(struct flame_pane *p, struct canvas *c, struct rect area, bool has_cursor,
                     struct marks *marks, const struct search *search)
{
    p->area = area;
    const struct flame_layout *l = layout_of(p);
    size_t chosen = chosen_box(p);
    show_level(p, flame_layout_row(l, chosen));
    for (size_t i = 0; i < rows_seen(p) && p->top + i < l->row_count; i++) {
        size_t level = p->top + i;
        int row = p->source.upwards ? area.row + area.rows - 1 - (int)i : area.row + (int)i;
        for (size_t k = l->rows[level]; k < l->rows[level + 1]; k++) {
            const struct flame_box *b = &l->boxes[k];
            uint32_t node = b->merged ? NO_INDEX : cell_of(p, b->cell)->node;
            struct style style = marks_style(marks, node, box_style(p, b));
            if (k == chosen && has_cursor)
                style = STYLE(ROLE_CHOSEN);
            draw_box(p, c, row, b, style, search);
        }
    }
}

/* --- in words */

enum { MOST_NAMED = 8 };

/* The heaviest of several, with what each accounts for. */
static void add_members(const struct flame_pane *p, const struct flame_box *b, struct buf *out)
{
    int named = 0;
    for (uint32_t c = b->cell; c < b->end && named < MOST_NAMED; c = cell_of(p, c)->end) {
        if (cell_of(p, c)->merged)
            continue;
        buf_puts(out, named++ ? ", " : ": ");
        shorten_name(out, flame_pane_name(p, c));
        buf_putc(out, ' ');
        amount_part(out, cell_of(p, c)->cum, p->source.tree->cells[0].cum);
    }
}

static void add_part(struct buf *out, const struct flame_pane *p, struct calltree_value v,
                     uint32_t of, const char *word)
{
    buf_puts(out, "  ");
    amount_part(out, v, cell_of(p, of)->cum);
    buf_printf(out, " of %s", word);
}

static void add_title(const struct flame_pane *p, const struct flame_box *b, struct buf *out)
{
    if (p->on_several) {
        buf_printf(out, "%u more", b->merged);
        add_members(p, b, out);
        return;
    }
    buf_str(out, flame_pane_name(p, p->chosen));
    if (cell_of(p, p->chosen)->inlined)
        buf_puts(out, " (inlined)");
    if (b->merged)
        buf_printf(out, " (too narrow, among %u more: Enter zooms in)", b->merged);
}

void flame_pane_story(const struct flame_pane *p, const struct amounts *a, struct flame_story *out)
{
    const struct flame_layout *l = &p->layout;
    const struct flame_box *b = &l->boxes[flame_layout_find(l, p->source.tree, p->chosen)];
    const struct calltree_cell *c = cell_of(p, p->chosen);
    struct calltree_value cum = p->on_several ? b->cum : c->cum;
    *out = (struct flame_story){0};
    add_title(p, b, &out->title);
    if (!p->on_several)
        amount_story(&out->flat, a, c->flat);
    amount_story(&out->cum, a, cum);
    if (c->parent != NO_INDEX && c->parent != p->zoom && c->parent)
        add_part(&out->cum, p, cum, c->parent, p->source.upwards ? "what it calls" : "its caller");
    if (p->zoom && p->zoom != p->chosen)
        add_part(&out->cum, p, cum, p->zoom, "what is zoomed");
}

void flame_story_release(struct flame_story *s)
{
    buf_release(&s->title);
    buf_release(&s->cum);
    buf_release(&s->flat);
}
