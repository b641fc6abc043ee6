#include "analyzer/profile/decode.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/idmap.h"
#include "analyzer/profile/legacy.h"
#include "analyzer/source/chunks.h"
#include "proto/inflate.h"
#include "proto/profile.pb-c.h"
#include "proto/wire.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    FIELD_SAMPLE_TYPE = 1,
    FIELD_SAMPLE = 2,
    FIELD_MAPPING = 3,
    FIELD_LOCATION = 4,
    FIELD_FUNCTION = 5,
    FIELD_STRING = 6,
    FIELD_DROP_FRAMES = 7,
    FIELD_KEEP_FRAMES = 8,
    FIELD_TIME_NANOS = 9,
    FIELD_DURATION_NANOS = 10,
    FIELD_PERIOD_TYPE = 11,
    FIELD_PERIOD = 12,
    FIELD_COMMENT = 13,
    FIELD_DEFAULT_SAMPLE_TYPE = 14,
    FIELD_DOC_URL = 15,
};

/* Far above what anybody collects, far below what would hurt. */
enum { MOST_SAMPLE_TYPES = 4096 };

/* Location ids go into the frame column as they are read, 32 bits each. Ids that do not fit are
 * numbered from here on. */
#define SPARSE_ID 0x80000000u

/* Everything the file names by id or by string index, until all of it is known. */
struct decoder {
    struct profile *p;
    struct error *err;
    uint64_t base;         /* plain offset of `record` */
    const uint8_t *record; /* the top-level field being read */
    size_t fields;         /* top-level fields read so far */
    bool concatenated;     /* pprof stops there without trying other formats */

    strid *strings; /* the file's string table */
    size_t string_count, string_cap;

    int64_t (*sample_types)[2];
    size_t sample_type_count, sample_type_cap;
    int64_t period_type[2];
    int64_t drop_frames, keep_frames, default_sample_type, doc_url;
    int64_t *comments;
    size_t comment_count, comment_cap;

    uint64_t *mapping_ids, *function_ids, *location_mappings, *line_functions;
    size_t mapping_id_cap, function_id_cap, location_mapping_cap, line_function_cap;
    int64_t (*mapping_strings)[2], (*function_strings)[3];
    size_t mapping_string_cap, function_string_cap;

    struct idmap sparse; /* location ids from SPARSE_ID on */
    uint64_t *sparse_ids;
    size_t sparse_count, sparse_cap;

    uint32_t *stack; /* scratch of one sample */
    size_t stack_cap;
    int64_t *values;
    size_t value_cap;
    struct raw_label {
        int64_t key, str, number, unit;
    } * labels;
    size_t label_cap;
    /* Label sets hold string indices until the strings are known: key and str as they are in the
     * file. The unit of a number is its str. */
    size_t width; /* values per sample, SIZE_MAX before the first */

    char scratch[4096]; /* protobuf-c unpacks into this */
    size_t scratch_used;
};

static int refuse(struct decoder *d, const uint8_t *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static int refuse(struct decoder *d, const uint8_t *at, const char *format, ...)
{
    char what[400];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    uint64_t offset = d->base + (at ? (uint64_t)(at - d->record) : 0);
    return error_set(d->err, ERROR_DATA, "byte %" PRIu64 ": %s", offset, what);
}

/* Messages are a few dozen bytes; the rare large one falls through to malloc. */
static void *scratch_alloc(void *context, size_t size)
{
    struct decoder *d = context;
    size = (size + 15) & ~(size_t)15;
    if (size > sizeof d->scratch - d->scratch_used)
        return malloc(size);
    void *p = d->scratch + d->scratch_used;
    d->scratch_used += size;
    return p;
}

static void scratch_free(void *context, void *p)
{
    struct decoder *d = context;
    if ((char *)p < d->scratch || (char *)p >= d->scratch + sizeof d->scratch)
        free(p);
}

static ProtobufCAllocator scratch_of(struct decoder *d)
{
    d->scratch_used = 0;
    return (ProtobufCAllocator){scratch_alloc, scratch_free, d};
}

#define PUSH(array, cap, count, value)                                                             \
    ((array) = xgrow((array), &(cap), (count) + 1, sizeof *(array)), (array)[count] = (value))

static int read_value_type(struct decoder *d, const struct wire_field *f, int64_t out[2])
{
    ProtobufCAllocator scratch = scratch_of(d);
    Perftools__Profiles__ValueType *m =
        perftools__profiles__value_type__unpack(&scratch, f->len, f->data);
    if (!m)
        return refuse(d, f->data, "this value type is no valid message");
    out[0] = m->type;
    out[1] = m->unit;
    perftools__profiles__value_type__free_unpacked(m, &scratch);
    return 0;
}

static int read_mapping(struct decoder *d, const struct wire_field *f)
{
    ProtobufCAllocator scratch = scratch_of(d);
    Perftools__Profiles__Mapping *m =
        perftools__profiles__mapping__unpack(&scratch, f->len, f->data);
    if (!m)
        return refuse(d, f->data, "this mapping is no valid message");
    size_t n = d->p->mapping_count;
    PUSH(d->mapping_ids, d->mapping_id_cap, n, m->id);
    d->mapping_strings =
        xgrow(d->mapping_strings, &d->mapping_string_cap, n + 1, sizeof *d->mapping_strings);
    d->mapping_strings[n][0] = m->filename;
    d->mapping_strings[n][1] = m->build_id;
    profile_add_mapping(d->p, (struct mapping){
                                  .id = m->id,
                                  .start = m->memory_start,
                                  .limit = m->memory_limit,
                                  .offset = m->file_offset,
                                  .has_functions = m->has_functions,
                                  .has_filenames = m->has_filenames,
                                  .has_line_numbers = m->has_line_numbers,
                                  .has_inline_frames = m->has_inline_frames,
                              });
    perftools__profiles__mapping__free_unpacked(m, &scratch);
    return 0;
}

static int read_function(struct decoder *d, const struct wire_field *f)
{
    ProtobufCAllocator scratch = scratch_of(d);
    Perftools__Profiles__Function *m =
        perftools__profiles__function__unpack(&scratch, f->len, f->data);
    if (!m)
        return refuse(d, f->data, "this function is no valid message");
    size_t n = d->p->function_count;
    PUSH(d->function_ids, d->function_id_cap, n, m->id);
    d->function_strings =
        xgrow(d->function_strings, &d->function_string_cap, n + 1, sizeof *d->function_strings);
    d->function_strings[n][0] = m->name;
    d->function_strings[n][1] = m->system_name;
    d->function_strings[n][2] = m->filename;
    profile_add_function(d->p, (struct function){.start_line = m->start_line});
    perftools__profiles__function__free_unpacked(m, &scratch);
    return 0;
}

static int read_line(struct decoder *d, const struct wire_field *message)
{
    struct line line = {0};
    uint64_t function = 0;
    const uint8_t *p = message->data, *end = p + message->len;
    while (p < end) {
        struct wire_field f;
        const uint8_t *at = p;
        p = wire_next(p, end, &f);
        if (!p)
            return refuse(d, at, "this line is no valid message");
        if (f.number < 1 || f.number > 3)
            continue;
        if (f.type != WIRE_VARINT)
            return refuse(d, at, "field %d of a line is not a number", (int)f.number);
        if (f.number == 1)
            function = f.value;
        else if (f.number == 2)
            line.line = (int64_t)f.value;
        else
            line.column = (int64_t)f.value;
    }
    struct profile *prof = d->p;
    PUSH(d->line_functions, d->line_function_cap, prof->line_count, function);
    PUSH(prof->lines, prof->line_cap, prof->line_count, line);
    prof->line_count++;
    return 0;
}

static int read_location(struct decoder *d, const struct wire_field *message)
{
    struct profile *prof = d->p;
    struct location l = {.mapping = NO_INDEX, .first_line = (uint32_t)prof->line_count};
    uint64_t mapping = 0;
    const uint8_t *p = message->data, *end = p + message->len;
    while (p < end) {
        struct wire_field f;
        const uint8_t *at = p;
        p = wire_next(p, end, &f);
        if (!p)
            return refuse(d, at, "this location is no valid message");
        if (f.number == 4) {
            if (f.type != WIRE_BYTES)
                return refuse(d, at, "a location's line is not a message");
            if (read_line(d, &f))
                return -1;
            l.line_count++;
            continue;
        }
        if (f.number < 1 || f.number > 5)
            continue;
        if (f.type != WIRE_VARINT)
            return refuse(d, at, "field %d of a location is not a number", (int)f.number);
        if (f.number == 1)
            l.id = f.value;
        else if (f.number == 2)
            mapping = f.value;
        else if (f.number == 3)
            l.address = f.value;
        else
            l.folded = f.value != 0;
    }
    size_t n = prof->location_count;
    if (n >= SPARSE_ID - 1 || prof->line_count >= UINT32_MAX)
        return refuse(d, message->data, "there are more locations than cpprof can number");
    PUSH(d->location_mappings, d->location_mapping_cap, n, mapping);
    PUSH(prof->locations, prof->location_cap, n, l);
    prof->location_count++;
    return 0;
}

static uint32_t frame_code(struct decoder *d, uint64_t id)
{
    if (id < SPARSE_ID)
        return (uint32_t)id;
    if (!d->sparse.dense)
        idmap_init(&d->sparse, 0);
    uint32_t code = idmap_get(&d->sparse, id);
    if (code == UINT32_MAX) {
        code = (uint32_t)d->sparse_count;
        idmap_put(&d->sparse, id, code);
        PUSH(d->sparse_ids, d->sparse_cap, d->sparse_count, id);
        d->sparse_count++;
    }
    return SPARSE_ID | code;
}

static int read_label(struct decoder *d, const struct wire_field *message, size_t *count)
{
    struct raw_label l = {0};
    const uint8_t *p = message->data, *end = p + message->len;
    while (p < end) {
        struct wire_field f;
        const uint8_t *at = p;
        p = wire_next(p, end, &f);
        if (!p)
            return refuse(d, at, "this label is no valid message");
        if (f.number < 1 || f.number > 4)
            continue;
        if (f.type != WIRE_VARINT)
            return refuse(d, at, "field %d of a label is not a number", (int)f.number);
        if (f.number == 1)
            l.key = (int64_t)f.value;
        else if (f.number == 2)
            l.str = (int64_t)f.value;
        else if (f.number == 3)
            l.number = (int64_t)f.value;
        else
            l.unit = (int64_t)f.value;
    }
    PUSH(d->labels, d->label_cap, *count, l);
    ++*count;
    return 0;
}

/* String indices are kept in 31 bits until the table is known; larger ones cannot be good. */
static bool fits(int64_t index)
{
    return index >= 0 && index < INT32_MAX;
}

static int read_sample(struct decoder *d, const struct wire_field *message)
{
    size_t depth = 0, value_count = 0, label_count = 0;
    const uint8_t *p = message->data, *end = p + message->len;
    while (p < end) {
        struct wire_field f;
        const uint8_t *at = p;
        p = wire_next(p, end, &f);
        if (!p)
            return refuse(d, at, "this sample is no valid message");
        switch (f.number) {
        case 1:
            if (f.type == WIRE_VARINT) {
                uint32_t code = frame_code(d, f.value);
                PUSH(d->stack, d->stack_cap, depth, code);
                depth++;
            } else if (f.type == WIRE_BYTES) {
                /* At most one location per byte. */
                d->stack = xgrow(d->stack, &d->stack_cap, depth + f.len, sizeof *d->stack);
                for (const uint8_t *q = f.data, *stop = f.data + f.len; q < stop;) {
                    uint64_t id;
                    const uint8_t *here = q;
                    q = wire_varint(q, stop, &id);
                    if (!q)
                        return refuse(d, here, "a sample's location ids end in half a number");
                    d->stack[depth++] = id < SPARSE_ID ? (uint32_t)id : frame_code(d, id);
                }
            } else {
                return refuse(d, at, "a sample's location ids are not numbers");
            }
            break;
        case 2:
            if (f.type == WIRE_VARINT) {
                PUSH(d->values, d->value_cap, value_count, (int64_t)f.value);
                value_count++;
            } else if (f.type == WIRE_BYTES) {
                for (const uint8_t *q = f.data, *stop = f.data + f.len; q < stop;) {
                    uint64_t value;
                    const uint8_t *here = q;
                    q = wire_varint(q, stop, &value);
                    if (!q)
                        return refuse(d, here, "a sample's values end in half a number");
                    PUSH(d->values, d->value_cap, value_count, (int64_t)value);
                    value_count++;
                }
            } else {
                return refuse(d, at, "a sample's values are not numbers");
            }
            break;
        case 3:
            if (f.type != WIRE_BYTES)
                return refuse(d, at, "a sample's label is not a message");
            if (read_label(d, &f, &label_count))
                return -1;
            break;
        default:
            break;
        }
    }

    struct profile *prof = d->p;
    if (d->width == SIZE_MAX) {
        if (value_count > MOST_SAMPLE_TYPES)
            return refuse(d, message->data, "a sample has %zu values, more than %d", value_count,
                          (int)MOST_SAMPLE_TYPES);
        struct value_type *none = xcalloc(value_count, sizeof *none);
        profile_set_sample_types(prof, none, value_count);
        free(none);
        d->width = value_count;
    }
    if (value_count != d->width)
        return refuse(d, message->data, "a sample has %zu values where others have %zu",
                      value_count, d->width);
    if (prof->sample_count >= UINT32_MAX - 1)
        return refuse(d, message->data, "there are more samples than cpprof can number");

    struct label set[16];
    struct label *labels = label_count <= 16 ? set : xmalloc(label_count * sizeof *labels);
    size_t kept = 0;
    for (size_t i = 0; i < label_count; i++) {
        struct raw_label l = d->labels[i];
        if (!fits(l.key) || !fits(l.str) || (!l.str && !fits(l.unit))) {
            if (labels != set)
                free(labels);
            return refuse(d, message->data, "a label names a string that is not in the table");
        }
        if (l.str)
            labels[kept++] = label_text((strid)l.key, (strid)l.str);
        else if (l.number || l.unit)
            labels[kept++] = label_number((strid)l.key, l.number, (strid)l.unit);
        else if (l.key)
            /* An empty label is dropped, but its key is still checked. */
            labels[kept++] = label_text((strid)l.key, 0);
    }
    uint32_t stack = profile_add_stack(prof, d->stack, depth);
    uint32_t labelset = kept ? profile_add_raw_labels(prof, labels, kept) : 0;
    if (labels != set)
        free(labels);
    profile_add_sample(prof, stack, labelset, d->values);
    return 0;
}

static int read_string(struct decoder *d, const struct wire_field *f)
{
    if (d->string_count == 0 && f->len)
        return refuse(d, f->data, "the first string of the table is not empty");
    if (d->string_count >= INT32_MAX)
        return refuse(d, f->data, "there are more strings than cpprof can number");
    strid id = strtab_add(&d->p->strings, (const char *)f->data, f->len);
    PUSH(d->strings, d->string_cap, d->string_count, id);
    d->string_count++;
    return 0;
}

static int read_number(struct decoder *d, const struct wire_field *f, int64_t *out)
{
    if (f->type != WIRE_VARINT)
        return refuse(d, d->record, "field %d of the profile is not a number", (int)f->number);
    *out = (int64_t)f->value;
    return 0;
}

static int read_comments(struct decoder *d, const struct wire_field *f)
{
    if (f->type == WIRE_VARINT) {
        PUSH(d->comments, d->comment_cap, d->comment_count, (int64_t)f->value);
        d->comment_count++;
        return 0;
    }
    if (f->type != WIRE_BYTES)
        return refuse(d, d->record, "the profile's comments are not numbers");
    for (const uint8_t *q = f->data, *stop = f->data + f->len; q < stop;) {
        uint64_t value;
        const uint8_t *here = q;
        q = wire_varint(q, stop, &value);
        if (!q)
            return refuse(d, here, "the profile's comments end in half a number");
        PUSH(d->comments, d->comment_cap, d->comment_count, (int64_t)value);
        d->comment_count++;
    }
    return 0;
}

static int read_field(struct decoder *d, const struct wire_field *f)
{
    struct profile *p = d->p;
    bool is_message = f->number <= FIELD_STRING || f->number == FIELD_PERIOD_TYPE;
    if (f->number >= 1 && is_message && f->type != WIRE_BYTES)
        return refuse(d, d->record, "field %d of the profile is not a message", (int)f->number);
    switch (f->number) {
    case FIELD_SAMPLE_TYPE: {
        int64_t type[2];
        if (read_value_type(d, f, type))
            return -1;
        if (d->sample_type_count >= MOST_SAMPLE_TYPES)
            return refuse(d, d->record, "there are more than %d sample types",
                          (int)MOST_SAMPLE_TYPES);
        d->sample_types = xgrow(d->sample_types, &d->sample_type_cap, d->sample_type_count + 1,
                                sizeof *d->sample_types);
        memcpy(d->sample_types[d->sample_type_count++], type, sizeof type);
        return 0;
    }
    case FIELD_SAMPLE:
        return read_sample(d, f);
    case FIELD_MAPPING:
        return read_mapping(d, f);
    case FIELD_LOCATION:
        return read_location(d, f);
    case FIELD_FUNCTION:
        return read_function(d, f);
    case FIELD_STRING:
        return read_string(d, f);
    case FIELD_DROP_FRAMES:
        return read_number(d, f, &d->drop_frames);
    case FIELD_KEEP_FRAMES:
        return read_number(d, f, &d->keep_frames);
    case FIELD_TIME_NANOS:
        if (p->time_nanos) {
            d->concatenated = true;
            return refuse(d, d->record, "a second profile begins here; give each its own file");
        }
        return read_number(d, f, &p->time_nanos);
    case FIELD_DURATION_NANOS:
        return read_number(d, f, &p->duration_nanos);
    case FIELD_PERIOD_TYPE:
        return read_value_type(d, f, d->period_type);
    case FIELD_PERIOD:
        return read_number(d, f, &p->period);
    case FIELD_COMMENT:
        return read_comments(d, f);
    case FIELD_DEFAULT_SAMPLE_TYPE:
        return read_number(d, f, &d->default_sample_type);
    case FIELD_DOC_URL:
        return read_number(d, f, &d->doc_url);
    default:
        return 0; /* fields of a later schema are skipped */
    }
}

static int read_fields(struct decoder *d, struct chunks *chunks)
{
    struct window w = {0};
    int more;
    while ((more = chunks_more(chunks, &w, d->err)) > 0) {
        while (w.p < w.end) {
            size_t extent = wire_extent(w.p, w.end);
            if (extent == 0 || extent > (size_t)(w.end - w.p)) {
                if (extent != SIZE_MAX)
                    break; /* the rest of it is in the next chunk */
            }
            struct wire_field f;
            d->record = w.p;
            d->base = window_offset(&w, w.p);
            const uint8_t *next = wire_next(w.p, w.end, &f);
            if (!next)
                return refuse(d, w.p, "these bytes are not a field of a profile");
            if (read_field(d, &f))
                return -1;
            d->fields++;
            w.p = next;
        }
    }
    if (more == 0 && w.p < w.end) {
        d->record = w.p;
        d->base = window_offset(&w, w.p);
        return refuse(d, w.p, "the profile is cut short in a field of %zu bytes",
                      wire_extent(w.p, w.end));
    }
    if (more == 0)
        d->base = w.end_offset;
    return more;
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
    for (size_t i = 0; i < p->mapping_count; i++)
        if (resolve_string(d, d->mapping_strings[i][0], "a mapping's file", &p->mappings[i].file) ||
            resolve_string(d, d->mapping_strings[i][1], "a mapping's build id",
                           &p->mappings[i].build_id))
            return -1;
    for (size_t i = 0; i < p->function_count; i++) {
        struct function *f = &p->functions[i];
        if (resolve_string(d, d->function_strings[i][0], "a function's name", &f->name) ||
            resolve_string(d, d->function_strings[i][1], "a function's system name",
                           &f->system_name) ||
            resolve_string(d, d->function_strings[i][2], "a function's file", &f->filename))
            return -1;
    }
    for (size_t i = 0; i < d->comment_count; i++) {
        strid comment = 0;
        if (resolve_string(d, d->comments[i], "a comment", &comment))
            return -1;
        profile_add_comment(p, comment);
    }
    return resolve_string(d, d->drop_frames, "drop_frames", &p->drop_frames) ||
                   resolve_string(d, d->keep_frames, "keep_frames", &p->keep_frames) ||
                   resolve_string(d, d->default_sample_type, "the default sample type",
                                  &p->default_sample_type) ||
                   resolve_string(d, d->doc_url, "the documentation's address", &p->doc_url) ||
                   resolve_string(d, d->period_type[0], "the period's type",
                                  &p->period_type.type) ||
                   resolve_string(d, d->period_type[1], "the period's unit", &p->period_type.unit)
               ? -1
               : 0;
}

static int resolve_sample_types(struct decoder *d)
{
    struct profile *p = d->p;
    struct value_type *types = xcalloc(d->sample_type_count, sizeof *types);
    int rc = 0;
    for (size_t i = 0; i < d->sample_type_count && !rc; i++)
        rc =
            resolve_string(d, d->sample_types[i][0], "a sample type", &types[i].type) ||
                    resolve_string(d, d->sample_types[i][1], "a sample type's unit", &types[i].unit)
                ? -1
                : 0;
    if (!rc && d->width == SIZE_MAX)
        profile_set_sample_types(p, types, d->sample_type_count);
    else if (!rc && d->sample_type_count == 0)
        rc = error_set(d->err, ERROR_DATA, "there are samples but no sample types");
    else if (!rc && d->sample_type_count != d->width)
        rc =
            error_set(d->err, ERROR_DATA, "a sample has %zu values, but there are %zu sample types",
                      d->width, d->sample_type_count);
    else if (!rc)
        memcpy(p->sample_types, types, d->sample_type_count * sizeof *types);
    free(types);
    return rc;
}

/* Labels were collected by the file's string indices; gives them their strings and their order. */
static int resolve_labels(struct decoder *d)
{
    struct profile *p = d->p;
    if (p->labelset_count <= 1)
        return 0;
    struct label *raw = p->labels;
    struct labelset *sets = p->labelsets;
    size_t set_count = p->labelset_count;
    uint32_t *renamed = xmalloc(set_count * sizeof *renamed);
    struct label *scratch = NULL;
    size_t scratch_cap = 0;
    int rc = 0;

    profile_clear_labels(p);
    for (size_t i = 0; i < set_count && !rc; i++) {
        size_t kept = 0;
        scratch = xgrow(scratch, &scratch_cap, sets[i].count + 1, sizeof *scratch);
        for (uint32_t k = 0; k < sets[i].count && !rc; k++) {
            struct label l = raw[sets[i].first + k];
            strid key = 0, str = 0;
            rc = resolve_string(d, l.key, "a label's key", &key) ||
                         resolve_string(d, l.str, "a label's text or unit", &str)
                     ? -1
                     : 0;
            if (rc)
                break;
            if (!l.is_number && !l.str)
                continue;
            l.key = key & 0x7FFFFFFF;
            l.str = str;
            scratch[kept++] = l;
        }
        if (!rc)
            renamed[i] = profile_add_labels(p, scratch, kept);
    }
    for (size_t i = 0; i < p->sample_count && !rc; i++)
        p->sample_labels[i] = renamed[p->sample_labels[i]];
    free(raw);
    free(sets);
    free(scratch);
    free(renamed);
    return rc;
}

static int number_ids(struct decoder *d, struct idmap *map, const uint64_t *ids, size_t count,
                      const char *what)
{
    idmap_init(map, count);
    for (size_t i = 0; i < count; i++) {
        if (ids[i] == 0)
            return error_set(d->err, ERROR_DATA, "%s %zu has the reserved id 0", what, i + 1);
        if (!idmap_put(map, ids[i], (uint32_t)i))
            return error_set(d->err, ERROR_DATA, "two %ss have the id %" PRIu64, what, ids[i]);
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
    if (number_ids(d, &mappings, d->mapping_ids, p->mapping_count, "mapping") ||
        number_ids(d, &functions, d->function_ids, p->function_count, "function") ||
        number_ids(d, &locations, location_ids, p->location_count, "location"))
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

static void decoder_release(struct decoder *d)
{
    free(d->strings);
    free(d->sample_types);
    free(d->comments);
    free(d->mapping_ids);
    free(d->function_ids);
    free(d->location_mappings);
    free(d->line_functions);
    free(d->mapping_strings);
    free(d->function_strings);
    idmap_release(&d->sparse);
    free(d->sparse_ids);
    free(d->stack);
    free(d->values);
    free(d->labels);
}

enum verdict { VERDICT_GOOD, VERDICT_TRY_LEGACY, VERDICT_BAD };

static enum verdict decode(struct source *s, const struct progress *progress, struct profile **out,
                           struct error *err)
{
    struct decoder *d = xcalloc(1, sizeof *d);
    struct chunks *chunks = chunks_new(s, progress);
    enum verdict verdict = VERDICT_BAD;
    d->p = profile_new();
    d->err = err;
    d->width = SIZE_MAX;

    int rc = read_fields(d, chunks);
    chunks_free(chunks);
    if (rc == 0 && d->base == 0) {
        error_set(err, ERROR_DATA, "it is empty");
        goto out;
    }
    if (rc) {
        /* err names the offset if the bytes are at fault, the source if it cannot be read. */
        verdict = d->record && !d->concatenated ? VERDICT_TRY_LEGACY : VERDICT_BAD;
        goto out;
    }
    if (resolve_strings(d) || resolve_labels(d)) {
        verdict = VERDICT_TRY_LEGACY;
        goto out;
    }
    if (resolve_sample_types(d) || resolve_ids(d))
        goto out;
    verdict = VERDICT_GOOD;
out:
    if (verdict == VERDICT_GOOD)
        *out = d->p;
    else
        profile_free(d->p);
    decoder_release(d);
    free(d);
    return verdict;
}

/* Legacy formats are small; a larger file that is no profile.proto is none of them. */
static const size_t legacy_limit = (size_t)1 << 30;

static char *read_all(struct source *s, size_t *len, struct error *err)
{
    struct inflate *in = inflate_new(source_read, s);
    char *data = NULL;
    size_t cap = 0;
    *len = 0;
    const char *why = NULL;
    ssize_t n;
    do {
        data = xgrow(data, &cap, *len + 65536, 1);
        n = inflate_read(in, data + *len, cap - *len, &why);
        if (n > 0)
            *len += (size_t)n;
    } while (n > 0 && *len < legacy_limit);
    if (n != 0) {
        error_set(err, ERROR_DATA, "%s", n < 0 ? why : "it is too large for a legacy format");
        free(data);
        data = NULL;
    }
    inflate_free(in);
    return data;
}

struct profile *profile_read(struct source *s, const struct progress *progress, struct error *err)
{
    struct profile *p = NULL;
    struct error proto_err = {0}, legacy_err = {0};
    enum verdict verdict = decode(s, progress, &p, &proto_err);
    if (verdict == VERDICT_TRY_LEGACY && source_rewind(s, &legacy_err) == 0) {
        size_t len;
        char *data = read_all(s, &len, &legacy_err);
        if (data)
            p = legacy_parse(data, len, &legacy_err);
        free(data);
    }
    if (p)
        return p;
    *err = proto_err;
    error_prefix(err, source_name(s));
    return NULL;
}
