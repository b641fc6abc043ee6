/* Each label key with its values and how much of the profile carries them. */
#ifndef CPPROF_REPORT_TAGS_H
#define CPPROF_REPORT_TAGS_H

#include "analyzer/report/report.h"

struct tag_value {
    struct str value; /* as written: a number has its unit */
    int64_t weight;   /* a sum even where means are shown, as pprof has it */
    int64_t divisor;  /* by which it would be a mean; 0: none is shown */

    /* If numbers are exact: the number and its unit. */
    bool is_number;
    int64_t number;
    const char *unit; /* borrowed from the profile */
};

struct tag_key {
    struct str key;
    int64_t total, divisor;   /* of all values */
    struct tag_value *values; /* heaviest first */
    size_t count;
};

struct tags {
    struct tag_key *keys; /* by name */
    size_t count;
    struct strtab texts;
    struct tag_value *values;
};

/* EXACT: each number is a value of its own; else those are one that look the same when written. */
void tags_init(struct tags *t, const struct report *r, bool exact);
void tags_release(struct tags *t);

/* The unit of L, a number: its own, or what the profile's other labels of its key suggest. */
const char *tags_unit(const struct report *r, const struct label *l);

#endif
