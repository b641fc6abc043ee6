#include "analyzer/render/flame.h"

#include "analyzer/render/flame_data.h"
#include "analyzer/render/markup.h"
#include "analyzer/render/page.h"
#include "assets.h"

struct page {
    const struct report *r;
    const struct flame *f;
    enum palette palette;
};

static void add_title(struct out *o, const void *context)
{
    const struct page *p = context;
    struct buf b = {0};
    flame_title(&b, p->r);
    markup_add(&o->buf, (struct str){b.data, b.len});
    buf_release(&b);
}

/* One line of the header that says most: the total. */
static void add_summary(struct out *o, const void *context)
{
    const struct page *p = context;
    struct buf b = {0};
    report_value(&b, p->r, p->f->total.new);
    markup_puts(&o->buf, p->f->has_old ? "compared with a base: " : "total ");
    if (p->f->has_old) {
        struct buf old = {0};
        report_value(&old, p->r, p->f->total.old);
        markup_puts(&o->buf, old.data);
        markup_puts(&o->buf, " to ");
        buf_release(&old);
    }
    markup_puts(&o->buf, b.data);
    buf_release(&b);
}

static void add_header(struct out *o, const void *context)
{
    const struct page *p = context;
    for (size_t i = 0; i < p->f->header.count; i++) {
        out_puts(o, "<li>");
        markup_add(&o->buf, lines_get(&p->f->header, i));
        out_puts(o, "</li>");
    }
}

static void add_data(struct out *o, const void *context)
{
    const struct page *p = context;
    struct flame_names names;
    struct flame_colors colors;
    flame_names_init(&names, p->f);
    flame_colors_init(&colors, p->f, p->palette);
    flame_data(o, p->r, p->f, &names, &colors);
    flame_names_release(&names);
}

void flame_html(struct out *o, const struct report *r, const struct flame *f, enum palette palette)
{
    struct page p = {r, f, palette};
    const struct page_part parts[] = {
        {"title", .add = add_title, .context = &p},
        {"summary", .add = add_summary, .context = &p},
        {"header", .add = add_header, .context = &p},
        {"data", .add = add_data, .context = &p},
        {"theme", .text = asset_theme_css},
        {"theme hash", .text = asset_theme_css_sha256},
        {"style", .text = asset_flame_css},
        {"style hash", .text = asset_flame_css_sha256},
        {"model", .text = asset_flame_model_js},
        {"model hash", .text = asset_flame_model_js_sha256},
        {"view", .text = asset_flame_view_js},
        {"view hash", .text = asset_flame_view_js_sha256},
        {"page", .text = asset_flame_page_js},
        {"page hash", .text = asset_flame_page_js_sha256},
    };
    page_write(o, asset_flame_html, parts, sizeof parts / sizeof *parts);
}
