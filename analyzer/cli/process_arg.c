#include "analyzer/cli/process_arg.h"

#include "analyzer/live/procfs.h"

#include <limits.h>
#include <stdlib.h>

int process_arg(const char *text, pid_t *pid, struct error *err)
{
    char *end;
    long number = strtol(text, &end, 10);
    if (*end || end == text || number <= 0 || number > INT_MAX)
        return error_set(err, ERROR_USAGE,
                         "`%.100s` is not the number of a process (`pgrep -a NAME` shows it)",
                         text);
    *pid = (pid_t)number;
    return 0;
}

void process_name(struct buf *name, const pid_t *pids, size_t count)
{
    if (count > 1) {
        buf_printf(name, "%zu processes", count);
        return;
    }
    procfs_add_comm(name, pids[0], pids[0]);
    buf_printf(name, "[%ld]", (long)pids[0]);
}
