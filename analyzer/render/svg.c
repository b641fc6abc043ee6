#include "analyzer/render/svg.h"

#include "assets.h"

#include <string.h>

/* What Graphviz writes (2.42 and later):
 *
 *     <?xml ...?> <!DOCTYPE ...> <!-- comments -->
 *     <svg width="80pt" height="44pt" viewBox="0.00 0.00 80.00 44.00" xmlns=...>
 *     <g id="graph0" class="graph" transform="..."> <title>NAME</title>
 *     <g id="node1" class="node"> <title>N1</title>
 *     <g id="a_node1"><a xlink:title="TOOLTIP"> shapes and texts </a></g></g>
 *     ...
 *     </g> </svg>
 *
 * It writes < > & and quotes of texts as character references, and - too in comments, so that these
 * words are its own wherever they stand. */

static struct str from(struct str s, size_t at)
{
    return (struct str){s.ptr + at, s.len - at};
}

/* Where WORD begins in S; its length if it does not. */
static size_t find(struct str s, const char *word)
{
    const char *at = memmem(s.ptr, s.len, word, strlen(word));
    return at ? (size_t)(at - s.ptr) : s.len;
}

/* What stands between the words OPEN and CLOSE, the first time they do. */
static struct str between(struct str s, const char *open, const char *close)
{
    size_t at = find(s, open);
    if (at == s.len)
        return (struct str){"", 0};
    s = from(s, at + strlen(open));
    size_t end = find(s, close);
    return (struct str){s.ptr, end == s.len ? 0 : end};
}

/* What is written instead of words of Graphviz's. Browsers show a <title> while the pointer is at
 * what it is in; a link's title, which leads nowhere, they show at times. */
static const struct replacement {
    const char *open, *close, *as_open, *as_close; /* without a CLOSE, OPEN alone */
} replacements[] = {
    {"<a xlink:title=\"", "\">", "<g><title>", "</title>"},
    {"</a>", NULL, "</g>", NULL},
    {"<!--", "-->\n", NULL, NULL},
};

static const struct replacement *replacement_at(struct str s)
{
    for (size_t i = 0; i < sizeof replacements / sizeof *replacements; i++)
        if (str_starts(s, replacements[i].open))
            return &replacements[i];
    return NULL;
}

static void add_elements(struct out *o, struct str s)
{
    while (s.len) {
        const struct replacement *r = replacement_at(s);
        if (!r) {
            size_t next = 1 + find(from(s, 1), "<");
            out_add(o, s.ptr, next);
            s = from(s, next);
            out_flush_some(o);
            continue;
        }
        s = from(s, strlen(r->open));
        size_t end = r->close ? find(s, r->close) : 0;
        if (r->as_open) {
            out_puts(o, r->as_open);
            out_add(o, s.ptr, end);
        }
        if (r->as_close)
            out_puts(o, r->as_close);
        size_t skipped = end + (r->close ? strlen(r->close) : 0);
        s = from(s, skipped < s.len ? skipped : s.len);
    }
}

int svg_page(struct out *o, struct str svg, struct error *err)
{
    struct str root = from(svg, find(svg, "<svg "));
    struct str box = between(root, "viewBox=\"", "\"");
    struct str graph = from(root, find(root, "<g id=\"graph"));
    struct str title = between(graph, "<title>", "</title>");
    size_t end = find(graph, "</svg>");
    if (!box.len || end == graph.len)
        return error_set(err, ERROR_DATA, "Graphviz's SVG looks unlike what it should");
    out_puts(o, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"100%\" height=\"100%\" "
                "viewBox=\"");
    out_add(o, box.ptr, box.len);
    out_puts(o, "\">\n<title>");
    out_add(o, title.ptr, title.len);
    out_puts(o, "</title>\n<style><![CDATA[\n");
    out_puts(o, asset_graph_css);
    out_puts(o, "]]></style>\n<g id=\"viewport\">\n");
    add_elements(o, (struct str){graph.ptr, end});
    out_puts(o, "</g>\n<script><![CDATA[\n");
    out_puts(o, asset_graph_js);
    out_puts(o, "]]></script>\n</svg>\n");
    return 0;
}
