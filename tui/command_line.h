/* The command line that gives the same as a view: what `y` shows.
 *
 * The steps are written as the options they are wherever pprof's order of filters is theirs, and as
 * -then where it is not.
 */
#ifndef CPPROF_TUI_COMMAND_LINE_H
#define CPPROF_TUI_COMMAND_LINE_H

#include "tui/keys.h"
#include "tui/steps.h"

struct config;

/* What of a view's own state is part of the command. */
struct command_line_view {
    enum view_id id;
    struct str function; /* the chosen function; empty: none */
    bool by_cum;         /* Top: as -cum sorts */
    const char *symbols; /* assembly: a regular expression for what has its instructions, or NULL */
};

/* Adds it to OUT. CFG's base is a marked one. */
void command_line_add(struct buf *out, const struct command_line_view *view,
                      const struct config *cfg, const struct steps *steps);

#endif
