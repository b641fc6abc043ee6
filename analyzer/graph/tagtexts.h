/* Label sets as tags: one text for all text labels together, and the values of "bytes".
 *
 * For nodetags.c, which counts them at nodes.
 */
#ifndef CPPROF_GRAPH_TAGTEXTS_H
#define CPPROF_GRAPH_TAGTEXTS_H

#include "analyzer/graph/nodetags.h"

struct tag_number {
    strid name; /* the value as written, of tag_texts.strings */
    int64_t value;
};

struct tag_texts {
    struct strtab strings;
    bool any; /* does any label set have tags? */
    const char *bytes_unit;
    strid *texts; /* [0] is empty */
    size_t count, cap;
    uint32_t *of; /* per label set of the profile: its text */
    struct tag_numbers {
        size_t first;
        uint32_t count;
    } * numbers_of; /* per label set; NULL if nothing has a label "bytes" */
    struct tag_number *numbers;
    size_t number_count, number_cap;
};

#endif
