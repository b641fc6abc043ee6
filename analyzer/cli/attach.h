/* Recording from outside: processes that run already, and programs into which nothing can be put.
 */
#ifndef CPPROF_CLI_ATTACH_H
#define CPPROF_CLI_ATTACH_H

#include "analyzer/base/error.h"
#include "analyzer/cli/config.h"

#include <stdbool.h>

/* Whether PROGRAM, looked for as execvp does, is statically linked: the loader never sees it. */
bool attach_is_static(const char *program);

/* `record -p PID...`: the exit status, or -1 and ERR. */
int attach_run(const struct config *cfg, struct error *err);

/* `record PROGRAM` of a statically linked one: the program's exit status (record.h), or -1 and ERR.
 * The program runs even if it may not be watched. */
int attach_run_program(const struct config *cfg, struct error *err);

#endif
