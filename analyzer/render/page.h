/* Pages put together from assets and what a report has to say.
 *
 * A skeleton (analyzer/render/assets) has {{NAME}} wherever something is filled in; a page lists
 * what. Assets are part of the program: "assets.h", generated, declares them.
 *
 *     const struct page_part parts[] = {
 *         {"theme.css", .text = asset_theme_css},        as it is
 *         {"data", .add = add_data, .context = report},  whatever the function writes
 *     };
 *     page_write(out, asset_flame_html, parts, 2);
 *
 * Pages allow their own scripts and styles by hash in a content security policy, and nothing else:
 *
 *     {"script hash", .text = asset_flame_js_sha256}
 */
#ifndef CPPROF_RENDER_PAGE_H
#define CPPROF_RENDER_PAGE_H

#include "analyzer/render/out.h"

struct page_part {
    const char *name;
    const char *text; /* trusted: written as it is. NULL: ADD is called instead */
    void (*add)(struct out *o, const void *context);
    const void *context;
};

/* Every {{NAME}} of SKELETON must be among PARTS. */
void page_write(struct out *o, const char *skeleton, const struct page_part *parts, size_t count);

#endif
