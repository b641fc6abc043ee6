/* `cpprof threads`: what every thread of a running process is doing. */
#ifndef CPPROF_CLI_THREADS_H
#define CPPROF_CLI_THREADS_H

#include "analyzer/base/error.h"

struct command;
struct config;

/* A row's run function (commands.h); OPERAND is the process. */
int threads_run(const struct config *cfg, const struct command *cmd, const char *operand,
                struct error *err);

#endif
