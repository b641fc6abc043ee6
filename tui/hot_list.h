/* A list some of whose rows are hot: one goes from one to the next by heat, and is put into the
 * middle of the screen. Source and assembly are such lists. */
#ifndef CPPROF_TUI_HOT_LIST_H
#define CPPROF_TUI_HOT_LIST_H

#include "analyzer/base/buf.h"
#include "tui/list.h"
#include "tui/search.h"

struct hot_list {
    struct list list;
    bool centers; /* the chosen row belongs into the middle */
};

/* Rows by heat: the hottest first. Borrowed. */
struct hot_rows {
    const size_t *rows;
    size_t count;
    size_t all; /* rows there are, hot or not */
};

/* Goes to ROW, if there is one, and puts it into the middle. */
void hot_list_go(struct hot_list *h, const struct hot_rows *hot, size_t row);

/* To the hottest row. */
void hot_list_hottest(struct hot_list *h, const struct hot_rows *hot);

/* What keys do: as list_act, and to the hottest row, to the next or the one before by heat, around
 * the end. With a SEARCH going on, the keys for next and before are its own. False: not such an
 * action. */
bool hot_list_act(struct hot_list *h, const struct hot_rows *hot, enum action action,
                  const struct search *search);

/* As list_fit. */
void hot_list_fit(struct hot_list *h, size_t count, struct rect area);

/* "hot line 2 of 7", or "12 of 345". WHAT is "line". */
void hot_list_status(const struct hot_list *h, const struct hot_rows *hot, const char *what,
                     struct buf *out);

#endif
