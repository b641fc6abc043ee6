/* What became larger and what smaller between two profiles: a row per node of either.
 *
 *     scale_to_one(new, old, ...)                   the same value in the same unit
 *     report_init, filter_apply, aggregate_apply    for each of the two, with equal specs
 *     diff_init(&d, &old, &new)                     rows; printed by render/
 *     diff_grown(&d, 5, &count)                     what a gate objects to
 *     diff_release(&d)                              before the reports end
 */
#ifndef CPPROF_REPORT_DIFF_H
#define CPPROF_REPORT_DIFF_H

#include "analyzer/graph/pairs.h"
#include "analyzer/report/number.h"

struct diff_source {
    struct report *report; /* borrowed */
    const char *name;      /* the file, for headers; borrowed */
    struct nodes nodes;
};

struct diff {
    struct lines header;
    struct diff_source old, new;
    double scale; /* by which old's values are multiplied: 1 unless normalized */
    struct node_pair *rows;
    size_t count;            /* rows shown: the first ones, largest change first */
    size_t kept;             /* rows that could be shown */
    size_t dropped;          /* rows that changed too little */
    size_t dropped_negative; /* rows that shrank, where these are left out */
    size_t row_count;        /* all of them */
};

/* One value of a row, before and after. */
struct diff_change {
    int64_t old, new, delta; /* old is scaled, so that the delta makes sense */
    double percent;          /* DELTA in % of OLD; NaN if OLD is 0 */
    double points; /* new's share of its total less old's of its own, in percentage points */
};

/* OLD and NEW need a report and a name; new's spec says what is shown. NORMALIZE: scale old to
 * new's total. Sums are scaled, not samples: those are often so small that rounding would undo it.
 */
void diff_init(struct diff *d, struct diff_source old, struct diff_source new, bool normalize);
void diff_release(struct diff *d);

struct diff_change diff_flat(const struct diff *d, const struct node_pair *row);
struct diff_change diff_cum(const struct diff *d, const struct node_pair *row);

/* The same unrounded: of means, percent and points too. */
struct diff_number {
    struct number old, new, delta;
    double percent, points;
};

struct diff_number diff_flat_number(const struct diff *d, const struct node_pair *row);
struct diff_number diff_cum_number(const struct diff *d, const struct node_pair *row);

/* The value rows are ordered by: flat or cum. */
struct diff_change diff_main(const struct diff *d, const struct node_pair *row);

/* The totals as they are; points are 0. */
struct diff_change diff_total(const struct diff *d);

struct diff_growth {
    struct str name;                     /* borrowed */
    double points, old_share, new_share; /* of cum, in percent */
};

/* The rows, shown or not, whose share of cum grew by more than ABOVE points, worst first. The
 * caller frees them; NULL if *COUNT is 0. */
struct diff_growth *diff_grown(const struct diff *d, double above, size_t *count);

#endif
