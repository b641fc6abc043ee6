/* The shell without its terminal: a session, the options as they are, and what a line does to them.
 *
 *     struct shell sh;
 *     shell_init(&sh, &session, &cfg);
 *     struct shell_answer a = {.captured = &text};      (NULL: prints by itself)
 *     if (shell_exec(&sh, "focus=main", &a, &err)) ... say err ...
 *     if (a.changed) ... sh.config is another one ...
 *     shell_release(&sh);
 *
 * shell_loop.h runs one on a terminal or a script; the terminal UI has one behind its ":". Each
 * report is made in a child process, so that the session's profile stays as it is.
 */
#ifndef CPPROF_CLI_SHELL_H
#define CPPROF_CLI_SHELL_H

#include "analyzer/base/arena.h"
#include "analyzer/base/buf.h"
#include "analyzer/base/error.h"
#include "analyzer/cli/config.h"
#include "analyzer/cli/session.h"

#include <stdatomic.h>
#include <stdbool.h>

struct shell {
    const struct session *session;
    struct config config; /* as the lines so far have left it; its strings live with the shell */
    struct string_list types; /* the profile's sample types */

    struct config *before; /* what undo goes back to, newest last */
    size_t before_count, before_cap;
    int sourcing; /* files that are being read, one in the other */
    struct arena memory;
};

/* S and what CFG borrows from have to outlive SH. */
void shell_init(struct shell *sh, const struct session *s, const struct config *cfg);
void shell_release(struct shell *sh);

enum shell_next { SHELL_GOES_ON, SHELL_ENDS, SHELL_OPENS_TUI };

struct shell_answer {
    struct buf *captured;      /* given: gets what the line prints; NULL: standard output, and
                                * standard error for what is no report */
    const atomic_bool *cancel; /* given: ends a report whose output is captured; may be NULL */

    enum shell_next next;
    bool changed;     /* the shell's config */
    bool interrupted; /* a report was, by a key */
};

/* Does LINE. 0 (a report that failed has said so), or -1 and ERR: a line that makes no sense.
 * Forks: with CAPTURED, threads of the process may be in the middle of anything but changes to the
 * session and to SH. */
int shell_exec(struct shell *sh, const char *line, struct shell_answer *a, struct error *err);

/* Sets the option NAME of SH to VALUE, as a step that undo goes back. -1 and ERR. For keys that do
 * what a line does. */
int shell_assign(struct shell *sh, const char *name, const char *value, struct error *err);
#endif
