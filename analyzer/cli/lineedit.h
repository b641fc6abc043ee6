/* Lines that somebody types, with editing, history and completion; or lines of a script, without.
 *
 * Editing is libedit's, which is loaded when standard input and a terminal to show it on are there.
 */
#ifndef CPPROF_CLI_LINEEDIT_H
#define CPPROF_CLI_LINEEDIT_H

struct lineedit;
struct shell;

/* Completion looks names up in SH, which has to outlive the editor. */
struct lineedit *lineedit_new(const struct shell *sh);
void lineedit_free(struct lineedit *e);

/* Shows PROMPT and returns the next line, which lives until the next call; NULL at the end. */
const char *lineedit_read(struct lineedit *e, const char *prompt);

#endif
