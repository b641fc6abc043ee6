#include "analyzer/transform/base.h"

#include "analyzer/profile/profile.h"
#include "analyzer/transform/merge.h"
#include "analyzer/transform/relabel.h"
#include "analyzer/transform/scale.h"

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
    strid key = profile_intern(p, "pprof::base"), value = profile_intern(p, "true");
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
