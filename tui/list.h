/* Moving around in rows, for every view that has rows: which one is chosen, which are to be seen.
 *
 * A view keeps a `struct list` in its state, calls list_fit when it draws (which is when it knows
 * how many rows there are and how many fit) and draws rows top to list_end. Keys and mouse go
 * through list_act and list_mouse first.
 */
#ifndef CPPROF_TUI_LIST_H
#define CPPROF_TUI_LIST_H

#include "tui/canvas.h"
#include "tui/keys.h"

#include <stdbool.h>
#include <stddef.h>

struct mouse;

struct list {
    size_t count;  /* rows there are */
    size_t chosen; /* 0 if there are none */
    size_t top;    /* the first row to be seen */
    struct rect area;
};

/* COUNT rows are to be drawn in AREA, one line each: keeps the chosen one to be seen. */
void list_fit(struct list *l, size_t count, struct rect area);

/* One after the last row to be seen. */
size_t list_end(const struct list *l);

void list_choose(struct list *l, size_t row);

/* Up, down, pages, first, last. True if ACTION was one of these. */
bool list_act(struct list *l, enum action action);

/* The wheel scrolls, a click chooses. True if M was for the list. */
bool list_mouse(struct list *l, const struct mouse *m);

#endif
