#include "collector/builder_data.h"
#include "collector/grow.h"
#include "proto/profile.pb-c.h"

#include <stdlib.h>

/* The messages protobuf-c packs, in few allocations. */

typedef Perftools__Profiles__Profile profile_message;
typedef Perftools__Profiles__ValueType type_message;
typedef Perftools__Profiles__Sample sample_message;
typedef Perftools__Profiles__Label label_message;
typedef Perftools__Profiles__Mapping mapping_message;
typedef Perftools__Profiles__Location location_message;
typedef Perftools__Profiles__Line line_message;
typedef Perftools__Profiles__Function function_message;

/* Memory that is freed as a whole once the profile is packed. */
struct scratch {
    ARRAY(void *) blocks;
    char *next; /* of the latest block, what is free */
    size_t left;
    bool no_memory;
};

static void *scratch_alloc(struct scratch *s, size_t count, size_t size)
{
    void *block = calloc(count ? count : 1, size);
    if (!block || !grow(&s->blocks.items, &s->blocks.cap, s->blocks.count + 1, sizeof(void *))) {
        free(block);
        s->no_memory = true;
        return NULL;
    }
    s->blocks.items[s->blocks.count++] = block;
    return block;
}

/* Small pieces out of larger blocks. */
static void *scratch_take(struct scratch *s, size_t size)
{
    enum { BLOCK = 65536 };
    size = (size + 15) & ~(size_t)15;
    if (size > s->left) {
        s->next = scratch_alloc(s, size > BLOCK ? size : BLOCK, 1);
        s->left = s->no_memory ? 0 : size > BLOCK ? size : BLOCK;
        if (s->no_memory)
            return NULL;
    }
    void *piece = s->next;
    s->next += size;
    s->left -= size;
    return piece;
}

static void scratch_release(struct scratch *s)
{
    for (size_t i = 0; i < s->blocks.count; i++)
        free(s->blocks.items[i]);
    free(s->blocks.items);
}

/* COUNT messages of TYPE and an array of pointers to them, which is what protobuf-c wants. */
#define MESSAGES(s, type, count, pointers)                                                         \
    messages_alloc(s, count, sizeof(type), (void ***)(pointers))

static void *messages_alloc(struct scratch *s, size_t count, size_t size, void ***pointers)
{
    char *messages = scratch_alloc(s, count, size);
    *pointers = scratch_alloc(s, count, sizeof(void *));
    for (size_t i = 0; i < count && !s->no_memory; i++)
        (*pointers)[i] = messages + i * size;
    return messages;
}

static void encode_type(type_message *to, struct value_type from)
{
    perftools__profiles__value_type__init(to);
    to->type = from.type;
    to->unit = from.unit;
}

static void encode_label(label_message *to, const struct label *from)
{
    perftools__profiles__label__init(to);
    to->key = from->key;
    if (from->is_number) {
        to->num = from->number;
        to->num_unit = from->text;
    } else {
        to->str = from->text;
    }
}

/* Is any of the sample's values not 0? */
static bool has_value(const struct cpprof_builder *b, size_t sample)
{
    for (size_t i = 0; i < b->types.count; i++)
        if (b->values.items[sample * b->types.count + i])
            return true;
    return false;
}

static void encode_sample(const struct cpprof_builder *b, sample_message *to, uint32_t sample,
                          struct scratch *s)
{
    const struct sample *from = &b->samples.items[sample];
    perftools__profiles__sample__init(to);
    to->location_id = scratch_take(s, from->frame_count * sizeof *to->location_id);
    to->label = scratch_take(s, from->label_count * sizeof *to->label);
    label_message *labels = scratch_take(s, from->label_count * sizeof *labels);
    if (s->no_memory)
        return;
    to->n_location_id = from->frame_count;
    for (uint32_t i = 0; i < from->frame_count; i++)
        to->location_id[i] = (uint64_t)b->frames.items[from->frames + i] + 1;
    to->n_value = b->types.count;
    to->value = b->values.items + sample * b->types.count;
    to->n_label = from->label_count;
    for (uint32_t i = 0; i < from->label_count; i++) {
        to->label[i] = &labels[i];
        encode_label(&labels[i], &b->labels.items[from->labels + i]);
    }
}

/* All samples that have a value, or with TOUCHED only those that may. */
static void encode_samples(const struct cpprof_builder *b, bool touched, profile_message *p,
                           struct scratch *s)
{
    size_t count = touched ? b->touched.count : b->samples.count;
    sample_message *samples = MESSAGES(s, sample_message, count, &p->sample);
    for (size_t i = 0; i < count && !s->no_memory; i++) {
        uint32_t sample = touched ? b->touched.items[i] : (uint32_t)i;
        if (has_value(b, sample))
            encode_sample(b, &samples[p->n_sample++], sample, s);
    }
}

static void encode_locations(const struct cpprof_builder *b, size_t first, profile_message *p,
                             struct scratch *s)
{
    size_t count = b->locations.count - first;
    location_message *locations = MESSAGES(s, location_message, count, &p->location);
    line_message **lines;
    line_message *line = MESSAGES(s, line_message, count, &lines);
    if (s->no_memory)
        return;
    p->n_location = count;
    for (size_t i = 0; i < count; i++) {
        const struct location *from = &b->locations.items[first + i];
        perftools__profiles__location__init(&locations[i]);
        locations[i].id = first + i + 1;
        locations[i].address = from->address;
        locations[i].mapping_id = from->mapping == INDEX_NONE ? 0 : from->mapping + 1;
        if (from->function == INDEX_NONE)
            continue;
        perftools__profiles__line__init(&line[i]);
        line[i].function_id = (uint64_t)from->function + 1;
        line[i].line = from->line;
        locations[i].n_line = 1;
        locations[i].line = lines + i;
    }
}

static void encode_functions(const struct cpprof_builder *b, size_t first, profile_message *p,
                             struct scratch *s)
{
    size_t count = b->functions.count - first;
    function_message *functions = MESSAGES(s, function_message, count, &p->function);
    if (s->no_memory)
        return;
    p->n_function = count;
    for (size_t i = 0; i < count; i++) {
        const struct function *from = &b->functions.items[first + i];
        perftools__profiles__function__init(&functions[i]);
        functions[i].id = first + i + 1;
        functions[i].name = functions[i].system_name = from->name;
        functions[i].filename = from->file;
    }
}

static void encode_mappings(const struct cpprof_builder *b, size_t first, profile_message *p,
                            struct scratch *s)
{
    size_t count = b->mappings.count - first;
    mapping_message *mappings = MESSAGES(s, mapping_message, count, &p->mapping);
    if (s->no_memory)
        return;
    p->n_mapping = count;
    for (size_t i = 0; i < count; i++) {
        const struct mapping *from = &b->mappings.items[first + i];
        perftools__profiles__mapping__init(&mappings[i]);
        mappings[i].id = first + i + 1;
        mappings[i].memory_start = from->start;
        mappings[i].memory_limit = from->limit;
        mappings[i].file_offset = from->offset;
        mappings[i].filename = from->file;
        mappings[i].build_id = from->build_id;
    }
}

static void encode_strings(const struct cpprof_builder *b, const struct written *have,
                           profile_message *p, struct scratch *s)
{
    char **strings = scratch_alloc(s, b->strings.count, sizeof *strings);
    int64_t *comments = scratch_alloc(s, b->comments.count, sizeof *comments);
    if (s->no_memory)
        return;
    p->string_table = strings;
    for (size_t i = have->strings; i < b->strings.count; i++)
        strings[p->n_string_table++] =
            b->strings.items[i].len ? b->text.items + b->strings.items[i].at : "";
    p->comment = comments;
    for (size_t i = have->comments; i < b->comments.count; i++)
        comments[p->n_comment++] = b->comments.items[i];
}

static void encode_types(const struct cpprof_builder *b, profile_message *p, struct scratch *s)
{
    type_message *types = MESSAGES(s, type_message, b->types.count, &p->sample_type);
    type_message *period = scratch_alloc(s, 1, sizeof *period);
    if (s->no_memory)
        return;
    for (size_t i = 0; i < b->types.count; i++)
        encode_type(&types[i], b->types.items[i]);
    p->n_sample_type = b->types.count;
    if (b->period_type.type) {
        encode_type(period, b->period_type);
        p->period_type = period;
    }
    p->period = b->period;
    p->time_nanos = b->time_nanos;
    p->default_sample_type = b->default_type;
}

unsigned char *builder_encode(const struct cpprof_builder *b, const struct written *have,
                              bool touched, size_t *len)
{
    struct scratch s = {0};
    profile_message p = PERFTOOLS__PROFILES__PROFILE__INIT;
    unsigned char *bytes = NULL;
    encode_strings(b, have, &p, &s);
    if (!have->header)
        encode_types(b, &p, &s);
    p.duration_nanos = b->duration_nanos;
    encode_samples(b, touched, &p, &s);
    encode_locations(b, have->locations, &p, &s);
    encode_functions(b, have->functions, &p, &s);
    encode_mappings(b, have->mappings, &p, &s);
    if (!s.no_memory && !b->error) {
        *len = perftools__profiles__profile__get_packed_size(&p);
        bytes = malloc(*len ? *len : 1);
        if (bytes)
            perftools__profiles__profile__pack(&p, bytes);
    }
    scratch_release(&s);
    return bytes;
}
