#include "analyzer/cli/record.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/buf.h"
#include "analyzer/base/lines.h"
#include "analyzer/cli/commands.h"
#include "analyzer/cli/config.h"
#include "analyzer/cli/spool.h"
#include "analyzer/cli/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    EXIT_NOT_RUN = 126,
    EXIT_NOT_FOUND = 127,
    EXIT_SIGNAL = 128,
    MOST_HZ = 10000,
};

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

static const struct kind {
    const char *name; /* as collector/preload.c and the spools have it */
    size_t asked;     /* where in struct record_spec it is asked for */
    int (*rate)(const struct record_spec *spec);
    const struct spool_value *values;
} kinds[] = {
    {"cpu", offsetof(struct record_spec, cpu), cpu_rate, cpu_values},
    {"heap", offsetof(struct record_spec, heap), heap_rate, heap_values},
    {"block", offsetof(struct record_spec, block), block_rate, wait_values},
    {"mutex", offsetof(struct record_spec, mutex), mutex_rate, wait_values},
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

/* --- the program */

/* Becomes the program; if that fails, tells the parent why. */
static void become(const struct string_list *program, int tell)
{
    char **args = xcalloc(program->count + 1, sizeof *args);
    for (size_t i = 0; i < program->count; i++)
        args[i] = (char *)program->items[i];
    execvp(args[0], args);
    int reason = errno;
    if (write(tell, &reason, sizeof reason) < 0)
        reason = 0;
    _exit(reason == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_RUN);
}

/* A terminal's Ctrl-C and Ctrl-\ reach the program by themselves; we stay, to write its profile. */
static void outlive_interrupts(struct sigaction *interrupt, struct sigaction *quit)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGINT, &ignore, interrupt);
    sigaction(SIGQUIT, &ignore, quit);
}

/* Starts the program and waits for its end. Its wait status, or -1 and ERR with *NOT_RUN being the
 * exit status that says so. */
static int run_program(const struct string_list *program, pid_t *pid, int *not_run,
                       struct error *err)
{
    struct sigaction interrupt, quit;
    int tell[2], reason = 0, status = -1;
    if (pipe2(tell, O_CLOEXEC) != 0)
        return error_set(err, ERROR_DATA, "cannot make a pipe: %s", strerror(errno));
    outlive_interrupts(&interrupt, &quit);
    *pid = fork();
    if (*pid == 0) {
        sigaction(SIGINT, &interrupt, NULL);
        sigaction(SIGQUIT, &quit, NULL);
        become(program, tell[1]);
    }
    close(tell[1]);
    if (*pid < 0) {
        error_set(err, ERROR_DATA, "cannot start a process: %s", strerror(errno));
    } else {
        ssize_t got = read(tell[0], &reason, sizeof reason);
        while (waitpid(*pid, &status, 0) < 0 && errno == EINTR)
            ;
        if (got == sizeof reason) {
            *not_run = reason == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_RUN;
            status = error_set(err, ERROR_DATA, "%s: cannot be run: %s", program->items[0],
                               strerror(reason));
        }
    }
    close(tell[0]);
    return status;
}

static int exit_status(int wait_status)
{
    return WIFSIGNALED(wait_status) ? EXIT_SIGNAL + WTERMSIG(wait_status)
                                    : WEXITSTATUS(wait_status);
}

/* --- all of it */

/* Where the profile of a kind goes; the caller frees it. */
static char *output_path(const struct config *cfg, const struct kind *kind)
{
    const char *file = *cfg->output.file ? cfg->output.file : "cpprof.pb.gz";
    struct buf infix = {0};
    buf_printf(&infix, ".%s", kind->name);
    bool bare = *cfg->output.file && count_asked(&cfg->record) < 2;
    char *path = spool_path(file, bare ? "" : infix.data);
    buf_release(&infix);
    return path;
}

static int write_kind(const struct config *cfg, const struct kind *kind, const char *folder,
                      pid_t pid, struct lines *said, struct error *err)
{
    char *path = output_path(cfg, kind);
    struct spool_plan plan = {.kind = kind->name,
                              .main = pid,
                              .path = path,
                              .program = cfg->record.program.items[0],
                              .values = kind->values,
                              .source = &cfg->source};
    int rc = spool_write_profiles(folder, &plan, said, err);
    if (!rc)
        lines_add(said, "to look at it: cpprof top %s", path);
    free(path);
    return rc;
}

static int record_in(const struct config *cfg, const char *folder, struct error *err)
{
    struct lines said = {0};
    pid_t pid = 0;
    int not_run = -1;
    char *preload = find_preload(err);
    if (!preload || set_environment(&cfg->record, preload, folder, err)) {
        free(preload);
        return -1;
    }
    free(preload);
    int status = run_program(&cfg->record.program, &pid, &not_run, err);
    if (status < 0 && not_run >= 0) {
        terminal_say(err->text);
        return not_run;
    }
    int rc = status < 0 ? -1 : 0;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !rc; i++)
        if (is_recorded(&cfg->record, &kinds[i]))
            rc = write_kind(cfg, &kinds[i], folder, pid, &said, err);
    terminal_say_all(&said);
    lines_release(&said);
    return rc ? -1 : exit_status(status);
}

int record_run(const struct config *cfg, const struct command *cmd, const char *operand,
               struct error *err)
{
    (void)cmd, (void)operand;
    if (!cfg->record.frequency || cfg->record.frequency > MOST_HZ)
        return error_set(err, ERROR_USAGE, "-frequency=%d: from 1 to %d samples per second",
                         cfg->record.frequency, MOST_HZ);
    char *folder = spool_new(err);
    if (!folder)
        return -1;
    int status = record_in(cfg, folder, err);
    spool_remove(folder);
    free(folder);
    return status;
}
