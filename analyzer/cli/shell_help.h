/* The shell's own texts: its commands and options explained, and the options as they are. */
#ifndef CPPROF_CLI_SHELL_HELP_H
#define CPPROF_CLI_SHELL_HELP_H

#include "analyzer/base/buf.h"
#include "analyzer/base/error.h"

struct shell;

/* About NAME, a command, a word of the shell or an option; about all of them if NULL. -1 and ERR if
 * there is no such name. */
int shell_help(struct buf *out, const char *name, struct error *err);

/* The options and their values, a line each, sorted by name. */
void shell_options(struct buf *out, const struct shell *sh);

#endif
