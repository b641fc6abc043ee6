#include "analyzer/live/refusal.h"

#include "analyzer/live/procfs.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

const char *refusal_advice(void)
{
    return "as root, `sysctl kernel.perf_event_paranoid=1` allows it, or run cpprof as root";
}

/* A number in a file below /proc/sys/kernel; -1 if it is not there. */
static int setting(const char *path)
{
    int level = -1;
    FILE *f = fopen(path, "re");
    if (f && fscanf(f, "%d", &level) != 1)
        level = -1;
    if (f)
        fclose(f);
    return level;
}

static bool is_stranger(pid_t pid)
{
    return geteuid() != 0 && procfs_owner(pid) != geteuid();
}

static int explain_stranger(pid_t pid, struct error *err)
{
    return error_set(err, ERROR_DATA,
                     "process %ld is not yours (its user is %ld): run cpprof as that user or as "
                     "root",
                     (long)pid, (long)procfs_owner(pid));
}

int refusal_explain(pid_t pid, int reason, struct error *err)
{
    enum { USERS_OWN = 2 }; /* the highest level at which all may watch their own processes */
    if (reason == ENOSYS)
        return error_set(err, ERROR_DATA,
                         "this kernel has no perf events (or a container hides "
                         "them)");
    if (reason == EOPNOTSUPP)
        return error_set(err, ERROR_DATA, "this processor's registers cannot be sampled");
    if (reason != EACCES && reason != EPERM)
        return -1;
    int level = setting("/proc/sys/kernel/perf_event_paranoid");
    if (is_stranger(pid))
        return explain_stranger(pid, err);
    if (level > USERS_OWN && geteuid() != 0)
        return error_set(err, ERROR_DATA,
                         "perf events are not permitted (kernel.perf_event_paranoid is %d): as "
                         "root, `sysctl kernel.perf_event_paranoid=2` permits them, or run cpprof "
                         "as root",
                         level);
    return error_set(err, ERROR_DATA,
                     "perf events are not permitted for process %ld: it has other privileges than "
                     "you, or a container or security module forbids them; run cpprof as root, "
                     "outside of it",
                     (long)pid);
}

int refusal_explain_ptrace(pid_t pid, struct error *err)
{
    int scope = setting("/proc/sys/kernel/yama/ptrace_scope");
    if (is_stranger(pid))
        return explain_stranger(pid, err);
    if (scope > 0)
        return error_set(err, ERROR_DATA,
                         "process %ld may not be stopped (kernel.yama.ptrace_scope is %d): as "
                         "root, `sysctl kernel.yama.ptrace_scope=0` permits it, or run cpprof as "
                         "root",
                         (long)pid, scope);
    return error_set(err, ERROR_DATA,
                     "process %ld may not be stopped: a debugger has it already, it has other "
                     "privileges than you, or a container or security module forbids it",
                     (long)pid);
}
