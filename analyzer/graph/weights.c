#include "analyzer/graph/weights.h"

#include "analyzer/base/alloc.h"

struct weight *weights_by_stack(const struct profile *p, int value, int divisor)
{
    struct weight *weights = xcalloc(p->stack_count + 1, sizeof *weights);
    const int64_t *values = p->values[value], *divisors = divisor < 0 ? NULL : p->values[divisor];
    for (size_t i = 0; i < p->sample_count; i++) {
        int64_t d = divisors ? divisors[i] : 0;
        if (!values[i] && !d)
            continue;
        struct weight *w = &weights[p->sample_stack[i]];
        w->value += values[i];
        w->divisor += d;
        w->counts = true;
    }
    return weights;
}
