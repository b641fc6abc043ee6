#include "analyzer/render/cpuprofile.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/pairmap.h"
#include "analyzer/base/units.h"
#include "analyzer/profile/cpuprofile.h"
#include "analyzer/render/json_writer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A sample is not listed more often than this, and all together not more often than that. */
static const int64_t most_times = 100000, most_entries = 4000000;

/* The tree of calls; node 0 is the root. */
struct call {
    uint32_t location, parent;
    uint32_t first_child, next_sibling; /* or NO_INDEX */
    int64_t hits;
};

struct calls {
    struct call *items;
    size_t count, cap;
    struct pairmap by_parent; /* and location */
    uint32_t *ends;           /* the call that each sample of the profile ends in */
};

static uint32_t call_of(struct calls *c, uint32_t parent, uint32_t location)
{
    struct pairmap_slot *slot = pairmap_slot(&c->by_parent, parent, location);
    if (slot->value)
        return slot->value - 1;
    uint32_t index = (uint32_t)c->count++;
    c->items = xgrow(c->items, &c->cap, c->count, sizeof *c->items);
    c->items[index] = (struct call){location, parent, NO_INDEX, NO_INDEX, 0};
    pairmap_set(&c->by_parent, slot, parent, location, index);
    return index;
}

static void calls_init(struct calls *c, const struct profile *p)
{
    *c = (struct calls){.ends = xmalloc((p->sample_count + 1) * sizeof *c->ends)};
    call_of(c, NO_INDEX, NO_INDEX);
    for (size_t i = 0; i < p->sample_count; i++) {
        struct stack s = p->stacks[p->sample_stack[i]];
        uint32_t at = 0;
        for (uint32_t f = s.count; f--;)
            at = call_of(c, at, p->frames[s.first + f]);
        c->ends[i] = at;
    }
    /* From the back, so that children stand in the order in which they came up. */
    for (size_t i = c->count; i-- > 1;) {
        struct call *parent = &c->items[c->items[i].parent];
        c->items[i].next_sibling = parent->first_child;
        parent->first_child = (uint32_t)i;
    }
}

static void calls_release(struct calls *c)
{
    free(c->items);
    free(c->ends);
    pairmap_release(&c->by_parent);
}

static void add_frame(struct json *j, const struct profile *p, uint32_t location)
{
    static const struct function root = {0};
    const struct function *f = &root;
    if (location != NO_INDEX)
        f = &p->functions[p->lines[p->locations[location].first_line].function];
    struct str file = profile_str(p, f->filename);
    struct buf url = {0};
    if (file.len && file.ptr[0] == '/')
        buf_puts(&url, "file://");
    buf_str(&url, file);
    json_key(j, "callFrame");
    json_open(j, '{');
    json_key(j, "functionName");
    if (location == NO_INDEX)
        json_puts(j, "(root)");
    else
        json_str(j, profile_str(p, f->name));
    json_key(j, "scriptId");
    json_puts(j, "0");
    json_key(j, "url");
    json_str(j, (struct str){url.data ? url.data : "", url.len});
    json_key(j, "lineNumber");
    json_int(j, f->start_line - 1);
    json_key(j, "columnNumber");
    json_int(j, -1);
    json_close(j);
    buf_release(&url);
}

static void add_nodes(struct json *j, const struct profile *p, const struct calls *c)
{
    json_key(j, "nodes");
    json_open_lines(j, '[');
    for (size_t i = 0; i < c->count; i++) {
        json_open(j, '{');
        json_key(j, "id");
        json_int(j, (int64_t)i + 1);
        add_frame(j, p, c->items[i].location);
        json_key(j, "hitCount");
        json_int(j, c->items[i].hits);
        if (c->items[i].first_child != NO_INDEX) {
            json_key(j, "children");
            json_open(j, '[');
            for (uint32_t k = c->items[i].first_child; k != NO_INDEX; k = c->items[k].next_sibling)
                json_int(j, (int64_t)k + 1);
            json_close(j);
        }
        json_close(j);
        out_flush_some(j->out);
    }
    json_close(j);
}

/* Which sample type counts samples, or NO_INDEX. */
static size_t count_type(const struct profile *p, size_t value)
{
    for (size_t t = 0; t < p->sample_type_count; t++)
        if (t != value && strcmp(profile_str(p, p->sample_types[t].type).ptr, "samples") == 0 &&
            strcmp(profile_str(p, p->sample_types[t].unit).ptr, "count") == 0)
            return t;
    return NO_INDEX;
}

/* How often each sample is listed. */
static int64_t *list_counts(const struct profile *p, size_t value)
{
    size_t type = count_type(p, value);
    int64_t *counts = xcalloc(p->sample_count + 1, sizeof *counts), all = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < p->sample_count; i++) {
            int64_t n = type == NO_INDEX || pass ? 1 : p->values[type][i];
            n = n < 1 ? 1 : n > most_times ? most_times : n;
            counts[i] = p->values[value][i] > 0 ? n : 0;
            all += counts[i];
        }
        if (all <= most_entries)
            break;
    }
    return counts;
}

/* VALUE in microseconds, if it is a time. */
static double microseconds(int64_t value, const char *unit)
{
    return units_compatible(unit, "us") ? units_scale(value, unit, "us").value : (double)value;
}

static int64_t rounded(double v)
{
    return v < 9e18 ? (int64_t)nearbyint(v) : INT64_MAX;
}

/* Lists the samples, or the microseconds each took. Those are differences of rounded times, so that
 * they add up to the rounded sum, which is returned. Some viewers charge a sample with the time
 * before it and some with the time after it; to mean the same to all, the first of equal samples
 * stands there once more, at the time when the one before it ended. J: NULL to add up only. */
static int64_t add_entries(struct json *j, const struct profile *p, size_t value,
                           const struct calls *c, const int64_t *counts, bool deltas)
{
    const char *unit = profile_str(p, p->sample_types[value].unit).ptr;
    double now = 0;
    int64_t last = 0;
    for (size_t i = 0; i < p->sample_count; i++) {
        if (!counts[i])
            continue;
        double took = microseconds(p->values[value][i], unit);
        for (int64_t k = 0; k <= counts[i]; k++) {
            int64_t time = rounded(now + took * ((double)k / (double)counts[i]));
            if (j)
                json_int(j, deltas ? time - last : (int64_t)c->ends[i] + 1);
            last = time;
        }
        now += took;
        if (j)
            out_flush_some(j->out);
    }
    return last;
}

static void add_list(struct json *j, const char *key, const struct profile *p, size_t value,
                     const struct calls *c, const int64_t *counts, bool deltas)
{
    json_key(j, key);
    json_open(j, '[');
    add_entries(j, p, value, c, counts, deltas);
    json_close(j);
}

void cpuprofile_profile(struct out *o, const struct profile *flat, size_t value)
{
    struct json j = {.out = o};
    struct calls calls;
    int64_t *counts = list_counts(flat, value);
    calls_init(&calls, flat);
    for (size_t i = 0; i < flat->sample_count; i++)
        calls.items[calls.ends[i]].hits += counts[i];
    int64_t start = flat->time_nanos / 1000, took = flat->duration_nanos / 1000;
    int64_t sum = add_entries(NULL, flat, value, &calls, counts, false);
    if (start < CPUPROFILE_EPOCH)
        start = 0;
    json_open_lines(&j, '{');
    json_key(&j, "exporter");
    json_puts(&j, "cpprof");
    add_nodes(&j, flat, &calls);
    json_key(&j, "startTime");
    json_int(&j, start);
    json_key(&j, "endTime");
    json_int(&j, start + (took > sum ? took : sum));
    add_list(&j, "samples", flat, value, &calls, counts, false);
    add_list(&j, "timeDeltas", flat, value, &calls, counts, true);
    json_close(&j);
    free(counts);
    calls_release(&calls);
}
