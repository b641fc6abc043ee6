/* Lines of text over the view: help, what a command printed. */
#ifndef CPPROF_TUI_PAGER_H
#define CPPROF_TUI_PAGER_H

#include "analyzer/base/lines.h"
#include "tui/list.h"

struct mouse;
struct search;

struct pager {
    char *title; /* NULL: closed */
    struct lines lines;
    struct list list;
    int left;   /* columns out of sight on the left */
    int widest; /* columns of the widest line */
};

/* Takes LINES over and leaves it empty. */
void pager_open(struct pager *p, const char *title, struct lines *lines);
void pager_close(struct pager *p);
void pager_draw(struct pager *p, struct canvas *c, struct rect area, const struct search *search);
bool pager_act(struct pager *p, enum action action); /* false: not for it */

#endif
