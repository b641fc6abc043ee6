/* Which functions are marked: those a search found, and the one that `#` shows everywhere.
 *
 * Names are looked at when they are first drawn or counted, once per search and model.
 */
#ifndef CPPROF_TUI_MARKS_H
#define CPPROF_TUI_MARKS_H

#include "analyzer/graph/calltree.h"
#include "tui/canvas.h"

struct search;

enum mark_found { MARK_UNKNOWN, MARK_FOUND, MARK_OTHER };

/* Starts zeroed, ends with marks_release. */
struct marks {
    unsigned char *found;        /* per node: enum mark_found; NULL: no search */
    bool *same;                  /* per node; NULL: none */
    const struct search *search; /* in force, borrowed */
    char *pattern, *name;
    const struct nodes *nodes; /* what they are of */
};

void marks_release(struct marks *m);

/* There are new nodes: what is marked is marked among them, too. */
void marks_move(struct marks *m, const struct nodes *nodes);

/* Marks what SEARCH, which is used until the next call, matches; NULL: nothing. */
void marks_search(struct marks *m, const struct search *search);

/* Marks the function NAME; nothing if it is marked already, or NAME is empty. */
void marks_toggle(struct marks *m, struct str name);

/* The nodes in cells of T that the search found, as true per node; NULL: there is no search. The
 * caller frees it. */
bool *marks_found(struct marks *m, const struct calltree *t);

/* How a node's cell, otherwise in STYLE, looks. */
struct style marks_style(struct marks *m, uint32_t node, struct style style);

#endif
