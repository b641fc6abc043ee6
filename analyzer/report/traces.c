#include "analyzer/report/traces.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/num.h"
#include "analyzer/base/units.h"

#include <stdlib.h>

void traces_init(struct traces *t, struct report *r)
{
    *t = (struct traces){.r = r};
    struct nodes_spec spec = {.raw_files = true};
    nodes_init(&t->nodes, r->p, &spec);
    nodes_name_all(&t->nodes);
    report_profile_header(&t->header, r);
}

static void clear_labels(struct traces *t)
{
    for (size_t i = 0; i < t->label_count; i++)
        buf_release(&t->labels[i].values);
    t->label_count = 0;
}

void traces_release(struct traces *t)
{
    lines_release(&t->header);
    nodes_release(&t->nodes);
    clear_labels(t);
    free(t->labels);
    free(t->frames);
}

/* A set holds its labels sorted by key, so the values of one key follow each other. */
static void read_labels(struct traces *t, const struct labelset *set)
{
    const struct profile *p = t->r->p;
    clear_labels(t);
    for (uint32_t i = 0; i < set->count; i++) {
        const struct label *l = &p->labels[set->first + i];
        const struct label *before = i ? l - 1 : NULL;
        bool same = before && before->key == l->key && before->is_number == l->is_number;
        if (!same) {
            t->labels = xgrow(t->labels, &t->label_cap, t->label_count + 1, sizeof *t->labels);
            t->labels[t->label_count++] =
                (struct trace_label){.key = profile_str(p, l->key), .is_number = l->is_number};
        }
        struct buf *values = &t->labels[t->label_count - 1].values;
        if (same)
            buf_putc(values, ' ');
        if (l->is_number)
            units_label(values, l->number, tagunits_get(&t->r->units, p, l->key), "auto");
        else
            buf_str(values, profile_str(p, l->str));
    }
}

bool traces_next(struct traces *t)
{
    const struct profile *p = t->r->p;
    while (t->next < p->sample_count && !p->stacks[p->sample_stack[t->next]].count)
        t->next++;
    if (t->next == p->sample_count)
        return false;
    size_t i = t->next++;
    t->sum = p->values[t->r->value][i];
    t->divisor = t->r->divisor < 0 ? 0 : p->values[t->r->divisor][i];
    t->value = t->divisor ? div64(t->sum, t->divisor) : t->sum;
    const struct labelset *set = &p->labelsets[p->sample_labels[i]];
    read_labels(t, set);
    t->parts = p->labels + set->first;
    t->part_count = set->count;

    struct stack s = p->stacks[p->sample_stack[i]];
    const struct nodes *n = &t->nodes;
    t->frame_count = 0;
    for (uint32_t k = 0; k < s.count; k++) {
        uint32_t frame = p->frames[s.first + k];
        size_t lines = n->first[frame + 1] - n->first[frame];
        t->frames = xgrow(t->frames, &t->frame_cap, t->frame_count + lines, sizeof *t->frames);
        for (uint32_t j = n->first[frame]; j < n->first[frame + 1]; j++)
            t->frames[t->frame_count++] =
                (struct trace_frame){n->names[n->of[j]], j + 1 < n->first[frame + 1]};
    }
    return true;
}
