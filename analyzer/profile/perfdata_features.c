/* What a perf.data file says about itself: its events and its features. */
#include "analyzer/profile/perfdata_file.h"

#include "analyzer/base/alloc.h"

#include <inttypes.h>

/* perf itself opens an event per thing asked for; a machine has some hundreds of counters. */
static const size_t most_events = 4096;

int perfdata_read_attr(struct perfdata_file *f, struct cursor attr, struct cursor ids,
                       struct error *err)
{
    /* Bits of the flags behind read_format, as little-endian machines lay them out. */
    enum { EXCLUDE_USER = 4, EXCLUDE_KERNEL = 5, FREQUENCY = 10, SAMPLE_ID_ALL = 18 };
    struct perfdata_event e = {0};
    e.type = cursor_u32(&attr);
    cursor_u32(&attr); /* its size */
    e.config = cursor_u64(&attr);
    e.period = cursor_u64(&attr);
    e.sample_type = cursor_u64(&attr);
    e.read_format = cursor_u64(&attr);
    uint64_t flags = cursor_u64(&attr);
    cursor_bytes(&attr, 24); /* wakeup_events, bp_type, config1, config2 */
    if (attr.cut)
        return error_set(err, ERROR_DATA, "an event's attributes end too early");
    e.frequency = flags >> FREQUENCY & 1;
    e.exclude_user = flags >> EXCLUDE_USER & 1;
    e.exclude_kernel = flags >> EXCLUDE_KERNEL & 1;
    e.sample_id_all = flags >> SAMPLE_ID_ALL & 1;
    /* Older files end before these, which are then 0. */
    e.branch_sample_type = cursor_u64(&attr);
    e.user_registers = cursor_u64(&attr);
    if (f->event_count == most_events)
        return error_set(err, ERROR_DATA, "more than %zu events", most_events);
    f->events = xgrow(f->events, &f->event_cap, f->event_count + 1, sizeof *f->events);
    f->events[f->event_count] = e;
    while (cursor_left(&ids) >= sizeof(uint64_t))
        idmap_put(&f->ids, cursor_u64(&ids), (uint32_t)f->event_count);
    f->event_count++;
    return 0;
}

/* perf writes a text as its length with padding, and the text with NULs behind it. */
static struct str read_text(struct cursor *in)
{
    uint32_t len = cursor_u32(in);
    return cursor_text(in, len);
}

/* A text in single quotes, if a shell would need them. */
static void add_word(struct buf *command, struct str word)
{
    bool plain = word.len > 0;
    for (size_t i = 0; i < word.len; i++)
        plain = plain && (word.ptr[i] & 0x80 || strchr("-_./:=,+@%^", word.ptr[i]) ||
                          (word.ptr[i] >= '0' && word.ptr[i] <= '9') ||
                          ((word.ptr[i] | 32) >= 'a' && (word.ptr[i] | 32) <= 'z'));
    if (command->len)
        buf_putc(command, ' ');
    if (plain) {
        buf_str(command, word);
        return;
    }
    buf_putc(command, '\'');
    for (size_t i = 0; i < word.len; i++) {
        if (word.ptr[i] == '\'')
            buf_puts(command, "'\\''");
        else
            buf_putc(command, word.ptr[i]);
    }
    buf_putc(command, '\'');
}

static void read_command(struct perfdata_file *f, struct cursor *in)
{
    buf_clear(&f->command);
    uint32_t count = cursor_u32(in);
    for (uint32_t i = 0; i < count && !in->cut; i++)
        add_word(&f->command, read_text(in));
}

/* The events again, with the names the user gave them; which is which the ids say, or, where a
 * file has none, the order. */
static void read_event_names(struct perfdata_file *f, struct cursor *in)
{
    uint32_t count = cursor_u32(in), attr_size = cursor_u32(in);
    for (uint32_t i = 0; i < count && !in->cut; i++) {
        cursor_bytes(in, attr_size);
        uint32_t id_count = cursor_u32(in);
        struct str name = read_text(in);
        uint32_t event = i;
        for (uint32_t k = 0; k < id_count && !in->cut; k++) {
            uint32_t of = idmap_get(&f->ids, cursor_u64(in));
            if (k == 0 && of != UINT32_MAX)
                event = of;
        }
        if (!in->cut && event < f->event_count)
            f->events[event].name = name;
    }
}

static void read_build_ids(struct perfdata_file *f, struct cursor *in)
{
    while (cursor_left(in) && !in->cut) {
        if (cursor_left(in) < PERFDATA_RECORD_HEADER) {
            in->cut = true;
            return;
        }
        struct perfdata_record_header h = perfdata_header(in->p);
        const uint8_t *record = cursor_bytes(in, h.size);
        enum { FIXED = PERFDATA_RECORD_HEADER + 4 + 24 };
        if (!record || h.size < FIXED) {
            in->cut = true;
            return;
        }
        struct perfdata_build_id id = {.len = PERFDATA_BUILD_ID};
        memcpy(id.bytes, record + PERFDATA_RECORD_HEADER + 4, PERFDATA_BUILD_ID);
        if (h.misc & PERFDATA_MISC_BUILD_ID_SIZE)
            id.len = record[PERFDATA_RECORD_HEADER + 4 + PERFDATA_BUILD_ID];
        if (id.len > PERFDATA_BUILD_ID)
            id.len = PERFDATA_BUILD_ID;
        struct cursor name = cursor_of(record + FIXED, h.size - FIXED);
        id.file = cursor_text(&name, cursor_left(&name));
        f->build_ids =
            xgrow(f->build_ids, &f->build_id_cap, f->build_id_count + 1, sizeof *f->build_ids);
        f->build_ids[f->build_id_count++] = id;
    }
}

int perfdata_read_feature(struct perfdata_file *f, unsigned feature, struct cursor in,
                          struct error *err)
{
    switch (feature) {
    case PERFDATA_FEATURE_BUILD_ID:
        read_build_ids(f, &in);
        break;
    case PERFDATA_FEATURE_ARCH:
        f->arch = read_text(&in);
        break;
    case PERFDATA_FEATURE_CMDLINE:
        read_command(f, &in);
        break;
    case PERFDATA_FEATURE_EVENT_DESC:
        read_event_names(f, &in);
        break;
    case PERFDATA_FEATURE_SAMPLE_TIME:
        f->first_time = cursor_u64(&in);
        f->last_time = cursor_u64(&in);
        break;
    case PERFDATA_FEATURE_CLOCK_DATA:
        cursor_bytes(&in, 8); /* version, clock id */
        f->wall_clock = cursor_u64(&in);
        f->wall_clock_time = cursor_u64(&in);
        break;
    default:
        break;
    }
    if (in.cut)
        return error_set(err, ERROR_DATA, "feature %u ends too early", feature);
    return 0;
}
