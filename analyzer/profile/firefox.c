#include "analyzer/profile/firefox.h"

#include "analyzer/base/alloc.h"
#include "analyzer/profile/firefox_tables.h"
#include "analyzer/profile/threadlabels.h"

#include <stdlib.h>
#include <string.h>

enum {
    MOST_TYPES = 64,
    MOST_PROCESSES_DEEP = 8, /* profiles of processes within profiles of processes */
};

struct reader {
    struct builder b;
    struct value_type types[MOST_TYPES];
    size_t type_count;
    strid keys[THREAD_LABEL_COUNT];
};

/* What the weights of a thread's samples are. */
struct weights {
    struct value_type type;
    double factor; /* from the weight in the file */
    bool is_own;   /* cpprof wrote it: samples without a stack count, too */
    struct value_type cpu;
    int64_t cpu_factor; /* of threadCPUDelta; 0: it is not there, or cannot be understood */
};

bool firefox_knows(const json_t *root)
{
    return json_is_object(json_object_get(root, "meta")) &&
           json_is_array(json_object_get(root, "threads"));
}

/* --- what is measured */

/* How many of UNIT a millisecond is; 1 for what is no time. */
static double per_millisecond(struct str unit)
{
    static const struct {
        const char *name;
        double count;
    } units[] = {{"nanoseconds", 1e6}, {"microseconds", 1e3}, {"seconds", 1e-3}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (str_is(unit, units[i].name))
            return units[i].count;
    return 1;
}

static struct value_type value_type(struct reader *r, const char *type, const char *unit)
{
    return (struct value_type){profile_intern(r->b.p, type), profile_intern(r->b.p, unit)};
}

static int read_cpu(struct reader *r, const struct jtree *profile, const struct jtree *samples,
                    struct weights *w, struct error *err)
{
    struct jtree meta, units, column, schema;
    struct str unit;
    bool there =
        jtree_find(samples, "threadCPUDelta", &column) ||
        (jtree_find(samples, "schema", &schema) && jtree_find(&schema, "threadCPUDelta", &column));
    if (!there || !jtree_find(profile, "meta", &meta) || !jtree_find(&meta, "sampleUnits", &units))
        return 0;
    if (jtree_text_or(&units, "threadCPUDelta", "", &unit, err))
        return -1;
    w->cpu_factor = str_is(unit, "ns") ? 1 : str_is(unit, "\xC2\xB5s") ? 1000 : 0;
    w->cpu = value_type(r, "cpu", "nanoseconds");
    return 0;
}

static int read_weights(struct reader *r, const struct jtree *profile, const struct jtree *thread,
                        struct weights *w, struct error *err)
{
    struct jtree samples;
    struct str kind, type, unit;
    *w = (struct weights){.factor = 1};
    if (jtree_object(thread, "samples", &samples, err) ||
        jtree_text_or(&samples, "weightType", "samples", &kind, err) ||
        jtree_text_or(thread, "sampleType", "", &type, err) ||
        jtree_text_or(thread, "sampleUnit", "", &unit, err))
        return -1;
    bool is_time = str_is(kind, "tracing-ms");
    if (type.len) {
        w->type = (struct value_type){builder_str(&r->b, type), builder_str(&r->b, unit)};
        w->factor = is_time ? per_millisecond(unit) : 1;
        w->is_own = true;
        return 0;
    }
    if (is_time)
        w->factor = 1e6;
    w->type = is_time                 ? value_type(r, "time", "nanoseconds")
              : str_is(kind, "bytes") ? value_type(r, "space", "bytes")
                                      : value_type(r, "samples", "count");
    return read_cpu(r, profile, &samples, w, err);
}

static int type_index(struct reader *r, struct value_type type, const struct jtree *at,
                      size_t *index, struct error *err)
{
    size_t i = 0;
    while (i < r->type_count && (r->types[i].type != type.type || r->types[i].unit != type.unit))
        i++;
    if (i == MOST_TYPES)
        return jtree_wrong(at, err, "there are more than %d types of samples", MOST_TYPES);
    if (i == r->type_count)
        r->types[r->type_count++] = type;
    *index = i;
    return 0;
}

/* --- threads */

/* The label KEY with the value at T: a number, or a text, which may hold a number. */
static int make_label(struct reader *r, enum thread_label key, const struct jtree *t,
                      struct label *label, struct error *err)
{
    struct str text;
    int64_t number;
    if (json_is_number(t->value)) {
        if (jtree_int(t, &number, err))
            return -1;
        *label = label_number(r->keys[key], number, 0);
        return 0;
    }
    if (jtree_text(t, &text, err))
        return -1;
    *label = label_text(r->keys[key], builder_str(&r->b, text));
    bool is_number = key == THREAD_LABEL_PID || key == THREAD_LABEL_TID;
    is_number &= text.len && text.len < 19 && strspn(text.ptr, "0123456789") == text.len;
    if (is_number)
        *label = label_number(r->keys[key], strtoll(text.ptr, NULL, 10), 0);
    return 0;
}

static int read_labels(struct reader *r, const struct jtree *thread, uint32_t *set,
                       struct error *err)
{
    static const char *const members[THREAD_LABEL_COUNT] = {
        [THREAD_LABEL_COMM] = "name",
        [THREAD_LABEL_TID] = "tid",
        [THREAD_LABEL_PROCESS] = "processName",
        [THREAD_LABEL_PID] = "pid",
    };
    struct label labels[THREAD_LABEL_COUNT];
    struct jtree own, at;
    size_t count = 0;
    bool is_own = jtree_find(thread, "sampleLabels", &own);
    for (int i = 0; i < THREAD_LABEL_COUNT; i++) {
        if (!(is_own ? jtree_find(&own, thread_label_keys[i], &at)
                     : jtree_find(thread, members[i], &at)))
            continue;
        if (make_label(r, (enum thread_label)i, &at, &labels[count], err))
            return -1;
        count += labels[count].is_number || labels[count].str;
    }
    *set = profile_add_labels(r->b.p, labels, count);
    return 0;
}

/* The number in row I of C, times FACTOR; OTHERWISE times FACTOR where there is none. */
static int read_value(const struct firefox_column *c, size_t i, double otherwise, double factor,
                      int64_t *v, struct error *err)
{
    struct jtree room, cell;
    *v = (int64_t)(otherwise * factor);
    return firefox_cell(c, i, &room, &cell) ? jtree_scaled(&cell, factor, v, err) : 0;
}

static int read_samples(struct reader *r, const struct firefox_place *place,
                        struct prefix_tree *tree, const struct weights *w, uint32_t labels,
                        struct error *err)
{
    struct firefox_table samples;
    size_t type, cpu_type = 0;
    if (firefox_table_find(place, "samples", "stack", &samples, err) ||
        type_index(r, w->type, place->thread, &type, err) ||
        (w->cpu_factor && type_index(r, w->cpu, place->thread, &cpu_type, err)))
        return -1;
    struct firefox_column stack = firefox_column_find(&samples, "stack"),
                          weight = firefox_column_find(&samples, "weight"),
                          cpu = firefox_column_find(&samples, "threadCPUDelta");
    for (size_t i = 0; i < samples.length; i++) {
        struct jtree room, cell;
        uint32_t node, index;
        int64_t value, nanos = 0;
        bool has_stack = firefox_cell(&stack, i, &room, &cell);
        if (!has_stack && !w->is_own)
            continue;
        if ((has_stack ? jtree_index(&cell, tree->count, &node, err) ||
                             prefix_tree_stack(tree, &r->b, node, &index, err)
                       : builder_stack(&r->b, NULL, 0, &index, err)) ||
            read_value(&weight, i, 1, w->factor, &value, err) ||
            (w->cpu_factor && read_value(&cpu, i, 0, (double)w->cpu_factor, &nanos, err)))
            return -1;
        builder_add(&r->b, index, labels, type, value);
        if (w->cpu_factor)
            builder_add(&r->b, index, labels, cpu_type, nanos);
    }
    return 0;
}

static int read_thread(struct reader *r, const struct jtree *profile, const struct jtree *thread,
                       struct error *err)
{
    struct jtree shared, libs;
    struct firefox_place place = {.thread = thread};
    struct prefix_tree tree = {0};
    struct weights w;
    uint32_t labels;
    if (jtree_find(profile, "shared", &shared))
        place.shared = &shared;
    if (jtree_find(thread, "libs", &libs) || jtree_find(profile, "libs", &libs))
        place.libs = &libs;
    int rc = -1;
    if (!read_weights(r, profile, thread, &w, err) && !read_labels(r, thread, &labels, err) &&
        !firefox_stacks(&place, &r->b, &tree, err))
        rc = read_samples(r, &place, &tree, &w, labels, err);
    prefix_tree_release(&tree);
    return rc;
}

static int note_types(struct reader *r, const struct jtree *profile, const struct jtree *thread,
                      struct error *err)
{
    struct weights w;
    size_t index;
    if (read_weights(r, profile, thread, &w, err) || type_index(r, w.type, thread, &index, err))
        return -1;
    return w.cpu_factor ? type_index(r, w.cpu, thread, &index, err) : 0;
}

/* --- the whole */

typedef int thread_visitor(struct reader *r, const struct jtree *profile,
                           const struct jtree *thread, struct error *err);

/* VISITs all threads of PROFILE, and of the profiles of other processes in it. */
static int visit_threads(struct reader *r, const struct jtree *profile, int depth,
                         thread_visitor *visit, struct error *err)
{
    struct jtree threads, processes;
    if (jtree_array(profile, "threads", &threads, err))
        return -1;
    for (size_t i = 0; i < jtree_count(&threads); i++) {
        struct jtree thread = jtree_item(&threads, i);
        if (visit(r, profile, &thread, err))
            return -1;
    }
    if (!jtree_find(profile, "processes", &processes))
        return 0;
    if (depth == MOST_PROCESSES_DEEP)
        return jtree_wrong(&processes, err, "they are nested too deeply");
    for (size_t i = 0; i < jtree_count(&processes); i++) {
        struct jtree process = jtree_item(&processes, i);
        if (visit_threads(r, &process, depth + 1, visit, err))
            return -1;
    }
    return 0;
}

/* When it was made, for how long, and how often samples were taken, all in milliseconds. */
static int read_meta(struct reader *r, const struct jtree *root, struct error *err)
{
    struct jtree meta, at;
    struct profile *p = r->b.p;
    int64_t start = 0, end = 0;
    if (jtree_object(root, "meta", &meta, err))
        return -1;
    if ((jtree_find(&meta, "startTime", &at) && jtree_scaled(&at, 1e6, &p->time_nanos, err)) ||
        (jtree_find(&meta, "interval", &at) && jtree_scaled(&at, 1e6, &p->period, err)) ||
        (jtree_find(&meta, "profilingStartTime", &at) && jtree_scaled(&at, 1e6, &start, err)) ||
        (jtree_find(&meta, "profilingEndTime", &at) && jtree_scaled(&at, 1e6, &end, err)))
        return -1;
    p->duration_nanos = end > start ? end - start : 0;
    p->period_type = value_type(r, "cpu", "nanoseconds");
    return 0;
}

/* The type that is shown first, as the browser does: that of the thread that is selected. */
static int read_default_type(struct reader *r, const struct jtree *root, struct error *err)
{
    struct jtree meta, selected, threads;
    struct weights w;
    uint32_t index;
    jtree_find(root, "meta", &meta);
    if (jtree_array(root, "threads", &threads, err))
        return -1;
    struct jtree thread = jtree_item(&threads, 0);
    if (jtree_find(&meta, "initialSelectedThreads", &selected) && jtree_count(&selected)) {
        struct jtree first = jtree_item(&selected, 0);
        if (jtree_index(&first, jtree_count(&threads), &index, err))
            return -1;
        thread = jtree_item(&threads, index);
    }
    if (!thread.value)
        return 0;
    if (read_weights(r, root, &thread, &w, err))
        return -1;
    r->b.p->default_sample_type = w.type.type;
    return 0;
}

static int read_file(struct reader *r, const struct jtree *root, struct error *err)
{
    if (read_meta(r, root, err) || visit_threads(r, root, 0, note_types, err))
        return -1;
    if (!r->type_count)
        r->types[r->type_count++] = value_type(r, "samples", "count");
    builder_set_types(&r->b, r->types, r->type_count);
    return visit_threads(r, root, 0, read_thread, err) || read_default_type(r, root, err) ? -1 : 0;
}

struct profile *firefox_read(const json_t *root, struct error *err)
{
    struct reader r = {0};
    struct jtree top = jtree_root(root);
    builder_init(&r.b);
    for (int i = 0; i < THREAD_LABEL_COUNT; i++)
        r.keys[i] = profile_intern(r.b.p, thread_label_keys[i]);
    int rc = read_file(&r, &top, err);
    struct profile *p = rc ? NULL : builder_finish(&r.b);
    builder_release(&r.b);
    return p;
}
