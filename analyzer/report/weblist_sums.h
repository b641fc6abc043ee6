/* What was spent on each line and each function of a weblist: a sample counts once, however often
 * recursion or inlining puts it there. */
#ifndef CPPROF_REPORT_WEBLIST_SUMS_H
#define CPPROF_REPORT_WEBLIST_SUMS_H

#include "analyzer/report/weblist.h"

/* Fills in flat and cum of W's hits and functions. */
void weblist_count(struct weblist *w, const struct report *r);

#endif
