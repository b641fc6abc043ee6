/* A config as the command line that makes it: what one could have typed.
 *
 * The inverse of flags.h, made from the option table: an option is written if its value is not the
 * one it has without being given, and if it means something to the command. Words are quoted for a
 * POSIX shell.
 */
#ifndef CPPROF_CLI_COMMAND_TEXT_H
#define CPPROF_CLI_COMMAND_TEXT_H

#include "analyzer/base/buf.h"

struct command;
struct config;

/* Adds "cpprof CMD OPTIONS OPERAND SOURCES" to OUT; OPERAND may be NULL. */
void command_text(struct buf *out, const struct command *cmd, const struct config *cfg,
                  const char *operand);

/* Adds WORD as a shell has to be given it. */
void command_text_quote(struct buf *out, const char *word);

#endif
