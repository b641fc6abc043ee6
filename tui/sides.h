/* The two reports a model with a base is made from: of what there is now, and of what there was.
 *
 *     struct sides s;
 *     if (sides_init(&s, request, err) == 0)
 *         ... s.new, and s.old if there is a base ...
 *     sides_release(&s);
 *
 * In the worker. Without a base the new report is the request's own.
 */
#ifndef CPPROF_TUI_SIDES_H
#define CPPROF_TUI_SIDES_H

#include "analyzer/report/report.h"
#include "tui/view.h"

struct sides {
    struct report *new, *old;    /* OLD: NULL without a base */
    struct profile *profiles[2]; /* what they are of, where there are two */
    struct report reports[2];
};

/* -1 and ERR. Release S in any case. */
int sides_init(struct sides *s, const struct view_request *request, struct error *err);
void sides_release(struct sides *s);

#endif
