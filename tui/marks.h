/* Which functions are marked: those a search found, and the one that `#` shows everywhere.
 *
 * Names are looked at once per search and model, not at every drawing.
 */
#ifndef CPPROF_TUI_MARKS_H
#define CPPROF_TUI_MARKS_H

#include "analyzer/graph/nodes.h"
#include "tui/canvas.h"

struct search;

/* Starts zeroed, ends with marks_release. */
struct marks {
    bool *found; /* per node; NULL: no search */
    bool *same;  /* per node; NULL: none */
    char *pattern, *name;
    const struct nodes *nodes; /* what they are of */
};

void marks_release(struct marks *m);

/* There are new nodes: what is marked is marked among them, too. */
void marks_move(struct marks *m, const struct nodes *nodes);

/* Marks what SEARCH matches; NULL: nothing. */
void marks_search(struct marks *m, const struct search *search);

/* Marks the function NAME; nothing if it is marked already, or NAME is empty. */
void marks_toggle(struct marks *m, struct str name);

/* How a node's cell, otherwise in STYLE, looks. */
struct style marks_style(const struct marks *m, uint32_t node, struct style style);

#endif
