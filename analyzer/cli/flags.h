/* The command line, in both of its grammars.
 *
 *     cpprof COMMAND [options] [binary] SOURCE...      ours: options anywhere, --no-x, -- ends them
 *     cpprof -COMMAND [options] [binary] SOURCE...     pprof's, by the rules of Go's flag package
 *
 * The first argument decides: a dash begins pprof's. Call command_line_parse, then the command's
 * run function, then command_line_release, whether or not parsing succeeded.
 */
#ifndef CPPROF_CLI_FLAGS_H
#define CPPROF_CLI_FLAGS_H

#include "analyzer/base/error.h"
#include "analyzer/base/lines.h"
#include "analyzer/cli/config.h"

struct command;

/* Strings are borrowed from the arguments. */
struct command_line {
    struct config config;
    const struct command *command;
    const char *operand; /* the command's argument before the sources, or NULL */
    struct lines notes;  /* remarks for the user */
};

/* Parses the COUNT arguments ARGS, without the program's name. 0, or -1 and ERR (ERROR_USAGE).
 * Looks at files only to tell a binary from a source. */
int command_line_parse(struct command_line *line, int count, char *const *args, struct error *err);
void command_line_release(struct command_line *line);

#endif
