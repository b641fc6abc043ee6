#include "analyzer/profile/decoder.h"

#include "analyzer/base/alloc.h"
#include "proto/wire.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Far above what anybody collects, far below what would hurt. */
enum { MOST_SAMPLE_TYPES = 4096 };

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

int decoder_read_fields(struct decoder *d, struct chunks *chunks)
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
