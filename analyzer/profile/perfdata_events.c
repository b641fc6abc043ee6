#include "analyzer/profile/perfdata_events.h"

#include "analyzer/base/alloc.h"

#include <inttypes.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const hardware[] = {
    [PERF_COUNT_HW_CPU_CYCLES] = "cycles",
    [PERF_COUNT_HW_INSTRUCTIONS] = "instructions",
    [PERF_COUNT_HW_CACHE_REFERENCES] = "cache-references",
    [PERF_COUNT_HW_CACHE_MISSES] = "cache-misses",
    [PERF_COUNT_HW_BRANCH_INSTRUCTIONS] = "branches",
    [PERF_COUNT_HW_BRANCH_MISSES] = "branch-misses",
    [PERF_COUNT_HW_BUS_CYCLES] = "bus-cycles",
    [PERF_COUNT_HW_STALLED_CYCLES_FRONTEND] = "stalled-cycles-frontend",
    [PERF_COUNT_HW_STALLED_CYCLES_BACKEND] = "stalled-cycles-backend",
    [PERF_COUNT_HW_REF_CPU_CYCLES] = "ref-cycles",
};

static const char *const software[] = {
    [PERF_COUNT_SW_CPU_CLOCK] = "cpu-clock",
    [PERF_COUNT_SW_TASK_CLOCK] = "task-clock",
    [PERF_COUNT_SW_PAGE_FAULTS] = "page-faults",
    [PERF_COUNT_SW_CONTEXT_SWITCHES] = "context-switches",
    [PERF_COUNT_SW_CPU_MIGRATIONS] = "cpu-migrations",
    [PERF_COUNT_SW_PAGE_FAULTS_MIN] = "minor-faults",
    [PERF_COUNT_SW_PAGE_FAULTS_MAJ] = "major-faults",
    [PERF_COUNT_SW_ALIGNMENT_FAULTS] = "alignment-faults",
    [PERF_COUNT_SW_EMULATION_FAULTS] = "emulation-faults",
    [PERF_COUNT_SW_DUMMY] = "dummy",
    [PERF_COUNT_SW_BPF_OUTPUT] = "bpf-output",
};

static const struct {
    uint32_t type;
    const char *const *names;
    size_t count;
} known[] = {
    {PERF_TYPE_HARDWARE, hardware, sizeof hardware / sizeof *hardware},
    {PERF_TYPE_SOFTWARE, software, sizeof software / sizeof *software},
};

strid perfdata_event_name(struct profile *p, const struct perfdata_event *e)
{
    if (e->name.len)
        return strtab_add(&p->strings, e->name.ptr, e->name.len);
    const char *modifier = e->exclude_kernel ? ":u" : e->exclude_user ? ":k" : "";
    char name[80];
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (known[i].type != e->type || e->config >= known[i].count)
            continue;
        snprintf(name, sizeof name, "%s%s", known[i].names[e->config], modifier);
        return profile_intern(p, name);
    }
    if (e->type == PERF_TYPE_TRACEPOINT)
        snprintf(name, sizeof name, "tracepoint-%" PRIu64 "%s", e->config, modifier);
    else if (e->type == PERF_TYPE_RAW)
        snprintf(name, sizeof name, "r%" PRIx64 "%s", e->config, modifier);
    else
        snprintf(name, sizeof name, "event-%" PRIu32 "-%" PRIx64 "%s", e->type, e->config,
                 modifier);
    return profile_intern(p, name);
}

static bool is_clock(const struct perfdata_event *e)
{
    return e->type == PERF_TYPE_SOFTWARE &&
           (e->config == PERF_COUNT_SW_CPU_CLOCK || e->config == PERF_COUNT_SW_TASK_CLOCK);
}

const char *perfdata_event_unit(const struct perfdata_event *e)
{
    return is_clock(e) ? "nanoseconds" : "count";
}

static void set_period(struct profile *p, const struct perfdata_event *e, struct value_type type)
{
    p->period_type = type;
    if (!e->frequency)
        p->period = (int64_t)e->period;
    else if (is_clock(e) && e->period)
        p->period = (int64_t)(1000000000 / e->period);
}

void perfdata_set_types(struct profile *p, const struct perfdata_file *f, uint32_t *columns)
{
    struct value_type *types = xcalloc(2 * f->event_count + 2, sizeof *types);
    size_t count = 0;
    strid number = profile_intern(p, "count");
    bool any = false;
    for (size_t i = 0; i < f->event_count; i++)
        any |= f->events[i].sample_count > 0;
    for (size_t i = 0; i < f->event_count; i++) {
        const struct perfdata_event *e = &f->events[i];
        if (any && !e->sample_count)
            continue;
        struct value_type type = {perfdata_event_name(p, e),
                                  profile_intern(p, perfdata_event_unit(e))};
        /* An event that was asked for twice is one. */
        size_t at = 0;
        while (at < count && types[at + 1].type != type.type)
            at += 2;
        columns[i] = (uint32_t)at;
        if (at < count)
            continue;
        struct str name = profile_str(p, type.type);
        struct buf samples = {0};
        buf_str(&samples, name);
        buf_puts(&samples, "_samples");
        types[count++] =
            (struct value_type){strtab_add(&p->strings, samples.data, samples.len), number};
        types[count++] = type;
        buf_release(&samples);
        if (count == 2)
            set_period(p, e, type);
    }
    if (count == 2)
        types[0].type = profile_intern(p, "samples");
    else
        p->default_sample_type = types[1].type;
    profile_set_sample_types(p, types, count);
    free(types);
}
