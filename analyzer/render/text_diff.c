#include "analyzer/render/text_diff.h"
#include "analyzer/base/utf8.h"

#include "analyzer/render/text.h"

#include <math.h>
#include <string.h>

enum { COLUMNS = 6, GAP = 2 };

static const char *const flat_titles[COLUMNS] = {"flat old", "flat new", "diff",
                                                 "diff%",    "points",   "cum diff"};
static const char *const cum_titles[COLUMNS] = {"cum old", "cum new", "diff",
                                                "diff%",   "points",  "flat diff"};

/* Orange and blue are told apart by everybody; the sign says the same without colours. */
#define GREW "\033[38;5;208m"
#define SHRANK "\033[38;5;33m"
#define UNCHANGED "\033[2m"

/* "+1.50s", "-2MB"; what is shown as 0 has no sign. B is empty. */
static void add_signed_value(struct buf *b, const struct report *r, int64_t value)
{
    report_value(b, r, value);
    if (value <= 0 || strcmp(b->data, "0") == 0)
        return;
    buf_clear(b);
    buf_putc(b, '+');
    report_value(b, r, value);
}

/* "+12.34", "-0.003", "0". */
static void add_signed_number(struct buf *b, double v)
{
    if (v == 0)
        buf_putc(b, '0');
    else if (fabs(v) < 0.01)
        buf_printf(b, "%+.1g", v);
    else
        buf_printf(b, fabs(v) < 1000 ? "%+.2f" : "%+.0f", v);
}

static void add_percent(struct buf *b, const struct diff_change *c)
{
    if (!c->old && c->new) {
        buf_puts(b, "new");
    } else if (c->old && !c->new) {
        buf_puts(b, "gone");
    } else {
        add_signed_number(b, c->delta ? c->percent : 0);
        buf_putc(b, '%');
    }
}

static void make_cells(struct buf *cells, const struct diff *d, const struct node_pair *row)
{
    const struct report *r = d->new.report;
    struct diff_change main = diff_main(d, row);
    struct diff_change other = r->spec->cum_sort ? diff_flat(d, row) : diff_cum(d, row);
    for (size_t i = 0; i < COLUMNS; i++)
        buf_clear(&cells[i]);
    report_value(&cells[0], r, main.old);
    report_value(&cells[1], r, main.new);
    add_signed_value(&cells[2], r, main.delta);
    add_percent(&cells[3], &main);
    add_signed_number(&cells[4], main.points);
    add_signed_value(&cells[5], r, other.delta);
}

static void measure(size_t *widths, const struct diff *d, const char *const *titles,
                    struct buf *cells)
{
    for (size_t k = 0; k < COLUMNS; k++)
        widths[k] = strlen(titles[k]);
    for (size_t i = 0; i < d->count; i++) {
        make_cells(cells, d, &d->rows[i]);
        for (size_t k = 0; k < COLUMNS; k++) {
            size_t width = utf8_count(cells[k].data, cells[k].len);
            widths[k] = width > widths[k] ? width : widths[k];
        }
    }
}

static void add_cell(struct out *o, size_t column, const char *s, size_t len, size_t width)
{
    out_right(o, s, len, width + (column ? GAP : 0));
}

static void add_row(struct out *o, const struct diff *d, const struct node_pair *row,
                    const size_t *widths, struct buf *cells)
{
    int64_t delta = diff_main(d, row).delta;
    int column = 0;
    make_cells(cells, d, row);
    out_color(o, delta > 0 ? GREW : delta < 0 ? SHRANK : UNCHANGED);
    for (size_t k = 0; k < COLUMNS; k++) {
        add_cell(o, k, cells[k].data, cells[k].len, widths[k]);
        column += (int)widths[k] + GAP;
    }
    out_puts(o, "  ");
    out_name(o, row->name, column);
    out_color(o, "\033[0m");
    out_puts(o, "\n");
    out_flush_some(o);
}

void text_diff(struct out *o, const struct diff *d)
{
    const char *const *titles = d->new.report->spec->cum_sort ? cum_titles : flat_titles;
    struct buf cells[COLUMNS] = {0};
    size_t widths[COLUMNS];
    measure(widths, d, titles, cells);
    text_header(o, &d->header);
    for (size_t k = 0; k < COLUMNS; k++)
        add_cell(o, k, titles[k], strlen(titles[k]), widths[k]);
    out_puts(o, "\n");
    for (size_t i = 0; i < d->count; i++)
        add_row(o, d, &d->rows[i], widths, cells);
    for (size_t k = 0; k < COLUMNS; k++)
        buf_release(&cells[k]);
}
