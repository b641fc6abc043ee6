/* What the tables say, as text for a terminal; manual.h has it as a manual page.
 *
 * Nothing is written twice: a row added to the command or option table appears in all of them.
 */
#ifndef CPPROF_CLI_HELP_H
#define CPPROF_CLI_HELP_H

#include "analyzer/base/buf.h"
#include "analyzer/base/error.h"

struct choice;
struct command;
struct config;
struct option;

extern const char *const cpprof_version;

/* Commands and options, one line each. */
void help_overview(struct buf *out);

/* Where CMD's result goes if not to standard output: a sentence and a newline, or nothing. */
void help_destination(struct buf *out, const struct command *cmd);

/* All about CMD: usage, and the options that mean something to it. */
void help_command(struct buf *out, const struct command *cmd);

/* The lines that options take in any listing: one per option, or one per choice where the choices
 * are flags of their own (C is NULL otherwise). Calls ROW for each of GROUP that means something to
 * a command that does MEANS. */
typedef void help_row(struct buf *out, const struct option *o, const struct choice *c);
void help_options(struct buf *out, int group, unsigned means, help_row *row);

/* "  LABEL" and its explanation, which begins on the next line if the label is too long. */
void help_put_row(struct buf *out, const char *label, const char *text);

/* TEXT from column AT on, its words and lines kept within the width, and a newline. */
void help_put_wrapped(struct buf *out, const char *text, size_t at);

/* The name of such a line ("cum", "focus"), its one-line help, and its initial value if the help
 * should say it (else NULL). */
const char *help_flag_name(const struct option *o, const struct choice *c);
const char *help_flag_text(const struct option *o, const struct choice *c);
const char *help_flag_initial(const struct option *o, const struct choice *c);

/* Print help, the manual page (cfg->man) or the version; OPERAND names a command, or is NULL. */
int help_run(const struct config *cfg, const struct command *cmd, const char *operand,
             struct error *err);
int version_run(const struct config *cfg, const struct command *cmd, const char *operand,
                struct error *err);

#endif
