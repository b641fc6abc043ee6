/* What all reports have in common: which value is shown, its total, its unit, the header.
 *
 *     report_init(&r, profile, &spec, ...)   before the filters: the total is of everything
 *     filter_apply                           then report_take_total if percentages are relative
 *     aggregate_apply
 *     top_init(&t, &r), tree_init(&t, &r), … rows; printed by render/
 *     report_release(&r)
 */
#ifndef CPPROF_REPORT_REPORT_H
#define CPPROF_REPORT_REPORT_H

#include "analyzer/base/buf.h"
#include "analyzer/base/error.h"
#include "analyzer/base/lines.h"
#include "analyzer/base/regex.h"
#include "analyzer/graph/trim.h"
#include "analyzer/profile/profile.h"
#include "analyzer/profile/tagunits.h"
#include "analyzer/report/spec.h"

struct report {
    struct profile *p;              /* borrowed */
    const struct report_spec *spec; /* borrowed */
    int value, divisor;             /* sample types; divisor -1: no mean */
    struct buf type;                /* "cpu", "mean_delay" */
    const char *sample_unit;        /* as in the profile */
    const char *output_unit;        /* as asked for, until report_select_unit has chosen one */
    double ratio;                   /* every value shown is multiplied by this */
    int64_t total;
    int64_t total_sum, total_div;     /* of which a mean's total is the quotient; div 0: none */
    int64_t total_above, total_below; /* of samples above and below 0, magnitudes up to INT64_MAX */
    struct tagunits units;
    struct lines filters; /* "focus=main", for the header */
};

/* -1 and ERR if the sample index names nothing or the divisor is zero. Strings of P are used as
 * long as the report lives. */
int report_init(struct report *r, struct profile *p, const struct report_spec *spec,
                struct lines *notes, struct error *err);

/* Takes the total again, of what filters have left: for relative percentages. Units of labels stay
 * those of all samples. */
void report_take_total(struct report *r);
void report_release(struct report *r);

/* VALUE as reports write it: divided, scaled, with its unit. */
void report_value(struct buf *b, const struct report *r, int64_t value);

/* The nodes reports of this profile are about. OBJECTS: keep binaries apart. */
void report_nodes(struct nodes *n, const struct report *r, bool objects);

/* 0, or -1 and ERR if R shows means, which do not add up to WHAT ("a flame graph"). */
int report_check_sums(const struct report *r, const char *what, struct error *err);

/* After ONLY was held against the names of a report's rows: 0, or -1 and ERR if none of them
 * matched (MATCHED 0) or one took too long to match. WHAT is what has those names ("function"). */
int report_check_matches(const struct regex *only, const char *what, size_t matched,
                         struct error *err);

/* TAGS: for a picture, how its tags are made; NULL for text. */
struct trim_spec report_trim_spec(const struct report *r, const struct nodetags_spec *tags);

/* Chooses the unit for the values of G's nodes if the user left it to us ("minimum"). INTEGERS: the
 * format has no fractions, so nothing may be scaled below 1. */
void report_select_unit(struct report *r, const struct graph *g, bool integers);

/* The same for values from LEAST (0: none but zeros) to MOST. */
void report_select_unit_for(struct report *r, int64_t least, int64_t most, bool integers);

/* The same for parts of the total, of either side where there is a base. */
void report_select_total_unit(struct report *r);

/* The lines that describe the profile, and those that describe what of it is shown. FULL: for
 * pictures, which have the lines even when compact ones are asked for, and a hint how to read them.
 */
void report_profile_header(struct lines *out, const struct report *r);
void report_header(struct lines *out, const struct report *r, const struct trimmed *t, bool full);

/* Parts of them: what describes the profile but how long it took, the filters, and a time since
 * 1970 in the local zone. */
void report_identity_header(struct lines *out, const struct report *r);
void report_filter_header(struct lines *out, const struct report *r);
void report_time(struct buf *b, int64_t nanos);

#endif
