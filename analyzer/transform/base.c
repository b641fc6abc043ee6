#include "analyzer/transform/base.h"

#include "analyzer/base/alloc.h"
#include "analyzer/profile/profile.h"
#include "analyzer/transform/compact.h"
#include "analyzer/transform/merge.h"
#include "analyzer/transform/relabel.h"
#include "analyzer/transform/scale.h"

#include <stdlib.h>
#include <string.h>

#define MARK_KEY "pprof::base"
#define MARK_VALUE "true"

static size_t mark(void *ctx, struct label *labels, size_t count)
{
    const struct label *base = ctx;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (labels[i].key != base->key || labels[i].is_number)
            labels[kept++] = labels[i];
    labels[kept++] = *base;
    return kept;
}

static void mark_as_base(struct profile *p)
{
    strid key = profile_intern(p, MARK_KEY), value = profile_intern(p, MARK_VALUE);
    struct label base = label_text(key, value);
    relabel_samples(p, mark, &base);
}

struct profile *base_subtract(struct profile *p, struct profile *base, const struct base_spec *spec,
                              struct error *err)
{
    if (spec->mark)
        mark_as_base(base);
    if (spec->normalize && scale_normalize(p, base, err)) {
        profile_free(p);
        profile_free(base);
        return NULL;
    }
    scale_all(base, -1);
    struct merger *m = merger_new();
    if (merger_add(m, p, err)) {
        profile_free(base);
        merger_free(m);
        return NULL;
    }
    if (merger_add(m, base, err)) {
        error_prefix(err, "the base");
        merger_free(m);
        return NULL;
    }
    return merger_finish(m);
}

static bool is_mark(const struct profile *p, const struct label *l)
{
    return !l->is_number && strcmp(profile_str(p, l->key).ptr, MARK_KEY) == 0 &&
           strcmp(profile_str(p, l->str).ptr, MARK_VALUE) == 0;
}

bool *base_marks(const struct profile *p)
{
    bool *marks = NULL;
    for (size_t i = 0; i < p->labelset_count; i++) {
        const struct labelset *set = &p->labelsets[i];
        for (uint32_t k = 0; k < set->count; k++) {
            if (!is_mark(p, &p->labels[set->first + k]))
                continue;
            if (!marks)
                marks = xcalloc(p->labelset_count, sizeof *marks);
            marks[i] = true;
        }
    }
    return marks;
}

static size_t unmark(void *ctx, struct label *labels, size_t count)
{
    const struct profile *p = ctx;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (!is_mark(p, &labels[i]))
            labels[kept++] = labels[i];
    return kept;
}

struct profile *base_unmark(struct profile *p)
{
    relabel_samples(p, unmark, p);
    return profile_compact(p);
}

void base_keep_side(struct profile *p, enum base_side side)
{
    bool *marks = base_marks(p);
    bool *keep = xcalloc(p->sample_count + 1, sizeof *keep);
    for (size_t i = 0; i < p->sample_count; i++)
        keep[i] = (marks && marks[p->sample_labels[i]]) == (side == BASE_OLD);
    profile_keep_samples(p, keep);
    free(keep);
    free(marks);
    if (side == BASE_OLD) {
        scale_all(p, -1);
        relabel_samples(p, unmark, p);
    }
}
