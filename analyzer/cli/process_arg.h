/* Processes on a command line: by number, and as they are called in what is said. */
#ifndef CPPROF_CLI_PROCESS_ARG_H
#define CPPROF_CLI_PROCESS_ARG_H

#include "analyzer/base/buf.h"
#include "analyzer/base/error.h"

#include <sys/types.h>

/* Reads the number of a process. -1 and ERR (ERROR_USAGE) if TEXT is none. */
int process_arg(const char *text, pid_t *pid, struct error *err);

/* Adds "shop[1234]" to NAME, or how many they are. */
void process_name(struct buf *name, const pid_t *pids, size_t count);

#endif
