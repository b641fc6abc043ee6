#include "analyzer/cli/record.h"

#include "analyzer/base/buf.h"
#include "analyzer/base/lines.h"
#include "analyzer/cli/attach.h"
#include "analyzer/cli/commands.h"
#include "analyzer/cli/config.h"
#include "analyzer/cli/launch.h"
#include "analyzer/cli/record_output.h"
#include "analyzer/cli/spool.h"
#include "analyzer/cli/terminal.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_HZ = 10000 };

/* --- the kinds of profile */

static int cpu_rate(const struct record_spec *spec)
{
    return spec->frequency;
}

static int heap_rate(const struct record_spec *spec)
{
    enum { BYTES = 512 * 1024 };
    (void)spec;
    return BYTES;
}

static int block_rate(const struct record_spec *spec)
{
    enum { NANOSECONDS = 10000 };
    (void)spec;
    return NANOSECONDS;
}

static int mutex_rate(const struct record_spec *spec)
{
    enum { UNLOCKS = 1 };
    (void)spec;
    return UNLOCKS;
}

static const struct spool_value cpu_values[] = {{"samples", "count"}, {"cpu", "nanoseconds"}, {0}};
static const struct spool_value heap_values[] = {{"alloc_objects", "count"},
                                                 {"alloc_space", "bytes"},
                                                 {"inuse_objects", "count"},
                                                 {"inuse_space", "bytes"},
                                                 {0}};

static const struct spool_value wait_values[] = {
    {"contentions", "count"}, {"delay", "nanoseconds"}, {0}};

static int64_t cpu_period(const struct record_spec *spec)
{
    enum { SECOND = 1000000000 };
    return SECOND / spec->frequency;
}

static int64_t heap_period(const struct record_spec *spec)
{
    return heap_rate(spec);
}

static int64_t wait_period(const struct record_spec *spec)
{
    (void)spec;
    return 1;
}

static const struct kind {
    const char *name; /* as collector/preload.c and the spools have it */
    size_t asked;     /* where in struct record_spec it is asked for */
    int (*rate)(const struct record_spec *spec);
    const struct spool_value *values, period_type;
    int64_t (*period)(const struct record_spec *spec);
} kinds[] = {
    {"cpu",
     offsetof(struct record_spec, cpu),
     cpu_rate,
     cpu_values,
     {"cpu", "nanoseconds"},
     cpu_period},
    {"heap",
     offsetof(struct record_spec, heap),
     heap_rate,
     heap_values,
     {"space", "bytes"},
     heap_period},
    {"block",
     offsetof(struct record_spec, block),
     block_rate,
     wait_values,
     {"contentions", "count"},
     wait_period},
    {"mutex",
     offsetof(struct record_spec, mutex),
     mutex_rate,
     wait_values,
     {"contentions", "count"},
     wait_period},
};

static bool is_asked(const struct record_spec *spec, const struct kind *kind)
{
    return *(const bool *)((const char *)spec + kind->asked);
}

static size_t count_asked(const struct record_spec *spec)
{
    size_t count = 0;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        count += is_asked(spec, &kinds[i]);
    return count;
}

/* The first one if nothing is asked for. */
static bool is_recorded(const struct record_spec *spec, const struct kind *kind)
{
    return count_asked(spec) ? is_asked(spec, kind) : kind == kinds;
}

/* Where the library is that is put into the program: beside cpprof in a build folder, or where
 * `make install` puts libraries. */
static char *find_preload(struct error *err)
{
    static const char *const places[] = {"libcpprof-preload.so", "../lib/libcpprof-preload.so"};
    char exe[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", exe, sizeof exe - 1);
    exe[len > 0 ? len : 0] = '\0';
    char *slash = strrchr(exe, '/');
    if (slash)
        slash[1] = '\0';
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct buf b = {0};
        buf_printf(&b, "%s%s", exe, places[i]);
        char *path = realpath(b.data, NULL);
        buf_release(&b);
        if (path)
            return path;
    }
    error_set(err, ERROR_DATA,
              "libcpprof-preload.so is neither beside cpprof nor in ../lib of it; run `make`, or "
              "`make install`");
    return NULL;
}

/* The loader takes a space or a colon in LD_PRELOAD for the end of a name. */
static int set_environment(const struct record_spec *spec, const char *preload, const char *folder,
                           struct error *err)
{
    struct buf b = {0};
    const char *others = getenv("LD_PRELOAD");
    if (strpbrk(preload, ": "))
        return error_set(err, ERROR_DATA,
                         "%s: a library in a folder whose name has a space or a colon cannot be "
                         "put into a program",
                         preload);
    buf_puts(&b, preload);
    if (others && *others)
        buf_printf(&b, ":%s", others);
    setenv("LD_PRELOAD", b.data, 1);
    buf_clear(&b);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (is_recorded(spec, &kinds[i]))
            buf_printf(&b, "%s=%d,", kinds[i].name, kinds[i].rate(spec));
    buf_printf(&b, "dir=%s", folder);
    setenv("CPPROF_RECORD", b.data, 1);
    buf_release(&b);
    return 0;
}

/* --- all of it */

static int write_kind(const struct config *cfg, const struct kind *kind, const char *folder,
                      pid_t pid, struct lines *said, struct error *err)
{
    char *path = record_path(cfg, kind->name, count_asked(&cfg->record) < 2);
    struct spool_plan plan = {.kind = kind->name,
                              .main = pid,
                              .path = path,
                              .program = cfg->record.program.items[0],
                              .values = kind->values,
                              .period_type = kind->period_type,
                              .period = kind->period(&cfg->record),
                              .source = &cfg->source};
    int rc = spool_write_profiles(folder, &plan, said, err);
    if (!rc)
        record_say_how(said, "top", path);
    free(path);
    return rc;
}

static int record_in(const struct config *cfg, const char *folder, struct error *err)
{
    struct lines said = {0};
    struct launch launch;
    int rc = 0;
    char *preload = find_preload(err);
    if (!preload || set_environment(&cfg->record, preload, folder, err) ||
        launch_start(&launch, &cfg->record.program, err)) {
        free(preload);
        return -1;
    }
    free(preload);
    if (launch_go(&launch, cfg->record.program.items[0], err)) {
        terminal_say(err->text);
        return launch.not_run;
    }
    int status = launch_wait(&launch);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !rc; i++)
        if (is_recorded(&cfg->record, &kinds[i]))
            rc = write_kind(cfg, &kinds[i], folder, launch.pid, &said, err);
    if (spool_is_full(folder))
        lines_add(&said,
                  "%s: the disk is full, so profiles lack what came last (set TMPDIR to another "
                  "folder)",
                  folder);
    terminal_say_all(&said);
    lines_release(&said);
    return rc ? -1 : status;
}

int record_run(const struct config *cfg, const struct command *cmd, const char *operand,
               struct error *err)
{
    (void)cmd, (void)operand;
    if (!cfg->record.frequency || cfg->record.frequency > MOST_HZ)
        return error_set(err, ERROR_USAGE, "-frequency=%d: from 1 to %d samples per second",
                         cfg->record.frequency, MOST_HZ);
    if (cfg->record.pids.count)
        return attach_run(cfg, err);
    if (cfg->source.seconds >= 0)
        return error_set(err, ERROR_USAGE,
                         "-seconds is for -pid; to end a program after %d seconds: timeout %d "
                         "cpprof record ...",
                         cfg->source.seconds, cfg->source.seconds);
    if (attach_is_static(cfg->record.program.items[0]))
        return attach_run_program(cfg, err);
    char *folder = spool_new(err);
    if (!folder)
        return -1;
    int status = record_in(cfg, folder, err);
    spool_remove(folder);
    free(folder);
    return status;
}
