#include "analyzer/report/weblist_sums.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/num.h"
#include "analyzer/graph/weights.h"

#include <stdlib.h>
#include <string.h>

struct tally {
    int64_t flat, flat_div, cum, cum_div;
    uint32_t seen; /* the last stack (+1) that was counted */
};

/* The lines of each instruction: those of I are lines[first[I]] to lines[first[I + 1]]. */
struct lines_of {
    size_t *first;
    uint32_t *lines; /* indices of hits */
};

static struct lines_of index_lines(const struct weblist *w)
{
    const struct codelines *c = &w->code;
    struct lines_of of = {xcalloc(c->instruction_count + 1, sizeof *of.first),
                          xmalloc((c->use_count + 1) * sizeof *of.lines)};
    size_t *next = xmalloc((c->instruction_count + 1) * sizeof *next);
    for (size_t i = 0; i < c->use_count; i++)
        of.first[c->uses[i].instruction + 1]++;
    for (size_t i = 0; i < c->instruction_count; i++)
        of.first[i + 1] += of.first[i];
    memcpy(next, of.first, (c->instruction_count + 1) * sizeof *next);
    for (size_t h = 0; h < w->hit_count; h++)
        for (size_t k = 0; k < w->hits[h].use_count; k++)
            of.lines[next[w->hits[h].uses[k].instruction]++] = (uint32_t)h;
    free(next);
    return of;
}

static void tally_add(struct tally *t, uint32_t stamp, const struct weight *w, bool leaf)
{
    if (t->seen == stamp)
        return; /* the leaf comes first */
    t->seen = stamp;
    t->cum += w->value;
    t->cum_div += w->divisor;
    if (leaf) {
        t->flat += w->value;
        t->flat_div += w->divisor;
    }
}

static void tally_read(const struct tally *t, int64_t *flat, int64_t *cum)
{
    *flat = t->flat_div ? div64(t->flat, t->flat_div) : t->flat;
    *cum = t->cum_div ? div64(t->cum, t->cum_div) : t->cum;
}

void weblist_count(struct weblist *w, const struct report *r)
{
    const struct profile *p = r->p;
    const struct codelines *c = &w->code;
    struct lines_of of = index_lines(w);
    struct weight *weights = weights_by_stack(p, r->value, r->divisor);
    struct tally *lines = xcalloc(w->hit_count + 1, sizeof *lines);
    struct tally *functions = xcalloc(w->count + 1, sizeof *functions);
    for (size_t i = 0; i < p->stack_count; i++) {
        const uint32_t *frames = p->frames + p->stacks[i].first;
        uint32_t count = weights[i].counts ? p->stacks[i].count : 0, stamp = (uint32_t)i + 1;
        for (uint32_t k = 0; k < count; k++) {
            uint32_t at = c->at_site[c->sites.of[frames[k]]];
            if (at == NO_INDEX)
                continue;
            for (size_t h = of.first[at]; h < of.first[at + 1]; h++) {
                tally_add(&lines[of.lines[h]], stamp, &weights[i], k == 0);
                tally_add(&functions[w->hits[of.lines[h]].function], stamp, &weights[i], k == 0);
            }
        }
    }
    for (size_t i = 0; i < w->hit_count; i++)
        tally_read(&lines[i], &w->hits[i].flat, &w->hits[i].cum);
    for (size_t i = 0; i < w->count; i++)
        tally_read(&functions[i], &w->functions[i].flat, &w->functions[i].cum);
    free(lines);
    free(functions);
    free(weights);
    free(of.first);
    free(of.lines);
}
