#include "analyzer/report/report.h"

#include "analyzer/base/num.h"
#include "analyzer/base/path.h"
#include "analyzer/base/units.h"

#include <string.h>
#include <time.h>

void report_time(struct buf *b, int64_t nanos)
{
    time_t seconds = (time_t)(nanos / 1000000000 - (nanos % 1000000000 < 0));
    struct tm tm;
    char text[80];
    if (localtime_r(&seconds, &tm) && strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %Z", &tm))
        buf_puts(b, text);
}

static void add_time(struct lines *out, int64_t nanos)
{
    struct buf b = {0};
    report_time(&b, nanos);
    if (b.len)
        lines_add(out, "Time: %s", b.data);
    buf_release(&b);
}

static void add_duration(struct lines *out, const struct report *r)
{
    const struct profile *p = r->p;
    struct buf duration = {0}, total = {0}, share = {0};
    units_label(&duration, p->duration_nanos, "nanoseconds", "auto");
    report_value(&total, r, r->total);
    struct scaled nanos = units_scale(r->total, r->sample_unit, "nanoseconds");
    if (strcmp(nanos.unit, "ns") == 0 && nanos.value != 0) {
        buf_putc(&share, '(');
        units_percentage(&share, f64_to_i64(nanos.value), p->duration_nanos);
        buf_putc(&share, ')');
    }
    lines_add(out, "Duration: %s, Total samples = %s %s", duration.data, total.data,
              share.data ? share.data : "");
    buf_release(&duration);
    buf_release(&total);
    buf_release(&share);
}

void report_identity_header(struct lines *out, const struct report *r)
{
    const struct profile *p = r->p;
    if (p->mapping_count && p->mappings[0].file)
        lines_add_str(out, "File: ", path_base(profile_str(p, p->mappings[0].file)));
    if (p->mapping_count && p->mappings[0].build_id)
        lines_add_str(out, "Build ID: ", profile_str(p, p->mappings[0].build_id));
    for (size_t i = 0; i < p->comment_count; i++)
        if (profile_str(p, p->comments[i]).ptr[0] != '#')
            lines_add_str(out, "", profile_str(p, p->comments[i]));
    if (r->type.len)
        lines_add_str(out, "Type: ", (struct str){r->type.data, r->type.len});
    if (p->doc_url)
        lines_add_str(out, "Doc: ", profile_str(p, p->doc_url));
    if (p->time_nanos)
        add_time(out, p->time_nanos);
}

void report_profile_header(struct lines *out, const struct report *r)
{
    report_identity_header(out, r);
    if (r->p->duration_nanos)
        add_duration(out, r);
}

void report_filter_header(struct lines *out, const struct report *r)
{
    if (!r->filters.count)
        return;
    lines_add(out, "Active filters:");
    for (size_t i = 0; i < r->filters.count; i++) {
        const char *filter = r->filters.items[i];
        if (strlen(filter) > 80)
            lines_add(out, "   %.80s…", filter);
        else
            lines_add(out, "   %s", filter);
    }
}

static void add_dropped(struct lines *out, const struct report *r, size_t count, const char *what,
                        const char *value, double fraction)
{
    if (!count)
        return;
    struct buf cutoff = {0};
    double applied = r->spec->trim ? fraction : 0;
    report_value(&cutoff, r, abs64(f64_to_i64((double)r->total * applied)));
    lines_add(out, "Dropped %zu %s%s (%s <= %s)", count, what, count > 1 ? "s" : "", value,
              cutoff.data);
    buf_release(&cutoff);
}

void report_header(struct lines *out, const struct report *r, const struct trimmed *t, bool full)
{
    if (full || !r->spec->compact_labels)
        report_profile_header(out, r);
    report_filter_header(out, r);

    const struct graph *g = t->graph;
    int64_t flat = 0;
    for (size_t i = 0; i < g->count; i++)
        flat += node_flat(&g->node[g->order[i]]);
    struct buf shown = {0}, share = {0}, total = {0};
    report_value(&shown, r, flat);
    units_percentage(&share, flat, r->total);
    report_value(&total, r, r->total);
    lines_add(out, "Showing nodes accounting for %s, %s of %s total", shown.data,
              share.data + strspn(share.data, " "), total.data);
    buf_release(&shown);
    buf_release(&share);
    buf_release(&total);

    if (r->total) {
        add_dropped(out, r, t->dropped_nodes, "node", "cum", r->spec->nodefraction);
        if (full)
            add_dropped(out, r, t->dropped_edges, "edge", "freq", r->spec->edgefraction);
        if (g->count && g->count < t->original_count)
            lines_add(out, "Showing top %zu nodes out of %zu", g->count, t->original_count);
    }
    if (full)
        lines_add(out, "\nSee https://git.io/JfYMW for how to read the graph");
}
