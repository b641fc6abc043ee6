#include "tests/unit/perffile.h"

#include "analyzer/profile/perfdata_format.h"

#include <string.h>

enum { ATTR = 96, FREQUENCY = 1 << 10, SAMPLE_ID_ALL = 1 << 18 };

void perffile_u32(struct buf *b, uint32_t value)
{
    buf_add(b, (const char *)&value, sizeof value);
}

void perffile_u64(struct buf *b, uint64_t value)
{
    buf_add(b, (const char *)&value, sizeof value);
}

static void pad(struct buf *b)
{
    while (b->len % 8)
        buf_putc(b, '\0');
}

void perffile_text(struct buf *b, const char *s)
{
    size_t len = strlen(s) + 1;
    perffile_u32(b, (uint32_t)(len + 63) / 64 * 64);
    buf_add(b, s, len);
    for (; len % 64; len++)
        buf_putc(b, '\0');
}

static uint64_t type_of(const struct perffile *f)
{
    return f->type ? f->type : PERFFILE_TYPE;
}

static void add_attr(struct buf *b, const struct perffile *f, uint32_t type, uint64_t config)
{
    perffile_u32(b, type);
    perffile_u32(b, ATTR);
    perffile_u64(b, config);
    perffile_u64(b, 1000); /* period */
    perffile_u64(b, type_of(f));
    perffile_u64(b, 0); /* read_format */
    perffile_u64(b, SAMPLE_ID_ALL);
    for (int i = 0; i < 4; i++)
        perffile_u64(b, 0); /* up to branch_sample_type */
    perffile_u64(b, f->registers);
    perffile_u64(b, 0);
}

void perffile_event(struct perffile *f, uint32_t type, uint64_t config, uint64_t id)
{
    if (!f->ids.len)
        f->first_id = id;
    add_attr(&f->attrs, f, type, config);
    perffile_u64(&f->attrs, f->ids.len); /* perffile_finish makes an offset of it */
    perffile_u64(&f->attrs, 8);
    perffile_u64(&f->ids, id);
}

void perffile_record(struct perffile *f, uint32_t type, uint16_t misc, const struct buf *body)
{
    struct perfdata_record_header {
        uint32_t type;
        uint16_t misc, size;
    } h = {type, misc, (uint16_t)(sizeof h + body->len)};
    buf_add(&f->records, (const char *)&h, sizeof h);
    buf_add(&f->records, body->data, body->len);
}

/* What PERFFILE_TYPE has at the end of records that are no samples. */
static void end_record(struct perffile *f, uint32_t type, uint16_t misc, struct buf *body,
                       uint32_t pid, uint64_t time)
{
    pad(body);
    perffile_u32(body, pid);
    perffile_u32(body, pid);
    perffile_u64(body, time);
    perffile_u64(body, f->first_id);
    perffile_record(f, type, misc, body);
    buf_release(body);
}

void perffile_mmap(struct perffile *f, uint16_t misc, uint32_t pid, uint64_t start, uint64_t size,
                   uint64_t offset, const char *file, uint64_t time)
{
    struct buf b = {0};
    perffile_u32(&b, pid);
    perffile_u32(&b, pid);
    perffile_u64(&b, start);
    perffile_u64(&b, size);
    perffile_u64(&b, offset);
    buf_add(&b, file, strlen(file) + 1);
    end_record(f, PERF_RECORD_MMAP, misc, &b, pid, time);
}

void perffile_comm(struct perffile *f, uint32_t pid, uint32_t tid, const char *comm, uint16_t misc,
                   uint64_t time)
{
    struct buf b = {0};
    perffile_u32(&b, pid);
    perffile_u32(&b, tid);
    buf_add(&b, comm, strlen(comm) + 1);
    end_record(f, PERF_RECORD_COMM, misc, &b, pid, time);
}

void perffile_fork(struct perffile *f, uint32_t pid, uint32_t parent, uint64_t time)
{
    struct buf b = {0};
    perffile_u32(&b, pid);
    perffile_u32(&b, parent);
    perffile_u32(&b, pid);
    perffile_u32(&b, parent);
    perffile_u64(&b, time);
    end_record(f, PERF_RECORD_FORK, 0, &b, parent, time);
}

void perffile_sample(struct perffile *f, uint64_t id, uint16_t misc, uint32_t pid, uint32_t tid,
                     uint64_t time, uint64_t period, const uint64_t *chain, size_t count)
{
    struct buf b = {0};
    perffile_u64(&b, id);
    perffile_u64(&b, count > 1 ? chain[1] : 0x1234);
    perffile_u32(&b, pid);
    perffile_u32(&b, tid);
    perffile_u64(&b, time);
    perffile_u64(&b, period);
    perffile_u64(&b, count);
    for (size_t i = 0; i < count; i++)
        perffile_u64(&b, chain[i]);
    perffile_record(f, PERF_RECORD_SAMPLE, misc, &b);
    buf_release(&b);
}

void perffile_stack_sample(struct perffile *f, uint64_t id, uint32_t pid, uint64_t time,
                           const uint64_t *registers, size_t count, const void *stack, size_t len)
{
    struct buf b = {0};
    perffile_u64(&b, id);
    perffile_u64(&b, 0);
    perffile_u32(&b, pid);
    perffile_u32(&b, pid);
    perffile_u64(&b, time);
    perffile_u64(&b, 1);
    perffile_u64(&b, 0); /* addresses in the chain */
    perffile_u64(&b, 2); /* PERF_SAMPLE_REGS_ABI_64 */
    for (size_t i = 0; i < count; i++)
        perffile_u64(&b, registers[i]);
    perffile_u64(&b, len);
    buf_add(&b, stack, len);
    if (len)
        perffile_u64(&b, len);
    perffile_record(f, PERF_RECORD_SAMPLE, PERFFILE_USER, &b);
    buf_release(&b);
}

void perffile_finish(struct perffile *f)
{
    enum { SECTION = 16 };
    struct buf *out = &f->out;
    uint64_t ids = PERFDATA_HEADER, attrs = ids + f->ids.len, data = attrs + f->attrs.len;
    buf_add(out, PERFDATA_MAGIC, 8);
    perffile_u64(out, PERFDATA_HEADER);
    perffile_u64(out, ATTR + SECTION);
    perffile_u64(out, attrs);
    perffile_u64(out, f->attrs.len);
    perffile_u64(out, data);
    perffile_u64(out, f->records.len);
    perffile_u64(out, 0);
    perffile_u64(out, 0);
    uint64_t bits = 0, count = 0;
    for (uint64_t i = 0; i < 32; i++) {
        bits |= f->features[i].len ? 1ull << i : 0;
        count += f->features[i].len > 0;
    }
    perffile_u64(out, bits);
    for (int i = 0; i < 3; i++)
        perffile_u64(out, 0);
    buf_add(out, f->ids.data, f->ids.len);
    size_t first = out->len;
    buf_add(out, f->attrs.data, f->attrs.len);
    for (size_t at = first + ATTR; at < out->len; at += ATTR + SECTION) {
        uint64_t offset;
        memcpy(&offset, out->data + at, sizeof offset);
        offset += ids;
        memcpy(out->data + at, &offset, sizeof offset);
    }
    buf_add(out, f->records.data, f->records.len);
    uint64_t where = out->len + count * SECTION;
    for (int i = 0; i < 32; i++) {
        if (!f->features[i].len)
            continue;
        perffile_u64(out, where);
        perffile_u64(out, f->features[i].len);
        where += f->features[i].len;
    }
    for (int i = 0; i < 32; i++)
        buf_add(out, f->features[i].data, f->features[i].len);
}

void perffile_finish_pipe(struct perffile *f)
{
    buf_add(&f->out, PERFDATA_MAGIC, 8);
    perffile_u64(&f->out, PERFDATA_PIPE_HEADER);
    struct buf records = f->records;
    f->records = (struct buf){0};
    for (size_t at = 0; at < f->attrs.len; at += ATTR + 16) {
        struct buf body = {0};
        buf_add(&body, f->attrs.data + at, ATTR);
        uint64_t id;
        memcpy(&id, f->attrs.data + at + ATTR, sizeof id);
        buf_add(&body, f->ids.data + id, 8);
        perffile_record(f, PERFDATA_RECORD_ATTR, 0, &body);
        buf_release(&body);
    }
    for (uint64_t i = 0; i < 32; i++) {
        if (!f->features[i].len)
            continue;
        struct buf body = {0};
        perffile_u64(&body, i);
        buf_add(&body, f->features[i].data, f->features[i].len);
        perffile_record(f, PERFDATA_RECORD_FEATURE, 0, &body);
        buf_release(&body);
    }
    buf_add(&f->out, f->records.data, f->records.len);
    buf_add(&f->out, records.data, records.len);
    buf_release(&records);
}

void perffile_release(struct perffile *f)
{
    buf_release(&f->attrs);
    buf_release(&f->ids);
    buf_release(&f->records);
    for (int i = 0; i < 32; i++)
        buf_release(&f->features[i]);
    buf_release(&f->out);
    *f = (struct perffile){0};
}
