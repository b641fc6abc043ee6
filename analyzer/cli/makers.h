/* What each report command makes: rows from the prepared report, output from the rows.
 *
 * One function per kind of report, found through the table, so that a new report is a new row here
 * and in commands.c.
 */
#ifndef CPPROF_CLI_MAKERS_H
#define CPPROF_CLI_MAKERS_H

#include "analyzer/base/error.h"

struct config;
struct lines;
struct out;
struct progress;
struct profile;
struct regex;
struct report;

/* A report about to be made; everything is borrowed. */
struct making {
    struct out *out;
    struct report *r; /* after the filters */
    const struct config *cfg;
    struct lines *notes; /* what is worth a remark */
    const struct progress *progress;
    struct regex *only; /* the operand of a command that takes a regular expression, else NULL */
};

/* 0, or -1 and ERR; what went to M's output is then given up. */
typedef int maker(const struct making *m, struct error *err);

/* divide_by is for what is shown; a profile that is written carries it in its values. */
void divide_samples(struct profile *p, double ratio);

extern maker *const makers[]; /* by enum report_kind; REPORT_NONE has none */

#endif
