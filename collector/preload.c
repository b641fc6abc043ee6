/* What `cpprof record` puts into a program that knows nothing of profiles.
 *
 * Only libcpprof-preload.so has this file. CPPROF_RECORD says what to record:
 *
 *     cpu=100,dir=/tmp/cpprof-X     the profile goes to DIR/PID-N.cpu.pb, N counting what PID
 * executed
 *
 * Profiles are appended to all the time, so that they are there whatever ends the process. Nothing
 * is printed; what fails is left out.
 */
#include "collector/contention.h"
#include "collector/cpprof.h"
#include "collector/cpu.h"
#include "collector/forks.h"
#include "collector/heap_profile.h"
#include "collector/hooks.h"
#include "collector/housekeeper.h"
#include "collector/mainend.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct {
    pid_t pid;  /* the process that records; a child of vfork has another one */
    int cpu_hz; /* 0: not recorded; the same for the others */
    char *dir;
} state;

static struct kind {
    const char *name;
    struct counted *profile;
    int64_t rate;
} kinds[] = {
    {"heap", &heap_profile, 0},
    {"block", &block_profile, 0},
    {"mutex", &mutex_profile, 0},
};

enum { KINDS = sizeof kinds / sizeof *kinds };

enum { PATIENCE_NS = 2000000000 }; /* with the housekeeper, to open files and to write the last */

/* --- what to record */

/* The value of KEY in the list, up to the next comma but for dir, which is last; NULL: not there.
 */
static const char *find_value(const char *list, const char *key)
{
    size_t len = strlen(key);
    for (; list && *list; list = strchr(list, ',')) {
        list += *list == ',';
        if (strncmp(list, key, len) == 0 && list[len] == '=')
            return list + len + 1;
    }
    return NULL;
}

/* A file that no earlier program of this process has used. */
static int spool_path(char *path, size_t size, const char *kind)
{
    for (int n = 0; n < 1000; n++) {
        int len = snprintf(path, size, "%s/%ld-%03d.%s.pb", state.dir, (long)getpid(), n, kind);
        if (len < 0 || (size_t)len >= size)
            return ENAMETOOLONG;
        if (access(path, F_OK) != 0)
            return 0;
    }
    return EEXIST;
}

static void open_files(void)
{
    cpu_open_spool();
    for (size_t i = 0; i < KINDS; i++)
        counted_open_spool(kinds[i].profile);
}

static void start_recording(void)
{
    char path[4096];
    state.pid = getpid();
    if (state.cpu_hz && spool_path(path, sizeof path, "cpu") == 0)
        cpu_start_spool(path, state.cpu_hz);
    for (size_t i = 0; i < KINDS; i++)
        if (kinds[i].rate > 0 && spool_path(path, sizeof path, kinds[i].name) == 0)
            counted_start(kinds[i].profile, kinds[i].rate, path);
    housekeeper_do(open_files, PATIENCE_NS);
}

static void fork_child(void)
{
    if (state.pid)
        start_recording();
}

__attribute__((constructor)) static void begin(void)
{
    const char *spec = getenv("CPPROF_RECORD");
    const char *dir = find_value(spec, "dir");
    const char *cpu = find_value(spec, "cpu");
    if (!dir || !(state.dir = strdup(dir)))
        return;
    int saved = errno;
    state.cpu_hz = cpu ? atoi(cpu) : 0;
    for (size_t i = 0; i < KINDS; i++) {
        const char *rate = find_value(spec, kinds[i].name);
        kinds[i].rate = rate ? atoll(rate) : 0;
    }
    hooks_find_real();
    forks_set_last(fork_child);
    mainend_watch();
    if (forks_watch() == 0)
        start_recording();
    errno = saved;
}

static void flush(void)
{
    if (state.cpu_hz)
        cpu_flush();
    for (size_t i = 0; i < KINDS; i++)
        counted_flush(kinds[i].profile);
}

void hooks_before_end(void)
{
    int saved = errno;
    if (state.pid && state.pid == getpid())
        housekeeper_do(flush, PATIENCE_NS);
    errno = saved;
}

__attribute__((destructor)) static void end(void)
{
    hooks_before_end();
}
