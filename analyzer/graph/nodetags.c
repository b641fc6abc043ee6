#include "analyzer/graph/nodetags.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/num.h"
#include "analyzer/base/units.h"

#include <stdlib.h>
#include <string.h>

/* A label set as tags: one text and some numbers. */
struct tagged {
    strid text, shown; /* of nodetags.texts, 0 for none */
    size_t first_number, number_count;
    bool known;
};

struct number {
    strid name; /* of nodetags.texts */
    int64_t value;
};

struct tagger {
    struct nodetags *t;
    const struct graph *g;
    const struct profile *p;
    const struct nodetags_spec *spec;
    const bool *wanted;
    struct tagged *sets;
    struct number *numbers;
    size_t number_count, number_cap;
};

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static void add_escaped(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '"' || s.ptr[i] == '\\')
            buf_putc(b, '\\');
        buf_putc(b, s.ptr[i]);
    }
}

/* "key:value" of each text label, sorted as a whole, joined by a backslash and an n. */
static void join_texts(struct tagger *g, const struct labelset *set, struct tagged *out)
{
    const struct profile *p = g->p;
    struct arena arena;
    struct str *parts = NULL;
    size_t count = 0, cap = 0;
    struct buf b = {0};
    arena_init(&arena);
    for (uint32_t i = 0; i < set->count; i++) {
        const struct label *l = &p->labels[set->first + i];
        if (l->is_number || strcmp(profile_str(p, l->key).ptr, "pprof::base") == 0)
            continue;
        buf_clear(&b);
        buf_str(&b, profile_str(p, l->key));
        buf_putc(&b, ':');
        buf_str(&b, profile_str(p, l->str));
        parts = xgrow(parts, &cap, count + 1, sizeof *parts);
        parts[count++] = (struct str){arena_strndup(&arena, b.data, b.len), b.len};
    }
    if (count)
        qsort(parts, count, sizeof *parts, by_text);
    struct buf shown = {0};
    buf_clear(&b);
    for (size_t i = 0; i < count; i++) {
        buf_puts(&b, i ? "\\n" : "");
        buf_str(&b, parts[i]);
        buf_puts(&shown, i ? "\\n" : "");
        add_escaped(&shown, parts[i]);
    }
    out->text = strtab_add(&g->t->texts, b.data ? b.data : "", b.len);
    out->shown = strtab_add(&g->t->texts, shown.data ? shown.data : "", shown.len);
    buf_release(&b);
    buf_release(&shown);
    free(parts);
    arena_release(&arena);
}

static const struct tagged *tagged_set(struct tagger *g, uint32_t index)
{
    struct tagged *tagged = &g->sets[index];
    if (tagged->known)
        return tagged;
    const struct labelset *set = &g->p->labelsets[index];
    *tagged = (struct tagged){.first_number = g->number_count, .known = true};
    join_texts(g, set, tagged);
    struct buf b = {0};
    for (uint32_t i = 0; i < set->count; i++) {
        const struct label *l = &g->p->labels[set->first + i];
        if (!l->is_number || strcmp(profile_str(g->p, l->key).ptr, "bytes") != 0)
            continue;
        buf_clear(&b);
        units_label(&b, l->number, g->spec->bytes_unit, g->spec->output_unit);
        g->numbers = xgrow(g->numbers, &g->number_cap, g->number_count + 1, sizeof *g->numbers);
        g->numbers[g->number_count++] =
            (struct number){strtab_add(&g->t->texts, b.data, b.len), l->number};
        tagged->number_count++;
    }
    buf_release(&b);
    return tagged;
}

static void count_tag(struct nodetag *t, int64_t value, int64_t divisor, bool flat)
{
    *(flat ? &t->flat : &t->cum) += value;
    *(flat ? &t->flat_div : &t->cum_div) += divisor;
}

/* Tags per node are few, so they are searched one by one. */
static void add_tags(struct tagger *g, uint32_t node, const struct tagged *set, int64_t value,
                     int64_t divisor, bool flat)
{
    struct node_tags *n = &g->t->of[node];
    if (set->text) {
        size_t i = 0;
        while (i < n->text_count && n->text_ids[i] != set->text)
            i++;
        if (i == n->text_count) {
            size_t cap = n->text_cap;
            n->texts = xgrow(n->texts, &n->text_cap, i + 1, sizeof *n->texts);
            n->text_ids = xgrow(n->text_ids, &cap, i + 1, sizeof *n->text_ids);
            n->text_ids[i] = set->text;
            n->texts[i] = (struct nodetag){.name = strtab_get(&g->t->texts, set->text),
                                           .shown = strtab_get(&g->t->texts, set->shown),
                                           .unit = ""};
            n->text_count++;
        }
        count_tag(&n->texts[i], value, divisor, flat);
    }
    if (!set->number_count)
        return;
    size_t k = 0;
    while (k < n->group_count && n->groups[k].text != set->text)
        k++;
    if (k == n->group_count) {
        n->groups = xgrow(n->groups, &n->group_cap, k + 1, sizeof *n->groups);
        n->groups[k] = (struct nodetag_group){.text = set->text};
        n->group_count++;
    }
    struct nodetag_group *group = &n->groups[k];
    for (size_t i = 0; i < set->number_count; i++) {
        struct number number = g->numbers[set->first_number + i];
        struct str name = strtab_get(&g->t->texts, number.name);
        size_t at = 0;
        while (at < group->count && group->tags[at].name.ptr != name.ptr)
            at++;
        if (at == group->count) {
            group->tags = xgrow(group->tags, &group->cap, at + 1, sizeof *group->tags);
            group->tags[at] = (struct nodetag){
                .name = name, .shown = name, .unit = g->spec->bytes_unit, .value = number.value};
            group->count++;
        }
        count_tag(&group->tags[at], value, divisor, flat);
    }
}

/* The wanted nodes of each stack, once each, and its leaf if that has the flat value. */
struct wanted_stack {
    size_t first;
    uint32_t count;
    uint32_t leaf; /* or NO_INDEX */
};

struct stack_nodes {
    struct wanted_stack *stacks;
    uint32_t *nodes;
    size_t count, cap;
};

static void collect_stacks(struct stack_nodes *out, const struct graph *g, const struct profile *p,
                           bool call_tree, const bool *kept, const bool *wanted)
{
    const struct nodes *nodes = g->nodes;
    uint32_t *seen = xcalloc(g->node_count + 1, sizeof *seen);
    out->stacks = xcalloc(p->stack_count + 1, sizeof *out->stacks);
    for (size_t s = 0; s < p->stack_count; s++) {
        struct wanted_stack *ws = &out->stacks[s];
        *ws = (struct wanted_stack){out->count, 0, NO_INDEX};
        uint32_t parent = NO_INDEX;
        bool residual = false;
        struct stack stack = p->stacks[s];
        for (uint32_t i = stack.count; i-- > 0;) {
            uint32_t frame = p->frames[stack.first + i];
            for (uint32_t k = nodes->first[frame + 1]; k-- > nodes->first[frame];) {
                uint32_t n = nodes->of[k];
                if (call_tree)
                    n = graph_child(g, parent, n);
                if (n == NO_INDEX || (kept && !kept[n])) {
                    residual = true;
                    continue;
                }
                parent = n;
                residual = false;
                if (seen[n] == s + 1 || !wanted[n])
                    continue;
                seen[n] = (uint32_t)s + 1;
                out->nodes = xgrow(out->nodes, &out->cap, out->count + 1, sizeof *out->nodes);
                out->nodes[out->count++] = n;
                ws->count++;
            }
        }
        if (parent != NO_INDEX && !residual && wanted[parent])
            ws->leaf = parent;
    }
    free(seen);
}

struct nodetags *nodetags_new(const struct graph *g, int value, int divisor, bool call_tree,
                              const bool *kept, const bool *wanted,
                              const struct nodetags_spec *spec)
{
    const struct profile *p = g->nodes->p;
    struct nodetags *t = xcalloc(1, sizeof *t);
    strtab_init(&t->texts);
    t->node_count = g->node_count;
    t->of = xcalloc(g->node_count + 1, sizeof *t->of);
    bool any = false;
    for (size_t i = 0; i < p->sample_count && !any; i++)
        any = p->labelsets[p->sample_labels[i]].count > 0;
    if (!any)
        return t;

    struct tagger tagger = {.t = t, .g = g, .p = p, .spec = spec, .wanted = wanted};
    tagger.sets = xcalloc(p->labelset_count + 1, sizeof *tagger.sets);
    struct stack_nodes stacks = {0};
    collect_stacks(&stacks, g, p, call_tree, kept, wanted);
    for (size_t i = 0; i < p->sample_count; i++) {
        int64_t v = p->values[value][i], d = divisor < 0 ? 0 : p->values[divisor][i];
        const struct wanted_stack *ws = &stacks.stacks[p->sample_stack[i]];
        if ((!v && !d) || (!ws->count && ws->leaf == NO_INDEX))
            continue;
        const struct tagged *set = tagged_set(&tagger, p->sample_labels[i]);
        for (uint32_t k = 0; k < ws->count; k++)
            add_tags(&tagger, stacks.nodes[ws->first + k], set, v, d, false);
        if (ws->leaf != NO_INDEX)
            add_tags(&tagger, ws->leaf, set, v, d, true);
    }
    free(stacks.stacks);
    free(stacks.nodes);
    free(tagger.sets);
    free(tagger.numbers);
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
        free(n->text_ids);
    }
    free(t->of);
    strtab_release(&t->texts);
    free(t);
}

static bool is_light(const struct nodetag *t, int64_t cutoff)
{
    return abs64(t->flat) < cutoff && abs64(t->cum) < cutoff;
}

void nodetags_trim(struct nodetags *t, int64_t cutoff)
{
    for (size_t i = 0; i < t->node_count; i++) {
        struct node_tags *n = &t->of[i];
        size_t kept = 0;
        for (size_t k = 0; k < n->text_count; k++) {
            if (is_light(&n->texts[k], cutoff))
                continue;
            n->text_ids[kept] = n->text_ids[k];
            n->texts[kept++] = n->texts[k];
        }
        n->text_count = kept;
        for (size_t k = 0; k < n->group_count; k++) {
            struct nodetag_group *group = &n->groups[k];
            kept = 0;
            for (size_t j = 0; j < group->count; j++)
                if (!is_light(&group->tags[j], cutoff))
                    group->tags[kept++] = group->tags[j];
            group->count = kept;
        }
    }
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
