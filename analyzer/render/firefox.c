#include "analyzer/render/firefox.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/path.h"
#include "analyzer/base/units.h"
#include "analyzer/profile/threadlabels.h"
#include "analyzer/render/firefox_tables.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Samples of one thread: those with the same thread labels. */
struct thread {
    const struct label *label[THREAD_LABEL_COUNT]; /* NULL: it has none */
    uint32_t *samples;
    size_t count, cap;
};

struct threads {
    struct thread *items;
    size_t count, cap;
};

/* The set of the labels in SET that say which thread it is, the first of each key. */
static uint32_t thread_set(struct profile *p, struct labelset set)
{
    struct label labels[THREAD_LABEL_COUNT];
    bool has[THREAD_LABEL_COUNT] = {false};
    size_t count = 0;
    for (uint32_t i = 0; i < set.count; i++) {
        struct label l = p->labels[set.first + i];
        enum thread_label key = thread_label_of(p, &l);
        if (key < THREAD_LABEL_COUNT && !has[key])
            labels[count++] = l;
        if (key < THREAD_LABEL_COUNT)
            has[key] = true;
    }
    return profile_add_labels(p, labels, count);
}

static void thread_init(struct thread *t, const struct profile *p, uint32_t set)
{
    *t = (struct thread){0};
    for (uint32_t i = 0; i < p->labelsets[set].count; i++) {
        const struct label *l = &p->labels[p->labelsets[set].first + i];
        t->label[thread_label_of(p, l)] = l;
    }
}

/* Threads stand in the order in which samples name them. */
static void threads_init(struct threads *t, struct profile *p)
{
    size_t sets = p->labelset_count;
    uint32_t *set_of = xmalloc((sets + 1) * sizeof *set_of);
    for (size_t i = 0; i < sets; i++)
        set_of[i] = thread_set(p, p->labelsets[i]);
    uint32_t *thread_of = xmalloc((p->labelset_count + 1) * sizeof *thread_of);
    memset(thread_of, 0xFF, p->labelset_count * sizeof *thread_of);
    *t = (struct threads){0};
    for (size_t i = 0; i < p->sample_count; i++) {
        uint32_t set = set_of[p->sample_labels[i]];
        if (thread_of[set] == NO_INDEX) {
            thread_of[set] = (uint32_t)t->count;
            t->items = xgrow(t->items, &t->cap, t->count + 1, sizeof *t->items);
            thread_init(&t->items[t->count++], p, set);
        }
        struct thread *thread = &t->items[thread_of[set]];
        thread->samples =
            xgrow(thread->samples, &thread->cap, thread->count + 1, sizeof *thread->samples);
        thread->samples[thread->count++] = (uint32_t)i;
    }
    free(set_of);
    free(thread_of);
}

static void threads_release(struct threads *t)
{
    for (size_t i = 0; i < t->count; i++)
        free(t->items[i].samples);
    free(t->items);
}

/* --- parts of the file */

static void member_text(struct json *j, const char *key, const char *value)
{
    json_key(j, key);
    json_puts(j, value);
}

static void member_int(struct json *j, const char *key, int64_t value)
{
    json_key(j, key);
    json_int(j, value);
}

static void write_category(struct json *j, const char *name, const char *color)
{
    json_open(j, '{');
    member_text(j, "name", name);
    member_text(j, "color", color);
    json_key(j, "subcategories");
    json_open(j, '[');
    json_puts(j, "Other");
    json_close(j);
    json_close(j);
}

static double milliseconds(const struct profile *p, int64_t v, strid unit)
{
    const char *name = profile_str(p, unit).ptr;
    /* Dividing by a million is exact where multiplying by a millionth is not. */
    if (strcmp(name, "nanoseconds") == 0)
        return (double)v / 1e6;
    if (strcmp(name, "microseconds") == 0)
        return (double)v / 1e3;
    return units_scale(v, name, "ms").value;
}

static bool is_time(const struct profile *p, strid unit)
{
    return units_compatible(profile_str(p, unit).ptr, "ms");
}

static struct str main_binary(const struct profile *p)
{
    bool known = p->mapping_count && p->mappings[0].file;
    return known ? path_base(profile_str(p, p->mappings[0].file)) : (struct str){"profile", 7};
}

static void write_meta(struct json *j, const struct profile *p, size_t value, size_t thread_count)
{
    bool timed = p->period && is_time(p, p->period_type.unit);
    json_key(j, "meta");
    json_open_lines(j, '{');
    member_int(j, "version", 31);
    member_int(j, "preprocessedProfileVersion", 57);
    json_key(j, "interval");
    json_float(j, timed ? milliseconds(p, p->period, p->period_type.unit) : 1);
    json_key(j, "startTime");
    json_float(j, (double)p->time_nanos / 1e6);
    if (p->duration_nanos) {
        member_int(j, "profilingStartTime", 0);
        json_key(j, "profilingEndTime");
        json_float(j, (double)p->duration_nanos / 1e6);
    }
    member_int(j, "processType", 0);
    json_key(j, "product");
    json_str(j, main_binary(p));
    member_text(j, "importedFrom", "cpprof");
    member_int(j, "stackwalk", 1);
    json_key(j, "symbolicated");
    json_bool(j, true);
    json_key(j, "symbolicationNotSupported");
    json_bool(j, true);
    json_key(j, "usesOnlyOneStackType");
    json_bool(j, true);
    json_key(j, "sourceCodeIsNotOnSearchfox");
    json_bool(j, true);
    json_key(j, "keepProfileThreadOrder");
    json_bool(j, true);
    json_key(j, "categories");
    json_open_lines(j, '[');
    write_category(j, "Other", "grey");
    write_category(j, "Kernel", "orange");
    json_close(j);
    json_key(j, "markerSchema");
    json_open(j, '[');
    json_close(j);
    static const char *const choices[] = {"initialVisibleThreads", "initialSelectedThreads"};
    for (size_t c = 0; c < 2; c++) {
        json_key(j, choices[c]);
        json_open(j, '[');
        for (size_t t = 0; t < (c ? thread_count > 0 : thread_count); t++)
            json_int(j, (int64_t)(value * thread_count + t));
        json_close(j);
    }
    json_close(j);
}

/* The id under which debug files are known to Mozilla's servers: the first 16 bytes of the build id
 * as a GUID, whose first three parts have the other byte order, and an age of 0. */
static void write_breakpad_id(struct json *j, struct str build_id)
{
    static const uint8_t order[] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
    char id[34] = "";
    bool hex = build_id.len >= 32;
    for (size_t i = 0; hex && i < 32; i++)
        hex = isxdigit((unsigned char)build_id.ptr[i]);
    for (size_t i = 0; hex && i < 32; i++)
        id[i] = (char)toupper((unsigned char)build_id.ptr[order[i / 2] * 2 + i % 2]);
    if (hex)
        memcpy(id + 32, "0", 2);
    member_text(j, "breakpadId", id);
}

static void write_libs(struct json *j, const struct profile *p)
{
    json_key(j, "libs");
    json_open_lines(j, '[');
    for (size_t i = 0; i < p->mapping_count; i++) {
        struct str path = profile_str(p, p->mappings[i].file);
        struct str build_id = profile_str(p, p->mappings[i].build_id);
        struct str name = path.len ? path_base(path) : path;
        const struct {
            const char *key;
            struct str value;
        } members[] = {{"name", name}, {"path", path}, {"debugName", name}, {"debugPath", path}};
        json_open(j, '{');
        member_text(j, "arch", "");
        for (size_t m = 0; m < sizeof members / sizeof *members; m++) {
            json_key(j, members[m].key);
            json_str(j, members[m].value);
        }
        write_breakpad_id(j, build_id);
        json_key(j, "codeId");
        if (build_id.len)
            json_str(j, build_id);
        else
            json_none(j);
        json_close(j);
    }
    json_close(j);
}

/* --- threads */

static void write_label(struct json *j, const struct profile *p, const struct label *l)
{
    if (l->is_number)
        json_int(j, l->number);
    else
        json_str(j, profile_str(p, l->str));
}

/* LABEL of T as text, or OTHERWISE if T does not have it. */
static void add_label(struct buf *b, const struct profile *p, const struct thread *t,
                      enum thread_label label, struct str otherwise)
{
    const struct label *l = t->label[label];
    if (!l)
        buf_str(b, otherwise);
    else if (l->is_number)
        buf_printf(b, "%" PRId64, l->number);
    else
        buf_str(b, profile_str(p, l->str));
}

static void write_buf(struct json *j, const char *key, struct buf *b)
{
    json_key(j, key);
    json_str(j, (struct str){b->data ? b->data : "", b->len});
    buf_clear(b);
}

/* Who the thread is. Threads of one process have the same pid; as each sample type is shown as a
 * process of its own, the pids of all but the chosen one have the type's name in them. */
static void write_identity(struct json *j, const struct profile *p, const struct thread *t,
                           size_t type, size_t value)
{
    struct str type_name = profile_str(p, p->sample_types[type].type);
    struct buf b = {0};
    member_text(j, "processType", "default");
    add_label(&b, p, t, THREAD_LABEL_PROCESS, main_binary(p));
    if (p->sample_type_count > 1) {
        buf_puts(&b, ": ");
        buf_str(&b, type_name);
    }
    write_buf(j, "processName", &b);
    add_label(&b, p, t, THREAD_LABEL_COMM, type_name);
    write_buf(j, "name", &b);
    add_label(&b, p, t, THREAD_LABEL_PID, (struct str){"0", 1});
    if (type != value) {
        buf_putc(&b, ' ');
        buf_str(&b, type_name);
    }
    write_buf(j, "pid", &b);
    json_key(j, "tid");
    const struct label *tid = t->label[THREAD_LABEL_TID], *pid = t->label[THREAD_LABEL_PID];
    if (tid)
        write_label(j, p, tid);
    else
        json_int(j, 0);
    json_key(j, "isMainThread");
    json_bool(j, !tid || !pid || (tid->number == pid->number && tid->str == pid->str));
    buf_release(&b);

    json_key(j, "sampleType");
    json_str(j, type_name);
    json_key(j, "sampleUnit");
    json_str(j, profile_str(p, p->sample_types[type].unit));
    json_key(j, "sampleLabels");
    json_open(j, '{');
    for (int i = 0; i < THREAD_LABEL_COUNT; i++) {
        if (!t->label[i])
            continue;
        json_key(j, thread_label_keys[i]);
        write_label(j, p, t->label[i]);
    }
    json_close(j);
}

enum sample_column { SAMPLE_STACK, SAMPLE_TIME, SAMPLE_WEIGHT, SAMPLE_COLUMNS };

static void write_samples(struct json *j, const struct profile *p, const struct thread *t,
                          struct firefox_rows *rows, size_t type)
{
    static const char *const names[SAMPLE_COLUMNS] = {"stack", "time", "weight"};
    strid unit = p->sample_types[type].unit;
    bool timed = is_time(p, unit);
    size_t count = 0;
    json_key(j, "samples");
    json_open_lines(j, '{');
    for (int c = 0; c < SAMPLE_COLUMNS; c++) {
        double now = 0;
        count = 0;
        json_key(j, names[c]);
        json_open(j, '[');
        for (size_t i = 0; i < t->count; i++) {
            int64_t v = p->values[type][t->samples[i]];
            struct stack s = p->stacks[p->sample_stack[t->samples[i]]];
            if (!v)
                continue;
            count++;
            double took = timed ? milliseconds(p, v, unit) : 1;
            if (c == SAMPLE_STACK && !s.count)
                json_none(j);
            else if (c == SAMPLE_STACK)
                json_int(j, firefox_rows_add(rows, s));
            else if (c == SAMPLE_TIME)
                json_float(j, now);
            else if (timed)
                json_float(j, took);
            else
                json_int(j, v);
            now += took > 0 ? took : 0;
            out_flush_some(j->out);
        }
        json_close(j);
    }
    bool sized = strcmp(profile_str(p, unit).ptr, "bytes") == 0;
    member_text(j, "weightType", timed ? "tracing-ms" : sized ? "bytes" : "samples");
    member_int(j, "length", (int64_t)count);
    json_close(j);
}

static void write_markers(struct json *j)
{
    static const char *const columns[] = {"data",    "name",  "startTime",
                                          "endTime", "phase", "category"};
    json_key(j, "markers");
    json_open(j, '{');
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        json_key(j, columns[i]);
        json_open(j, '[');
        json_close(j);
    }
    member_int(j, "length", 0);
    json_close(j);
}

static void write_thread(struct json *j, const struct profile *p, const struct thread *t,
                         struct strtab *strings, size_t type, size_t value)
{
    struct firefox_rows rows = {.p = p, .strings = strings};
    json_open_lines(j, '{');
    write_identity(j, p, t, type, value);
    member_int(j, "processStartupTime", 0);
    json_key(j, "processShutdownTime");
    json_none(j);
    member_int(j, "registerTime", 0);
    json_key(j, "unregisterTime");
    json_none(j);
    json_key(j, "pausedRanges");
    json_open(j, '[');
    json_close(j);
    write_samples(j, p, t, &rows, type);
    write_markers(j);
    firefox_rows_write(j, &rows);
    json_close(j);
    firefox_rows_release(&rows);
}

void firefox_profile(struct out *o, struct profile *p, size_t value)
{
    struct json j = {.out = o};
    struct threads threads;
    struct strtab strings;
    threads_init(&threads, p);
    strtab_init(&strings);
    json_open_lines(&j, '{');
    write_meta(&j, p, value, threads.count);
    write_libs(&j, p);
    json_key(&j, "threads");
    json_open_lines(&j, '[');
    for (size_t type = 0; type < p->sample_type_count; type++)
        for (size_t t = 0; t < threads.count; t++)
            write_thread(&j, p, &threads.items[t], &strings, type, value);
    json_close(&j);
    /* Behind the threads, which have filled it. */
    json_key(&j, "shared");
    json_open(&j, '{');
    json_key(&j, "stringArray");
    json_open_lines(&j, '[');
    for (size_t i = 0; i < strings.count; i++) {
        json_str(&j, strtab_get(&strings, (strid)i));
        out_flush_some(o);
    }
    json_close(&j);
    json_close(&j);
    json_close(&j);
    strtab_release(&strings);
    threads_release(&threads);
}
