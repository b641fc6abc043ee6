#include "analyzer/render/weblist_html.h"

#include "analyzer/base/num.h"
#include "analyzer/base/path.h"
#include "analyzer/base/units.h"
#include "analyzer/render/markup.h"
#include "analyzer/render/page.h"
#include "assets.h"

#include <inttypes.h>
#include <string.h>

enum {
    LISTED = 20, /* lines in the list of the hottest */
    HEATS = 9,   /* shades of a value by its share of the total: weblist.css has a rule for each */
};

struct page {
    const struct report *r;
    const struct weblist *w;
};

/* --- values */

/* 0 for nothing, HEATS for half of the total and more; steps grow with the value. */
static int heat(const struct report *r, int64_t value)
{
    static const double steps[] = {0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5};
    double share = r->total ? (double)abs64(value) / (double)abs64(r->total) : 0;
    int level = value ? 1 : 0;
    for (size_t i = 0; value && i < sizeof steps / sizeof *steps; i++)
        level += share >= steps[i];
    return level;
}

static void add_value(struct out *o, const struct report *r, int64_t value)
{
    struct buf b = {0};
    report_value(&b, r, value);
    markup_add(&o->buf, (struct str){b.data, b.len});
    buf_release(&b);
}

/* One of the two columns with values: flat (KIND "f") or cum ("c"). */
static void add_cell(struct out *o, const struct report *r, const char *kind, int64_t value)
{
    if (!value) {
        out_printf(o, "<i>.</i>");
        return;
    }
    out_printf(o, "<i class=%s%d>", kind, heat(r, value));
    add_value(o, r, value);
    out_puts(o, "</i>");
}

static void add_cells(struct out *o, const struct report *r, int64_t flat, int64_t cum)
{
    add_cell(o, r, "f", flat);
    add_cell(o, r, "c", cum);
}

static void add_share(struct out *o, const struct report *r, int64_t value)
{
    struct buf b = {0};
    units_percentage(&b, value, r->total);
    out_puts(o, b.data + strspn(b.data, " "));
    buf_release(&b);
}

/* "12.5s (40.1%)" */
static void add_value_and_share(struct out *o, const struct report *r, int64_t value)
{
    add_value(o, r, value);
    out_puts(o, " (");
    add_share(o, r, value);
    out_puts(o, ")");
}

/* --- instructions */

static void add_place(struct out *o, const struct weblist *w, const struct codelines_call *at)
{
    struct str file = strtab_get(&w->code.strings, at->file);
    if (!file.len)
        return;
    out_puts(o, "<u>");
    markup_add(&o->buf, path_base(file));
    if (at->line)
        out_printf(o, ":%" PRId64, at->line);
    out_puts(o, "</u>");
}

static bool same_call(const struct codelines_call *a, const struct codelines_call *b)
{
    return a->file == b->file && a->line == b->line;
}

/* The calls that lead from the line to USE's instruction, as far as they are not those of BEFORE.
 */
static void add_calls(struct out *o, const struct weblist *w, const struct codelines_use *use,
                      const struct codelines_use *before)
{
    const struct codelines_call *calls = w->code.calls + use->first_call;
    uint32_t same = 0;
    while (before && same < use->call_count && same < before->call_count &&
           same_call(&calls[same], &w->code.calls[before->first_call + same]))
        same++;
    for (uint32_t i = same; i < use->call_count; i++) {
        struct str text = weblist_call_text(w, &calls[i]);
        out_printf(o, "<div class=\"k d%" PRIu32 "\"><code>", i < 9 ? i : 9);
        markup_add(&o->buf, text);
        out_puts(o, "</code>");
        add_place(o, w, &calls[i]);
        out_puts(o, "</div>\n");
    }
}

static void add_instructions(struct out *o, const struct page *page, const struct weblist_hit *hit)
{
    const struct codelines *c = &page->w->code;
    const struct codelines_instruction *last = NULL;
    out_puts(o, "<div class=a hidden>\n");
    for (size_t i = 0; i < hit->use_count; i++) {
        const struct codelines_use *use = &hit->uses[i];
        const struct codelines_instruction *at = &c->instructions[use->instruction];
        if (last && at->text && at->address != last->address + last->length)
            out_puts(o, "<div class=g>⋮</div>\n");
        add_calls(o, page->w, use, i ? use - 1 : NULL);
        last = at;
        if (!at->text)
            continue;
        out_printf(o, "<div class=\"n d%" PRIu32 "\">", use->call_count < 9 ? use->call_count : 9);
        add_cells(o, page->r, at->flat, at->cum);
        out_printf(o, "<b>%" PRIx64 "</b><code>", at->address);
        markup_add(&o->buf, strtab_get(&c->strings, at->text));
        out_puts(o, "</code>");
        add_place(o, page->w, &at->at);
        out_puts(o, "</div>\n");
        out_flush_some(o);
    }
    out_puts(o, "</div>\n");
}

/* Whether there is anything below the line. */
static bool has_nested(const struct weblist *w, const struct weblist_hit *hit)
{
    for (size_t i = 0; i < hit->use_count; i++)
        if (hit->uses[i].call_count || w->code.instructions[hit->uses[i].instruction].text)
            return true;
    return false;
}

/* --- lines and functions */

static void add_line(struct out *o, const struct page *page, const struct weblist_line *line)
{
    const struct weblist_hit *hit = line->hit;
    bool nested = hit && has_nested(page->w, hit);
    out_puts(o, "<div class=l");
    if (hit && hit->rank)
        out_printf(o, " id=h%zu", hit->rank);
    if (nested)
        out_puts(o, " role=button tabindex=0 aria-expanded=false");
    out_printf(o, "><b>%" PRId64 "</b>", line->number);
    add_cells(o, page->r, hit ? hit->flat : 0, hit ? hit->cum : 0);
    out_puts(o, "<code>");
    if (!line->missing)
        markup_add(&o->buf, line->text);
    else
        out_puts(o, line->number ? "<em>(not in the source file)</em>"
                                 : "<em>(instructions whose line is not known)</em>");
    out_puts(o, "</code></div>\n");
    if (nested)
        add_instructions(o, page, hit);
    out_flush_some(o);
}

static void add_function(struct out *o, const struct page *page, size_t index)
{
    const struct weblist_function *f = &page->w->functions[index];
    struct weblist_line line;
    out_printf(o, "<section id=s%zu><h2>", index);
    markup_add(&o->buf, f->name);
    out_puts(o, "</h2>\n<p class=where>");
    markup_add(&o->buf, f->file);
    out_puts(o, "</p>\n<p>flat ");
    add_value_and_share(o, page->r, f->flat);
    out_puts(o, ", cum ");
    add_value_and_share(o, page->r, f->cum);
    out_puts(o, "</p>\n");
    if (f->source->problem) {
        out_puts(o, "<p class=problem>The source cannot be shown: ");
        markup_puts(&o->buf, f->source->problem);
        out_puts(o, "</p>\n");
    }
    out_puts(o, "<div class=t><div class=\"l head\"><b>line</b><i>flat</i><i>cum</i>"
                "<code>source</code></div>\n");
    for (int64_t n = f->first; n < f->end; n++)
        if (weblist_line(f, n, &line))
            add_line(o, page, &line);
    out_puts(o, "</div></section>\n");
}

static bool is_shown(const struct weblist_function *f)
{
    return f->flat || f->cum;
}

static void add_functions(struct out *o, const void *context)
{
    const struct page *page = context;
    for (size_t i = 0; i < page->w->count; i++)
        if (is_shown(&page->w->functions[i]))
            add_function(o, page, i);
}

/* --- the head of the page */

static void add_title(struct out *o, const void *context)
{
    const struct page *page = context;
    const struct profile *p = page->r->p;
    out_puts(o, "Source");
    if (p->mapping_count && p->mappings[0].file) {
        out_puts(o, " of ");
        markup_add(&o->buf, path_base(profile_str(p, p->mappings[0].file)));
    }
}

static void add_total(struct out *o, const void *context)
{
    const struct page *page = context;
    add_value(o, page->r, page->r->total);
}

static void add_header(struct out *o, const void *context)
{
    const struct page *page = context;
    for (size_t i = 0; i < page->w->header.count; i++) {
        out_puts(o, "<li>");
        markup_add(&o->buf, lines_get(&page->w->header, i));
        out_puts(o, "</li>\n");
    }
}

static void add_remarks(struct out *o, const void *context)
{
    const struct codelines *c = &((const struct page *)context)->w->code;
    for (size_t i = 0; i < c->problems.count; i++) {
        out_puts(o, "<p class=problem>Without instructions: ");
        markup_puts(&o->buf, c->problems.items[i]);
        out_puts(o, "</p>\n");
    }
    if (c->left_out)
        out_printf(o,
                   "<p class=problem>%zu of %zu pieces of code are shown, the hottest ones. A "
                   "narrower expression shows the others.</p>\n",
                   c->range_count, c->range_count + c->left_out);
}

static void add_hottest(struct out *o, const void *context)
{
    const struct page *page = context;
    const struct weblist *w = page->w;
    for (size_t i = 0; i < w->ranked_count && i < LISTED; i++) {
        const struct weblist_hit *hit = w->ranked[i];
        const struct weblist_function *f = &w->functions[hit->function];
        out_printf(o, "<li><a href=#h%zu>", hit->rank);
        add_cells(o, page->r, hit->flat, hit->cum);
        out_puts(o, "<span>");
        markup_add(&o->buf, f->name);
        out_puts(o, "</span><u>");
        markup_add(&o->buf, path_base(f->file));
        out_printf(o, ":%" PRId64 "</u></a></li>\n", hit->number);
    }
}

static void add_all(struct out *o, const void *context)
{
    const struct page *page = context;
    for (size_t i = 0; i < page->w->count; i++) {
        const struct weblist_function *f = &page->w->functions[i];
        if (!is_shown(f))
            continue;
        out_printf(o, "<li><a href=#s%zu>", i);
        add_cells(o, page->r, f->flat, f->cum);
        out_puts(o, "<span>");
        markup_add(&o->buf, f->name);
        out_puts(o, "</span><u>");
        markup_add(&o->buf, path_base(f->file));
        out_puts(o, "</u></a></li>\n");
    }
}

void weblist_html(struct out *o, const struct report *r, const struct weblist *w)
{
    const struct page page = {r, w};
    const struct page_part parts[] = {
        {"theme", .text = asset_theme_css},
        {"theme hash", .text = asset_theme_css_sha256},
        {"style", .text = asset_weblist_css},
        {"style hash", .text = asset_weblist_css_sha256},
        {"script", .text = asset_weblist_js},
        {"script hash", .text = asset_weblist_js_sha256},
        {"title", .add = add_title, .context = &page},
        {"total", .add = add_total, .context = &page},
        {"header", .add = add_header, .context = &page},
        {"remarks", .add = add_remarks, .context = &page},
        {"hottest", .add = add_hottest, .context = &page},
        {"functions", .add = add_all, .context = &page},
        {"source", .add = add_functions, .context = &page},
    };
    page_write(o, asset_weblist_html, parts, sizeof parts / sizeof *parts);
}
