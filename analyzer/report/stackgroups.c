#include "analyzer/report/stackgroups.h"

#include "analyzer/base/alloc.h"
#include "analyzer/profile/threadlabels.h"

#include <stdlib.h>

/* A sample on its way into a group. */
struct item {
    uint32_t stack, set;
    int64_t count, id;
    bool has_id;
};

struct sorter {
    const struct profile *p;
    struct item *items;
};

static size_t count_texts(const struct profile *p, uint32_t set)
{
    const struct labelset *s = &p->labelsets[set];
    size_t count = 0;
    while (count < s->count && !p->labels[s->first + count].is_number) /* texts come first */
        count++;
    return count;
}

static int compare_texts(const struct profile *p, uint32_t a, uint32_t b)
{
    size_t a_count = count_texts(p, a), b_count = count_texts(p, b);
    for (size_t i = 0; i < a_count && i < b_count; i++) {
        const struct label *x = &p->labels[p->labelsets[a].first + i];
        const struct label *y = &p->labels[p->labelsets[b].first + i];
        int order = str_cmp(profile_str(p, x->key), profile_str(p, y->key));
        order = order ? order : str_cmp(profile_str(p, x->str), profile_str(p, y->str));
        if (order)
            return order;
    }
    return (a_count > b_count) - (a_count < b_count);
}

static int compare_items(const void *a, const void *b, void *context)
{
    const struct item *x = a, *y = b;
    int order = (x->stack > y->stack) - (x->stack < y->stack);
    order = order ? order : compare_texts(context, x->set, y->set);
    return order ? order : (x->id > y->id) - (x->id < y->id);
}

/* The largest first, equal ones by their threads: in the order these were made. */
static int compare_groups(const void *a, const void *b, void *context)
{
    const struct stackgroup *x = a, *y = b;
    const int64_t *ids = context;
    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    if (x->id_count && y->id_count && ids[x->first] != ids[y->first])
        return ids[x->first] > ids[y->first] ? 1 : -1;
    return (x->stack > y->stack) - (x->stack < y->stack);
}

static struct item item_of(const struct profile *p, size_t sample)
{
    struct item item = {p->sample_stack[sample], p->sample_labels[sample], p->values[0][sample], 0,
                        false};
    const struct labelset *set = &p->labelsets[item.set];
    for (uint32_t i = 0; i < set->count; i++) {
        const struct label *l = &p->labels[set->first + i];
        if (!l->is_number || thread_label_of(p, l) != THREAD_LABEL_TID)
            continue;
        item.id = l->number;
        item.has_id = true;
    }
    return item;
}

static struct stackgroup *begin_group(struct stackgroups *g, const struct item *item, size_t first)
{
    struct stackgroup *group = &g->rows[g->row_count++];
    *group = (struct stackgroup){.stack = item->stack,
                                 .texts = g->p->labels + g->p->labelsets[item->set].first,
                                 .text_count = count_texts(g->p, item->set),
                                 .first = first};
    return group;
}

void stackgroups_init(struct stackgroups *g, const struct profile *p)
{
    size_t count = p->sample_count, id_count = 0;
    struct item *items = xcalloc(count + 1, sizeof *items);
    *g = (struct stackgroups){.p = p};
    g->rows = xcalloc(count + 1, sizeof *g->rows);
    g->ids = xcalloc(count + 1, sizeof *g->ids);
    for (size_t i = 0; i < count; i++)
        items[i] = item_of(p, i);
    qsort_r(items, count, sizeof *items, compare_items, (void *)p);
    struct stackgroup *group = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct item *item = &items[i], *before = item - 1;
        if (!i || item->stack != before->stack || compare_texts(p, item->set, before->set) != 0)
            group = begin_group(g, item, id_count);
        group->count += item->count;
        g->total += item->count;
        if (item->has_id)
            g->ids[id_count++] = item->id;
        group->id_count += item->has_id;
    }
    qsort_r(g->rows, g->row_count, sizeof *g->rows, compare_groups, g->ids);
    free(items);
}

void stackgroups_release(struct stackgroups *g)
{
    free(g->rows);
    free(g->ids);
    *g = (struct stackgroups){0};
}
