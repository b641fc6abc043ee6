#include "analyzer/profile/perfdata_file.h"

#include "analyzer/base/alloc.h"
#include "analyzer/profile/perfdata_inflate.h"

#include <inttypes.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>

struct section {
    uint64_t offset, size;
};

static struct section read_section(struct cursor *in)
{
    struct section s;
    s.offset = cursor_u64(in);
    s.size = cursor_u64(in);
    return s;
}

static int open_section(const struct perfdata_file *f, struct section s, const char *what,
                        struct cursor *out, struct error *err)
{
    if (s.offset > f->len || s.size > f->len - s.offset)
        return error_set(err, ERROR_DATA,
                         "the %s, %" PRIu64 " bytes from byte %" PRIu64
                         ", reach beyond its end at byte %zu",
                         what, s.size, s.offset, f->len);
    *out = cursor_of(f->data + s.offset, s.size);
    return 0;
}

static int read_events(struct perfdata_file *f, struct section attrs, uint64_t attr_size,
                       struct error *err)
{
    struct cursor in = {0}, ids = {0};
    enum { SECTION = 16 };
    if (attr_size < PERFDATA_ATTR_LEAST + SECTION)
        return error_set(err, ERROR_DATA, "byte 16: events of %" PRIu64 " bytes", attr_size);
    if (open_section(f, attrs, "events", &in, err))
        return -1;
    while (cursor_left(&in) >= attr_size) {
        struct cursor attr = cursor_of(in.p, attr_size - SECTION);
        struct cursor where = cursor_of(attr.end, SECTION);
        cursor_bytes(&in, attr_size);
        if (open_section(f, read_section(&where), "ids of an event", &ids, err) ||
            perfdata_read_attr(f, attr, ids, err))
            return -1;
    }
    return 0;
}

int perfdata_damaged(const struct perfdata_file *f, const uint8_t *at, const char *what,
                     struct error *err)
{
    if (at < f->data || at > f->data + f->len)
        return error_set(err, ERROR_DATA, "in its compressed records: %s", what);
    return error_set(err, ERROR_DATA, "byte %zu: %s", (size_t)(at - f->data), what);
}

/* EVENT_UPDATE: what else is known about the event with an id, of which its name is of use. */
static void read_event_update(struct perfdata_file *f, struct cursor in)
{
    enum { UPDATE_NAME = 2 };
    uint64_t kind = cursor_u64(&in), id = cursor_u64(&in);
    uint32_t event = idmap_get(&f->ids, id);
    if (kind == UPDATE_NAME && event != UINT32_MAX && !in.cut)
        f->events[event].name = cursor_text(&in, cursor_left(&in));
}

static int read_attr_record(struct perfdata_file *f, struct cursor in, struct error *err)
{
    struct cursor attr = in;
    cursor_u32(&in);
    uint32_t size = cursor_u32(&in);
    if (size < PERFDATA_ATTR_LEAST || size > cursor_left(&attr))
        return error_set(err, ERROR_DATA, "an event of %" PRIu32 " bytes", size);
    struct cursor ids = cursor_of(attr.p + size, cursor_left(&attr) - size);
    attr.end = ids.p;
    return perfdata_read_attr(f, attr, ids, err);
}

static void add_record(struct perfdata_file *f, const uint8_t *at)
{
    f->records = xgrow(f->records, &f->record_cap, f->record_count + 1, sizeof *f->records);
    f->records[f->record_count++] = (struct perfdata_record){perfdata_time_of(f, at), at};
}

static void add_lost(struct perfdata_file *f, struct cursor in, uint32_t type)
{
    if (type == PERF_RECORD_LOST)
        cursor_u64(&in); /* the event's id */
    f->lost += cursor_u64(&in);
}

static int scan_record(struct perfdata_file *f, struct cursor *in, struct perfdata_pieces *pieces,
                       struct error *err)
{
    struct perfdata_record_header h = perfdata_header(in->p);
    const uint8_t *at = cursor_bytes(in, h.size);
    struct cursor body = cursor_of(at + sizeof h, h.size - sizeof h);
    switch (h.type) {
    case PERF_RECORD_MMAP:
    case PERF_RECORD_MMAP2:
    case PERF_RECORD_COMM:
    case PERF_RECORD_FORK:
        add_record(f, at);
        return 0;
    case PERF_RECORD_SAMPLE: {
        uint32_t event = perfdata_event_of(f, at);
        if (event != UINT32_MAX)
            f->events[event].sample_count++;
        add_record(f, at);
        return 0;
    }
    case PERF_RECORD_LOST:
    case PERF_RECORD_LOST_SAMPLES:
        add_lost(f, body, h.type);
        return 0;
    case PERFDATA_RECORD_ATTR:
        return read_attr_record(f, body, err);
    case PERFDATA_RECORD_EVENT_UPDATE:
        read_event_update(f, body);
        return 0;
    case PERFDATA_RECORD_FEATURE: {
        uint64_t feature = cursor_u64(&body);
        return feature < PERFDATA_FEATURES ? perfdata_read_feature(f, (unsigned)feature, body, err)
                                           : 0;
    }
    case PERFDATA_RECORD_BUILD_ID:
        return perfdata_read_feature(f, PERFDATA_FEATURE_BUILD_ID, cursor_of(at, h.size), err);
    case PERFDATA_RECORD_TRACING_DATA:
        cursor_bytes(in, (cursor_u32(&body) + 7ull) & ~7ull); /* stands behind the record */
        return 0;
    case PERFDATA_RECORD_AUXTRACE:
        cursor_bytes(in, cursor_u64(&body)); /* likewise */
        return 0;
    case PERFDATA_RECORD_COMPRESSED2: {
        uint64_t len = cursor_u64(&body);
        if (len > cursor_left(&body))
            return error_set(err, ERROR_DATA, "a compressed record that ends too early");
        body.end = body.p + len;
    } /* fallthrough */
    case PERFDATA_RECORD_COMPRESSED:
        if (!pieces)
            return error_set(err, ERROR_DATA, "a compressed record in a compressed record");
        pieces->items = xgrow(pieces->items, &pieces->cap, pieces->count + 1, sizeof body);
        pieces->items[pieces->count++] = body;
        return 0;
    default:
        return 0;
    }
}

/* All records of IN. 1 if the last one is not there as a whole. */
static int scan_records(struct perfdata_file *f, struct cursor in, struct perfdata_pieces *pieces,
                        struct error *err)
{
    while (cursor_left(&in) >= PERFDATA_RECORD_HEADER) {
        const uint8_t *at = in.p;
        struct perfdata_record_header h = perfdata_header(at);
        if (h.size < sizeof h) {
            char what[80];
            snprintf(what, sizeof what, "a record of %u bytes", h.size);
            return perfdata_damaged(f, at, what, err);
        }
        if (h.size > cursor_left(&in))
            return 1;
        struct error reason = {0};
        if (scan_record(f, &in, pieces, &reason))
            return perfdata_damaged(f, at, reason.text, err);
        if (in.cut)
            return 1;
    }
    return cursor_left(&in) > 0;
}

static int read_features(struct perfdata_file *f, struct cursor bits, uint64_t table_offset,
                         struct error *err)
{
    struct cursor table = table_offset <= f->len
                              ? cursor_of(f->data + table_offset, f->len - table_offset)
                              : cursor_of(f->data, 0);
    for (unsigned word = 0; word < PERFDATA_FEATURES / 64; word++) {
        uint64_t set = cursor_u64(&bits);
        for (unsigned bit = 0; bit < 64; bit++) {
            struct cursor in = {0};
            char what[40];
            if (!(set >> bit & 1))
                continue;
            struct section s = read_section(&table);
            if (table.cut)
                return error_set(err, ERROR_DATA,
                                 "the table of its features, from byte %" PRIu64 ", ends too early",
                                 table_offset);
            snprintf(what, sizeof what, "bytes of feature %u", word * 64 + bit);
            if (open_section(f, s, what, &in, err) ||
                perfdata_read_feature(f, word * 64 + bit, in, err))
                return -1;
        }
    }
    return 0;
}

static const char cut_short[] =
    "the file ends in the middle of its records, as if perf had not come to its "
    "end; what comes before is shown";

/* The header of a file. RECORDS is where they stand. */
static int read_header(struct perfdata_file *f, struct cursor in, struct cursor *records,
                       bool *finished, struct error *err)
{
    uint64_t attr_size = cursor_u64(&in);
    struct section attrs = read_section(&in), data = read_section(&in);
    read_section(&in); /* names of events, as they once were */
    if (in.cut)
        return error_set(err, ERROR_DATA, "its header ends too early, at byte %zu", f->len);
    if (read_events(f, attrs, attr_size, err))
        return -1;
    /* perf fills in how much there is when it ends. */
    *finished = data.size > 0 && data.offset <= f->len && data.size <= f->len - data.offset;
    if (!*finished && data.offset <= f->len)
        data.size = f->len - data.offset;
    if (open_section(f, data, "records", records, err))
        return -1;
    return *finished ? read_features(f, in, data.offset + data.size, err) : 0;
}

static int read_compressed(struct perfdata_file *f, struct perfdata_pieces *pieces,
                           struct error *err)
{
    size_t len;
    f->inflated = perfdata_inflate(pieces, &len, err);
    return f->inflated ? scan_records(f, cursor_of(f->inflated, len), NULL, err) : -1;
}

static int read_file(struct perfdata_file *f, struct lines *notes, struct error *err)
{
    struct cursor in = cursor_of(f->data, f->len), records = {0};
    const uint8_t *magic = cursor_bytes(&in, 8);
    bool finished = true;
    if (magic && memcmp(magic, PERFDATA_MAGIC_SWAPPED, 8) == 0)
        return error_set(err, ERROR_DATA, "it comes from a machine of the other byte order");
    uint64_t size = cursor_u64(&in);
    if (size == PERFDATA_PIPE_HEADER)
        records = in;
    else if (size != PERFDATA_HEADER)
        return error_set(err, ERROR_DATA, "byte 8: a header of %" PRIu64 " bytes", size);
    else if (read_header(f, in, &records, &finished, err))
        return -1;

    struct perfdata_pieces pieces = {0};
    int rc = scan_records(f, records, &pieces, err);
    if (rc == 0 && pieces.count)
        rc = read_compressed(f, &pieces, err);
    free(pieces.items);
    if (rc < 0)
        return -1;
    if (rc > 0 || !finished)
        lines_add(notes, "%s", cut_short);
    return f->event_count ? 0 : error_set(err, ERROR_DATA, "it has no events");
}

int perfdata_file_init(struct perfdata_file *f, const uint8_t *data, size_t len,
                       struct lines *notes, struct error *err)
{
    *f = (struct perfdata_file){.data = data, .len = len};
    idmap_init(&f->ids, 0);
    if (read_file(f, notes, err)) {
        perfdata_file_release(f);
        return -1;
    }
    perfdata_sort(f);
    return 0;
}

void perfdata_file_release(struct perfdata_file *f)
{
    free(f->events);
    idmap_release(&f->ids);
    free(f->build_ids);
    buf_release(&f->command);
    free(f->records);
    free(f->inflated);
    *f = (struct perfdata_file){0};
}
