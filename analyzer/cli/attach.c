#include "analyzer/cli/attach.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/buf.h"
#include "analyzer/base/path.h"
#include "analyzer/cli/launch.h"
#include "analyzer/cli/load.h"
#include "analyzer/cli/process_arg.h"
#include "analyzer/cli/record_output.h"
#include "analyzer/cli/terminal.h"
#include "analyzer/live/capture.h"

#include <elf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- statically linked programs */

static bool has_no_loader(int fd)
{
    enum { MOST_HEADERS = 256 };
    Elf64_Ehdr header;
    if (pread(fd, &header, sizeof header, 0) != sizeof header ||
        memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64 ||
        header.e_phentsize != sizeof(Elf64_Phdr) || header.e_phnum > MOST_HEADERS)
        return false;
    for (unsigned i = 0; i < header.e_phnum; i++) {
        Elf64_Phdr segment;
        if (pread(fd, &segment, sizeof segment, (off_t)(header.e_phoff + i * sizeof segment)) !=
                sizeof segment ||
            segment.p_type == PT_INTERP)
            return false;
    }
    return header.e_phnum > 0;
}

static bool is_static_file(const char *path)
{
    int fd = access(path, X_OK) == 0 ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
    if (fd < 0)
        return false;
    bool is = has_no_loader(fd);
    close(fd);
    return is;
}

bool attach_is_static(const char *program)
{
    if (strchr(program, '/'))
        return is_static_file(program);
    const char *list = getenv("PATH");
    struct str folder;
    bool found = false, is = false;
    while (!found && path_list_next(&list, &folder)) {
        struct buf path = {0};
        buf_str(&path, folder);
        buf_printf(&path, "%s%s", folder.len ? "/" : "", program);
        found = access(path.data, X_OK) == 0;
        is = found && is_static_file(path.data);
        buf_release(&path);
    }
    return is;
}

/* --- the profile */

static int write_capture(const struct config *cfg, struct capture *c, const char *name,
                         struct error *err)
{
    struct lines said = {0};
    struct profile *p = capture_finish(c, &said, err);
    if (p && load_names(p, &cfg->source, &said, err)) {
        profile_free(p);
        p = NULL;
    }
    char *path = record_path(cfg, "cpu", true);
    int rc = p ? record_write(p, path, name, "cpu", &said, err) : -1;
    if (!rc)
        record_say_how(&said, "top", path);
    terminal_say_all(&said);
    profile_free(p);
    free(path);
    return rc;
}

/* --- running processes */

static int attach_to(const struct config *cfg, const pid_t *pids, size_t count, struct error *err)
{
    struct capture_spec spec = {.pids = pids,
                                .pid_count = count,
                                .frequency = cfg->record.frequency,
                                .seconds = cfg->source.seconds};
    struct buf name = {0};
    struct capture *c = capture_open(&spec, err);
    if (!c)
        return -1;
    process_name(&name, pids, count);
    if (spec.seconds < 0 && isatty(STDERR_FILENO))
        terminal_say("recording until it ends, or until Ctrl-C");
    int rc = capture_run(c, err);
    if (rc)
        capture_free(c);
    else
        rc = write_capture(cfg, c, name.data, err);
    buf_release(&name);
    return rc;
}

int attach_run(const struct config *cfg, struct error *err)
{
    const struct record_spec *spec = &cfg->record;
    if (spec->heap || spec->block || spec->mutex)
        return error_set(err, ERROR_USAGE,
                         "only CPU time can be recorded of a process that runs already: --heap, "
                         "--block and --mutex need a program to run");
    pid_t *pids = xcalloc(spec->pids.count, sizeof *pids);
    int rc = 0;
    for (size_t i = 0; i < spec->pids.count && !rc; i++)
        rc = process_arg(spec->pids.items[i], &pids[i], err);
    if (!rc)
        rc = attach_to(cfg, pids, spec->pids.count, err);
    free(pids);
    return rc;
}

/* --- programs from their start */

/* Runs it unwatched: WHY says why. */
static int run_alone(struct launch *launch, const char *program, const struct error *why,
                     struct error *err)
{
    struct buf said = {0};
    buf_printf(&said, "%s: runs without being recorded: %s", program, why->text);
    terminal_say(said.data);
    buf_release(&said);
    return launch_go(launch, program, err) ? launch->not_run : launch_wait(launch);
}

int attach_run_program(const struct config *cfg, struct error *err)
{
    const struct record_spec *record = &cfg->record;
    const char *program = record->program.items[0];
    struct launch launch;
    struct error why = {0};
    if (!record->cpu && (record->heap || record->block || record->mutex))
        return error_set(err, ERROR_DATA,
                         "%s: is statically linked: --heap, --block and --mutex cannot be recorded "
                         "of it, CPU time can",
                         program);
    if (launch_start(&launch, &record->program, err))
        return -1;
    struct capture_spec spec = {.pids = &launch.pid,
                                .pid_count = 1,
                                .frequency = record->frequency,
                                .seconds = -1,
                                .on_exec = true};
    struct capture *c = capture_open(&spec, &why);
    if (!c)
        return run_alone(&launch, program, &why, err);
    struct buf said = {0};
    buf_printf(&said,
               "%s: is statically linked: its CPU time is recorded from outside, through perf "
               "events; --heap, --block and --mutex are not possible",
               program);
    terminal_say(said.data);
    buf_release(&said);
    int status;
    if (launch_go(&launch, program, err)) {
        capture_free(c);
        terminal_say(err->text);
        return launch.not_run;
    }
    int rc = capture_run(c, err);
    status = launch_wait(&launch);
    if (rc)
        capture_free(c);
    else
        rc = write_capture(cfg, c, program, err);
    return rc ? -1 : status;
}
