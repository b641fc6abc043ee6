#include "analyzer/transform/relabel.h"

#include "analyzer/base/alloc.h"
#include "analyzer/profile/clone.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void relabel_samples(struct profile *p, relabel_edit *edit, void *ctx)
{
    size_t set_count = p->labelset_count; /* before edited ones are added */
    uint32_t *renamed = xmalloc((set_count + 1) * sizeof *renamed);
    memset(renamed, 0xFF, (set_count + 1) * sizeof *renamed);
    struct label *labels = NULL;
    size_t cap = 0;
    profile_own(p, COLUMNS_SAMPLES);
    for (size_t i = 0; i < p->sample_count; i++) {
        uint32_t index = p->sample_labels[i];
        if (renamed[index] == NO_INDEX) {
            struct labelset set = p->labelsets[index];
            labels = xgrow(labels, &cap, set.count + 1, sizeof *labels);
            for (uint32_t k = 0; k < set.count; k++)
                labels[k] = p->labels[set.first + k];
            size_t count = edit(ctx, labels, set.count);
            bool is_same = count == set.count && (!count || !memcmp(labels, p->labels + set.first,
                                                                    count * sizeof *labels));
            renamed[index] = is_same ? index : profile_add_labels(p, labels, count);
        }
        p->sample_labels[i] = renamed[index];
    }
    free(renamed);
    free(labels);
}
