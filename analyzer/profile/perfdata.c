#include "analyzer/profile/perfdata.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/pairmap.h"
#include "analyzer/profile/perfdata_events.h"
#include "analyzer/profile/perfdata_stacks.h"
#include "analyzer/profile/perfdata_unwind.h"
#include "analyzer/profile/threadlabels.h"
#include "analyzer/source/whole.h"

#include <inttypes.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>

/* What has to be held in memory: from a pipe, or inflated. */
static const size_t most_held = (size_t)4 << 30;

/* As for profiles in pprof's format: nothing that a file holds makes this much of itself. */
static const size_t most_values = (size_t)512 << 20;
static const size_t most_growth = 200;

struct reader {
    struct perfdata_file file;
    struct perfdata_processes processes;
    struct perfdata_stacks stacks;
    struct perfdata_unwind unwind;
    struct profile *p;
    uint32_t *columns;     /* where an event's values are, by event */
    struct pairmap rows;   /* samples by stack and labels */
    int64_t *zeros;        /* a sample without values */
    uint64_t *main_weight; /* samples of the processes whose program this image is */
    size_t main_weight_cap, main_weight_count;
    uint64_t first_time, last_time;
    size_t strangers; /* samples of no event */
    strid keys[THREAD_LABEL_COUNT], cpu;
};

bool perfdata_knows(const void *head, size_t len)
{
    return len >= 8 &&
           (memcmp(head, PERFDATA_MAGIC, 8) == 0 || memcmp(head, PERFDATA_MAGIC_SWAPPED, 8) == 0);
}

static uint32_t labels_of(struct reader *r, const struct perfdata_sample *s)
{
    struct perfdata_thread *thread = perfdata_thread_get(&r->processes, s->tid);
    if (thread->labels != NO_INDEX && thread->labels_pid == s->pid && thread->labels_cpu == s->cpu)
        return thread->labels;
    struct label labels[4];
    size_t count = 0;
    if (thread->comm)
        labels[count++] = label_text(r->keys[THREAD_LABEL_COMM], thread->comm);
    labels[count++] = label_number(r->keys[THREAD_LABEL_PID], (int32_t)s->pid, 0);
    labels[count++] = label_number(r->keys[THREAD_LABEL_TID], (int32_t)s->tid, 0);
    if (s->has_cpu)
        labels[count++] = label_number(r->cpu, s->cpu, 0);
    thread->labels = profile_add_labels(r->p, labels, count);
    thread->labels_pid = s->pid;
    thread->labels_cpu = s->cpu;
    return thread->labels;
}

/* Counts a sample for the program it is of. */
static void weigh_program(struct reader *r, const struct perfdata_process *process)
{
    uint32_t image = process->main_image;
    if (image == NO_INDEX)
        return;
    size_t count = r->processes.image_count;
    if (r->main_weight_count < count) {
        r->main_weight = xgrow(r->main_weight, &r->main_weight_cap, count, sizeof *r->main_weight);
        memset(r->main_weight + r->main_weight_count, 0,
               (count - r->main_weight_count) * sizeof *r->main_weight);
        r->main_weight_count = count;
    }
    r->main_weight[image]++;
}

static int add_values(struct reader *r, uint32_t event, uint32_t stack, uint32_t labels,
                      uint64_t period, struct error *err)
{
    struct profile *p = r->p;
    struct pairmap_slot *slot = pairmap_slot(&r->rows, stack, labels);
    if (!slot->value) {
        size_t held = (p->sample_count + 1) * p->sample_type_count * sizeof **p->values;
        if (held > most_values && held / most_growth > r->file.len)
            return error_set(err, ERROR_DATA,
                             "it has %zu sample types, too many for its samples to be held",
                             p->sample_type_count);
        pairmap_set(&r->rows, slot, stack, labels, (uint32_t)p->sample_count);
        profile_add_sample(p, stack, labels, r->zeros);
        slot = pairmap_slot(&r->rows, stack, labels);
    }
    uint32_t row = slot->value - 1, column = r->columns[event];
    p->values[column][row] += 1;
    p->values[column + 1][row] += (int64_t)period;
    return 0;
}

static int add_sample(struct reader *r, const uint8_t *at, struct error *err)
{
    uint32_t event = perfdata_event_of(&r->file, at);
    if (event == UINT32_MAX) {
        r->strangers++;
        return 0;
    }
    struct perfdata_sample s;
    if (perfdata_sample_read(&s, &r->file.events[event], at))
        return error_set(err, ERROR_DATA, "a sample ends too early");
    if (s.time) {
        r->first_time = r->first_time && r->first_time < s.time ? r->first_time : s.time;
        r->last_time = s.time;
    }
    struct perfdata_process process = *perfdata_process_get(&r->processes, s.pid);
    weigh_program(r, &process);
    uint32_t labels = labels_of(r, &s);
    if (perfdata_unwind_can(&r->unwind, &s)) {
        perfdata_unwind_add(&r->unwind, at, event, labels, &process);
        return 0;
    }
    perfdata_stacks_begin(&r->stacks, &s, &process, false);
    return add_values(r, event, perfdata_stacks_end(&r->stacks), labels, s.period, err);
}

/* The samples whose stacks had to be unwound. */
static int add_unwound(struct reader *r, struct lines *notes, struct error *err)
{
    struct perfdata_unwind *u = &r->unwind;
    if (perfdata_unwind_run(u, notes, err))
        return -1;
    for (size_t i = 0; i < u->sample_count; i++) {
        const struct perfdata_unwound *sample = &u->samples[i];
        struct perfdata_sample s;
        perfdata_sample_read(&s, &r->file.events[sample->event], sample->at);
        perfdata_stacks_begin(&r->stacks, &s, &sample->process, true);
        for (uint32_t k = 0; k < sample->count; k++)
            perfdata_stacks_add_user(&r->stacks, &sample->process, u->addresses[sample->first + k]);
        uint32_t stack = perfdata_stacks_end(&r->stacks);
        if (add_values(r, sample->event, stack, sample->labels, s.period, err))
            return -1;
    }
    return 0;
}

static void put_main_first(struct reader *r)
{
    uint32_t main_image = NO_INDEX;
    for (size_t i = 0; i < r->main_weight_count; i++)
        if (r->main_weight[i] &&
            (main_image == NO_INDEX || r->main_weight[i] > r->main_weight[main_image]))
            main_image = (uint32_t)i;
    if (main_image != NO_INDEX)
        profile_lead_mapping(r->p, perfdata_stacks_mapping(&r->stacks, main_image));
}

static void describe(struct reader *r, struct lines *notes)
{
    struct profile *p = r->p;
    const struct perfdata_file *f = &r->file;
    if (f->command.len)
        profile_add_comment(p, strtab_add(&p->strings, f->command.data, f->command.len));
    uint64_t first = f->first_time ? f->first_time : r->first_time;
    uint64_t last = f->last_time ? f->last_time : r->last_time;
    if (last > first)
        p->duration_nanos = (int64_t)(last - first);
    if (f->wall_clock)
        p->time_nanos = (int64_t)(f->wall_clock + (first - f->wall_clock_time));
    if (f->lost)
        lines_add(notes, "perf lost %" PRIu64 " records", f->lost);
    if (r->strangers)
        lines_add(notes, "%zu samples are of no event that the file knows", r->strangers);
}

static void tell(const struct reader *r, size_t done, const char *what,
                 const struct progress *progress)
{
    if (progress && progress->report && done % 4096 == 0)
        progress->report(
            progress->context, what,
            (uint64_t)((double)r->file.len * (double)done / (double)r->file.record_count),
            r->file.len);
}

static int read_records(struct reader *r, const char *name, const struct progress *progress,
                        struct error *err)
{
    struct perfdata_file *f = &r->file;
    for (size_t i = 0; i < f->record_count; i++) {
        const uint8_t *at = f->records[i].at;
        bool sample = perfdata_header(at).type == PERF_RECORD_SAMPLE;
        struct error reason = {0};
        tell(r, i, name, progress);
        if (sample ? add_sample(r, at, &reason)
                   : perfdata_processes_apply(&r->processes, at, &reason))
            return perfdata_damaged(f, at, reason.text, err);
    }
    return 0;
}

static void reader_init(struct reader *r)
{
    struct profile *p = r->p = profile_new();
    perfdata_processes_init(&r->processes, p, &r->file);
    perfdata_stacks_init(&r->stacks, &r->processes);
    perfdata_unwind_init(&r->unwind, &r->file, &r->processes);
    r->columns = xcalloc(r->file.event_count, sizeof *r->columns);
    perfdata_set_types(p, &r->file, r->columns);
    r->zeros = xcalloc(p->sample_type_count, sizeof *r->zeros);
    for (int i = 0; i < THREAD_LABEL_COUNT; i++)
        r->keys[i] = profile_intern(p, thread_label_keys[i]);
    r->cpu = profile_intern(p, "cpu");
}

static void reader_release(struct reader *r)
{
    profile_free(r->p);
    perfdata_unwind_release(&r->unwind);
    perfdata_stacks_release(&r->stacks);
    perfdata_processes_release(&r->processes);
    free(r->columns);
    pairmap_release(&r->rows);
    free(r->zeros);
    free(r->main_weight);
    perfdata_file_release(&r->file);
}

struct profile *perfdata_parse(const char *name, const uint8_t *data, size_t len,
                               const struct progress *progress, struct lines *notes,
                               struct error *err)
{
    struct reader r = {0};
    struct profile *p = NULL;
    if (perfdata_file_init(&r.file, data, len, notes, err))
        return NULL;
    reader_init(&r);
    if (read_records(&r, name, progress, err) == 0 && add_unwound(&r, notes, err) == 0) {
        put_main_first(&r);
        describe(&r, notes);
        p = r.p;
        r.p = NULL;
    }
    reader_release(&r);
    return p;
}

struct profile *perfdata_read(struct source *s, const struct progress *progress,
                              struct lines *notes, struct error *err)
{
    struct whole w = {0};
    int rc = whole_read(&w, s, most_held, err);
    if (rc > 0)
        error_set(err, ERROR_DATA, "it holds more than %zu bytes; save it to a file first",
                  most_held);
    struct lines remarks = {0};
    struct profile *p =
        rc ? NULL : perfdata_parse(source_name(s), w.data, w.len, progress, &remarks, err);
    for (size_t i = 0; notes && i < remarks.count; i++)
        lines_add(notes, "%s: %s", source_name(s), remarks.items[i]);
    lines_release(&remarks);
    whole_release(&w);
    return p;
}
