#include "analyzer/render/flame.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/utf8.h"
#include "analyzer/render/flame_data.h"
#include "analyzer/render/markup.h"
#include "analyzer/render/page.h"
#include "assets.h"

#include <stdlib.h>

/* In pixels, as in the script that takes the drawing over (assets/flame_svg.js); letters may be
 * wider where no such fonts are. */
enum { WIDTH = 1200, ROW = 18, ABOVE = 48, BELOW = 60, LETTER = 8, MOST_ROWS = 2000 };

/* What is narrower is not drawn until somebody zooms in, which needs the script. */
static const double LEAST = 0.5;

struct box {
    uint32_t cell;
    int color;
    float left, width;
};

struct picture {
    const struct report *r;
    const struct flame *f;
    enum palette palette;
    struct flame_names names;
    struct flame_colors colors;
    struct box *boxes; /* by colour */
    size_t count;
    uint32_t rows;
};

/* --- where cells are */

static double width_of(const struct picture *p, const struct calltree_cell *c)
{
    const struct calltree_cell *root = &p->f->tree.cells[0];
    uint64_t all = calltree_weight(root->cum);
    return all ? WIDTH * ((double)calltree_weight(c->cum) / (double)all) : 0;
}

static int by_color(const void *a, const void *b)
{
    const struct box *x = a, *y = b;
    if (x->color != y->color)
        return x->color < y->color ? -1 : 1;
    return (x->cell > y->cell) - (x->cell < y->cell);
}

/* The root, and below it whatever is wide enough. */
static void lay_out(struct picture *p)
{
    const struct calltree *t = &p->f->tree;
    double next[MOST_ROWS + 1] = {0}; /* by depth: where the next cell there begins */
    p->boxes = xmalloc(t->count * sizeof *p->boxes);
    for (size_t i = 0; i < t->count;) {
        const struct calltree_cell *c = &t->cells[i];
        double width = i ? width_of(p, c) : WIDTH, left = next[c->depth];
        next[c->depth] = left + width;
        if (width < LEAST || c->depth + 1 >= MOST_ROWS) {
            i = c->end;
            continue;
        }
        next[c->depth + 1] = left;
        p->boxes[p->count++] = (struct box){(uint32_t)i, flame_cell_color(p->f, &p->names, c),
                                            (float)left, (float)width};
        if (c->depth + 1 > p->rows)
            p->rows = c->depth + 1;
        i++;
    }
    qsort(p->boxes, p->count, sizeof *p->boxes, by_color);
}

/* --- what is drawn of them */

static uint32_t row_of(const struct picture *p, const struct box *b)
{
    return p->f->tree.cells[b->cell].depth;
}

static void add_color(struct out *o, const struct picture *p, int color)
{
    struct rgb grey = {0xD9, 0xDC, 0xE1};
    struct rgb c = color < 0 ? grey : p->colors.list[color];
    out_printf(o, "#%02x%02x%02x", c.r, c.g, c.b);
}

/* One path per colour: a rectangle takes 20 bytes instead of 60. */
static void add_boxes(struct out *o, const struct picture *p)
{
    for (size_t i = 0; i < p->count; i++) {
        const struct box *b = &p->boxes[i];
        if (!i || b[-1].color != b->color) {
            out_puts(o, i ? "\"/>\n<path fill=\"" : "<path fill=\"");
            add_color(o, p, b->color);
            out_puts(o, "\" d=\"");
        }
        double width = b->width > 2 ? b->width - 0.8 : b->width;
        out_printf(o, "M%.4g %uh%.4gv%dh-%.4gz", b->left, row_of(p, b) * ROW, width, ROW - 1,
                   width);
        out_flush_some(o);
    }
    out_puts(o, p->count ? "\"/>\n" : "");
}

/* Lines over what has vanished, an outline around what has appeared. */
static void add_marks(struct out *o, const struct picture *p)
{
    for (size_t i = 0; i < p->count && p->f->has_old; i++) {
        const struct box *b = &p->boxes[i];
        int y = (int)row_of(p, b) * ROW;
        if (b->color == FLAME_STEPS && b->width > 6)
            out_printf(o, "<path class=\"edge\" d=\"M%.2f %d.75h%.2fv15.5h-%.2fz\"/>\n",
                       b->left + 0.75, y, b->width - 2.3, b->width - 2.3);
        if (b->color != FLAME_STEPS + 1 || b->width <= 3)
            continue;
        out_puts(o, "<path class=\"hatch\" d=\"");
        for (double x = 0; x + 6 < b->width; x += 6)
            out_printf(o, "M%.1f %dl6 -17", b->left + x, y + 17);
        out_puts(o, "\"/>\n");
        out_flush_some(o);
    }
}

/* What colours are not to say alone; as in the script (assets/flame_model.js). */
static const char *sign_of(const struct flame *f, const struct calltree_cell *c)
{
    if (!f->has_old || c->cum.old == c->cum.new)
        return "";
    if (!c->cum.old || !c->cum.new)
        return c->cum.old ? "✖" : "✚";
    return c->cum.new > c->cum.old ? "▲" : "▼";
}

/* As much of the name as fits. */
static void add_label(struct out *o, const struct picture *p, const struct box *b, struct buf *name)
{
    const struct calltree_cell *c = &p->f->tree.cells[b->cell];
    size_t most = (size_t)((b->width - 6) / LETTER), len = 0;
    buf_clear(name);
    buf_puts(name, sign_of(p->f, c));
    flame_cell_name(name, p->f, c);
    for (size_t runes = 0; len < name->len && runes + 1 < most; runes++) {
        uint32_t rune;
        len += utf8_decode(name->data + len, name->len - len, &rune);
    }
    out_printf(o, "<text class=\"cell\" x=\"%.2f\" y=\"%u\">", b->left + 4,
               row_of(p, b) * ROW + 13);
    markup_add(&o->buf, (struct str){name->data, len});
    out_puts(o, len < name->len ? "…</text>\n" : "</text>\n");
}

static void add_cells(struct out *o, const void *context)
{
    const struct picture *p = context;
    struct buf name = {0};
    add_boxes(o, p);
    add_marks(o, p);
    for (size_t i = 0; i < p->count; i++) {
        if (p->boxes[i].width >= 4 * LETTER)
            add_label(o, p, &p->boxes[i], &name);
        out_flush_some(o);
    }
    buf_release(&name);
}

/* --- what is around them */

static void add_title(struct out *o, const void *context)
{
    const struct picture *p = context;
    struct buf b = {0};
    flame_title(&b, p->r);
    buf_puts(&b, ", ");
    if (p->f->has_old) {
        report_value(&b, p->r, p->f->total.old);
        buf_puts(&b, " to ");
    }
    report_value(&b, p->r, p->f->total.new);
    markup_add(&o->buf, (struct str){b.data, b.len});
    buf_release(&b);
}

static void add_header(struct out *o, const void *context)
{
    const struct picture *p = context;
    for (size_t i = 0; i < p->f->header.count; i++) {
        markup_add(&o->buf, lines_get(&p->f->header, i));
        out_puts(o, "\n");
    }
}

static void add_legend(struct out *o, const void *context)
{
    const struct picture *p = context;
    out_puts(o, p->f->has_old
                    ? "Outlined: appeared. Hatched: vanished. Widths: old and new together."
                    : "Colours stand for packages and libraries, widths for cum.");
}

static void add_data(struct out *o, const void *context)
{
    const struct picture *p = context;
    flame_data(o, p->r, p->f, &p->names, &p->colors);
}

static void add_height(struct out *o, const void *context)
{
    const struct picture *p = context;
    out_printf(o, "%u", ABOVE + p->rows * ROW + BELOW);
}

static void add_foot(struct out *o, const void *context)
{
    const struct picture *p = context;
    out_printf(o, "%u", ABOVE + p->rows * ROW + 16);
}

void flame_svg(struct out *o, const struct report *r, const struct flame *f, enum palette palette)
{
    struct picture p = {.r = r, .f = f, .palette = palette};
    flame_names_init(&p.names, f);
    flame_colors_init(&p.colors, f, palette);
    lay_out(&p);
    const struct page_part parts[] = {
        {"title", .add = add_title, .context = &p},   {"header", .add = add_header, .context = &p},
        {"height", .add = add_height, .context = &p}, {"foot", .add = add_foot, .context = &p},
        {"legend", .add = add_legend, .context = &p}, {"cells", .add = add_cells, .context = &p},
        {"data", .add = add_data, .context = &p},     {"style", .text = asset_flame_svg_css},
        {"model", .text = asset_flame_model_js},      {"view", .text = asset_flame_view_js},
        {"picture", .text = asset_flame_svg_js},
    };
    page_write(o, asset_flame_svg, parts, sizeof parts / sizeof *parts);
    flame_names_release(&p.names);
    free(p.boxes);
}
