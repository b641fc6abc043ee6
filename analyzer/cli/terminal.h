/* What a terminal gets that a pipe does not: colours, cut names, progress, no binary. */
#ifndef CPPROF_CLI_TERMINAL_H
#define CPPROF_CLI_TERMINAL_H

#include "analyzer/base/error.h"
#include "analyzer/base/lines.h"
#include "analyzer/base/progress.h"
#include "analyzer/cli/commands.h"
#include "analyzer/cli/config.h"
#include "analyzer/render/out.h"

#include <stdbool.h>
#include <stdint.h>

/* Opens the output CFG asks for: a file, standard output, or, for binary formats on a terminal, a
 * new file profileNNN.EXT whose name is remarked on. -1 and ERR. */
int terminal_open(struct out *o, const struct config *cfg, const struct command *cmd,
                  struct error *err);

/* Whether TERM says, or says nothing against, that the terminal only takes lines one after the
 * other: those of Emacs' M-x shell, for instance. */
bool terminal_is_dumb(void);

/* Prints a sentence to standard error after "cpprof: ". It may quote a file's name or text from a
 * profile, so control characters in it are replaced. */
void terminal_say(const char *sentence);

/* Says each of NOTES and empties them. */
void terminal_say_all(struct lines *notes);

/* A line on standard error, if that is a terminal, once the work has taken half a second. */
struct progress_line {
    struct progress progress; /* to be handed down */
    int64_t next;             /* when to show it, in nanoseconds */
    bool possible, shown;
};

void progress_line_begin(struct progress_line *l);
void progress_line_end(struct progress_line *l); /* wipes it out */

#endif
