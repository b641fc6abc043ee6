/* A count of stacks (threads, goroutines) as groups: samples with the same stack and the same text
 * labels are one, the largest group first.
 *
 *     struct stackgroups g;
 *     stackgroups_init(&g, p);
 *     for (i...) ... g.rows[i]
 *     stackgroups_release(&g);
 */
#ifndef CPPROF_REPORT_STACKGROUPS_H
#define CPPROF_REPORT_STACKGROUPS_H

#include "analyzer/profile/profile.h"

struct stackgroup {
    int64_t count; /* of the profile's first sample type */
    uint32_t stack;
    const struct label *texts; /* text labels of its samples, borrowed */
    size_t text_count;
    size_t first, id_count; /* its threads in `ids`, ascending */
};

struct stackgroups {
    const struct profile *p;
    struct stackgroup *rows;
    size_t row_count;
    int64_t total;
    int64_t *ids; /* the numbers of the threads (profile/threadlabels.h), group by group */
};

void stackgroups_init(struct stackgroups *g, const struct profile *p);
void stackgroups_release(struct stackgroups *g);

#endif
