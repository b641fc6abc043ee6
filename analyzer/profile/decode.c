#include "analyzer/profile/decode.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/idmap.h"
#include "analyzer/profile/legacy.h"
#include "analyzer/source/chunks.h"
#include "proto/inflate.h"
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
    uint64_t base;                 /* plain offset of `record` */
    const uint8_t *record;         /* the top-level field being read */
    size_t fields;                 /* top-level fields read so far */
    bool unreadable, concatenated; /* pprof stops there without trying other formats */

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

    /* Samples wait here until a batch is full. Their labels hold string indices, as in the file,
     * until the strings are known. */
    size_t pending;
    uint32_t *frames;
    size_t frame_starts[PROFILE_BATCH + 1], frame_cap;
    struct label *labels;
    size_t label_starts[PROFILE_BATCH + 1], label_cap;
    int64_t *values; /* width per sample, and room for one more */
    size_t value_cap;
    size_t width; /* values per sample, SIZE_MAX before the first */

    /* Where a reference leads nowhere: in message `guilty_index` of this field, or in its last. */
    int guilty_field;
    size_t guilty_index;
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

#define PUSH(array, cap, count, value)                                                             \
    ((array) = xgrow((array), &(cap), (count) + 1, sizeof *(array)), (array)[count] = (value))

/* Reads MESSAGE, whose fields 1 to COUNT are numbers, into NUMBERS[1] to NUMBERS[COUNT]. */
static int read_numbers(struct decoder *d, const struct wire_field *message, const char *what,
                        uint64_t *numbers, size_t count)
{
    const uint8_t *p = message->data, *end = p + message->len;
    memset(numbers, 0, (count + 1) * sizeof *numbers);
    while (p < end) {
        struct wire_field f;
        const uint8_t *at = p;
        p = wire_next(p, end, &f);
        if (!p)
            return refuse(d, at, "this %s is no valid message", what);
        if (f.number < 1 || f.number > count)
            continue;
        if (f.type != WIRE_VARINT)
            return refuse(d, at, "field %d of a %s is not a number", (int)f.number, what);
        numbers[f.number] = f.value;
    }
    return 0;
}

static int read_value_type(struct decoder *d, const struct wire_field *f, int64_t out[2])
{
    uint64_t n[3];
    if (read_numbers(d, f, "value type", n, 2))
        return -1;
    out[0] = (int64_t)n[1];
    out[1] = (int64_t)n[2];
    return 0;
}

static int read_mapping(struct decoder *d, const struct wire_field *f)
{
    uint64_t n[11];
    if (read_numbers(d, f, "mapping", n, 10))
        return -1;
    size_t i = d->p->mapping_count;
    PUSH(d->mapping_ids, d->mapping_id_cap, i, n[1]);
    d->mapping_strings =
        xgrow(d->mapping_strings, &d->mapping_string_cap, i + 1, sizeof *d->mapping_strings);
    d->mapping_strings[i][0] = (int64_t)n[5];
    d->mapping_strings[i][1] = (int64_t)n[6];
    profile_add_mapping(d->p, (struct mapping){
                                  .id = n[1],
                                  .start = n[2],
                                  .limit = n[3],
                                  .offset = n[4],
                                  .has_functions = n[7] != 0,
                                  .has_filenames = n[8] != 0,
                                  .has_line_numbers = n[9] != 0,
                                  .has_inline_frames = n[10] != 0,
                              });
    return 0;
}

static int read_function(struct decoder *d, const struct wire_field *f)
{
    uint64_t n[6];
    if (read_numbers(d, f, "function", n, 5))
        return -1;
    size_t i = d->p->function_count;
    PUSH(d->function_ids, d->function_id_cap, i, n[1]);
    d->function_strings =
        xgrow(d->function_strings, &d->function_string_cap, i + 1, sizeof *d->function_strings);
    for (int k = 0; k < 3; k++)
        d->function_strings[i][k] = (int64_t)n[2 + k];
    profile_add_function(d->p, (struct function){.start_line = (int64_t)n[5]});
    return 0;
}

static int read_line(struct decoder *d, const struct wire_field *message)
{
    struct profile *prof = d->p;
    uint64_t n[4];
    if (read_numbers(d, message, "line", n, 3))
        return -1;
    struct line line = {.line = (int64_t)n[2], .column = (int64_t)n[3]};
    PUSH(d->line_functions, d->line_function_cap, prof->line_count, n[1]);
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

/* String indices are kept in 31 bits until the table is known; larger ones cannot be good. */
static bool fits(int64_t index)
{
    return index >= 0 && index < INT32_MAX;
}

static int read_label(struct decoder *d, const struct wire_field *message, size_t *count)
{
    uint64_t n[5];
    if (read_numbers(d, message, "label", n, 4))
        return -1;
    int64_t key = (int64_t)n[1], str = (int64_t)n[2], number = (int64_t)n[3], unit = (int64_t)n[4];
    if (!fits(key) || !fits(str) || (!str && !fits(unit)))
        return refuse(d, message->data, "a label names a string that is not in the table");
    /* A label without a value is dropped in the end, but its key is checked first. */
    struct label l = str || (!number && !unit) ? label_text((strid)key, (strid)str)
                                               : label_number((strid)key, number, (strid)unit);
    PUSH(d->labels, d->label_cap, *count, l);
    ++*count;
    return 0;
}

static int read_frames(struct decoder *d, const struct wire_field *f, size_t *count)
{
    if (f->type == WIRE_VARINT) {
        uint32_t code = frame_code(d, f->value);
        PUSH(d->frames, d->frame_cap, *count, code);
        ++*count;
        return 0;
    }
    if (f->type != WIRE_BYTES)
        return refuse(d, d->record, "a sample's location ids are not numbers");
    /* At most one location per byte. */
    d->frames = xgrow(d->frames, &d->frame_cap, *count + f->len, sizeof *d->frames);
    uint32_t *out = d->frames + *count;
    for (const uint8_t *q = f->data, *stop = f->data + f->len; q < stop;) {
        uint64_t id;
        const uint8_t *here = q;
        q = wire_varint(q, stop, &id);
        if (!q)
            return refuse(d, here, "a sample's location ids end in half a number");
        *out++ = id < SPARSE_ID ? (uint32_t)id : frame_code(d, id);
    }
    *count = (size_t)(out - d->frames);
    return 0;
}

static int read_values(struct decoder *d, const struct wire_field *f, size_t *count)
{
    if (f->type == WIRE_VARINT) {
        PUSH(d->values, d->value_cap, *count, (int64_t)f->value);
        ++*count;
        return 0;
    }
    if (f->type != WIRE_BYTES)
        return refuse(d, d->record, "a sample's values are not numbers");
    for (const uint8_t *q = f->data, *stop = f->data + f->len; q < stop;) {
        uint64_t value;
        const uint8_t *here = q;
        q = wire_varint(q, stop, &value);
        if (!q)
            return refuse(d, here, "a sample's values end in half a number");
        PUSH(d->values, d->value_cap, *count, (int64_t)value);
        ++*count;
    }
    return 0;
}

/* The first sample says how many values they all have. */
static int check_width(struct decoder *d, const struct wire_field *message, size_t count)
{
    if (d->width == SIZE_MAX) {
        if (count > MOST_SAMPLE_TYPES)
            return refuse(d, message->data, "a sample has %zu values, more than %d", count,
                          (int)MOST_SAMPLE_TYPES);
        struct value_type *none = xcalloc(count + 1, sizeof *none);
        profile_set_sample_types(d->p, none, count);
        free(none);
        d->width = count;
    }
    if (count != d->width)
        return refuse(d, message->data, "a sample has %zu values where others have %zu", count,
                      d->width);
    return 0;
}

static void flush_samples(struct decoder *d)
{
    uint32_t stacks[PROFILE_BATCH], labelsets[PROFILE_BATCH];
    profile_add_stacks(d->p, d->frames, d->frame_starts, d->pending, stacks);
    profile_add_raw_labels(d->p, d->labels, d->label_starts, d->pending, labelsets);
    for (size_t i = 0; i < d->pending; i++)
        profile_add_sample(d->p, stacks[i], labelsets[i], d->values + i * d->width);
    d->pending = 0;
}

static int read_sample(struct decoder *d, const struct wire_field *message)
{
    size_t first_value = d->pending ? d->pending * d->width : 0, values = first_value;
    size_t frames = d->frame_starts[d->pending], labels = d->label_starts[d->pending];
    const uint8_t *p = message->data, *end = p + message->len;
    while (p < end) {
        struct wire_field f;
        const uint8_t *at = p;
        p = wire_next(p, end, &f);
        if (!p)
            return refuse(d, at, "this sample is no valid message");
        if (f.number == 1 && read_frames(d, &f, &frames))
            return -1;
        if (f.number == 2 && read_values(d, &f, &values))
            return -1;
        if (f.number == 3 && f.type != WIRE_BYTES)
            return refuse(d, at, "a sample's label is not a message");
        if (f.number == 3 && read_label(d, &f, &labels))
            return -1;
    }
    if (check_width(d, message, values - first_value))
        return -1;
    if (d->p->sample_count >= UINT32_MAX - 2 * PROFILE_BATCH)
        return refuse(d, message->data, "there are more samples than cpprof can number");
    d->frame_starts[++d->pending] = frames;
    d->label_starts[d->pending] = labels;
    if (d->pending == PROFILE_BATCH)
        flush_samples(d);
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

/* Deflate makes a thousand bytes out of one, and a message of two bytes takes fifty here. What is
 * in proportion to the file is taken, however much it is. */
static const uint64_t memory_floor = 512u << 20, memory_per_byte = 200;

static bool is_out_of_proportion(const struct decoder *d, uint64_t file_bytes)
{
    const struct profile *p = d->p;
    uint64_t sample = sizeof *p->sample_stack + sizeof *p->sample_labels +
                      p->sample_type_count * sizeof **p->values;
    uint64_t taken = p->sample_cap * sample + p->frame_cap * sizeof *p->frames +
                     p->stack_cap * sizeof *p->stacks + p->label_cap * sizeof *p->labels +
                     p->labelset_cap * sizeof *p->labelsets +
                     p->location_cap * sizeof *p->locations + p->line_cap * sizeof *p->lines +
                     p->mapping_cap * sizeof *p->mappings + p->function_cap * sizeof *p->functions +
                     d->string_cap * sizeof *d->strings + d->comment_cap * sizeof *d->comments;
    return taken > memory_floor && taken / memory_per_byte > file_bytes;
}

static int read_fields(struct decoder *d, struct chunks *chunks)
{
    struct window w = {0};
    int more;
    while ((more = chunks_more(chunks, &w, d->err)) > 0) {
        if (is_out_of_proportion(d, w.file_bytes)) {
            d->unreadable = true;
            return refuse(d, NULL, "it takes up more than %d times its size, as no profile does",
                          (int)memory_per_byte);
        }
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
        return refuse(d, w.p, "the profile is cut short in a field of which %zu bytes are there",
                      (size_t)(w.end - w.p));
    }
    d->unreadable = more < 0;
    d->record = NULL;
    d->base = w.end_offset;
    if (more == 0)
        flush_samples(d);
    return more;
}

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
        return refuse(d, NULL, "the profile ends without a string table");
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
    free(d->frames);
    free(d->values);
    free(d->labels);
}

/* Puts the byte offset of the guilty message before what ERR says. Few files need it, so they are
 * read a second time rather than every offset kept the first time. */
static void name_offset(struct decoder *d, struct source *s)
{
    struct window w = {0};
    struct error ignored;
    uint64_t offset = 0;
    size_t index = d->guilty_index;
    bool found = false;
    if (source_rewind(s, &ignored))
        return;
    struct chunks *chunks = chunks_new(s, NULL);
    while (!found && chunks_more(chunks, &w, &ignored) > 0) {
        while (w.p < w.end && !found) {
            size_t extent = wire_extent(w.p, w.end);
            struct wire_field f = {0};
            if (extent == 0 || extent > (size_t)(w.end - w.p))
                break;
            wire_next(w.p, w.end, &f);
            if (f.number == (uint64_t)d->guilty_field) {
                offset = window_offset(&w, w.p);
                /* Comments may come packed, several in a field. */
                size_t count = 1;
                if (f.number == FIELD_COMMENT && f.type == WIRE_BYTES)
                    for (size_t i = count = 0; i < f.len; i++)
                        count += f.data[i] < 0x80;
                found = index < count;
                index -= count;
            }
            w.p += extent;
        }
    }
    chunks_free(chunks);
    char where[40];
    snprintf(where, sizeof where, "byte %" PRIu64, offset);
    error_prefix(d->err, where);
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
        verdict = d->unreadable || d->concatenated ? VERDICT_BAD : VERDICT_TRY_LEGACY;
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
    if (d->guilty_field)
        name_offset(d, s);
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

static struct profile *read_legacy(struct source *s, struct error *err)
{
    if (source_rewind(s, err))
        return NULL;
    struct inflate *in = inflate_new(source_read, s);
    char *data = NULL;
    size_t cap = 0, len = 0;
    const char *why = NULL;
    ssize_t n;
    do {
        data = xgrow(data, &cap, len + 65536, 1);
        n = inflate_read(in, data + len, cap - len, &why);
        if (n > 0)
            len += (size_t)n;
    } while (n > 0 && len < legacy_limit);
    struct profile *p = NULL;
    if (n < 0)
        error_set(err, ERROR_DATA, "%s", why);
    else if (n == 0)
        p = legacy_parse(data, len, err);
    free(data);
    inflate_free(in);
    return p;
}

struct profile *profile_read(struct source *s, const struct progress *progress, struct error *err)
{
    struct profile *p = NULL;
    enum verdict verdict = decode(s, progress, &p, err);
    if (verdict == VERDICT_TRY_LEGACY) {
        /* What a legacy parser objects to only counts if the file is of its format. */
        struct error legacy_err = {0};
        p = read_legacy(s, &legacy_err);
        if (!p && legacy_err.kind)
            *err = legacy_err;
    }
    if (!p)
        error_prefix(err, source_name(s));
    return p;
}
