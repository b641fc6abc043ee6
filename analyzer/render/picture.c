#include "analyzer/render/picture.h"

#include "analyzer/render/layout.h"
#include "analyzer/render/markup.h"
#include "analyzer/render/svg.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

/* Text in a picture ends where nobody can read it any more, and where drawing it would take
 * forever: a line in a box, a tooltip. */
enum { LONGEST_LINE = 160, LONGEST_TOOLTIP = 4000 };

/* Graphviz's names. Its own PostScript knows Latin letters only; cairo's knows all. */
static const char *const formats[] = {
    [PICTURE_SVG] = "svg",     [PICTURE_PNG] = "png:cairo", [PICTURE_PDF] = "pdf:cairo",
    [PICTURE_PS] = "ps:cairo", [PICTURE_GIF] = "gif",
};

/* Graphviz takes HTML's character references in text for characters, writes bytes that are not
 * UTF-8 and control characters as they are into XML, and stops reading at a NUL. */
static void clean(struct buf *out, struct str dot)
{
    for (;;) {
        const char *found = memchr(dot.ptr, '&', dot.len);
        size_t len = found ? (size_t)(found - dot.ptr) : dot.len;
        markup_clean(out, (struct str){dot.ptr, len});
        if (!found)
            return;
        buf_puts(out, "&amp;");
        dot = (struct str){found + 1, dot.len - len - 1};
    }
}

/* Time depends on the edges, and on how they lie, more than on anything else. Measured with
 * Graphviz 2.42 on a slow processor: of graphs with 80 to 120 nodes those with 170 edges take 0.1
 * s, with 260 to 340 edges 2 to 4 s, with 450 6 s, with 600 more than 40 s; well-behaved ones with
 * 640 nodes and 1270 edges 5 s. 200 edges in 10 s are aimed at, and edges that grow with the nodes
 * assumed; N nodes never have more than N * N. */
size_t picture_advised_nodes(size_t nodes, size_t edges, double seconds)
{
    double edges_aimed_at = 200 * cbrt((seconds > 0 ? seconds : 60) / 10);
    double advised = (double)nodes * edges_aimed_at / ((double)edges + 1);
    double most = fmax(1, fmin(fmax(advised, sqrt(edges_aimed_at)), (double)nodes / 2));
    /* a round number: 1, 2 or 5 and zeros */
    double round = pow(10, floor(log10(most)));
    if (round * 5 <= most)
        round *= 5;
    else if (round * 2 <= most)
        round *= 2;
    return (size_t)round;
}

/* The first line of what Graphviz said, without its own "Error: ". */
static struct str first_line(const struct buf *said)
{
    struct str s = buf_view(said);
    if (str_starts(s, "Error: "))
        s = (struct str){s.ptr + 7, s.len - 7};
    const char *end = memchr(s.ptr, '\n', s.len);
    return (struct str){s.ptr, end ? (size_t)(end - s.ptr) : s.len};
}

static int explain(const struct isolate_end *end, const struct callgraph *c,
                   const struct picture_spec *spec, struct error *err)
{
    size_t nodes = c->trimmed.graph->count, edges = c->edge_count;
    size_t advised = picture_advised_nodes(nodes, edges, spec->seconds);
    struct str said = first_line(&end->said);
    switch (end->how) {
    case ISOLATE_TIMED_OUT:
        return error_set(err, ERROR_DATA,
                         "Graphviz did not lay out %zu nodes and %zu edges in %g s: try "
                         "-nodecount=%zu, or allow it more with -layout_timeout=SECONDS",
                         nodes, edges, spec->seconds, advised);
    case ISOLATE_CRASHED:
        return error_set(err, ERROR_DATA,
                         "Graphviz crashed or ran out of memory (signal %d, %s) over %zu nodes and "
                         "%zu edges: try -nodecount=%zu",
                         end->signal, strsignal(end->signal), nodes, edges, advised);
    case ISOLATE_INTERRUPTED:
        return error_set(err, ERROR_DATA, "interrupted while Graphviz laid out %zu nodes", nodes);
    case ISOLATE_FAILED:
    case ISOLATE_DONE:
        break;
    }
    return error_set(err, ERROR_DATA, "Graphviz cannot draw the graph%s%.*s", said.len ? ": " : "",
                     said.len < 300 ? (int)said.len : 300, said.ptr);
}

/* A bitmap can become too small to be read; Graphviz says so. */
static void pass_on(const struct isolate_end *end, struct lines *notes)
{
    struct str said = first_line(&end->said);
    if (memmem(said.ptr, said.len, "too large", 9))
        lines_add(notes, "Graphviz says: %.*s (svg and pdf have no such limit)",
                  said.len < 300 ? (int)said.len : 300, said.ptr);
}

int picture_graph(struct out *o, const struct report *r, const struct callgraph *c,
                  const struct picture_spec *spec, struct lines *notes, struct error *err)
{
    const struct dot_style style = {spec->palette, LONGEST_LINE, LONGEST_TOOLTIP, true};
    char what[100];
    snprintf(what, sizeof what, "laying out %zu nodes and %zu edges", c->trimmed.graph->count,
             c->edge_count);
    const struct isolate_spec limits = {
        .seconds = spec->seconds, .progress = spec->progress, .what = what};
    struct out text;
    struct buf dot = {0};
    struct isolate_end end;
    out_init_memory(&text);
    dot_graph(&text, r, c, &style);
    clean(&dot, buf_view(&text.buf));
    out_abandon(&text);
    int rc = layout_draw(buf_view(&dot), formats[spec->format], &limits, &end, err);
    buf_release(&dot);
    if (!rc && end.how != ISOLATE_DONE)
        rc = explain(&end, c, spec, err);
    if (!rc && spec->format == PICTURE_SVG)
        rc = svg_page(o, buf_view(&end.output), err);
    else if (!rc)
        out_add(o, end.output.data, end.output.len);
    if (!rc)
        pass_on(&end, notes);
    isolate_end_release(&end);
    return rc;
}
