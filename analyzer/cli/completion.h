/* Completion scripts for shells, made from the command and option tables. */
#ifndef CPPROF_CLI_COMPLETION_H
#define CPPROF_CLI_COMPLETION_H

#include "analyzer/base/buf.h"
#include "analyzer/base/error.h"

struct command;
struct config;

/* The script for SHELL (bash, zsh or fish). -1 and ERR for any other. */
int completion_write(struct buf *out, const char *shell, struct error *err);

/* Prints the script for the shell that OPERAND names. */
int completion_run(const struct config *cfg, const struct command *cmd, const char *operand,
                   struct error *err);

#endif
