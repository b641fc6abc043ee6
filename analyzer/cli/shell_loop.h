/* `cpprof shell`: reads lines from a terminal or a script and does them. */
#ifndef CPPROF_CLI_SHELL_LOOP_H
#define CPPROF_CLI_SHELL_LOOP_H

#include "analyzer/base/error.h"

struct command;
struct config;

/* Loads the sources, greets, and does lines until quit or the end of the input. Lines that fail are
 * remarked on. 0, or -1 and ERR if the sources cannot be read. */
int shell_run(const struct config *cfg, const struct command *cmd, const char *operand,
              struct error *err);

#endif
