#include "analyzer/profile/encode.h"

#include "analyzer/base/alloc.h"
#include "proto/deflate.h"
#include "proto/profile.pb-c.h"

#include <stdlib.h>
#include <string.h>

enum { PIECE = 256 * 1024 };

struct encoder {
    const struct profile *p;
    struct deflate *deflate;
    int rc; /* of the sink; not 0: stop */
    uint8_t *out;
    size_t len, cap;
    /* The file's string table: only what is used, in the order it is used. */
    uint32_t *index; /* per string: place + 1 */
    strid *strings;
    size_t string_count;
    uint64_t *ids; /* scratch */
    size_t id_cap;
    uint64_t *location_ids; /* per location; NULL: its index plus one, as in most profiles */
};

/* Mappings and locations keep the ids they were read with. */
static void find_location_ids(struct encoder *e)
{
    const struct profile *p = e->p;
    size_t i = 0;
    while (i < p->location_count && p->locations[i].id == i + 1)
        i++;
    if (i == p->location_count)
        return;
    e->location_ids = xcalloc(p->location_count, sizeof *e->location_ids);
    for (i = 0; i < p->location_count; i++)
        e->location_ids[i] = p->locations[i].id;
}

static uint64_t location_id(const struct encoder *e, uint32_t index)
{
    return e->location_ids ? e->location_ids[index] : (uint64_t)index + 1;
}

static int64_t string_index(struct encoder *e, strid id)
{
    if (!e->index[id]) {
        e->strings[e->string_count++] = id;
        e->index[id] = (uint32_t)e->string_count;
    }
    return e->index[id] - 1;
}

static void flush(struct encoder *e)
{
    if (!e->rc && e->len)
        e->rc = deflate_write(e->deflate, e->out, e->len);
    e->len = 0;
}

static uint8_t *reserve(struct encoder *e, size_t more)
{
    if (e->len + more > PIECE)
        flush(e);
    e->out = xgrow(e->out, &e->cap, e->len + more, 1);
    return e->out + e->len;
}

static void put_varint(struct encoder *e, uint64_t v)
{
    uint8_t *p = reserve(e, 10), *start = p;
    while (v >= 0x80) {
        *p++ = (uint8_t)(v | 0x80);
        v >>= 7;
    }
    *p++ = (uint8_t)v;
    e->len += (size_t)(p - start);
}

/* A message as a field of the profile. */
static void put_message(struct encoder *e, int field, const ProtobufCMessage *m)
{
    size_t size = protobuf_c_message_get_packed_size(m);
    put_varint(e, (uint64_t)field << 3 | 2);
    put_varint(e, size);
    protobuf_c_message_pack(m, reserve(e, size));
    e->len += size;
}

static void put_value_type(struct encoder *e, int field, struct value_type t)
{
    Perftools__Profiles__ValueType m = PERFTOOLS__PROFILES__VALUE_TYPE__INIT;
    m.type = string_index(e, t.type);
    m.unit = string_index(e, t.unit);
    put_message(e, field, &m.base);
}

static void put_samples(struct encoder *e)
{
    const struct profile *p = e->p;
    Perftools__Profiles__Sample m = PERFTOOLS__PROFILES__SAMPLE__INIT;
    int64_t *values = xcalloc(p->sample_type_count + 1, sizeof *values);
    Perftools__Profiles__Label *labels = NULL, **label_pointers = NULL;
    size_t label_cap = 0, pointer_cap = 0;
    m.n_value = p->sample_type_count;
    m.value = values;
    for (size_t i = 0; i < p->sample_count && !e->rc; i++) {
        struct stack s = p->stacks[p->sample_stack[i]];
        struct labelset set = p->labelsets[p->sample_labels[i]];
        e->ids = xgrow(e->ids, &e->id_cap, s.count + 1, sizeof *e->ids);
        for (uint32_t k = 0; k < s.count; k++)
            e->ids[k] = location_id(e, p->frames[s.first + k]);
        for (size_t t = 0; t < p->sample_type_count; t++)
            values[t] = p->values[t][i];
        labels = xgrow(labels, &label_cap, set.count + 1, sizeof *labels);
        label_pointers = xgrow(label_pointers, &pointer_cap, set.count + 1, sizeof *label_pointers);
        for (uint32_t k = 0; k < set.count; k++) {
            const struct label *l = &p->labels[set.first + k];
            perftools__profiles__label__init(&labels[k]);
            labels[k].key = string_index(e, l->key);
            if (l->is_number) {
                labels[k].num = l->number;
                labels[k].num_unit = string_index(e, l->str);
            } else {
                labels[k].str = string_index(e, l->str);
            }
            label_pointers[k] = &labels[k];
        }
        m.n_location_id = s.count;
        m.location_id = e->ids;
        m.n_label = set.count;
        m.label = label_pointers;
        put_message(e, 2, &m.base);
    }
    free(values);
    free(labels);
    free(label_pointers);
}

static void put_mappings(struct encoder *e)
{
    for (size_t i = 0; i < e->p->mapping_count; i++) {
        const struct mapping *mapping = &e->p->mappings[i];
        Perftools__Profiles__Mapping m = PERFTOOLS__PROFILES__MAPPING__INIT;
        m.id = mapping->id;
        m.memory_start = mapping->start;
        m.memory_limit = mapping->limit;
        m.file_offset = mapping->offset;
        m.filename = string_index(e, mapping->file);
        m.build_id = string_index(e, mapping->build_id);
        m.has_functions = mapping->has_functions;
        m.has_filenames = mapping->has_filenames;
        m.has_line_numbers = mapping->has_line_numbers;
        m.has_inline_frames = mapping->has_inline_frames;
        put_message(e, 3, &m.base);
    }
}

static void put_locations(struct encoder *e)
{
    const struct profile *p = e->p;
    Perftools__Profiles__Line *lines = NULL, **pointers = NULL;
    size_t line_cap = 0, pointer_cap = 0;
    for (size_t i = 0; i < p->location_count && !e->rc; i++) {
        const struct location *l = &p->locations[i];
        Perftools__Profiles__Location m = PERFTOOLS__PROFILES__LOCATION__INIT;
        lines = xgrow(lines, &line_cap, l->line_count + 1, sizeof *lines);
        pointers = xgrow(pointers, &pointer_cap, l->line_count + 1, sizeof *pointers);
        for (uint32_t k = 0; k < l->line_count; k++) {
            const struct line *line = &p->lines[l->first_line + k];
            perftools__profiles__line__init(&lines[k]);
            lines[k].function_id = (uint64_t)line->function + 1;
            lines[k].line = line->line;
            lines[k].column = line->column;
            pointers[k] = &lines[k];
        }
        m.id = l->id;
        m.mapping_id = l->mapping == NO_INDEX ? 0 : p->mappings[l->mapping].id;
        m.address = l->address;
        m.n_line = l->line_count;
        m.line = pointers;
        m.is_folded = l->folded;
        put_message(e, 4, &m.base);
    }
    free(lines);
    free(pointers);
}

static void put_functions(struct encoder *e)
{
    for (size_t i = 0; i < e->p->function_count && !e->rc; i++) {
        const struct function *f = &e->p->functions[i];
        Perftools__Profiles__Function m = PERFTOOLS__PROFILES__FUNCTION__INIT;
        m.id = i + 1;
        m.name = string_index(e, f->name);
        m.system_name = string_index(e, f->system_name);
        m.filename = string_index(e, f->filename);
        m.start_line = f->start_line;
        put_message(e, 5, &m.base);
    }
}

/* The scalar fields, then the strings that everything before has named. */
static void put_rest(struct encoder *e)
{
    const struct profile *p = e->p;
    Perftools__Profiles__Profile m = PERFTOOLS__PROFILES__PROFILE__INIT;
    int64_t *comments = xcalloc(p->comment_count + 1, sizeof *comments);
    for (size_t i = 0; i < p->comment_count; i++)
        comments[i] = string_index(e, p->comments[i]);
    m.drop_frames = string_index(e, p->drop_frames);
    m.keep_frames = string_index(e, p->keep_frames);
    m.time_nanos = p->time_nanos;
    m.duration_nanos = p->duration_nanos;
    m.period = p->period;
    m.n_comment = p->comment_count;
    m.comment = comments;
    m.default_sample_type = string_index(e, p->default_sample_type);
    m.doc_url = string_index(e, p->doc_url);
    size_t size = protobuf_c_message_get_packed_size(&m.base);
    protobuf_c_message_pack(&m.base, reserve(e, size));
    e->len += size;
    free(comments);
    if (p->period_type.type || p->period_type.unit)
        put_value_type(e, 11, p->period_type);

    for (size_t i = 0; i < e->string_count && !e->rc; i++) {
        struct str s = profile_str(p, e->strings[i]);
        put_varint(e, 6 << 3 | 2);
        put_varint(e, s.len);
        memcpy(reserve(e, s.len), s.ptr, s.len);
        e->len += s.len;
    }
}

int profile_encode(const struct profile *p, encode_sink *sink, void *context)
{
    struct encoder e = {.p = p, .deflate = deflate_new(sink, context)};
    if (!e.deflate)
        return -1;
    e.index = xcalloc(p->strings.count + 1, sizeof *e.index);
    e.strings = xcalloc(p->strings.count + 1, sizeof *e.strings);
    string_index(&e, 0);
    find_location_ids(&e);
    for (size_t t = 0; t < p->sample_type_count; t++)
        put_value_type(&e, 1, p->sample_types[t]);
    put_samples(&e);
    put_mappings(&e);
    put_locations(&e);
    put_functions(&e);
    put_rest(&e);
    flush(&e);
    int end = deflate_finish(e.deflate);
    free(e.out);
    free(e.index);
    free(e.strings);
    free(e.ids);
    free(e.location_ids);
    return e.rc ? e.rc : end;
}
