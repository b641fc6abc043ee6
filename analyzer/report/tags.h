/* Each label key with its values and how much of the profile carries them. */
#ifndef CPPROF_REPORT_TAGS_H
#define CPPROF_REPORT_TAGS_H

#include "analyzer/report/report.h"

struct tag_value {
    struct str value;
    int64_t weight;
};

struct tag_key {
    struct str key;
    int64_t total;            /* of all values */
    struct tag_value *values; /* heaviest first */
    size_t count;
};

struct tags {
    struct tag_key *keys; /* by name */
    size_t count;
    struct strtab texts;
    struct tag_value *values;
};

void tags_init(struct tags *t, const struct report *r);
void tags_release(struct tags *t);

#endif
