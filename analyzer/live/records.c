#include "analyzer/live/records.h"

#include "analyzer/live/build_id.h"
#include "analyzer/profile/perfdata_sample.h"

#include <string.h>
#include <sys/mman.h>

/* The id that names the one event; the kernel's records do not carry it. */
static const uint64_t event_id = 1;

/* What was there before is older than anything the kernel tells. */
static const uint64_t long_ago = 1;

/* --- writing records */

/* Begins a record in B; its size is set by end_record. */
static size_t begin_record(struct buf *b, uint32_t type, uint16_t misc)
{
    size_t at = b->len;
    struct perf_event_header h = {.type = type, .misc = misc};
    buf_add(b, (const char *)&h, sizeof h);
    return at;
}

static void end_record(struct buf *b, size_t at)
{
    uint16_t size = (uint16_t)(b->len - at);
    memcpy(b->data + at + offsetof(struct perf_event_header, size), &size, sizeof size);
}

static void add_u32(struct buf *b, uint32_t value)
{
    buf_add(b, (const char *)&value, sizeof value);
}

static void add_u64(struct buf *b, uint64_t value)
{
    buf_add(b, (const char *)&value, sizeof value);
}

/* A text with NULs up to the next multiple of eight; the longest there are, are cut. */
static void add_text(struct buf *b, const char *text)
{
    enum { MOST = 4096, WORD = 8 };
    size_t len = strnlen(text, MOST);
    buf_add(b, text, len);
    buf_pad(b, '\0', WORD - len % WORD);
}

/* What sample_id_all puts behind every record. */
static void add_trailer(struct buf *b, pid_t pid, pid_t tid)
{
    add_u32(b, (uint32_t)pid);
    add_u32(b, (uint32_t)tid);
    add_u64(b, long_ago);
}

static void add_both(struct records *r, const struct buf *record)
{
    buf_add(&r->data, record->data, record->len);
    buf_add(&r->state, record->data, record->len);
}

static void add_head(struct buf *b, const struct perf_event_attr *attr, const char *name)
{
    enum { UPDATE_NAME = 2 };
    buf_puts(b, PERFDATA_MAGIC);
    add_u64(b, PERFDATA_PIPE_HEADER);
    size_t at = begin_record(b, PERFDATA_RECORD_ATTR, 0);
    buf_add(b, (const char *)attr, sizeof *attr);
    add_u64(b, event_id);
    end_record(b, at);
    at = begin_record(b, PERFDATA_RECORD_EVENT_UPDATE, 0);
    add_u64(b, UPDATE_NAME);
    add_u64(b, event_id);
    add_text(b, name);
    end_record(b, at);
}

void records_init(struct records *r, const struct perf_event_attr *attr, const char *name)
{
    *r = (struct records){.event = {.sample_type = attr->sample_type,
                                    .read_format = attr->read_format,
                                    .user_registers = attr->sample_regs_user,
                                    .period = attr->sample_period,
                                    .sample_id_all = true}};
    add_head(&r->state, attr, name);
    records_clear_samples(r);
}

void records_release(struct records *r)
{
    buf_release(&r->data);
    buf_release(&r->state);
    *r = (struct records){0};
}

void records_clear_samples(struct records *r)
{
    buf_clear(&r->data);
    buf_add(&r->data, r->state.data, r->state.len);
    r->sample_count = 0;
}

/* --- what was there before */

static void add_map(struct records *r, pid_t pid, const struct procfs_maps *maps, size_t index)
{
    const struct procfs_map *m = &maps->items[index];
    unsigned char id[BUILD_ID_MOST] = {0};
    size_t len = build_id_read(maps, index, pid, id);
    uint16_t misc = PERF_RECORD_MISC_USER | (len ? PERFDATA_MISC_MMAP_BUILD_ID : 0);
    struct buf b = {0};
    size_t at = begin_record(&b, PERF_RECORD_MMAP2, misc);
    add_u32(&b, (uint32_t)pid);
    add_u32(&b, (uint32_t)pid);
    add_u64(&b, m->start);
    add_u64(&b, m->limit - m->start);
    add_u64(&b, m->offset);
    if (len) {
        add_u32(&b, (uint32_t)len);
        buf_add(&b, (const char *)id, sizeof id);
    } else {
        add_u32(&b, m->major);
        add_u32(&b, m->minor);
        add_u64(&b, m->inode);
        add_u64(&b, 0); /* the inode's generation */
    }
    add_u32(&b, PROT_READ | PROT_EXEC);
    add_u32(&b, MAP_PRIVATE);
    add_text(&b, *m->file ? m->file : "//anon"); /* the kernel's word in these records */
    add_trailer(&b, pid, pid);
    end_record(&b, at);
    add_both(r, &b);
    buf_release(&b);
}

static void add_comm(struct records *r, pid_t pid, pid_t tid)
{
    struct buf b = {0}, comm = {0};
    procfs_add_comm(&comm, pid, tid);
    size_t at = begin_record(&b, PERF_RECORD_COMM, 0);
    add_u32(&b, (uint32_t)pid);
    add_u32(&b, (uint32_t)tid);
    add_text(&b, comm.data ? comm.data : "");
    add_trailer(&b, pid, tid);
    end_record(&b, at);
    if (comm.len)
        add_both(r, &b);
    buf_release(&comm);
    buf_release(&b);
}

void records_add_process(struct records *r, pid_t pid)
{
    struct procfs_maps maps;
    struct procfs_ids threads = {0};
    if (procfs_maps_read(&maps, pid, NULL))
        return;
    for (size_t i = 0; i < maps.count; i++)
        if (maps.items[i].executable)
            add_map(r, pid, &maps, i);
    procfs_maps_release(&maps);
    procfs_add_threads(&threads, pid);
    for (size_t i = 0; i < threads.count; i++)
        add_comm(r, pid, threads.items[i]);
    procfs_ids_release(&threads);
}

/* --- the kernel's */

/* Copies of stacks come in one size; only the first part of them is filled. */
static void add_sample(struct records *r, const uint8_t *record)
{
    struct perfdata_sample s;
    struct perfdata_record_header h = perfdata_header(record);
    r->sample_count++;
    if (perfdata_sample_read(&s, &r->event, record) || !s.stack) {
        buf_add(&r->data, (const char *)record, h.size);
        return;
    }
    size_t head = (size_t)(s.stack - record) - sizeof(uint64_t);
    size_t kept = (s.stack_len + 7) & ~(size_t)7, at = r->data.len;
    buf_add(&r->data, (const char *)record, head);
    add_u64(&r->data, kept);
    buf_add(&r->data, (const char *)s.stack, kept);
    if (kept) /* else there is no such field */
        add_u64(&r->data, s.stack_len);
    end_record(&r->data, at);
}

void records_add(struct records *r, const uint8_t *record)
{
    struct perfdata_record_header h = perfdata_header(record);
    struct cursor body = cursor_of(record + sizeof h, h.size - sizeof h);
    switch (h.type) {
    case PERF_RECORD_SAMPLE:
        add_sample(r, record);
        break;
    case PERF_RECORD_LOST:
        cursor_u64(&body); /* the event's id */
        r->lost += cursor_u64(&body);
        break;
    case PERF_RECORD_LOST_SAMPLES:
        r->lost += cursor_u64(&body);
        break;
    case PERF_RECORD_MMAP:
    case PERF_RECORD_MMAP2:
    case PERF_RECORD_COMM:
    case PERF_RECORD_FORK:
        buf_add(&r->data, (const char *)record, h.size);
        buf_add(&r->state, (const char *)record, h.size);
        break;
    default:
        break;
    }
}
