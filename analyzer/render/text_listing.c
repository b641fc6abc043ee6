#include "analyzer/render/text_listing.h"

#include "analyzer/base/utf8.h"
#include "analyzer/render/text.h"

#include <string.h>

enum { TEXT_COLUMN = 29 }; /* where the text of a line begins */

/* TEXT with blanks up to the next tab stop in place of tabs: a terminal shows it as before, but it
 * can be cut. */
static void expand_tabs(struct buf *b, struct str text)
{
    size_t column = TEXT_COLUMN, n;
    uint32_t rune;
    for (size_t i = 0; i < text.len; i += n) {
        n = utf8_decode(text.ptr + i, text.len - i, &rune);
        size_t width = rune == '\t' ? 8 - column % 8 : 1;
        if (rune == '\t')
            buf_pad(b, ' ', width);
        else
            buf_add(b, text.ptr + i, n);
        column += width;
    }
}

static void add_text(struct out *o, struct str text)
{
    if (!o->terminal) {
        out_str(o, text);
        return;
    }
    struct buf b = {0};
    expand_tabs(&b, text);
    out_name(o, (struct str){b.data, b.len}, TEXT_COLUMN);
    buf_release(&b);
}

static void add_file(struct out *o, const struct report *r, const struct listing_file *f)
{
    struct listing_line line;
    text_routine_sums(o, r, f->flat, f->cum);
    if (f->source->problem) {
        out_puts(o, " Error: ");
        out_str(o, (struct str){f->source->problem, strlen(f->source->problem)});
        out_puts(o, "\n");
        return;
    }
    for (int64_t n = f->first; listing_line(f, n, &line); n++) {
        const char *color = text_heat(line.flat, f->flat, line.cum, f->cum);
        out_color(o, color);
        text_value_or_dot(o, r, line.flat, 10);
        out_puts(o, " ");
        text_value_or_dot(o, r, line.cum, 10);
        out_printf(o, " %6lld:", (long long)n);
        add_text(o, line.text);
        if (*color)
            out_color(o, "\033[0m");
        out_puts(o, "\n");
        out_flush_some(o);
    }
}

void text_listing(struct out *o, const struct report *r, const struct listing *l)
{
    text_total(o, r);
    for (size_t i = 0; i < l->count; i++) {
        const struct listing_function *fn = &l->functions[i];
        if (!fn->file_count) {
            out_puts(o, "No source information for ");
            out_str(o, fn->name);
            out_puts(o, "\n");
        }
        for (size_t k = 0; k < fn->file_count; k++) {
            out_puts(o, "ROUTINE ======================== ");
            out_str(o, fn->name);
            out_puts(o, " in ");
            out_str(o, fn->files[k].name);
            out_puts(o, "\n");
            add_file(o, r, &fn->files[k]);
        }
    }
}
