/* The rows of top as a profile: a sample per node, with cum and flat as its values. */
#ifndef CPPROF_REPORT_TOPPROTO_H
#define CPPROF_REPORT_TOPPROTO_H

#include "analyzer/report/top.h"

/* The caller frees it. */
struct profile *topproto_new(const struct report *r, const struct top *t);

#endif
