#include "analyzer/profile/perfscript.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/buf.h"
#include "analyzer/base/path.h"
#include "analyzer/profile/builder.h"
#include "analyzer/profile/legacy_scan.h"
#include "analyzer/profile/perfscript_line.h"
#include "analyzer/profile/textlines.h"
#include "analyzer/profile/threadlabels.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_EVENTS = 64 };

/* Kept until all events are known. */
struct sample {
    uint32_t stack, labels, event;
    int64_t period;
};

struct reader {
    struct builder b;
    strid events[MOST_EVENTS];
    bool has_period[MOST_EVENTS];
    uint32_t event_count;
    strid keys[THREAD_LABEL_COUNT];

    struct sample *samples;
    size_t sample_count, sample_cap;
    int64_t first_time, last_time;
    bool any_time;

    /* The sample being read. */
    bool is_open;
    struct sample open;
    uint32_t *frames;
    size_t frame_count, frame_cap;
    struct line *lines; /* of the location being read, which ends at a frame that is not inlined */
    size_t line_count, line_cap;
    struct location location;
    bool has_location;
};

static bool is_blank(struct str line)
{
    return scan_run(&line, SCAN_SPACE).len && !line.len;
}

static bool is_indented(struct str line)
{
    return line.len && scan_in((unsigned char)line.ptr[0], SCAN_SPACE);
}

/* Is this what perf prints for a record that is no sample? */
static bool is_record(struct str line)
{
    return scan_contains(line, ": PERF_RECORD_");
}

/* A header. What is indented might be a frame as well, and is one unless it has a time. */
static bool is_header(struct str line, struct perfscript_header *h)
{
    struct perfscript_frame f;
    return perfscript_header_parse(line, h) &&
           (h->has_time || !is_indented(line) || !perfscript_frame_parse(line, &f));
}

/* Is what stands behind a header its only frame? A tracepoint's text may stand there as well. */
static bool is_only_frame(struct str rest, struct perfscript_frame *f)
{
    return perfscript_frame_parse(rest, f) && f->address && memchr(rest.ptr, ' ', rest.len);
}

bool perfscript_knows(struct str in)
{
    struct text_lines lines = text_lines_of(in);
    struct perfscript_header h, next;
    struct perfscript_frame f;
    struct str line;
    while (text_lines_next(&lines, &line)) {
        if (!line.len || is_blank(line) || line.ptr[0] == '#' || is_record(line))
            continue;
        if (!is_header(line, &h))
            return false;
        if (h.has_time || is_only_frame(h.rest, &f))
            return true;
        /* Without a time it takes a frame to tell it from other text. */
        return text_lines_next(&lines, &line) && is_indented(line) && !is_header(line, &next) &&
               perfscript_frame_parse(line, &f);
    }
    return false;
}

/* --- frames */

static void end_location(struct reader *r)
{
    if (!r->has_location && !r->line_count)
        return;
    r->frames = xgrow(r->frames, &r->frame_cap, r->frame_count + 1, sizeof *r->frames);
    r->frames[r->frame_count++] = builder_location(&r->b, r->location, r->lines, r->line_count);
    r->line_count = 0;
    r->has_location = false;
    r->location = (struct location){.mapping = NO_INDEX};
}

static void add_frame(struct reader *r, const struct perfscript_frame *f)
{
    if (r->has_location)
        end_location(r);
    if (f->symbol.len) {
        strid name = builder_str(&r->b, f->symbol);
        r->lines = xgrow(r->lines, &r->line_cap, r->line_count + 1, sizeof *r->lines);
        r->lines[r->line_count++] =
            (struct line){.function = builder_function(
                              &r->b, (struct function){.name = name, .system_name = name})};
    }
    if (f->is_inlined)
        return;
    r->has_location = true;
    r->location.address = f->address;
    if (f->binary.len)
        r->location.mapping = builder_mapping(&r->b, builder_str(&r->b, f->binary), 0);
}

/* Where the last frame is in the source. */
static void set_source(struct reader *r, struct str file, int64_t number)
{
    if (!r->line_count || str_is(file, "??"))
        return;
    struct line *line = &r->lines[r->line_count - 1];
    struct function f = r->b.p->functions[line->function];
    f.filename = builder_str(&r->b, file);
    line->function = builder_function(&r->b, f);
    line->line = number;
}

/* --- samples */

static int end_sample(struct reader *r, struct error *err)
{
    if (!r->is_open)
        return 0;
    end_location(r);
    r->is_open = false;
    if (builder_stack(&r->b, r->frames, r->frame_count, &r->open.stack, err))
        return -1;
    r->samples = xgrow(r->samples, &r->sample_cap, r->sample_count + 1, sizeof *r->samples);
    r->samples[r->sample_count++] = r->open;
    return 0;
}

static int find_event(struct reader *r, struct str name, uint32_t *event, struct error *err)
{
    strid id = builder_str(&r->b, name);
    uint32_t i = 0;
    while (i < r->event_count && r->events[i] != id)
        i++;
    if (i == MOST_EVENTS)
        return error_set(err, ERROR_DATA, "it has more than %d events", MOST_EVENTS);
    if (i == r->event_count)
        r->events[r->event_count++] = id;
    *event = i;
    return 0;
}

static uint32_t thread_labels(struct reader *r, const struct perfscript_header *h)
{
    struct label labels[THREAD_LABEL_COUNT];
    size_t count = 0;
    if (h->comm.len)
        labels[count++] = label_text(r->keys[THREAD_LABEL_COMM], builder_str(&r->b, h->comm));
    if (h->has_pid)
        labels[count++] = label_number(r->keys[THREAD_LABEL_PID], h->pid, 0);
    if (h->has_tid)
        labels[count++] = label_number(r->keys[THREAD_LABEL_TID], h->tid, 0);
    return profile_add_labels(r->b.p, labels, count);
}

static void note_time(struct reader *r, int64_t time)
{
    r->first_time = r->any_time && r->first_time < time ? r->first_time : time;
    r->last_time = r->any_time && r->last_time > time ? r->last_time : time;
    r->any_time = true;
}

static int begin_sample(struct reader *r, const struct perfscript_header *h, struct error *err)
{
    struct perfscript_frame f;
    if (end_sample(r, err) || find_event(r, h->event, &r->open.event, err))
        return -1;
    r->is_open = true;
    r->frame_count = 0;
    r->open.labels = thread_labels(r, h);
    r->open.period = h->has_period ? h->period : 1;
    r->has_period[r->open.event] |= h->has_period;
    if (h->has_time)
        note_time(r, h->time);
    if (is_only_frame(h->rest, &f))
        add_frame(r, &f);
    return 0;
}

static int read_line(struct reader *r, struct str line, size_t number, struct error *err)
{
    struct perfscript_header h;
    struct perfscript_frame f;
    struct str file;
    int64_t source_line;
    if (!line.len || is_blank(line))
        return end_sample(r, err);
    if (line.ptr[0] == '#' || is_record(line))
        return 0;
    if (is_header(line, &h))
        return begin_sample(r, &h, err);
    if (r->is_open && is_indented(line) && perfscript_frame_parse(line, &f)) {
        add_frame(r, &f);
        return 0;
    }
    if (r->is_open && is_indented(line) && perfscript_source_parse(line, &file, &source_line)) {
        set_source(r, file, source_line);
        return 0;
    }
    return error_set(err, ERROR_DATA, "line %zu: neither a sample nor a frame: '%s'", number,
                     scan_shown(line).text);
}

/* --- the whole */

static bool is_clock(struct str event)
{
    return str_starts(event, "cpu-clock") || str_starts(event, "task-clock");
}

static void set_types(struct reader *r)
{
    struct profile *p = r->b.p;
    struct value_type types[2 * MOST_EVENTS];
    strid count = profile_intern(p, "count"), nanos = profile_intern(p, "nanoseconds");
    struct buf name = {0};
    for (uint32_t i = 0; i < r->event_count; i++) {
        struct str event = profile_str(p, r->events[i]);
        buf_clear(&name);
        buf_str(&name, event);
        buf_puts(&name, "_samples");
        strid samples = r->event_count == 1 ? profile_intern(p, "samples")
                                            : strtab_add(&p->strings, name.data, name.len);
        bool timed = is_clock(profile_str(p, r->events[i])) && r->has_period[i];
        types[2 * i] = (struct value_type){samples, count};
        types[2 * i + 1] = (struct value_type){r->events[i], timed ? nanos : count};
    }
    buf_release(&name);
    builder_set_types(&r->b, types, 2 * r->event_count);
    if (r->event_count) {
        p->default_sample_type = r->events[0];
        p->period_type = types[1];
    }
}

/* A process is called after its program, as far as 15 characters go. The program of most samples is
 * the profile's. */
static void put_main_first(struct reader *r)
{
    enum { COMM_LENGTH = 15 };
    struct profile *p = r->b.p;
    size_t known = p->strings.count, most = 0, main_mapping = 0;
    size_t *samples = xcalloc(known, sizeof *samples); /* of each comm */
    for (size_t i = 0; i < r->sample_count; i++) {
        struct labelset set = p->labelsets[r->samples[i].labels];
        for (uint32_t k = set.first; k < set.first + set.count; k++)
            if (p->labels[k].key == r->keys[THREAD_LABEL_COMM])
                samples[p->labels[k].str]++;
    }
    for (size_t i = 0; i < p->mapping_count; i++) {
        struct str name = path_base(profile_str(p, p->mappings[i].file));
        strid comm =
            strtab_add(&p->strings, name.ptr, name.len < COMM_LENGTH ? name.len : COMM_LENGTH);
        if (comm < known && samples[comm] > most) {
            most = samples[comm];
            main_mapping = i;
        }
    }
    if (most)
        profile_lead_mapping(p, (uint32_t)main_mapping);
    free(samples);
}

static int read_text(struct reader *r, struct str in, struct error *err)
{
    struct text_lines lines = text_lines_of(in);
    struct str line;
    r->location.mapping = NO_INDEX;
    while (text_lines_next(&lines, &line))
        if (read_line(r, line, lines.number, err))
            return -1;
    if (end_sample(r, err))
        return -1;
    set_types(r);
    for (size_t i = 0; i < r->sample_count; i++) {
        const struct sample *s = &r->samples[i];
        builder_add(&r->b, s->stack, s->labels, 2 * s->event, 1);
        builder_add(&r->b, s->stack, s->labels, 2 * s->event + 1, s->period);
    }
    put_main_first(r);
    r->b.p->duration_nanos = r->last_time - r->first_time;
    return 0;
}

struct profile *perfscript_read(struct str in, struct error *err)
{
    struct reader r = {0};
    builder_init(&r.b);
    for (int i = 0; i < THREAD_LABEL_COUNT; i++)
        r.keys[i] = profile_intern(r.b.p, thread_label_keys[i]);
    int rc = read_text(&r, in, err);
    struct profile *p = rc ? NULL : builder_finish(&r.b);
    builder_release(&r.b);
    free(r.samples);
    free(r.frames);
    free(r.lines);
    return p;
}
