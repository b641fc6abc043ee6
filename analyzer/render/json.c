#include "analyzer/render/json.h"

#include "analyzer/base/path.h"
#include "analyzer/render/json_writer.h"

#include <stdio.h>
#include <time.h>

/* --- what describes a profile */

/* "2026-07-01T12:00:00.123456789Z", or null. */
static void add_time(struct json *j, int64_t nanos)
{
    int64_t below = nanos % 1000000000, seconds = nanos / 1000000000;
    if (below < 0) {
        below += 1000000000;
        seconds--;
    }
    time_t when = (time_t)seconds;
    struct tm tm;
    char text[40], whole[60];
    json_key(j, "time");
    if (!nanos || !gmtime_r(&when, &tm) || !strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm)) {
        json_none(j);
        return;
    }
    snprintf(whole, sizeof whole, "%s.%09lldZ", text, (long long)below);
    json_puts(j, whole);
}

static void add_profile(struct json *j, const struct profile *p)
{
    bool known = p->mapping_count > 0;
    json_key(j, "file");
    if (known && p->mappings[0].file)
        json_str(j, path_base(profile_str(p, p->mappings[0].file)));
    else
        json_puts(j, "");
    json_key(j, "build_id");
    json_str(j, profile_str(p, known ? p->mappings[0].build_id : 0));
    json_key(j, "comments");
    json_open(j, '[');
    for (size_t i = 0; i < p->comment_count; i++)
        if (profile_str(p, p->comments[i]).ptr[0] != '#') /* meant for programs of its own */
            json_str(j, profile_str(p, p->comments[i]));
    json_close(j);
    json_key(j, "doc_url");
    json_str(j, profile_str(p, p->doc_url));
    add_time(j, p->time_nanos);
    json_key(j, "duration_nanos");
    json_int(j, p->duration_nanos);
}

static void add_value_type(struct json *j, const struct report *r)
{
    json_key(j, "type");
    json_str(j, (struct str){r->type.data, r->type.len});
    json_key(j, "unit");
    json_puts(j, number_unit(r));
}

static void add_filters(struct json *j, const struct report *r)
{
    json_key(j, "filters");
    json_open(j, '[');
    for (size_t i = 0; i < r->filters.count; i++)
        json_puts(j, r->filters.items[i]);
    json_close(j);
}

static void add_count(struct json *j, const char *key, size_t count)
{
    json_key(j, key);
    json_int(j, (int64_t)count);
}

static void begin_document(struct json *j, const char *report, const struct report *r)
{
    json_open_lines(j, '{');
    json_key(j, "report");
    json_puts(j, report);
    add_profile(j, r->p);
    add_value_type(j, r);
    json_key(j, "total");
    json_number(j, number_total(r));
    add_filters(j, r);
}

static void begin_rows(struct json *j, const char *key)
{
    json_key(j, key);
    json_open_lines(j, '[');
}

static void end_document(struct json *j)
{
    json_close(j);
    json_close(j);
}

/* --- rows */

static void add_name(struct json *j, struct str name)
{
    json_key(j, "name");
    json_str(j, name);
}

static void add_sum(struct json *j, const char *key, const struct report *r, int64_t sum,
                    int64_t divisor)
{
    json_key(j, key);
    json_number(j, number_of(r, sum, divisor));
}

static void add_node(struct json *j, const struct report *r, const struct node *n)
{
    add_sum(j, "flat", r, n->flat, n->flat_div);
    add_sum(j, "cum", r, n->cum, n->cum_div);
}

static void add_inline(struct json *j, const char *how)
{
    json_key(j, "inline");
    json_puts(j, how);
}

void json_top(struct out *o, const struct report *r, const struct top *t)
{
    struct json j = {.out = o};
    begin_document(&j, "top", r);
    add_count(&j, "nodes", t->trimmed.original_count);
    add_count(&j, "dropped_nodes", t->trimmed.dropped_nodes);
    begin_rows(&j, "rows");
    for (size_t i = 0; i < t->count; i++) {
        const struct top_row *row = &t->rows[i];
        json_open(&j, '{');
        add_name(&j, row->name);
        add_node(&j, r, row->node);
        add_inline(&j, row->inlined);
        json_close(&j);
        out_flush_some(o);
    }
    end_document(&j);
}

static void add_calls(struct json *j, const char *key, const struct report *r,
                      const struct tree_call *calls, size_t count)
{
    json_key(j, key);
    json_open(j, '[');
    for (size_t i = 0; i < count; i++) {
        const struct edge *e = calls[i].edge;
        json_open(j, '{');
        add_name(j, calls[i].name);
        add_sum(j, "weight", r, e->weight, e->weight_div);
        add_inline(j, calls[i].inlined ? "inline" : "");
        json_close(j);
    }
    json_close(j);
}

void json_tree(struct out *o, const struct report *r, const struct tree *t)
{
    struct json j = {.out = o};
    begin_document(&j, t->only ? "peek" : "tree", r);
    if (t->only) {
        json_key(&j, "regex");
        json_puts(&j, regex_text(t->only));
    }
    add_count(&j, "nodes", t->trimmed.original_count);
    add_count(&j, "dropped_nodes", t->trimmed.dropped_nodes);
    add_count(&j, "dropped_edges", t->trimmed.dropped_edges);
    begin_rows(&j, "rows");
    for (size_t i = 0; i < t->count; i++) {
        const struct tree_row *row = &t->rows[i];
        json_open(&j, '{');
        add_name(&j, row->name);
        add_node(&j, r, row->node);
        add_calls(&j, "callers", r, row->callers, row->caller_count);
        add_calls(&j, "callees", r, row->callees, row->callee_count);
        json_close(&j);
        out_flush_some(o);
    }
    end_document(&j);
}

static void add_trace_labels(struct json *j, const struct traces *t)
{
    const struct profile *p = t->r->p;
    json_key(j, "labels");
    json_open(j, '[');
    for (size_t i = 0; i < t->part_count; i++) {
        const struct label *l = &t->parts[i];
        json_open(j, '{');
        json_key(j, "key");
        json_str(j, profile_str(p, l->key));
        json_key(j, "value");
        if (l->is_number) {
            json_int(j, l->number);
            json_key(j, "unit");
            json_puts(j, tags_unit(t->r, l));
        } else {
            json_str(j, profile_str(p, l->str));
        }
        json_close(j);
    }
    json_close(j);
}

void json_traces(struct out *o, const struct report *r, struct traces *t)
{
    struct json j = {.out = o};
    begin_document(&j, "traces", r);
    begin_rows(&j, "samples");
    while (traces_next(t)) {
        json_open(&j, '{');
        add_sum(&j, "value", r, t->sum, t->divisor);
        add_trace_labels(&j, t);
        json_key(&j, "stack");
        json_open(&j, '[');
        for (size_t i = 0; i < t->frame_count; i++) {
            json_open(&j, '{');
            add_name(&j, t->frames[i].name);
            add_inline(&j, t->frames[i].inlined ? "inline" : "");
            json_close(&j);
        }
        json_close(&j);
        json_close(&j);
        out_flush_some(o);
    }
    end_document(&j);
}

static void add_tag_value(struct json *j, const struct report *r, const struct tag_value *v)
{
    json_open(j, '{');
    json_key(j, "value");
    if (v->is_number) {
        json_int(j, v->number);
        json_key(j, "unit");
        json_puts(j, v->unit);
    } else {
        json_str(j, v->value);
    }
    add_sum(j, "weight", r, v->weight, v->divisor);
    json_close(j);
}

void json_tags(struct out *o, const struct report *r, const struct tags *t)
{
    struct json j = {.out = o};
    begin_document(&j, "tags", r);
    begin_rows(&j, "keys");
    for (size_t i = 0; i < t->count; i++) {
        const struct tag_key *key = &t->keys[i];
        json_open(&j, '{');
        json_key(&j, "key");
        json_str(&j, key->key);
        add_sum(&j, "total", r, key->total, key->divisor);
        begin_rows(&j, "values");
        for (size_t k = 0; k < key->count; k++) {
            add_tag_value(&j, r, &key->values[k]);
            out_flush_some(o);
        }
        json_close(&j);
        json_close(&j);
    }
    end_document(&j);
}

/* --- diff */

static void add_diff_source(struct json *j, const char *key, const struct diff_source *s)
{
    json_key(j, key);
    json_open(j, '{');
    json_key(j, "source");
    json_puts(j, s->name);
    add_profile(j, s->report->p);
    json_key(j, "total");
    json_number(j, number_total(s->report));
    json_close(j);
}

static void add_change(struct json *j, const char *key, struct diff_number n)
{
    json_key(j, key);
    json_open(j, '{');
    json_key(j, "old");
    json_number(j, n.old);
    json_key(j, "new");
    json_number(j, n.new);
    json_key(j, "delta");
    json_number(j, n.delta);
    json_key(j, "percent");
    json_float(j, n.percent);
    json_key(j, "points");
    json_float(j, n.points);
    json_close(j);
}

void json_diff(struct out *o, const struct diff *d)
{
    struct json j = {.out = o};
    json_open_lines(&j, '{');
    json_key(&j, "report");
    json_puts(&j, "diff");
    add_diff_source(&j, "old", &d->old);
    add_diff_source(&j, "new", &d->new);
    add_value_type(&j, d->new.report);
    add_filters(&j, d->new.report);
    json_key(&j, "old_scale");
    json_float(&j, d->scale);
    add_count(&j, "nodes", d->kept);
    add_count(&j, "dropped_nodes", d->dropped + d->dropped_negative);
    begin_rows(&j, "rows");
    for (size_t i = 0; i < d->count; i++) {
        const struct node_pair *row = &d->rows[i];
        json_open(&j, '{');
        add_name(&j, row->name);
        add_change(&j, "flat", diff_flat_number(d, row));
        add_change(&j, "cum", diff_cum_number(d, row));
        json_close(&j);
        out_flush_some(o);
    }
    end_document(&j);
}

/* --- flame */

static void add_pair(struct json *j, const char *key, const struct report *r, const struct flame *f,
                     struct calltree_value v)
{
    struct number old = number_of(r, v.old, 0), new = number_of(r, v.new, 0);
    json_key(j, key);
    if (!f->has_old) {
        json_number(j, new);
        return;
    }
    json_open(j, '{');
    json_key(j, "old");
    json_number(j, old);
    json_key(j, "new");
    json_number(j, new);
    json_key(j, "delta");
    json_number(j, number_minus(new, old));
    json_close(j);
}

static void add_cell(struct json *j, const struct report *r, const struct flame *f,
                     const struct calltree_cell *c)
{
    json_open(j, '{');
    add_count(j, "depth", c->depth);
    add_name(j, flame_name(f, c));
    add_pair(j, "flat", r, f, c->flat);
    add_pair(j, "cum", r, f, c->cum);
    add_inline(j, c->inlined ? "inline" : "");
    add_count(j, "merged", c->merged);
    json_close(j);
}

void json_flame(struct out *o, const struct report *r, const struct flame *f)
{
    struct json j = {.out = o};
    json_open_lines(&j, '{');
    json_key(&j, "report");
    json_puts(&j, "flame");
    add_profile(&j, r->p);
    add_value_type(&j, r);
    add_pair(&j, "total", r, f, f->total);
    add_filters(&j, r);
    add_pair(&j, "merged", r, f, f->tree.merged);
    begin_rows(&j, "rows");
    for (size_t i = 0; i < f->tree.count; i++) {
        add_cell(&j, r, f, &f->tree.cells[i]);
        out_flush_some(o);
    }
    end_document(&j);
}
