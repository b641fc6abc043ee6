#include "analyzer/profile/perfdata_processes.h"

#include "analyzer/base/alloc.h"

#include <inttypes.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>

/* Eight gigabytes of ranges: the trees of a hundred million mappings. */
static const size_t most_ranges = (size_t)1 << 28;

static const struct perfdata_process no_process = {0, 0, 0, NO_INDEX};

static void add_build_id(struct perfdata_processes *ps, strid file, const uint8_t *bytes,
                         size_t len)
{
    char hex[2 * PERFDATA_BUILD_ID + 1];
    bool any = false;
    for (size_t i = 0; i < len; i++) {
        snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
        any |= bytes[i] != 0;
    }
    if (any)
        idmap_put(&ps->build_ids, file, strtab_add(&ps->p->strings, hex, 2 * len));
}

/* "[kernel.kallsyms]_text" is the kernel with the symbol that its address is of. Mappings keep
 * that, for whoever looks for names; build ids are given without. */
static struct str without_symbol(struct str name)
{
    const char *end = name.len && name.ptr[0] == '[' ? memchr(name.ptr, ']', name.len) : NULL;
    return end ? (struct str){name.ptr, (size_t)(end + 1 - name.ptr)} : name;
}

void perfdata_processes_init(struct perfdata_processes *ps, struct profile *p,
                             const struct perfdata_file *f)
{
    *ps = (struct perfdata_processes){.p = p, .kernel = no_process};
    perfdata_spaces_init(&ps->spaces);
    strtab_init(&ps->image_keys);
    idmap_init(&ps->by_pid, 0);
    idmap_init(&ps->by_tid, 0);
    idmap_init(&ps->build_ids, 0);
    for (size_t i = 0; i < f->build_id_count; i++) {
        const struct perfdata_build_id *id = &f->build_ids[i];
        struct str name = without_symbol(id->file);
        add_build_id(ps, strtab_add(&p->strings, name.ptr, name.len), id->bytes, id->len);
    }
}

void perfdata_processes_release(struct perfdata_processes *ps)
{
    perfdata_spaces_release(&ps->spaces);
    free(ps->images);
    free(ps->places);
    strtab_release(&ps->image_keys);
    free(ps->processes);
    free(ps->threads);
    idmap_release(&ps->by_pid);
    idmap_release(&ps->by_tid);
    idmap_release(&ps->build_ids);
    *ps = (struct perfdata_processes){0};
}

struct perfdata_process *perfdata_process_get(struct perfdata_processes *ps, uint32_t pid)
{
    uint32_t index = idmap_get(&ps->by_pid, pid);
    if (index == UINT32_MAX) {
        index = (uint32_t)ps->process_count++;
        ps->processes =
            xgrow(ps->processes, &ps->process_cap, ps->process_count, sizeof *ps->processes);
        ps->processes[index] = no_process;
        idmap_put(&ps->by_pid, pid, index);
    }
    return &ps->processes[index];
}

uint32_t perfdata_process_find(const struct perfdata_processes *ps,
                               const struct perfdata_process *process, uint64_t address)
{
    uint32_t place = perfdata_spaces_find(&ps->spaces, process->space, address);
    return place != UINT32_MAX ? place
                               : perfdata_spaces_find(&ps->spaces, process->space_before, address);
}

struct perfdata_thread *perfdata_thread_get(struct perfdata_processes *ps, uint32_t tid)
{
    uint32_t index = idmap_get(&ps->by_tid, tid);
    if (index == UINT32_MAX) {
        index = (uint32_t)ps->thread_count++;
        ps->threads = xgrow(ps->threads, &ps->thread_cap, ps->thread_count, sizeof *ps->threads);
        /* The idle thread has no record of its own. */
        ps->threads[index] = (struct perfdata_thread){
            .comm = tid == 0 ? profile_intern(ps->p, "swapper") : 0, .labels = NO_INDEX};
        idmap_put(&ps->by_tid, tid, index);
    }
    return &ps->threads[index];
}

/* Memory without a file, where just-in-time compilers put their code: perf's agents name what is
 * there in a file that is called after the process. */
static bool is_anonymous(struct str name)
{
    static const char *const begins[] = {"//anon", "/dev/zero", "/anon_hugepage",
                                         "[stack", "/SYSV",     "[heap]"};
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (str_starts(name, begins[i]))
            return true;
    return false;
}

static strid name_of_file(struct perfdata_processes *ps, struct str name, uint32_t pid)
{
    char jit[40];
    if (is_anonymous(name))
        return strtab_add(&ps->p->strings, jit,
                          (size_t)snprintf(jit, sizeof jit, "/tmp/perf-%" PRIu32 ".map", pid));
    return strtab_add(&ps->p->strings, name.ptr, name.len);
}

/* The build id of a file of this name; 0 if it is not known. */
static strid build_id_of(struct perfdata_processes *ps, struct str name)
{
    name = without_symbol(name);
    uint32_t id = idmap_get(&ps->build_ids, strtab_add(&ps->p->strings, name.ptr, name.len));
    return id == UINT32_MAX ? 0 : id;
}

/* The image with these properties. Images of files are the same wherever they are mapped; the
 * kernel and code made just in time are not files. */
static uint32_t image_index(struct perfdata_processes *ps, struct perfdata_image image, bool fixed)
{
    struct key {
        uint64_t start, size, offset;
        strid file, build_id;
    } key = {fixed ? image.start : 0, image.limit - image.start, image.offset, image.file,
             image.build_id};
    strid id = strtab_add(&ps->image_keys, (const char *)&key, sizeof key);
    if (id > ps->image_count) {
        ps->images = xgrow(ps->images, &ps->image_cap, ps->image_count + 1, sizeof *ps->images);
        ps->images[ps->image_count++] = image;
    }
    return id - 1;
}

struct mmap_record {
    uint32_t pid;
    uint64_t start, size, offset;
    bool executable;
    const uint8_t *build_id; /* or NULL */
    size_t build_id_len;
    struct str file;
};

static int read_mmap(struct mmap_record *m, const uint8_t *at)
{
    struct perfdata_record_header h = perfdata_header(at);
    struct cursor in = cursor_of(at + sizeof h, h.size - sizeof h);
    *m = (struct mmap_record){.pid = cursor_u32(&in)};
    cursor_u32(&in); /* tid */
    m->start = cursor_u64(&in);
    m->size = cursor_u64(&in);
    m->offset = cursor_u64(&in);
    m->executable = !(h.misc & PERFDATA_MISC_MMAP_DATA);
    if (h.type == PERF_RECORD_MMAP2) {
        enum { PROT = 4, WHICH_FILE = 24, PROT_EXECUTE = 4 };
        const uint8_t *which = cursor_bytes(&in, WHICH_FILE); /* device and inode, or: */
        if (which && h.misc & PERFDATA_MISC_MMAP_BUILD_ID) {
            m->build_id = which + 4;
            m->build_id_len = which[0] < PERFDATA_BUILD_ID ? which[0] : PERFDATA_BUILD_ID;
        }
        m->executable = cursor_u32(&in) & PROT_EXECUTE;
        cursor_u32(&in); /* flags */
    }
    m->file = cursor_text(&in, cursor_left(&in));
    return in.cut ? -1 : 0;
}

static int apply_mmap(struct perfdata_processes *ps, const uint8_t *at, struct error *err)
{
    struct mmap_record m;
    if (read_mmap(&m, at))
        return error_set(err, ERROR_DATA, "a mapping's record ends too early");
    unsigned mode = perfdata_header(at).misc & PERF_RECORD_MISC_CPUMODE_MASK;
    bool kernel = mode == PERF_RECORD_MISC_KERNEL;
    if (!m.executable || !m.size ||
        (!kernel && mode != PERF_RECORD_MISC_USER && mode != PERF_RECORD_MISC_CPUMODE_UNKNOWN))
        return 0;
    if (m.size > UINT64_MAX - m.start)
        m.size = UINT64_MAX - m.start;
    if (ps->spaces.count > most_ranges)
        return error_set(err, ERROR_DATA, "more mappings than can be held");

    strid file = name_of_file(ps, m.file, m.pid);
    if (m.build_id)
        add_build_id(ps, file, m.build_id, m.build_id_len);
    strid build_id = build_id_of(ps, m.file);
    struct perfdata_image image = {m.start, m.start + m.size, m.offset, file, build_id};
    uint32_t index = image_index(ps, image, kernel || is_anonymous(m.file));
    ps->places = xgrow(ps->places, &ps->place_cap, ps->place_count + 1, sizeof *ps->places);
    ps->places[ps->place_count] = (struct perfdata_place){m.start, index};

    struct perfdata_process *process = kernel ? &ps->kernel : perfdata_process_get(ps, m.pid);
    process->space = perfdata_spaces_map(&ps->spaces, process->space, m.start, m.start + m.size,
                                         (uint32_t)ps->place_count++);
    process->version = ++ps->versions;
    if (process->main_image == NO_INDEX)
        process->main_image = index;
    return 0;
}

static int apply_comm(struct perfdata_processes *ps, const uint8_t *at, struct error *err)
{
    struct perfdata_record_header h = perfdata_header(at);
    struct cursor in = cursor_of(at + sizeof h, h.size - sizeof h);
    uint32_t pid = cursor_u32(&in), tid = cursor_u32(&in);
    struct str comm = cursor_text(&in, cursor_left(&in));
    if (in.cut)
        return error_set(err, ERROR_DATA, "a record of a thread's name ends too early");
    struct perfdata_thread *thread = perfdata_thread_get(ps, tid);
    thread->comm = strtab_add(&ps->p->strings, comm.ptr, comm.len);
    thread->labels = NO_INDEX;
    /* The kernel says that a new program runs before it says what the program maps. */
    if (h.misc & PERFDATA_MISC_COMM_EXEC) {
        struct perfdata_process *process = perfdata_process_get(ps, pid);
        perfdata_spaces_keep(&ps->spaces);
        *process =
            (struct perfdata_process){.space_before = process->space, .main_image = NO_INDEX};
        process->version = ++ps->versions;
    }
    return 0;
}

static int apply_fork(struct perfdata_processes *ps, const uint8_t *at, struct error *err)
{
    struct perfdata_record_header h = perfdata_header(at);
    struct cursor in = cursor_of(at + sizeof h, h.size - sizeof h);
    uint32_t pid = cursor_u32(&in), parent_pid = cursor_u32(&in);
    uint32_t tid = cursor_u32(&in), parent_tid = cursor_u32(&in);
    if (in.cut)
        return error_set(err, ERROR_DATA, "a fork's record ends too early");
    strid comm = perfdata_thread_get(ps, parent_tid)->comm;
    struct perfdata_thread *thread = perfdata_thread_get(ps, tid);
    thread->comm = comm;
    thread->labels = NO_INDEX;
    if (pid != parent_pid) {
        perfdata_spaces_keep(&ps->spaces);
        struct perfdata_process parent = *perfdata_process_get(ps, parent_pid);
        *perfdata_process_get(ps, pid) = parent;
    }
    return 0;
}

int perfdata_processes_apply(struct perfdata_processes *ps, const uint8_t *at, struct error *err)
{
    switch (perfdata_header(at).type) {
    case PERF_RECORD_MMAP:
    case PERF_RECORD_MMAP2:
        return apply_mmap(ps, at, err);
    case PERF_RECORD_COMM:
        return apply_comm(ps, at, err);
    case PERF_RECORD_FORK:
        return apply_fork(ps, at, err);
    default:
        return 0;
    }
}
