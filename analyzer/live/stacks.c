#include "analyzer/live/stacks.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/buf.h"
#include "analyzer/base/cursor.h"
#include "analyzer/base/idmap.h"
#include "analyzer/base/isolate.h"
#include "analyzer/live/build_id.h"
#include "analyzer/live/procfs.h"
#include "analyzer/live/refusal.h"
#include "analyzer/live/stop.h"
#include "analyzer/live/unwindlib.h"
#include "analyzer/profile/threadlabels.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    MOST_FRAMES = 2048, /* of a thread */
    SECONDS = 60,
};
static const size_t most_memory = (size_t)4 << 30; /* binaries that are mapped are most of it */
static const size_t most_output = (size_t)1 << 30;

/* What the child says about a thread: this, its name, its addresses. */
struct found {
    pid_t tid;
    enum stop_how how;
    uint32_t name_len, count;
};

struct taking {
    pid_t pid;
    struct procfs_ids threads;
};

/* --- in the child */

struct walker {
    struct unwindlib lib;
    unw_addr_space_t space;
};

/* The addresses of a thread that is stopped. */
static uint32_t walk(const struct walker *w, pid_t tid, uint64_t *addresses)
{
    unw_cursor_t cursor;
    unw_word_t ip;
    uint32_t count = 0;
    bool exact = true; /* it is the instruction's own, not the one after a call */
    void *info = w->lib.ptrace._UPT_create(tid);
    if (!info || w->lib.remote.unw_init_remote(&cursor, w->space, info) != 0)
        return 0;
    while (count < MOST_FRAMES && w->lib.remote.unw_get_reg(&cursor, UNW_REG_IP, &ip) == 0 && ip) {
        addresses[count++] = ip - !exact;
        exact = w->lib.remote.unw_is_signal_frame(&cursor) > 0;
        if (w->lib.remote.unw_step(&cursor) <= 0)
            break;
    }
    w->lib.ptrace._UPT_destroy(info);
    return count;
}

static int put(int out, const void *data, size_t len)
{
    return write(out, data, len) == (ssize_t)len ? 0 : -1;
}

static int take_thread(const struct walker *w, pid_t pid, pid_t tid, int out)
{
    uint64_t addresses[MOST_FRAMES];
    struct found found = {.tid = tid};
    struct buf name = {0};
    struct stop stop;
    found.how = stop_thread(&stop, tid);
    if (found.how == STOP_REFUSED && procfs_has_ended(pid, tid))
        found.how = STOP_GONE;
    if (found.how == STOP_DONE) {
        found.count = walk(w, tid, addresses);
        stop_end(&stop);
    }
    procfs_add_comm(&name, pid, tid);
    found.name_len = (uint32_t)name.len;
    int rc = put(out, &found, sizeof found) || put(out, name.data, name.len) ||
             put(out, addresses, found.count * sizeof *addresses);
    buf_release(&name);
    return rc ? -1 : 0;
}

static int take_all(void *context, int out)
{
    const struct taking *t = context;
    struct walker w;
    struct error err = {0};
    if (unwindlib_load(&w.lib, &err)) {
        fputs(err.text, stderr);
        return -1;
    }
    w.space = w.lib.remote.unw_create_addr_space(w.lib.ptrace._UPT_accessors, 0);
    w.lib.remote.unw_set_caching_policy(w.space, UNW_CACHE_GLOBAL);
    int rc = 0;
    for (size_t i = 0; i < t->threads.count && !rc; i++)
        rc = take_thread(&w, t->pid, t->threads.items[i], out);
    w.lib.remote.unw_destroy_addr_space(w.space);
    return rc;
}

/* --- in the parent */

struct maker {
    struct profile *p;
    pid_t pid;
    struct procfs_maps maps;
    uint32_t *mappings;     /* the profile's, by map; NO_INDEX: none yet */
    struct idmap locations; /* by address */
    strid keys[THREAD_LABEL_COUNT];
    size_t counts[STOP_HOWS];
};

static void maker_init(struct maker *m)
{
    struct profile *p = m->p = profile_new();
    struct value_type type = {profile_intern(p, "threads"), profile_intern(p, "count")};
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    profile_set_sample_types(p, &type, 1);
    p->period_type = type;
    p->period = 1;
    p->time_nanos = now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
    m->mappings = xcalloc(m->maps.count, sizeof *m->mappings);
    memset(m->mappings, 0xFF, m->maps.count * sizeof *m->mappings);
    idmap_init(&m->locations, 0);
    for (int i = 0; i < THREAD_LABEL_COUNT; i++)
        m->keys[i] = profile_intern(p, thread_label_keys[i]);
}

static void maker_release(struct maker *m)
{
    profile_free(m->p);
    free(m->mappings);
    idmap_release(&m->locations);
    procfs_maps_release(&m->maps);
}

static uint32_t mapping_of(struct maker *m, uint64_t address)
{
    const struct procfs_map *map = procfs_maps_find(&m->maps, address);
    if (!map)
        return NO_INDEX;
    size_t index = (size_t)(map - m->maps.items);
    if (m->mappings[index] != NO_INDEX)
        return m->mappings[index];
    struct buf file = {0}, id = {0};
    unsigned char bytes[BUILD_ID_MOST];
    size_t len = build_id_read(&m->maps, index, m->pid, bytes);
    for (size_t i = 0; i < len; i++)
        buf_printf(&id, "%02x", bytes[i]);
    if (*map->file)
        buf_puts(&file, map->file);
    else /* where just-in-time compilers put their code, and how perf's agents call what is there */
        buf_printf(&file, "/tmp/perf-%ld.map", (long)m->pid);
    m->mappings[index] = profile_add_mapping(
        m->p, (struct mapping){.start = map->start,
                               .limit = map->limit,
                               .offset = map->offset,
                               .file = profile_intern(m->p, file.data),
                               .build_id = id.len ? profile_intern(m->p, id.data) : 0});
    buf_release(&file);
    buf_release(&id);
    return m->mappings[index];
}

static uint32_t location_of(struct maker *m, uint64_t address)
{
    uint32_t index = idmap_get(&m->locations, address);
    if (index == UINT32_MAX) {
        struct location l = {.address = address, .mapping = mapping_of(m, address)};
        index = profile_add_location(m->p, l, NULL, 0);
        idmap_put(&m->locations, address, index);
    }
    return index;
}

static void add_thread(struct maker *m, const struct found *f, struct str name,
                       const uint8_t *addresses)
{
    struct profile *p = m->p;
    uint32_t *frames = xcalloc(f->count + 1, sizeof *frames);
    for (uint32_t i = 0; i < f->count; i++) {
        uint64_t address;
        memcpy(&address, addresses + i * sizeof address, sizeof address);
        frames[i] = location_of(m, address);
    }
    struct label labels[] = {
        label_text(m->keys[THREAD_LABEL_COMM], strtab_add(&p->strings, name.ptr, name.len)),
        label_number(m->keys[THREAD_LABEL_PID], m->pid, 0),
        label_number(m->keys[THREAD_LABEL_TID], f->tid, 0),
    };
    uint32_t set = profile_add_labels(p, labels, sizeof labels / sizeof *labels);
    profile_add_sample(p, profile_add_stack(p, frames, f->count), set, &(int64_t){1});
    free(frames);
}

/* Takes what the child wrote, as far as it came. */
static void take_found(struct maker *m, const struct buf *output)
{
    struct cursor in = cursor_of((const uint8_t *)output->data, output->len);
    while (cursor_left(&in)) {
        struct found f;
        const uint8_t *head = cursor_bytes(&in, sizeof f);
        if (!head)
            return;
        memcpy(&f, head, sizeof f);
        struct str name = cursor_text(&in, f.name_len);
        const uint8_t *addresses = cursor_bytes(&in, (uint64_t)f.count * sizeof(uint64_t));
        if (!addresses || f.how >= STOP_HOWS)
            return;
        if (f.how == STOP_DONE && !f.count)
            f.how = STOP_GONE;
        m->counts[f.how]++;
        if (f.how == STOP_DONE)
            add_thread(m, &f, name, addresses);
    }
}

static int explain(const struct maker *m, const struct isolate_end *end, struct error *err)
{
    long pid = (long)m->pid;
    if (end->how == ISOLATE_INTERRUPTED)
        return error_set(err, ERROR_DATA, "interrupted");
    if (m->p->sample_count)
        return 0;
    if (m->counts[STOP_REFUSED])
        return refusal_explain_ptrace(m->pid, err);
    if (end->how == ISOLATE_FAILED && end->said.len)
        return error_set(err, ERROR_DATA, "%s", end->said.data);
    if (end->how != ISOLATE_DONE)
        return error_set(err, ERROR_DATA, "the stacks of process %ld could not be walked: %s", pid,
                         end->how == ISOLATE_TIMED_OUT ? "it takes too long"
                                                       : "libunwind ended unexpectedly");
    if (m->counts[STOP_LATE])
        return error_set(err, ERROR_DATA,
                         "process %ld cannot be stopped: it waits for a device (state D)", pid);
    return error_set(err, ERROR_DATA, "process %ld has just ended", pid);
}

static void remark(const struct maker *m, const struct isolate_end *end, struct lines *notes)
{
    if (m->counts[STOP_LATE])
        lines_add(notes, "%zu threads wait for a device (state D): their stacks cannot be read",
                  m->counts[STOP_LATE]);
    if (m->counts[STOP_REFUSED])
        lines_add(notes, "%zu threads may not be looked at", m->counts[STOP_REFUSED]);
    if (end->how != ISOLATE_DONE)
        lines_add(notes, "not all threads are in it: their stacks could not be walked");
}

struct profile *stacks_take(pid_t pid, struct lines *notes, struct error *err)
{
    struct taking t = {.pid = pid};
    struct isolate_spec spec = {.seconds = SECONDS, .memory = most_memory, .output = most_output};
    struct isolate_end end = {0};
    struct maker m = {.pid = pid};
    struct profile *p = NULL;
    if (procfs_check(pid, err))
        return NULL;
    procfs_add_threads(&t.threads, pid);
    if (!isolate_run(&spec, take_all, &t, &end, err)) {
        /* Without it there are addresses but no names: better than nothing. */
        procfs_maps_read(&m.maps, pid, NULL);
        maker_init(&m);
        take_found(&m, &end.output);
        if (!explain(&m, &end, err)) {
            remark(&m, &end, notes);
            p = m.p;
            m.p = NULL;
        }
        maker_release(&m);
    }
    isolate_end_release(&end);
    procfs_ids_release(&t.threads);
    return p;
}
