/* When the records of a perf.data file happened, and in which order. */
#include "analyzer/profile/perfdata_file.h"

#include "analyzer/base/alloc.h"

#include <linux/perf_event.h>
#include <stdlib.h>

/* Fields of eight bytes that stand before FIELD at the beginning of a sample. */
static size_t fields_before(uint64_t sample_type, uint64_t field)
{
    static const uint64_t order[] = {PERF_SAMPLE_IDENTIFIER, PERF_SAMPLE_IP,   PERF_SAMPLE_TID,
                                     PERF_SAMPLE_TIME,       PERF_SAMPLE_ADDR, PERF_SAMPLE_ID};
    size_t count = 0;
    for (size_t i = 0; i < sizeof order / sizeof *order && order[i] != field; i++)
        count += (sample_type & order[i]) != 0;
    return count;
}

/* And from FIELD on, itself included, at the end of any other record of the kernel's. */
static size_t fields_from(uint64_t sample_type, uint64_t field)
{
    static const uint64_t order[] = {PERF_SAMPLE_IDENTIFIER, PERF_SAMPLE_CPU,
                                     PERF_SAMPLE_STREAM_ID,  PERF_SAMPLE_ID,
                                     PERF_SAMPLE_TIME,       PERF_SAMPLE_TID};
    size_t count = 0;
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        count += (sample_type & order[i]) != 0;
        if (order[i] == field)
            break;
    }
    return count;
}

/* FIELD of the record AT of event E, or 0 if it has none. */
static uint64_t record_field(const struct perfdata_event *e, const uint8_t *at, uint64_t field)
{
    struct perfdata_record_header h = perfdata_header(at);
    size_t words = (h.size - sizeof h) / sizeof(uint64_t), word;
    if (!(e->sample_type & field) || (h.type != PERF_RECORD_SAMPLE && !e->sample_id_all))
        return 0;
    if (h.type == PERF_RECORD_SAMPLE) {
        word = fields_before(e->sample_type, field);
        if (word >= words)
            return 0;
    } else {
        size_t from_end = fields_from(e->sample_type, field);
        if (from_end > words)
            return 0;
        word = words - from_end;
    }
    uint64_t value;
    memcpy(&value, at + sizeof h + word * sizeof value, sizeof value);
    return value;
}

uint32_t perfdata_event_of(const struct perfdata_file *f, const uint8_t *at)
{
    if (f->event_count <= 1)
        return f->event_count ? 0 : UINT32_MAX;
    /* Where the id stands must be the same for all events, or nobody could tell. */
    const struct perfdata_event *first = &f->events[0];
    uint64_t field =
        first->sample_type & PERF_SAMPLE_IDENTIFIER ? PERF_SAMPLE_IDENTIFIER : PERF_SAMPLE_ID;
    uint64_t id = record_field(first, at, field);
    /* perf's own account of what was there before it began is of no event. */
    return id ? idmap_get(&f->ids, id) : 0;
}

uint64_t perfdata_time_of(const struct perfdata_file *f, const uint8_t *at)
{
    uint32_t event = perfdata_event_of(f, at);
    return event == UINT32_MAX ? 0 : record_field(&f->events[event], at, PERF_SAMPLE_TIME);
}

static void merge(const struct perfdata_record *a, size_t a_count, const struct perfdata_record *b,
                  size_t b_count, struct perfdata_record *out)
{
    while (a_count && b_count) {
        if (b->time < a->time) {
            *out++ = *b++;
            b_count--;
        } else {
            *out++ = *a++;
            a_count--;
        }
    }
    memcpy(out, a, a_count * sizeof *a);
    memcpy(out + a_count, b, b_count * sizeof *b);
}

/* A merge sort of the runs that are in order already, which is what each processor's buffer was. */
void perfdata_sort(struct perfdata_file *f)
{
    size_t n = f->record_count, run_count = 0, run_cap = 0;
    size_t *runs = NULL; /* where each begins, and at last n */
    for (size_t i = 0; i <= n; i++) {
        if (i > 0 && i < n && f->records[i - 1].time <= f->records[i].time)
            continue;
        runs = xgrow(runs, &run_cap, run_count + 1, sizeof *runs);
        runs[run_count++] = i;
    }
    run_count--;
    struct perfdata_record *from = f->records, *to = NULL;
    if (run_count > 1)
        to = xcalloc(n, sizeof *to);
    for (; run_count > 1; run_count = (run_count + 1) / 2) {
        for (size_t i = 0; i < run_count; i += 2) {
            size_t begin = runs[i], middle = runs[i + 1];
            size_t end = i + 1 < run_count ? runs[i + 2] : middle;
            merge(from + begin, middle - begin, from + middle, end - middle, to + begin);
            runs[i / 2] = begin;
        }
        runs[(run_count + 1) / 2] = n;
        struct perfdata_record *swap = from;
        from = to;
        to = swap;
    }
    f->records = from;
    f->record_cap = n;
    free(to);
    free(runs);
}
