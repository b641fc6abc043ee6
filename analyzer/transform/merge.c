#include "analyzer/transform/merge.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/pairmap.h"
#include "analyzer/transform/compact.h"
#include "analyzer/transform/renumber.h"
#include "analyzer/transform/scale.h"

#include <stdlib.h>

struct merger {
    struct renumbered to;   /* the result so far */
    bool started, merging;  /* has one profile; has several, and the tables know them */
    struct pairmap samples; /* by stack and labels */
};

struct merger *merger_new(void)
{
    struct merger *m = xcalloc(1, sizeof *m);
    m->to.p = profile_new();
    return m;
}

void merger_free(struct merger *m)
{
    if (!m)
        return;
    renumbered_release(&m->to);
    pairmap_release(&m->samples);
    profile_free(m->to.p);
    free(m);
}

static void combine_headers(struct profile *into, const struct profile *src, struct renumbering *r,
                            struct renumbered *to)
{
    if (!into->time_nanos || src->time_nanos < into->time_nanos)
        into->time_nanos = src->time_nanos;
    into->duration_nanos += src->duration_nanos;
    if (!into->period || into->period < src->period)
        into->period = src->period;
    for (size_t i = 0; i < src->comment_count; i++)
        profile_add_comment(into, renumber_string(to, r, src->comments[i]));
    profile_unify_comments(into);
    if (!into->default_sample_type)
        into->default_sample_type = renumber_string(to, r, src->default_sample_type);
    if (!into->doc_url)
        into->doc_url = renumber_string(to, r, src->doc_url);
}

static void first_headers(struct profile *into, const struct profile *src, struct renumbering *r,
                          struct renumbered *to)
{
    struct value_type *types = xcalloc(src->sample_type_count + 1, sizeof *types);
    for (size_t t = 0; t < src->sample_type_count; t++)
        types[t] = (struct value_type){renumber_string(to, r, src->sample_types[t].type),
                                       renumber_string(to, r, src->sample_types[t].unit)};
    profile_set_sample_types(into, types, src->sample_type_count);
    free(types);
    into->period_type = (struct value_type){renumber_string(to, r, src->period_type.type),
                                            renumber_string(to, r, src->period_type.unit)};
    into->drop_frames = renumber_string(to, r, src->drop_frames);
    into->keep_frames = renumber_string(to, r, src->keep_frames);
}

static void add_samples(struct merger *m, struct renumbering *r)
{
    const struct profile *src = r->src;
    /* The first mapping is the main binary; it stays the first. */
    if (!m->to.p->mapping_count && src->mapping_count)
        renumber_mapping(&m->to, r, 0);
    int64_t *zeros = xcalloc(src->sample_type_count + 1, sizeof *zeros);
    for (size_t i = 0; i < src->sample_count; i++) {
        if (profile_sample_is_zero(src, i))
            continue;
        uint32_t stack = renumber_stack(&m->to, r, src->sample_stack[i]);
        uint32_t labels = renumber_labels(&m->to, r, src->sample_labels[i]);
        struct pairmap_slot *slot = pairmap_slot(&m->samples, stack, labels);
        if (!slot->value) {
            pairmap_set(&m->samples, slot, stack, labels, (uint32_t)m->to.p->sample_count);
            profile_add_sample(m->to.p, stack, labels, zeros);
        }
        for (size_t t = 0; t < src->sample_type_count; t++)
            m->to.p->values[t][slot->value - 1] += src->values[t][i];
    }
    free(zeros);
}

static int check_compatible(const struct profile *a, const struct profile *b, struct error *err)
{
    if (str_cmp(profile_str(a, a->period_type.type), profile_str(b, b->period_type.type)))
        return error_set(err, ERROR_DATA, "the profiles have different period types: %s and %s",
                         profile_str(a, a->period_type.type).ptr,
                         profile_str(b, b->period_type.type).ptr);
    for (size_t t = 0; t < a->sample_type_count; t++) {
        struct str x = profile_str(a, a->sample_types[t].type);
        struct str y = profile_str(b, b->sample_types[t].type);
        if (str_cmp(x, y))
            return error_set(err, ERROR_DATA, "the profiles have different sample types: %s and %s",
                             x.ptr, y.ptr);
    }
    return 0;
}

/* A second profile came: the first goes through the tables like all others. */
static void take_first_in(struct merger *m)
{
    struct profile *first = m->to.p;
    struct renumbering r;
    m->to.p = profile_new();
    m->merging = true;
    renumbering_init(&r, first, true);
    first_headers(m->to.p, first, &r, &m->to);
    combine_headers(m->to.p, first, &r, &m->to);
    add_samples(m, &r);
    renumbering_release(&r);
    profile_free(first);
}

static void index_samples(struct merger *m)
{
    pairmap_release(&m->samples);
    for (uint32_t i = 0; i < m->to.p->sample_count; i++) {
        uint32_t stack = m->to.p->sample_stack[i], labels = m->to.p->sample_labels[i];
        pairmap_set(&m->samples, pairmap_slot(&m->samples, stack, labels), stack, labels, i);
    }
}

int merger_add(struct merger *m, struct profile *p, struct error *err)
{
    if (scale_drop_doubled_types(p, err))
        goto fail;
    if (!m->started) {
        profile_free(m->to.p);
        m->to.p = p;
        m->started = true;
        return 0;
    }
    size_t before = m->to.p->sample_count;
    if (scale_to_common(m->to.p, p, err) || check_compatible(m->to.p, p, err))
        goto fail;
    if (!m->merging)
        take_first_in(m);
    else if (m->to.p->sample_count != before) /* scaling leaves samples without a value out */
        index_samples(m);
    struct renumbering r;
    renumbering_init(&r, p, true);
    combine_headers(m->to.p, p, &r, &m->to);
    add_samples(m, &r);
    renumbering_release(&r);
    profile_free(p);
    return 0;
fail:
    profile_free(p);
    return -1;
}

struct profile *merger_finish(struct merger *m)
{
    struct profile *p = m->started ? m->to.p : NULL;
    bool merged = m->merging, any_zero = false;
    if (p)
        m->to.p = NULL;
    merger_free(m);
    for (size_t i = 0; merged && i < p->sample_count && !any_zero; i++)
        any_zero = profile_sample_is_zero(p, i);
    return any_zero ? profile_compact(p) : p;
}
