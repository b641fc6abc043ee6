/* The way through the functions that a view of one function has shown, for Backspace.
 */
#ifndef CPPROF_TUI_WALK_H
#define CPPROF_TUI_WALK_H

#include "analyzer/base/strtab.h"

#include <stdbool.h>

struct app;

/* Starts zeroed. */
struct walk {
    char **names;
    size_t count, cap;
};

void walk_release(struct walk *w);

/* From function FROM on to function TO. False, and nothing is done, if they are the same or TO is
 * empty. */
bool walk_to(struct walk *w, struct app *a, struct str from, struct str to);

/* Back by one. False if this is where it began. */
bool walk_back(struct walk *w, struct app *a);

#endif
