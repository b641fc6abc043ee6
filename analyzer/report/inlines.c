#include "analyzer/report/inlines.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/num.h"
#include "analyzer/graph/weights.h"

#include <stdlib.h>

/* Deeper chains end here: what a compiler makes is far less deep, and a hostile profile could ask
 * for as many rows as the square of a location's lines. */
enum { MOST_DEPTH = 64 };

/* What tells rows apart. Interned as bytes, so there is no padding that is not zeroed. */
struct key {
    strid under_file, name, file;
    uint32_t parent;
    int64_t under_line, line;
};

void inlines_init(struct inlines *in)
{
    *in = (struct inlines){0};
    strtab_init(&in->texts);
    strtab_init(&in->keys);
}

void inlines_release(struct inlines *in)
{
    strtab_release(&in->texts);
    strtab_release(&in->keys);
    free(in->rows);
}

static uint32_t find_row(struct inlines *in, const struct key *key)
{
    strid id = strtab_add(&in->keys, (const char *)key, sizeof *key);
    if (id > in->count) {
        in->rows = xgrow(in->rows, &in->cap, in->count + 1, sizeof *in->rows);
        in->rows[in->count++] = (struct inlined){
            .under_file = key->under_file,
            .under_line = key->under_line,
            .parent = key->parent,
            .depth = key->parent == NO_INDEX ? 0 : in->rows[key->parent].depth + 1,
            .name = key->name,
            .file = key->file,
            .line = key->line,
        };
    }
    return id - 1;
}

/* The rows each location counts for: rows[first[i]] .. rows[first[i + 1]]. */
struct uses {
    uint32_t *first, *rows;
    bool *is_leaf; /* per use: the innermost function of the location */
    size_t count, row_cap, leaf_cap;
};

static strid intern(struct inlines *in, const struct profile *p, strid id)
{
    struct str s = profile_str(p, id);
    return strtab_add(&in->texts, s.ptr, s.len);
}

/* The chain below OF[AT], a node of a function that matches; OF[0] is the innermost one. */
static void add_chain(struct inlines *in, struct uses *u, const struct nodes *nodes,
                      const uint32_t *of, uint32_t at)
{
    const struct profile *p = nodes->p;
    const struct node_info *under = &nodes->infos[of[at]];
    struct key key = {
        .under_file = intern(in, p, under->file), .under_line = under->line, .parent = NO_INDEX};
    for (uint32_t depth = 0; at-- > 0 && depth < MOST_DEPTH; depth++) {
        const struct node_info *info = &nodes->infos[of[at]];
        key.name = intern(in, p, info->name);
        key.file = intern(in, p, info->file);
        key.line = info->line;
        key.parent = find_row(in, &key);
        u->rows = xgrow(u->rows, &u->row_cap, u->count + 1, sizeof *u->rows);
        u->is_leaf = xgrow(u->is_leaf, &u->leaf_cap, u->count + 1, sizeof *u->is_leaf);
        u->rows[u->count] = key.parent;
        u->is_leaf[u->count++] = at == 0;
    }
}

static void find_uses(struct inlines *in, struct uses *u, const struct nodes *nodes,
                      struct regex *only)
{
    const struct profile *p = nodes->p;
    signed char *matches = xcalloc(p->strings.count + 1, 1); /* by name: 1, -1, or not tried yet */
    u->first = xmalloc((p->location_count + 1) * sizeof *u->first);
    for (size_t i = 0; i < p->location_count; i++) {
        const uint32_t *of = nodes->of + nodes->first[i];
        uint32_t count = nodes->first[i + 1] - nodes->first[i];
        u->first[i] = (uint32_t)u->count;
        for (uint32_t k = count; k-- > 1;) {
            strid id = nodes->infos[of[k]].name;
            struct str name = profile_str(p, id);
            if (!matches[id])
                matches[id] = regex_match(only, name.ptr, name.len) ? 1 : -1;
            if (matches[id] > 0)
                add_chain(in, u, nodes, of, k);
        }
    }
    u->first[p->location_count] = (uint32_t)u->count;
    free(matches);
}

static void count_stacks(struct inlines *in, const struct uses *u, const struct report *r,
                         enum inlines_side side)
{
    const struct profile *p = r->p;
    struct weight *weights = weights_by_stack(p, r->value, r->divisor);
    uint32_t *seen = xcalloc(in->count + 1, sizeof *seen); /* the last stack (+1) */
    for (size_t i = 0; i < p->stack_count; i++) {
        const uint32_t *frames = p->frames + p->stacks[i].first;
        uint32_t count = weights[i].counts ? p->stacks[i].count : 0;
        for (uint32_t k = 0; k < count; k++) {
            for (uint32_t use = u->first[frames[k]]; use < u->first[frames[k] + 1]; use++) {
                struct inlined *row = &in->rows[u->rows[use]];
                if (k == 0 && u->is_leaf[use])
                    *(side == INLINES_OLD ? &row->flat.old : &row->flat.new) += weights[i].value;
                if (seen[u->rows[use]] == (uint32_t)i + 1)
                    continue;
                seen[u->rows[use]] = (uint32_t)i + 1;
                *(side == INLINES_OLD ? &row->cum.old : &row->cum.new) += weights[i].value;
            }
        }
    }
    free(seen);
    free(weights);
}

void inlines_add(struct inlines *in, struct report *r, struct regex *only, enum inlines_side side)
{
    struct nodes nodes;
    struct uses u = {0};
    report_nodes(&nodes, r, false);
    find_uses(in, &u, &nodes, only);
    count_stacks(in, &u, r, side);
    free(u.first);
    free(u.rows);
    free(u.is_leaf);
    nodes_release(&nodes);
}

/* --- order */

static int order_of_text(const struct inlines *in, strid a, strid b)
{
    return a == b ? 0 : str_cmp(strtab_get(&in->texts, a), strtab_get(&in->texts, b));
}

/* Rows under different lines by these, siblings heaviest first. */
static int by_place_and_weight(const void *a, const void *b, void *context)
{
    const struct inlines *in = context;
    const struct inlined *x = &in->rows[*(const uint32_t *)a], *y = &in->rows[*(const uint32_t *)b];
    int order = order_of_text(in, x->under_file, y->under_file);
    if (order)
        return order;
    if (x->under_line != y->under_line)
        return x->under_line < y->under_line ? -1 : 1;
    int64_t wx = add_up64(magnitude64(x->cum.old), magnitude64(x->cum.new));
    int64_t wy = add_up64(magnitude64(y->cum.old), magnitude64(y->cum.new));
    if (wx != wy)
        return wx > wy ? -1 : 1;
    if ((order = order_of_text(in, x->name, y->name)) ||
        (order = order_of_text(in, x->file, y->file)))
        return order;
    return (x->line > y->line) - (x->line < y->line);
}

void inlines_sort(struct inlines *in)
{
    size_t count = in->count;
    uint32_t *order = xmalloc((count + 1) * sizeof *order);
    uint32_t *first_child = xmalloc((count + 1) * sizeof *first_child); /* [count]: of no parent */
    uint32_t *next = xmalloc((count + 1) * sizeof *next);
    uint32_t *moved = xmalloc((count + 1) * sizeof *moved); /* where each row has gone */
    struct inlined *sorted = xmalloc((count + 1) * sizeof *sorted);
    for (size_t i = 0; i < count; i++)
        order[i] = (uint32_t)i;
    if (count)
        qsort_r(order, count, sizeof *order, by_place_and_weight, in);
    for (size_t i = 0; i <= count; i++)
        first_child[i] = NO_INDEX;
    for (size_t i = count; i-- > 0;) {
        uint32_t row = order[i], parent = in->rows[row].parent;
        uint32_t *list = &first_child[parent == NO_INDEX ? count : parent];
        next[row] = *list;
        *list = row;
    }
    /* Down to the first child, else on to the next sibling of the nearest that has one. */
    size_t done = 0;
    for (uint32_t row = first_child[count]; row != NO_INDEX;) {
        moved[row] = (uint32_t)done;
        sorted[done] = in->rows[row];
        if (sorted[done].parent != NO_INDEX)
            sorted[done].parent = moved[sorted[done].parent];
        done++;
        if (first_child[row] != NO_INDEX) {
            row = first_child[row];
            continue;
        }
        while (row != NO_INDEX && next[row] == NO_INDEX)
            row = in->rows[row].parent;
        if (row != NO_INDEX)
            row = next[row];
    }
    free(order);
    free(first_child);
    free(next);
    free(moved);
    free(in->rows);
    in->rows = sorted;
    in->cap = count + 1;
}

const struct inlined *inlines_at(const struct inlines *in, struct str file, int64_t line,
                                 size_t *count)
{
    size_t low = 0, high = in->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct inlined *row = &in->rows[middle];
        int order = str_cmp(strtab_get(&in->texts, row->under_file), file);
        if (order < 0 || (order == 0 && row->under_line < line))
            low = middle + 1;
        else
            high = middle;
    }
    *count = 0;
    while (low + *count < in->count && in->rows[low + *count].under_line == line &&
           str_cmp(strtab_get(&in->texts, in->rows[low + *count].under_file), file) == 0)
        ++*count;
    return *count ? &in->rows[low] : NULL;
}
