/* The lines that were typed in earlier shells, in $XDG_STATE_HOME/cpprof/history.
 *
 *     struct history h;
 *     history_load(&h);
 *     history_add(&h, "top5");      also writes the file
 *     history_release(&h);
 *
 * The file, one line each, newest last, is the user's alone and appears whole or not at all. Shells
 * that run side by side each add to what is there.
 */
#ifndef CPPROF_CLI_HISTORY_H
#define CPPROF_CLI_HISTORY_H

#include "analyzer/base/error.h"
#include "analyzer/base/lines.h"

enum { HISTORY_LINES = 1000 }; /* that are kept */

struct history {
    struct lines lines; /* oldest first */
    char *path;         /* NULL: nowhere to keep it */
};

/* What there is; nothing, if there is no file. */
void history_load(struct history *h);
void history_release(struct history *h);

/* Adds LINE (without its newline), unless it is empty or the same as the one before. -1 and ERR if
 * the file could not be written; then H has the line all the same. */
int history_add(struct history *h, const char *line, struct error *err);

#endif
