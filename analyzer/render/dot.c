#include "analyzer/render/callgraph.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/num.h"
#include "analyzer/base/path.h"
#include "analyzer/base/units.h"
#include "analyzer/render/dot_text.h"
#include "analyzer/render/shorten.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_TAGS = 4 }; /* small boxes of a kind per node */

struct dot {
    struct out *o;
    const struct report *r;
    const struct callgraph *c;
    const struct dot_style *style;
    uint32_t *numbers; /* per node of the graph: N1, N2, …; 0 if not listed */
    bool *has_tags;
    double max_flat;
};

enum place { LABEL, TOOLTIP };

static void put_text(struct buf *out, const struct dot *d, struct str s, enum place place)
{
    if (place == LABEL) {
        dot_text_add(out, s, d->style->longest_line);
        return;
    }
    struct buf twice = {0};
    for (size_t i = 0; d->style->tooltips_twice && i < s.len; i++) {
        if (s.ptr[i] == '\\')
            buf_putc(&twice, '\\');
        buf_putc(&twice, s.ptr[i]);
    }
    dot_text_add(out, d->style->tooltips_twice ? buf_view(&twice) : s, d->style->longest_tooltip);
    buf_release(&twice);
}

/* Its unit is the profile's. */
static void put_value(struct buf *out, const struct dot *d, int64_t value, enum place place)
{
    struct buf b = {0};
    report_value(&b, d->r, value);
    put_text(out, d, buf_view(&b), place);
    buf_release(&b);
}

static void add_trimmed_share(struct buf *b, int64_t value, int64_t total)
{
    struct buf share = {0};
    units_percentage(&share, value, total);
    buf_puts(b, share.data + strspn(share.data, " "));
    buf_release(&share);
}

static void add_color(struct dot *d, double score, enum palette_use use)
{
    struct rgb color = palette_color(d->style->palette, use, score);
    buf_printf(&d->o->buf, "#%02x%02x%02x", color.r, color.g, color.b);
}

static double share_of_total(const struct dot *d, int64_t value)
{
    return (double)value / (double)abs64(d->r->total);
}

static void add_legend(struct dot *d)
{
    struct buf *b = &d->o->buf;
    const struct lines *labels = &d->c->header;
    if (!labels->count)
        return;
    buf_puts(b, "subgraph cluster_L { \"");
    put_text(b, d, lines_get(labels, 0), LABEL);
    buf_puts(b, "\" [shape=box fontsize=16 label=\"");
    for (size_t i = 0; i < labels->count; i++) {
        put_text(b, d, lines_get(labels, i), LABEL);
        buf_puts(b, "\\l");
    }
    buf_puts(b, "\"");
    if (d->c->title.len) {
        buf_puts(b, " tooltip=\"");
        put_text(b, d, d->c->title, TOOLTIP);
        buf_puts(b, "\"");
    }
    buf_puts(b, "] }\n");
}

/* How long the separator at S is, of which LEN bytes remain; what takes its place in *AS. */
static size_t separator_at(const char *s, size_t len, const char **as)
{
    *as = "\\n";
    if (*s == '.')
        return 1;
    if (len >= 2 && memcmp(s, "::", 2) == 0)
        return 2;
    *as = "[…]";
    return len >= 5 && memcmp(s, "[...]", 5) == 0 ? 5 : 0; /* Go's type parameters */
}

/* NAME with a line for each part. */
static void add_parts(struct buf *out, struct str name, size_t most)
{
    for (size_t from = 0, at = 0; at <= name.len;) {
        const char *as = "";
        size_t separator = at < name.len ? separator_at(name.ptr + at, name.len - at, &as) : 0;
        if (!separator && at < name.len) {
            at++;
            continue;
        }
        dot_text_add(out, (struct str){name.ptr + from, at - from}, most);
        buf_puts(out, as);
        if (at == name.len)
            return;
        at += separator;
        from = at;
    }
}

/* The function's short name and what else tells the node apart. */
static void add_multiline_name(struct dot *d, uint32_t node)
{
    const struct nodes *nodes = d->c->trimmed.graph->nodes;
    uint32_t of = d->c->trimmed.graph->node[node].of;
    const struct node_info *info = &nodes->infos[of];
    struct buf shortened = {0}, name = {0}, file = {0};
    shorten_name(&shortened, profile_str(nodes->p, info->name));
    add_parts(&name, buf_view(&shortened), d->style->longest_line);
    if (info->file)
        dot_text_add(&file, path_base(profile_str(nodes->p, info->file)), d->style->longest_line);
    nodes_print_name(&d->o->buf, nodes, of, buf_view(&name), buf_view(&file), "\\n");
    buf_puts(&d->o->buf, "\\n");
    buf_release(&shortened);
    buf_release(&name);
    buf_release(&file);
}

static void add_node(struct dot *d, uint32_t index)
{
    struct buf *b = &d->o->buf;
    const struct graph *g = d->c->trimmed.graph;
    const struct node *n = &g->node[index];
    int64_t flat = node_flat(n), cum = node_cum(n), total = d->r->total;
    uint32_t number = d->numbers[index];

    buf_printf(b, "N%" PRIu32 " [label=\"", number);
    add_multiline_name(d, index);
    if (flat) {
        put_value(b, d, flat, LABEL);
        buf_puts(b, " (");
        add_trimmed_share(b, flat, total);
        buf_puts(b, ")");
    } else {
        buf_puts(b, "0");
    }
    if (cum != flat) {
        buf_puts(b, flat ? "\\nof " : " of ");
        put_value(b, d, cum, LABEL);
        buf_puts(b, " (");
        add_trimmed_share(b, cum, total);
        buf_puts(b, ")");
    }
    int64_t font_size = 8;
    if (d->max_flat != 0 && flat && (double)abs64(flat) <= d->max_flat)
        font_size += f64_to_i64(ceil(16.0 * sqrt((double)abs64(flat) / d->max_flat)));
    buf_printf(b, "\" id=\"node%" PRIu32 "\" fontsize=%" PRId64 " shape=box tooltip=\"", number,
               font_size);
    put_text(b, d, graph_name(g, index), TOOLTIP);
    buf_puts(b, " (");
    put_value(b, d, cum, TOOLTIP);
    buf_puts(b, ")\" color=\"");
    add_color(d, share_of_total(d, cum), PALETTE_INK);
    buf_puts(b, "\" fillcolor=\"");
    add_color(d, share_of_total(d, cum), PALETTE_PAPER);
    buf_puts(b, "\"]\n");
}

static double tag_distance(const struct nodetag *t, const struct nodetag *u)
{
    double v = units_scale(u->value, u->unit, t->unit).value;
    return fabs((double)t->value - v);
}

/* One box for several numbers: "least..most". */
static void merge_group(struct nodetag *out, struct nodetag *const *group, size_t count,
                        struct arena *arena)
{
    const struct nodetag *least = group[0], *most = group[0];
    int64_t flat = 0, flat_div = 0, cum = 0, cum_div = 0;
    struct buf name = {0};
    for (size_t i = 0; i < count; i++) {
        const struct nodetag *t = group[i];
        if (f64_to_i64(units_scale(t->value, t->unit, least->unit).value) < least->value)
            least = t;
        if (f64_to_i64(units_scale(t->value, t->unit, most->unit).value) > most->value)
            most = t;
        flat += t->flat;
        flat_div += t->flat_div;
        cum += t->cum;
        cum_div += t->cum_div;
    }
    units_label(&name, least->value, least->unit, "auto");
    if (count > 1) {
        buf_puts(&name, "..");
        units_label(&name, most->value, most->unit, "auto");
    }
    *out = (struct nodetag){.flat = flat_div ? div64(flat, flat_div) : flat,
                            .cum = cum_div ? div64(cum, cum_div) : cum,
                            .unit = ""};
    out->name = (struct str){arena_strndup(arena, name.data, name.len), name.len};
    buf_release(&name);
}

/* At most four boxes: the heaviest four draw the others to the nearest of them. */
static size_t collapse(struct nodetag *tags, size_t count, bool flat, struct arena *arena)
{
    nodetags_sort(tags, count, flat);
    if (count <= MOST_TAGS)
        return count;
    struct nodetag **groups = xcalloc(MOST_TAGS * count, sizeof *groups);
    size_t sizes[MOST_TAGS] = {0};
    for (size_t i = 0; i < count; i++) {
        size_t nearest = i;
        if (i >= MOST_TAGS) {
            nearest = 0;
            double least = tag_distance(&tags[i], &tags[0]);
            for (size_t k = 1; k < MOST_TAGS; k++) {
                double distance = tag_distance(&tags[i], &tags[k]);
                if (distance < least) {
                    least = distance;
                    nearest = k;
                }
            }
        }
        groups[nearest * count + sizes[nearest]++] = &tags[i];
    }
    struct nodetag merged[MOST_TAGS];
    for (size_t k = 0; k < MOST_TAGS; k++)
        merge_group(&merged[k], groups + k * count, sizes[k], arena);
    memcpy(tags, merged, sizeof merged);
    free(groups);
    nodetags_sort(tags, MOST_TAGS, flat);
    return MOST_TAGS;
}

static void add_box(struct dot *d, const char *from, const char *box, struct str label,
                    int64_t weight, const char *style)
{
    struct buf *b = &d->o->buf, value = {0}, tooltip = {0};
    put_value(&value, d, weight, LABEL);
    put_value(&tooltip, d, weight, TOOLTIP);
    buf_printf(b, "%s [label = \"", box);
    dot_text_add_lines(b, label, d->style->longest_line);
    buf_printf(b, "\" id=\"%s\" fontsize=8 shape=box3d tooltip=\"%s\"]\n", box, tooltip.data);
    buf_printf(b, "%s -> %s [label=\" %s\" weight=100 tooltip=\"%s\" labeltooltip=\"%s\"%s]\n",
               from, box, value.data, tooltip.data, tooltip.data, style);
    buf_release(&value);
    buf_release(&tooltip);
}

static void add_numbers(struct dot *d, struct nodetag_group *group, bool flat, const char *source)
{
    struct arena arena;
    arena_init(&arena);
    group->count = collapse(group->tags, group->count, flat, &arena);
    for (size_t i = 0; i < group->count; i++) {
        const struct nodetag *t = &group->tags[i];
        int64_t weight = nodetag_cum(t);
        const char *style = " style=\"dotted\"";
        if (flat || nodetag_flat(t) == nodetag_cum(t)) {
            weight = nodetag_flat(t);
            style = "";
        }
        if (!weight)
            continue;
        char box[80];
        snprintf(box, sizeof box, "N%s_%zu", source, i);
        add_box(d, source, box, t->name, weight, style);
    }
    arena_release(&arena);
}

/* Leaves show cum tags (their callees may have been left out), other nodes flat ones. */
static void add_tags(struct dot *d, uint32_t index)
{
    const struct graph *g = d->c->trimmed.graph;
    const struct nodetags *tags = d->c->trimmed.tags;
    struct node_tags *n = &tags->of[index];
    bool flat = g->out_first[index] < g->out_first[index + 1];
    size_t before = d->o->buf.len;
    char source[40], box[60];
    snprintf(source, sizeof source, "N%" PRIu32, d->numbers[index]);
    nodetags_sort(n->texts, n->text_count, flat);
    for (size_t i = 0; i < n->text_count && i < MOST_TAGS; i++) {
        const struct nodetag *t = &n->texts[i];
        int64_t weight = flat ? nodetag_flat(t) : nodetag_cum(t);
        if (!weight)
            continue;
        snprintf(box, sizeof box, "%s_%zu", source, i);
        add_box(d, source, box, t->name, weight, "");
        struct nodetag_group *group = nodetags_group(tags, index, t->name);
        if (group)
            add_numbers(d, group, flat, box);
    }
    struct nodetag_group *group = nodetags_group(tags, index, (struct str){"", 0});
    if (group)
        add_numbers(d, group, flat, source);
    d->has_tags[index] = d->o->buf.len > before;
}

static int64_t scaled_weight(const struct dot *d, int64_t weight, int64_t most)
{
    int64_t w = abs64(div64(weight * most, d->r->total));
    return 1 + (w < most ? w : most);
}

static void add_edge(struct dot *d, const struct edge *e)
{
    struct buf *b = &d->o->buf, tooltip = {0};
    const struct graph *g = d->c->trimmed.graph;
    int64_t weight = edge_weight(e);
    buf_printf(b, "N%" PRIu32 " -> N%" PRIu32 " [label=\" ", d->numbers[e->src],
               d->numbers[e->dest]);
    put_value(b, d, weight, LABEL);
    buf_puts(b, e->inlined ? "\\n (inline)\"" : "\"");
    if (d->r->total) {
        int64_t pull = scaled_weight(d, weight, 100), pen = scaled_weight(d, weight, 5);
        if (pull > 1)
            buf_printf(b, " weight=%" PRId64, pull);
        if (pen > 1)
            buf_printf(b, " penwidth=%" PRId64, pen);
        buf_puts(b, " color=\"");
        add_color(d, share_of_total(d, weight), PALETTE_INK);
        buf_puts(b, "\"");
    }
    buf_puts(&tooltip, "\"");
    put_text(&tooltip, d, graph_name(g, e->src), TOOLTIP);
    buf_puts(&tooltip, e->residual ? " ... " : " -> ");
    put_text(&tooltip, d, graph_name(g, e->dest), TOOLTIP);
    buf_puts(&tooltip, " (");
    put_value(&tooltip, d, weight, TOOLTIP);
    buf_puts(&tooltip, ")\"");
    buf_puts(b, " tooltip=");
    buf_add(b, tooltip.data, tooltip.len); /* names may hold NULs */
    buf_puts(b, " labeltooltip=");
    buf_add(b, tooltip.data, tooltip.len);
    buf_printf(b, "%s%s]\n", e->residual ? " style=\"dotted\"" : "",
               d->has_tags[e->src] ? " minlen=2" : "");
    buf_release(&tooltip);
}

void dot_graph(struct out *o, const struct report *r, const struct callgraph *c,
               const struct dot_style *style)
{
    const struct graph *g = c->trimmed.graph;
    struct dot d = {.o = o, .r = r, .c = c, .style = style};
    out_puts(o, "digraph \"");
    if (c->title.len)
        put_text(&o->buf, &d, c->title, LABEL);
    else
        out_puts(o, "unnamed");
    out_puts(o, "\" {\nnode [style=filled fillcolor=\"#f8f8f8\"]\n");
    add_legend(&d);
    d.numbers = xcalloc(g->node_count + 1, sizeof *d.numbers);
    d.has_tags = xcalloc(g->node_count + 1, sizeof *d.has_tags);
    for (size_t i = 0; i < g->count; i++) {
        double flat = (double)abs64(node_flat(&g->node[g->order[i]]));
        d.numbers[g->order[i]] = (uint32_t)i + 1;
        d.max_flat = flat > d.max_flat ? flat : d.max_flat;
    }
    for (size_t i = 0; i < g->count; i++) {
        add_node(&d, g->order[i]);
        add_tags(&d, g->order[i]);
        out_flush_some(o);
    }
    for (size_t i = 0; i < c->edge_count; i++) {
        add_edge(&d, &g->edges[c->edges[i]]);
        out_flush_some(o);
    }
    out_puts(o, "}\n");
    free(d.numbers);
    free(d.has_tags);
}
