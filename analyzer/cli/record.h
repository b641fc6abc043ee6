/* Runs a program with the collector inside, and makes profiles of what it has left behind. */
#ifndef CPPROF_CLI_RECORD_H
#define CPPROF_CLI_RECORD_H

#include "analyzer/base/error.h"

struct command;
struct config;

/* A row's run function (commands.h). Returns the program's exit status; 128 and the signal's number
 * if a signal has ended it; 127 if there is no such program, 126 if it cannot be run. */
int record_run(const struct config *cfg, const struct command *cmd, const char *operand,
               struct error *err);

#endif
