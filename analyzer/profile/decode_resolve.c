#include "analyzer/profile/decoder.h"

#include "analyzer/base/alloc.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Notes that what ERR is about stands in message INDEX of FIELD. Returns -1. */
static int blame(struct decoder *d, int field, size_t index)
{
    d->guilty_field = field;
    d->guilty_index = index;
    return -1;
}

static int resolve_string(struct decoder *d, int64_t index, const char *what, strid *out)
{
    if (index < 0 || (uint64_t)index >= d->string_count)
        return error_set(d->err, ERROR_DATA,
                         "%s is string %" PRId64 ", but the table has %zu strings", what, index,
                         d->string_count);
    *out = d->strings[index];
    return 0;
}

static int resolve_strings(struct decoder *d)
{
    struct profile *p = d->p;
    if (d->string_count == 0)
        return error_set(d->err, ERROR_DATA,
                         "byte %" PRIu64 ": the profile ends without a string table", d->base);
    for (size_t i = 0; i < p->mapping_count; i++)
        if (resolve_string(d, d->mapping_strings[i][0], "a mapping's file", &p->mappings[i].file) ||
            resolve_string(d, d->mapping_strings[i][1], "a mapping's build id",
                           &p->mappings[i].build_id))
            return blame(d, FIELD_MAPPING, i);
    for (size_t i = 0; i < p->function_count; i++) {
        struct function *f = &p->functions[i];
        if (resolve_string(d, d->function_strings[i][0], "a function's name", &f->name) ||
            resolve_string(d, d->function_strings[i][1], "a function's system name",
                           &f->system_name) ||
            resolve_string(d, d->function_strings[i][2], "a function's file", &f->filename))
            return blame(d, FIELD_FUNCTION, i);
    }
    for (size_t i = 0; i < d->comment_count; i++) {
        strid comment = 0;
        if (resolve_string(d, d->comments[i], "a comment", &comment))
            return blame(d, FIELD_COMMENT, i);
        profile_add_comment(p, comment);
    }
    const struct {
        int field;
        int64_t index;
        const char *what;
        strid *out;
    } rest[] = {
        {FIELD_DROP_FRAMES, d->drop_frames, "drop_frames", &p->drop_frames},
        {FIELD_KEEP_FRAMES, d->keep_frames, "keep_frames", &p->keep_frames},
        {FIELD_DEFAULT_SAMPLE_TYPE, d->default_sample_type, "the default sample type",
         &p->default_sample_type},
        {FIELD_DOC_URL, d->doc_url, "the documentation's address", &p->doc_url},
        {FIELD_PERIOD_TYPE, d->period_type[0], "the period's type", &p->period_type.type},
        {FIELD_PERIOD_TYPE, d->period_type[1], "the period's unit", &p->period_type.unit},
    };
    for (size_t i = 0; i < sizeof rest / sizeof *rest; i++)
        if (resolve_string(d, rest[i].index, rest[i].what, rest[i].out))
            return blame(d, rest[i].field, SIZE_MAX);
    return 0;
}

static int resolve_sample_types(struct decoder *d)
{
    struct profile *p = d->p;
    struct value_type *types = xcalloc(d->sample_type_count, sizeof *types);
    int rc = 0;
    for (size_t i = 0; i < d->sample_type_count && !rc; i++)
        if (resolve_string(d, d->sample_types[i][0], "a sample type", &types[i].type) ||
            resolve_string(d, d->sample_types[i][1], "a sample type's unit", &types[i].unit))
            rc = blame(d, FIELD_SAMPLE_TYPE, i);
    if (!rc && d->width == SIZE_MAX) {
        profile_set_sample_types(p, types, d->sample_type_count);
    } else if (!rc && d->sample_type_count != d->width) {
        if (d->sample_type_count == 0)
            error_set(d->err, ERROR_DATA, "there are samples but no sample types");
        else
            error_set(d->err, ERROR_DATA, "a sample has %zu values, but there are %zu sample types",
                      d->width, d->sample_type_count);
        rc = blame(d, FIELD_SAMPLE, 0);
    } else if (!rc && d->width) {
        memcpy(p->sample_types, types, d->width * sizeof *types);
    }
    free(types);
    return rc;
}

/* The first sample with this label set, or this frame. */
static size_t sample_with_labels(const struct profile *p, size_t labelset)
{
    size_t i = 0;
    while (i < p->sample_count && p->sample_labels[i] != labelset)
        i++;
    return i;
}

static size_t sample_with_frame(const struct profile *p, size_t frame)
{
    size_t i = 0;
    while (i < p->sample_count &&
           frame - p->stacks[p->sample_stack[i]].first >= p->stacks[p->sample_stack[i]].count)
        i++;
    return i;
}

/* Labels were collected by the file's string indices; gives them their strings and their order, in
 * place. Sets that only differed in the order of their labels stay two; who cares interns them. */
static int resolve_labels(struct decoder *d)
{
    struct profile *p = d->p;
    profile_forget_label_index(p);
    for (size_t i = 0; i < p->labelset_count; i++) {
        struct labelset *set = &p->labelsets[i];
        struct label *labels = p->labels + set->first;
        uint32_t kept = 0;
        for (uint32_t k = 0; k < set->count; k++) {
            struct label l = labels[k];
            strid key = 0, str = 0;
            if (resolve_string(d, l.key, "a label's key", &key) ||
                resolve_string(d, l.str, "a label's text or unit", &str))
                return blame(d, FIELD_SAMPLE, sample_with_labels(p, i));
            if (!l.is_number && !l.str)
                continue;
            labels[kept++] = l.is_number ? label_number(key, l.number, str) : label_text(key, str);
        }
        set->count = kept;
        profile_sort_labels(p, labels, kept);
    }
    return 0;
}

static int number_ids(struct decoder *d, struct idmap *map, const uint64_t *ids, size_t count,
                      int field, const char *what)
{
    idmap_init(map, count);
    for (size_t i = 0; i < count; i++) {
        if (ids[i] && idmap_put(map, ids[i], (uint32_t)i))
            continue;
        if (ids[i] == 0)
            error_set(d->err, ERROR_DATA, "%s %zu has the reserved id 0", what, i + 1);
        else
            error_set(d->err, ERROR_DATA, "two %ss have the id %" PRIu64, what, ids[i]);
        return blame(d, field, i);
    }
    return 0;
}

static int resolve_ids(struct decoder *d)
{
    struct profile *p = d->p;
    struct idmap mappings = {0}, functions = {0}, locations = {0};
    uint64_t *location_ids = xmalloc((p->location_count + 1) * sizeof *location_ids);
    int rc = -1;
    for (size_t i = 0; i < p->location_count; i++)
        location_ids[i] = p->locations[i].id;
    if (number_ids(d, &mappings, d->mapping_ids, p->mapping_count, FIELD_MAPPING, "mapping") ||
        number_ids(d, &functions, d->function_ids, p->function_count, FIELD_FUNCTION, "function") ||
        number_ids(d, &locations, location_ids, p->location_count, FIELD_LOCATION, "location"))
        goto out;

    for (size_t i = 0; i < p->location_count; i++) {
        struct location *l = &p->locations[i];
        l->mapping = idmap_get(&mappings, d->location_mappings[i]);
        for (uint32_t k = 0; k < l->line_count; k++) {
            uint64_t id = d->line_functions[l->first_line + k];
            uint32_t function = idmap_get(&functions, id);
            if (function == NO_INDEX) {
                error_set(d->err, ERROR_DATA,
                          "location %" PRIu64 " names function %" PRIu64
                          ", which is not in the profile",
                          l->id, id);
                blame(d, FIELD_LOCATION, i);
                goto out;
            }
            p->lines[l->first_line + k].function = function;
        }
    }

    for (size_t i = 0; i < p->frame_count; i++) {
        uint32_t code = p->frames[i];
        uint64_t id = code < SPARSE_ID ? code : d->sparse_ids[code & ~SPARSE_ID];
        uint32_t location = idmap_get(&locations, id);
        if (location == NO_INDEX) {
            error_set(d->err, ERROR_DATA,
                      "a sample names location %" PRIu64 ", which is not in the profile", id);
            blame(d, FIELD_SAMPLE, sample_with_frame(p, i));
            goto out;
        }
        p->frames[i] = location;
    }
    profile_forget_stack_index(p);
    rc = 0;
out:
    free(location_ids);
    idmap_release(&mappings);
    idmap_release(&functions);
    idmap_release(&locations);
    return rc;
}

enum resolution decoder_resolve(struct decoder *d)
{
    if (resolve_strings(d) || resolve_labels(d))
        return RESOLUTION_BAD_STRINGS;
    return resolve_sample_types(d) || resolve_ids(d) ? RESOLUTION_BAD_REFERENCES : RESOLUTION_GOOD;
}
