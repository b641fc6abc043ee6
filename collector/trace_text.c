#include "collector/trace_text.h"

#include "collector/clock.h"
#include "collector/grow.h"
#include "collector/trace_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    TASKS = 1 << 14, /* open at a time; of more, the oldest ones' names are forgotten */
    CPUS = 5000001,  /* ids beyond those of processes (PID_MAX_LIMIT) */
    NOT_RUNNING = 5000002,
    EARLY = 1024,
    MOST_TEXT = 1 << 30,
};

/* A thread, as far as it was met. */
struct lane {
    pid_t tid;
    char name[32];
    unsigned open;
    char *regions[TRACE_NESTED]; /* their names; NULL: no memory for it */
};

struct task {
    uint64_t id; /* 0: none */
    pid_t tid;   /* that began it */
    char *name;
};

/* A task that one thread has begun and another one ended: the end may be fetched first. */
struct early_end {
    uint64_t id;
    pid_t tid;
    int64_t time;
    unsigned waited; /* so many times its beginning had not come */
};

struct trace_text {
    struct trace_file file;
    pid_t pid;
    int64_t start, start_realtime;
    int64_t dropped; /* events for which the file is too large already */
    int most_cpu;
    bool any;
    struct lane **lanes;
    size_t lane_count, lane_cap;
    struct task tasks[TASKS];
    struct early_end early[EARLY]; /* ends of tasks whose beginnings have not come yet */
    size_t early_count;
};

struct trace_text *trace_text_new(int fd, bool gzip, int64_t start)
{
    struct trace_text *t = calloc(1, sizeof *t);
    if (!t)
        return NULL;
    t->pid = getpid();
    t->start = start;
    t->start_realtime = clock_ns(CLOCK_REALTIME) - (clock_ns(CLOCK_MONOTONIC) - start);
    t->most_cpu = -1;
    if (trace_file_open(&t->file, fd, gzip) != 0) {
        free(t);
        return NULL;
    }
    trace_file_printf(&t->file, "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[");
    return t;
}

/* --- parts of an event */

/* Microseconds, as the format wants them. */
static void put_time(struct trace_text *t, const char *key, int64_t ns)
{
    if (ns < 0)
        ns = 0;
    trace_file_printf(&t->file, ",\"%s\":%" PRId64 ".%03d", key, ns / 1000, (int)(ns % 1000));
}

static void begin_event(struct trace_text *t, const char *phase, int pid, int tid)
{
    trace_file_printf(&t->file, "%s\n{\"ph\":\"%s\",\"pid\":%d,\"tid\":%d", t->any ? "," : "",
                      phase, pid, tid);
    t->any = true;
}

static void put_text(struct trace_text *t, const char *key, const char *text)
{
    trace_file_printf(&t->file, ",\"%s\":", key);
    trace_file_string(&t->file, text);
}

static void put_id(struct trace_text *t, const char *key, uint64_t id)
{
    trace_file_printf(&t->file, "\"%s\":\"0x%" PRIx64 "\"", key, id);
}

static void end_event(struct trace_text *t)
{
    trace_file_printf(&t->file, "}");
}

static void put_meta(struct trace_text *t, const char *what, int pid, int tid, const char *name)
{
    begin_event(t, "M", pid, tid);
    put_text(t, "name", what);
    trace_file_printf(&t->file, ",\"args\":{\"name\":");
    trace_file_string(&t->file, name);
    trace_file_printf(&t->file, "}");
    end_event(t);
}

/* --- threads */

/* False if it has ended. */
static bool read_name(struct lane *lane)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d/comm", (int)lane->tid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t len = fd >= 0 ? read(fd, lane->name, sizeof lane->name - 1) : -1;
    if (fd >= 0)
        close(fd);
    if (len <= 0)
        return false;
    lane->name[len] = '\0';
    lane->name[strcspn(lane->name, "\n")] = '\0';
    return true;
}

static void put_lane_name(struct trace_text *t, const struct lane *lane)
{
    put_meta(t, "thread_name", t->pid, lane->tid, lane->name);
    put_meta(t, "thread_name", NOT_RUNNING, lane->tid, lane->name);
}

/* NULL: no memory. */
static struct lane *lane_of(struct trace_text *t, pid_t tid)
{
    for (size_t i = t->lane_count; i-- > 0;)
        if (t->lanes[i]->tid == tid)
            return t->lanes[i];
    if (!grow(&t->lanes, &t->lane_cap, t->lane_count + 1, sizeof *t->lanes))
        return NULL;
    struct lane *lane = calloc(1, sizeof *lane);
    if (!lane)
        return NULL;
    lane->tid = tid;
    snprintf(lane->name, sizeof lane->name, "%d", (int)tid);
    read_name(lane);
    put_lane_name(t, lane);
    return t->lanes[t->lane_count++] = lane;
}

/* --- events */

static void end_region(struct trace_text *t, struct lane *lane, int64_t time)
{
    char **name = &lane->regions[--lane->open];
    begin_event(t, "E", t->pid, lane->tid);
    put_time(t, "ts", time - t->start);
    put_text(t, "name", *name ? *name : "");
    end_event(t);
    free(*name);
    *name = NULL;
}

static void put_region_begin(struct trace_text *t, struct lane *lane, const struct trace_event *e)
{
    if (lane->open == TRACE_NESTED)
        return;
    lane->regions[lane->open++] = strdup(e->text[0]);
    begin_event(t, "B", t->pid, lane->tid);
    put_time(t, "ts", e->time - t->start);
    put_text(t, "cat", "region");
    put_text(t, "name", e->text[0]);
    if (e->task) {
        trace_file_printf(&t->file, ",\"args\":{");
        put_id(t, "task", e->task);
        trace_file_printf(&t->file, "}");
    }
    end_event(t);
}

static void put_region_end(struct trace_text *t, struct lane *lane, const struct trace_event *e)
{
    if (lane->open)
        end_region(t, lane, e->time);
}

/* Beginning and end have category, id and name in common. */
static void put_task(struct trace_text *t, const char *phase, pid_t tid, const struct task *task,
                     int64_t time)
{
    begin_event(t, phase, t->pid, tid);
    put_time(t, "ts", time - t->start);
    trace_file_printf(&t->file, ",");
    put_id(t, "id", task->id);
    put_text(t, "cat", "task");
    put_text(t, "name", task->name ? task->name : "");
}

static void put_task_begin(struct trace_text *t, struct lane *lane, const struct trace_event *e)
{
    struct task *task = &t->tasks[e->task % TASKS];
    free(task->name);
    *task = (struct task){e->task, lane->tid, strdup(e->text[0])};
    put_task(t, "b", lane->tid, task, e->time);
    if (e->other) {
        trace_file_printf(&t->file, ",\"args\":{");
        put_id(t, "parent", e->other);
        trace_file_printf(&t->file, "}");
    }
    end_event(t);
}

static void end_task(struct trace_text *t, struct task *task, pid_t tid, int64_t time)
{
    put_task(t, "e", tid, task, time);
    end_event(t);
    free(task->name);
    *task = (struct task){0};
}

static void put_task_end(struct trace_text *t, struct lane *lane, const struct trace_event *e)
{
    struct task *task = &t->tasks[e->task % TASKS];
    if (task->id == e->task)
        end_task(t, task, lane->tid, e->time);
    else if (t->early_count < EARLY)
        t->early[t->early_count++] = (struct early_end){e->task, lane->tid, e->time, 0};
    else
        t->dropped++;
}

/* A beginning is in its ring before the number of the task is known to anybody: it comes with the
 * next taking at the latest, or it was before the trace. */
void trace_text_settle(struct trace_text *t)
{
    size_t kept = 0;
    for (size_t i = 0; i < t->early_count; i++) {
        struct early_end *end = &t->early[i];
        struct task *task = &t->tasks[end->id % TASKS];
        if (task->id == end->id)
            end_task(t, task, end->tid, end->time);
        else if (end->waited++ == 0)
            t->early[kept++] = *end;
    }
    t->early_count = kept;
}

static void put_log(struct trace_text *t, struct lane *lane, const struct trace_event *e)
{
    begin_event(t, "i", t->pid, lane->tid);
    put_time(t, "ts", e->time - t->start);
    put_text(t, "s", "t");
    put_text(t, "cat", e->text[0]);
    put_text(t, "name", e->text[1]);
    if (e->task) {
        trace_file_printf(&t->file, ",\"args\":{");
        put_id(t, "task", e->task);
        trace_file_printf(&t->file, "}");
    }
    end_event(t);
}

static void put_wait(struct trace_text *t, struct lane *lane, const struct trace_event *e)
{
    int64_t from = e->time - (int64_t)e->other;
    if (from < t->start)
        from = t->start;
    begin_event(t, "X", t->pid, lane->tid);
    put_time(t, "ts", from - t->start);
    put_time(t, "dur", e->time - from);
    put_text(t, "cat", "wait");
    put_text(t, "name", "waits for a lock");
    end_event(t);
}

static void put_name(struct trace_text *t, struct lane *lane, const struct trace_event *e)
{
    snprintf(lane->name, sizeof lane->name, "%s", e->text[0]);
    put_lane_name(t, lane);
}

static bool is_full(struct trace_text *t)
{
    bool full = t->file.written > MOST_TEXT;
    t->dropped += full;
    return full;
}

void trace_text_event(void *text, const struct trace_event *e)
{
    static void (*const put[])(struct trace_text *, struct lane *, const struct trace_event *) = {
        [TRACE_REGION_BEGIN] = put_region_begin,
        [TRACE_REGION_END] = put_region_end,
        [TRACE_TASK_BEGIN] = put_task_begin,
        [TRACE_TASK_END] = put_task_end,
        [TRACE_LOG] = put_log,
        [TRACE_WAIT] = put_wait,
        [TRACE_NAME] = put_name,
    };
    struct trace_text *t = text;
    struct lane *lane = is_full(t) ? NULL : lane_of(t, e->tid);
    if (lane)
        put[e->kind](t, lane, e);
}

void trace_text_slice(void *text, const struct sched_slice *slice)
{
    struct trace_text *t = text;
    struct lane *lane = is_full(t) ? NULL : lane_of(t, slice->tid);
    if (!lane || (slice->ran && slice->cpu < 0))
        return;
    if (slice->cpu > t->most_cpu)
        t->most_cpu = slice->cpu;
    /* the first processor is 1: readers take thread 0 for something else */
    if (slice->ran)
        begin_event(t, "X", CPUS, slice->cpu + 1);
    else
        begin_event(t, "X", NOT_RUNNING, slice->tid);
    int64_t from = slice->from < t->start ? t->start : slice->from;
    put_time(t, "ts", from - t->start);
    put_time(t, "dur", slice->to - from);
    put_text(t, "cat", "sched");
    put_text(t, "name", slice->ran ? lane->name : slice->preempted ? "preempted" : "waits");
    trace_file_printf(&t->file, ",\"args\":{\"tid\":%d}", (int)slice->tid);
    end_event(t);
}

/* --- the end */

static void put_names(struct trace_text *t)
{
    char name[32] = "";
    struct lane self = {.tid = t->pid};
    put_meta(t, "process_name", t->pid, 0, read_name(&self) ? self.name : "program");
    put_meta(t, "process_name", CPUS, 0, "CPUs");
    put_meta(t, "process_name", NOT_RUNNING, 0, "not running");
    for (int cpu = 0; cpu <= t->most_cpu; cpu++) {
        snprintf(name, sizeof name, "CPU %d", cpu);
        put_meta(t, "thread_name", CPUS, cpu + 1, name);
    }
    for (size_t i = 0; i < t->lane_count; i++) /* they may have got their names since */
        if (read_name(t->lanes[i]))
            put_lane_name(t, t->lanes[i]);
}

static void put_outcome(struct trace_text *t, int64_t duration, const struct sched_outcome *o,
                        int64_t lost)
{
    trace_file_printf(&t->file, "],\n\"otherData\":{\"program\":\"cpprof\",\"pid\":%d",
                      (int)t->pid);
    trace_file_printf(&t->file, ",\"start_unix_nanos\":%" PRId64 ",\"duration_nanos\":%" PRId64,
                      t->start_realtime, duration);
    trace_file_printf(&t->file, ",\"lost_events\":%" PRId64 ",\"lost_switches\":%" PRId64, lost,
                      o->lost);
    trace_file_printf(&t->file, ",\"threads\":%zu,\"threads_with_switches\":%zu", o->threads,
                      o->watched);
    if (o->watched < o->threads) {
        char sentence[200];
        snprintf(sentence, sizeof sentence, "not recorded for %zu threads: %s",
                 o->threads - o->watched, o->error ? strerror(o->error) : "they ended too soon");
        put_text(t, "switches", sentence);
    } else {
        put_text(t, "switches", "recorded for all threads");
    }
    trace_file_printf(&t->file, "}}\n");
}

int trace_text_end(struct trace_text *t, int64_t now, const struct sched_outcome *outcome,
                   int64_t lost)
{
    for (size_t i = 0; i < t->lane_count; i++)
        while (t->lanes[i]->open)
            end_region(t, t->lanes[i], now);
    for (size_t i = 0; i < TASKS; i++)
        if (t->tasks[i].id)
            end_task(t, &t->tasks[i], t->tasks[i].tid, now);
    put_names(t);
    lost += t->dropped;
    if (lost) {
        char sentence[64];
        snprintf(sentence, sizeof sentence, "cpprof: %" PRId64 " events are lost", lost);
        begin_event(t, "i", t->pid, t->pid);
        put_time(t, "ts", now - t->start);
        put_text(t, "s", "g");
        put_text(t, "name", sentence);
        end_event(t);
    }
    put_outcome(t, now - t->start, outcome, lost);
    int error = trace_file_close(&t->file);
    t->file.gzip = false; /* it is closed */
    trace_text_free(t);
    return error;
}

void trace_text_free(struct trace_text *t)
{
    if (!t)
        return;
    if (t->file.gzip)
        deflateEnd(&t->file.z);
    for (size_t i = 0; i < t->lane_count; i++) {
        for (size_t j = 0; j < t->lanes[i]->open; j++)
            free(t->lanes[i]->regions[j]);
        free(t->lanes[i]);
    }
    free(t->lanes);
    for (size_t i = 0; i < TASKS; i++)
        free(t->tasks[i].name);
    free(t);
}
