#include "analyzer/transform/scale.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/buf.h"
#include "analyzer/base/num.h"
#include "analyzer/base/units.h"
#include "analyzer/profile/clone.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void scale_samples(struct profile *p, const double *ratios)
{
    size_t changed = 0;
    for (size_t t = 0; t < p->sample_type_count; t++)
        changed += ratios[t] != 1;
    if (!changed)
        return;
    profile_own(p, COLUMNS_SAMPLES);
    bool *keep = xcalloc(p->sample_count + 1, sizeof *keep);
    for (size_t t = 0; t < p->sample_type_count; t++) {
        if (ratios[t] == 1)
            continue;
        int64_t *values = p->values[t];
        for (size_t i = 0; i < p->sample_count; i++) {
            values[i] = f64_to_i64(round((double)values[i] * ratios[t]));
            keep[i] |= values[i] != 0;
        }
    }
    profile_keep_samples(p, keep);
    free(keep);
}

void scale_all(struct profile *p, double ratio)
{
    double *ratios = xcalloc(p->sample_type_count + 1, sizeof *ratios);
    for (size_t t = 0; t < p->sample_type_count; t++)
        ratios[t] = ratio;
    scale_samples(p, ratios);
    free(ratios);
}

static size_t find_type(const struct profile *p, const char *name)
{
    for (size_t t = 0; t < p->sample_type_count; t++)
        if (strcmp(profile_str(p, p->sample_types[t].type).ptr, name) == 0)
            return t;
    return SIZE_MAX;
}

/* Keeps the COUNT sample types at FROM[], in that order. */
static void select_types(struct profile *p, const size_t *from, size_t count, strid first)
{
    bool same = count == p->sample_type_count, has_default = false;
    for (size_t i = 0; i < count; i++) {
        same &= from[i] == i;
        has_default |= p->sample_types[from[i]].type == p->default_sample_type;
    }
    if (same)
        return;
    if (!has_default)
        p->default_sample_type = first;
    profile_own(p, COLUMNS_SAMPLES);
    struct value_type *types = xcalloc(count, sizeof *types);
    int64_t **values = xcalloc(count, sizeof *values);
    for (size_t i = 0; i < count; i++) {
        types[i] = p->sample_types[from[i]];
        values[i] = p->values[from[i]];
        p->values[from[i]] = NULL;
        if (!values[i]) { /* a type named twice takes the same column twice */
            for (size_t k = 0; k < i; k++)
                if (from[k] == from[i] && p->sample_cap) {
                    values[i] = xmalloc(p->sample_cap * sizeof **values);
                    memcpy(values[i], values[k], p->sample_count * sizeof **values);
                    break;
                }
        }
    }
    for (size_t t = 0; t < p->sample_type_count; t++)
        free(p->values[t]);
    free(p->values);
    free(p->sample_types);
    p->values = values;
    p->sample_types = types;
    p->sample_type_count = count;
}

static int common_types(struct profile *a, struct profile *b, struct error *err)
{
    size_t *from_a = xcalloc(a->sample_type_count + 1, sizeof *from_a);
    size_t *from_b = xcalloc(a->sample_type_count + 1, sizeof *from_b);
    size_t count = 0;
    for (size_t t = 0; t < a->sample_type_count; t++) {
        size_t other = find_type(b, profile_str(a, a->sample_types[t].type).ptr);
        if (other == SIZE_MAX)
            continue;
        from_a[count] = find_type(a, profile_str(a, a->sample_types[t].type).ptr);
        from_b[count++] = other;
    }
    if (count) {
        strid first_a = a->sample_types[from_a[0]].type;
        strid first_b = b->sample_types[from_b[0]].type;
        select_types(a, from_a, count, first_a);
        select_types(b, from_b, count, first_b);
    }
    free(from_a);
    free(from_b);
    return count ? 0 : error_set(err, ERROR_DATA, "the profiles have no sample type in common");
}

int scale_drop_doubled_types(struct profile *p, struct error *err)
{
    size_t *from = xcalloc(p->sample_type_count + 1, sizeof *from);
    size_t count = 0;
    for (size_t t = 0; t < p->sample_type_count; t++) {
        size_t seen = 0;
        for (size_t k = 0; k < p->sample_type_count; k++)
            seen += p->sample_types[k].type == p->sample_types[t].type;
        if (seen == 1)
            from[count++] = t;
    }
    int rc =
        count ? 0 : error_set(err, ERROR_DATA, "it has no sample types that can be told apart");
    if (!rc)
        select_types(p, from, count, p->sample_types[from[0]].type);
    free(from);
    return rc;
}

static bool same_type_name(struct str a, struct str b)
{
    /* "sample" and "samples" are the same. */
    if (a.len && a.ptr[a.len - 1] == 's')
        a.len--;
    if (b.len && b.ptr[b.len - 1] == 's')
        b.len--;
    return str_equal(a, b);
}

/* The unit both can be brought to; NULL and ERR if there is none. */
static const char *common_unit(const struct profile *a, struct value_type ta,
                               const struct profile *b, struct value_type tb, struct error *err)
{
    struct str type_a = profile_str(a, ta.type), type_b = profile_str(b, tb.type);
    const char *unit_a = profile_str(a, ta.unit).ptr, *unit_b = profile_str(b, tb.unit).ptr;
    if (!same_type_name(type_a, type_b) || !units_compatible(unit_a, unit_b)) {
        error_set(err, ERROR_DATA, "the profiles measure different things: %s/%s and %s/%s",
                  type_a.ptr, unit_a, type_b.ptr, unit_b);
        return NULL;
    }
    /* B's unit is finer if one of it is less than one of A's. */
    return units_scale(1, unit_b, unit_a).value < 1 ? unit_b : unit_a;
}

static void to_units(struct profile *p, const char *const *units, const char *period_unit)
{
    const char *old = profile_str(p, p->period_type.unit).ptr;
    p->period = f64_to_i64(units_scale(p->period, old, period_unit).value);
    p->period_type.unit = profile_intern(p, period_unit);
    double *ratios = xcalloc(p->sample_type_count + 1, sizeof *ratios);
    for (size_t t = 0; t < p->sample_type_count; t++) {
        ratios[t] = units_scale(1, profile_str(p, p->sample_types[t].unit).ptr, units[t]).value;
        p->sample_types[t].unit = profile_intern(p, units[t]);
    }
    scale_samples(p, ratios);
    free(ratios);
}

int scale_to_common(struct profile *a, struct profile *b, struct error *err)
{
    if (common_types(a, b, err))
        return -1;
    const char *period_unit = common_unit(a, a->period_type, b, b->period_type, err);
    if (!period_unit)
        return -1;
    size_t count = a->sample_type_count;
    char **units = xcalloc(count + 1, sizeof *units);
    char *period = xstrdup(period_unit);
    int rc = 0;
    for (size_t t = 0; t < count && !rc; t++) {
        const char *unit = common_unit(a, a->sample_types[t], b, b->sample_types[t], err);
        rc = unit ? 0 : -1;
        units[t] = unit ? xstrdup(unit) : NULL;
    }
    if (!rc) {
        to_units(a, (const char *const *)units, period);
        to_units(b, (const char *const *)units, period);
    }
    for (size_t t = 0; t < count; t++)
        free(units[t]);
    free(units);
    free(period);
    return rc;
}

/* The type named NAME, "sample" and "samples" being the same, or SIZE_MAX. */
static size_t find_same_type(const struct profile *p, struct str name)
{
    size_t exact = find_type(p, name.ptr);
    for (size_t t = 0; exact == SIZE_MAX && t < p->sample_type_count; t++)
        if (same_type_name(profile_str(p, p->sample_types[t].type), name))
            return t;
    return exact;
}

static int only_one_has(const struct profile *other, struct str name, struct error *err)
{
    struct buf all = {0};
    for (size_t t = 0; t < other->sample_type_count; t++)
        buf_printf(&all, "%s%s", t ? ", " : "",
                   profile_str(other, other->sample_types[t].type).ptr);
    error_set(err, ERROR_DATA,
              "only one of the profiles has the sample type \"%s\"; the other has: %s", name.ptr,
              all.data ? all.data : "none");
    buf_release(&all);
    return -1;
}

int scale_to_one(struct profile *a, struct profile *b, const char *sample_index, bool mean,
                 struct error *err)
{
    if (!a->sample_type_count || !b->sample_type_count)
        return error_set(err, ERROR_DATA, "one of the profiles has no samples");
    int value = profile_sample_index(a, sample_index, err);
    if (value < 0)
        return -1;
    size_t from_a[2], from_b[2], count = 0;
    if (mean && value > 0)
        from_a[count++] = 0;
    from_a[count++] = (size_t)value;
    const char *units[2];
    for (size_t i = 0; i < count; i++) {
        struct value_type ta = a->sample_types[from_a[i]];
        from_b[i] = find_same_type(b, profile_str(a, ta.type));
        if (from_b[i] == SIZE_MAX)
            return only_one_has(b, profile_str(a, ta.type), err);
        units[i] = common_unit(a, ta, b, b->sample_types[from_b[i]], err);
        if (!units[i])
            return -1;
    }
    select_types(a, from_a, count, a->sample_types[value].type);
    select_types(b, from_b, count, b->sample_types[from_b[count - 1]].type);
    to_units(a, units, profile_str(a, a->period_type.unit).ptr);
    to_units(b, units, profile_str(b, b->period_type.unit).ptr);
    return (int)count - 1;
}

static int64_t sum(const int64_t *values, size_t count)
{
    int64_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += values[i];
    return total;
}

int scale_normalize(struct profile *p, const struct profile *base, struct error *err)
{
    bool same = p->sample_type_count == base->sample_type_count;
    for (size_t t = 0; same && t < p->sample_type_count; t++) {
        struct value_type a = p->sample_types[t], b = base->sample_types[t];
        same = !str_cmp(profile_str(p, a.type), profile_str(base, b.type)) &&
               !str_cmp(profile_str(p, a.unit), profile_str(base, b.unit));
    }
    if (!same ||
        str_cmp(profile_str(p, p->period_type.type), profile_str(base, base->period_type.type)) ||
        str_cmp(profile_str(p, p->period_type.unit), profile_str(base, base->period_type.unit)))
        return error_set(err, ERROR_DATA,
                         "the base has other sample types or another period type, so the profile "
                         "cannot be normalized by it");
    double *ratios = xcalloc(p->sample_type_count + 1, sizeof *ratios);
    for (size_t t = 0; t < p->sample_type_count; t++) {
        int64_t mine = sum(p->values[t], p->sample_count);
        int64_t theirs = sum(base->values[t], base->sample_count);
        ratios[t] = mine ? (double)theirs / (double)mine : 0;
    }
    scale_samples(p, ratios);
    free(ratios);
    return 0;
}
