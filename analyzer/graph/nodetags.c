#include "analyzer/graph/nodetags.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/num.h"
#include "analyzer/base/units.h"
#include "analyzer/graph/tagtexts.h"

#include <stdlib.h>
#include <string.h>

/* The wanted nodes of each stack, once each, and its leaf if that has the flat value. */
struct wanted_stack {
    size_t first;
    uint32_t count;
    uint32_t leaf; /* or NO_INDEX */
};

struct wanted_stacks {
    struct wanted_stack *stacks;
    uint32_t *nodes;
    size_t count, cap;
};

enum { NODE_KEPT = 1, NODE_WANTED = 2 };

struct finder {
    struct wanted_stacks *out;
    const struct graph *g;
    const unsigned char *flags; /* per node of the graph */
    bool call_tree;
    uint32_t *seen; /* the last stack (+1) in which a node was met */
    size_t wanted;  /* how many are */
};

static void find_in_stack(struct finder *f, size_t index)
{
    const struct nodes *nodes = f->g->nodes;
    const struct stack *s = &nodes->p->stacks[index];
    const uint32_t *frames = nodes->p->frames + s->first;
    struct wanted_stacks *out = f->out;
    struct wanted_stack *ws = &out->stacks[index];
    uint32_t parent = NO_INDEX, stamp = (uint32_t)index + 1;
    bool residual = false;
    *ws = (struct wanted_stack){out->count, 0, NO_INDEX};
    out->nodes = xgrow(out->nodes, &out->cap, out->count + f->wanted, sizeof *out->nodes);
    for (uint32_t i = s->count; i-- > 0;) {
        uint32_t first = nodes->first[frames[i]], k = nodes->first[frames[i] + 1];
        while (k-- > first) {
            uint32_t n = f->call_tree ? graph_child(f->g, parent, nodes->of[k]) : nodes->of[k];
            residual = n == NO_INDEX || !f->flags[n];
            if (residual)
                continue;
            parent = n;
            if (!(f->flags[n] & NODE_WANTED) || f->seen[n] == stamp)
                continue;
            f->seen[n] = stamp;
            out->nodes[out->count++] = n;
            ws->count++;
        }
    }
    if (parent != NO_INDEX && !residual && f->flags[parent] & NODE_WANTED)
        ws->leaf = parent;
}

static void find_wanted(struct wanted_stacks *out, const struct graph *g,
                        const struct nodetags_query *q)
{
    const struct profile *p = g->nodes->p;
    unsigned char *flags = xcalloc(g->node_count + 1, 1);
    for (size_t i = 0; i < g->node_count; i++)
        flags[i] = (unsigned char)((!q->kept || q->kept[i] ? NODE_KEPT : 0) |
                                   (q->wanted[i] ? NODE_WANTED : 0));
    struct finder f = {.out = out, .g = g, .flags = flags, .call_tree = q->call_tree};
    f.seen = xcalloc(g->node_count + 1, sizeof *f.seen);
    for (size_t i = 0; i < g->node_count; i++)
        f.wanted += q->wanted[i];
    out->stacks = xcalloc(p->stack_count + 1, sizeof *out->stacks);
    for (size_t s = 0; s < p->stack_count; s++)
        find_in_stack(&f, s);
    free(f.seen);
    free(flags);
}

/* Samples that have tags, those with the same text next to each other, otherwise in their order. */
static uint32_t *group_by_text(const struct profile *p, const struct tag_texts *texts,
                               size_t *count)
{
    size_t *start = xcalloc(texts->count + 2, sizeof *start);
    for (size_t i = 0; i < p->sample_count; i++)
        start[texts->of[p->sample_labels[i]] + 2]++;
    for (size_t i = 1; i < texts->count + 2; i++)
        start[i] += start[i - 1];
    uint32_t *order = xmalloc((p->sample_count + 1) * sizeof *order);
    for (size_t i = 0; i < p->sample_count; i++)
        order[start[texts->of[p->sample_labels[i]] + 1]++] = (uint32_t)i;
    *count = p->sample_count;
    free(start);
    return order;
}

static void count_tag(struct nodetag *t, int64_t value, int64_t divisor, bool flat)
{
    *(flat ? &t->flat : &t->cum) += value;
    *(flat ? &t->flat_div : &t->cum_div) += divisor;
}

/* One text at a time: what it adds up to at each node it touches. */
struct tagger {
    struct nodetags *t;
    const struct graph *g;
    const struct nodetags_query *q;
    struct nodetag *sums; /* per node */
    bool *touched;
    uint32_t *nodes; /* the touched ones */
    size_t node_count;
    struct pairmap number_at; /* (node, number's name) → place in its group */
};

static struct nodetag *sum_of(struct tagger *g, uint32_t node)
{
    if (!g->touched[node]) {
        g->touched[node] = true;
        g->nodes[g->node_count++] = node;
    }
    return &g->sums[node];
}

/* A node has at most one group per text, the one added last. */
static struct nodetag *number_tag(struct tagger *g, uint32_t node, uint32_t text,
                                  const struct tag_number *number)
{
    struct node_tags *n = &g->t->of[node];
    if (!n->group_count || n->groups[n->group_count - 1].text != text) {
        n->groups = xgrow(n->groups, &n->group_cap, n->group_count + 1, sizeof *n->groups);
        n->groups[n->group_count++] = (struct nodetag_group){.text = text};
    }
    struct nodetag_group *group = &n->groups[n->group_count - 1];
    struct pairmap_slot *slot = pairmap_slot(&g->number_at, node, number->name);
    if (!slot->value) {
        struct str name = strtab_get(&g->t->texts->strings, number->name);
        group->tags = xgrow(group->tags, &group->cap, group->count + 1, sizeof *group->tags);
        group->tags[group->count] =
            (struct nodetag){.name = name, .unit = g->t->texts->bytes_unit, .value = number->value};
        pairmap_set(&g->number_at, slot, node, number->name, (uint32_t)group->count++);
    }
    return &group->tags[slot->value - 1];
}

static void add_sample(struct tagger *g, size_t sample, uint32_t text, const uint32_t *nodes,
                       size_t count, bool flat)
{
    const struct profile *p = g->g->nodes->p;
    const struct tag_texts *texts = g->t->texts;
    int64_t value = p->values[g->q->value][sample];
    int64_t divisor = g->q->divisor < 0 ? 0 : p->values[g->q->divisor][sample];
    uint32_t set = p->sample_labels[sample];
    if (!value && !divisor)
        return;
    for (size_t i = 0; i < count; i++) {
        if (text)
            count_tag(sum_of(g, nodes[i]), value, divisor, flat);
        for (uint32_t k = 0; texts->numbers_of && k < texts->numbers_of[set].count; k++)
            count_tag(
                number_tag(g, nodes[i], text, &texts->numbers[texts->numbers_of[set].first + k]),
                value, divisor, flat);
    }
}

static bool is_light(const struct nodetag *t, int64_t cutoff)
{
    return abs64(t->flat) < cutoff && abs64(t->cum) < cutoff;
}

static void end_text(struct tagger *g, uint32_t text)
{
    const struct tag_texts *texts = g->t->texts;
    for (size_t i = 0; i < g->node_count; i++) {
        uint32_t node = g->nodes[i];
        struct node_tags *n = &g->t->of[node];
        struct nodetag *sum = &g->sums[node];
        if (!is_light(sum, g->q->cutoff)) {
            sum->name = strtab_get(&texts->strings, texts->texts[text]);
            sum->unit = "";
            n->texts = xgrow(n->texts, &n->text_cap, n->text_count + 1, sizeof *n->texts);
            n->texts[n->text_count++] = *sum;
        }
        *sum = (struct nodetag){0};
        g->touched[node] = false;
    }
    g->node_count = 0;
    pairmap_release(&g->number_at);
}

static void drop_light_numbers(struct nodetags *t, int64_t cutoff)
{
    for (size_t i = 0; i < t->node_count; i++) {
        for (size_t k = 0; k < t->of[i].group_count; k++) {
            struct nodetag_group *group = &t->of[i].groups[k];
            size_t kept = 0;
            for (size_t j = 0; j < group->count; j++)
                if (!is_light(&group->tags[j], cutoff))
                    group->tags[kept++] = group->tags[j];
            group->count = kept;
        }
    }
}

struct nodetags *nodetags_new(const struct graph *g, const struct tag_texts *texts,
                              const struct nodetags_query *q)
{
    const struct profile *p = g->nodes->p;
    struct nodetags *t = xcalloc(1, sizeof *t);
    t->texts = texts;
    t->node_count = g->node_count;
    t->of = xcalloc(g->node_count + 1, sizeof *t->of);
    if (!texts->any)
        return t;
    struct tagger tagger = {.t = t, .g = g, .q = q};
    struct wanted_stacks wanted = {0};
    size_t count;
    uint32_t *order = group_by_text(p, texts, &count);
    find_wanted(&wanted, g, q);
    tagger.sums = xcalloc(g->node_count + 1, sizeof *tagger.sums);
    tagger.touched = xcalloc(g->node_count + 1, sizeof *tagger.touched);
    tagger.nodes = xmalloc((g->node_count + 1) * sizeof *tagger.nodes);
    for (size_t i = 0; i < count; i++) {
        uint32_t sample = order[i], text = texts->of[p->sample_labels[sample]];
        const struct wanted_stack *ws = &wanted.stacks[p->sample_stack[sample]];
        add_sample(&tagger, sample, text, wanted.nodes + ws->first, ws->count, false);
        if (ws->leaf != NO_INDEX)
            add_sample(&tagger, sample, text, &ws->leaf, 1, true);
        if (i + 1 == count || texts->of[p->sample_labels[order[i + 1]]] != text)
            end_text(&tagger, text);
    }
    drop_light_numbers(t, q->cutoff);
    free(order);
    free(wanted.stacks);
    free(wanted.nodes);
    free(tagger.sums);
    free(tagger.touched);
    free(tagger.nodes);
    return t;
}

void nodetags_free(struct nodetags *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->node_count; i++) {
        struct node_tags *n = &t->of[i];
        for (size_t k = 0; k < n->group_count; k++)
            free(n->groups[k].tags);
        free(n->groups);
        free(n->texts);
    }
    free(t->of);
    free(t);
}

struct nodetag_group *nodetags_group(const struct nodetags *t, uint32_t node, struct str text)
{
    const struct node_tags *n = &t->of[node];
    for (size_t i = 0; i < n->group_count; i++)
        if (str_cmp(strtab_get(&t->texts->strings, t->texts->texts[n->groups[i].text]), text) == 0)
            return &n->groups[i];
    return NULL;
}

size_t nodetags_count(const struct nodetags *t, uint32_t node)
{
    const struct node_tags *n = &t->of[node];
    size_t count = 0;
    for (size_t i = 0; i < n->text_count; i++)
        count += n->texts[i].flat != 0;
    for (size_t k = 0; k < n->group_count; k++)
        for (size_t i = 0; i < n->groups[k].count; i++)
            count += n->groups[k].tags[i].flat != 0;
    return count;
}

static int compare(const struct nodetag *a, const struct nodetag *b, bool flat)
{
    if (!flat && a->cum != b->cum) {
        int64_t x = abs64(a->cum), y = abs64(b->cum);
        return (x < y) - (x > y);
    }
    if (a->flat != b->flat) {
        int64_t x = abs64(a->flat), y = abs64(b->flat);
        return (x < y) - (x > y);
    }
    return str_cmp(a->name, b->name);
}

static int by_flat(const void *a, const void *b)
{
    return compare(a, b, true);
}

static int by_cum(const void *a, const void *b)
{
    return compare(a, b, false);
}

void nodetags_sort(struct nodetag *tags, size_t count, bool flat)
{
    if (count)
        qsort(tags, count, sizeof *tags, flat ? by_flat : by_cum);
}
