#include "collector/builder.h"

#include "collector/cpprof.h"
#include "collector/grow.h"
#include "collector/index.h"
#include "collector/writer.h"
#include "proto/profile.pb-c.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct string {
    size_t at, len; /* in `text` */
};

struct function {
    uint32_t name, file;
};

/* A location is an address, or one line of one function. */
struct location {
    uint64_t address;
    uint32_t function; /* INDEX_NONE: an address */
    int64_t line;
    uint32_t mapping; /* INDEX_NONE: none */
};

struct mapping {
    uint64_t start, limit, offset;
    uint32_t file, build_id;
};

struct label {
    uint32_t key, text; /* text, or the unit of a number */
    int64_t number;
    bool is_number;
};

struct sample {
    size_t frames, labels; /* where they begin */
    uint32_t frame_count, label_count;
    bool touched; /* is among `touched` */
};

struct value_type {
    uint32_t type, unit;
};

/* How far a file that grows has come: so many of each kind are in it. */
struct written {
    bool header;
    size_t strings, comments, mappings, functions, locations;
};

/* A growing array of T and the number of places in it. */
#define ARRAY(T)                                                                                   \
    struct {                                                                                       \
        T *items;                                                                                  \
        size_t count, cap;                                                                         \
    }

struct cpprof_builder {
    ARRAY(char) text;
    ARRAY(struct string) strings;
    ARRAY(struct value_type) types;
    ARRAY(uint32_t) comments;
    ARRAY(struct mapping) mappings;
    ARRAY(struct function) functions;
    ARRAY(struct location) locations;
    ARRAY(uint32_t) frames; /* of all samples, then those of the next one */
    ARRAY(struct label) labels;
    ARRAY(struct sample) samples;
    ARRAY(int64_t) values;   /* of all samples, one per type each */
    ARRAY(uint32_t) touched; /* samples that were added to since builder_append */
    struct index string_index, function_index, location_index, sample_index;
    struct value_type period_type;
    uint32_t default_type;
    int64_t period, time_nanos, duration_nanos;
    size_t next_frames, next_labels; /* where the next sample's begin */
    struct written written;          /* what builder_append has written already */
    bool no_memory;
};

/* Appends ITEM to ARRAY of builder B; a failure is remembered and nothing is added. */
#define APPEND(b, array, ...)                                                                      \
    (grow(&(b)->array.items, &(b)->array.cap, (b)->array.count + 1, sizeof *(b)->array.items)      \
         ? (void)((b)->array.items[(b)->array.count++] = __VA_ARGS__)                              \
         : (void)((b)->no_memory = true))

struct cpprof_builder *cpprof_builder_new(void)
{
    return calloc(1, sizeof(struct cpprof_builder));
}

void cpprof_builder_free(struct cpprof_builder *b)
{
    if (!b)
        return;
    void *arrays[] = {b->text.items,     b->strings.items,   b->types.items,     b->comments.items,
                      b->mappings.items, b->functions.items, b->locations.items, b->frames.items,
                      b->labels.items,   b->samples.items,   b->values.items,    b->touched.items};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        free(arrays[i]);
    index_release(&b->string_index);
    index_release(&b->function_index);
    index_release(&b->location_index);
    index_release(&b->sample_index);
    free(b);
}

/* --- things that are kept once */

/* Something looked for, beside where it would be. */
struct wanted {
    const struct cpprof_builder *b;
    const void *what;
    size_t len;
};

static bool equal_string(const void *context, uint32_t record)
{
    const struct wanted *w = context;
    const struct string *s = &w->b->strings.items[record];
    return s->len == w->len && !memcmp(w->b->text.items + s->at, w->what, w->len);
}

static uint32_t add_string(struct cpprof_builder *b, const char *text)
{
    size_t len = text ? strlen(text) : 0;
    struct wanted wanted = {b, text, len};
    uint64_t hash = index_mix_bytes(0, text, len);
    if (!b->strings.count) { /* string 0 is the empty one */
        APPEND(b, strings, (struct string){0});
        if (b->no_memory || !index_add(&b->string_index, index_mix_bytes(0, NULL, 0), 0))
            b->no_memory = true;
    }
    uint32_t at = index_find(&b->string_index, hash, equal_string, &wanted);
    if (at != INDEX_NONE || b->no_memory)
        return at != INDEX_NONE ? at : 0;
    /* text keeps a NUL behind each string, since that is how protobuf-c takes them */
    if (!grow(&b->text.items, &b->text.cap, b->text.count + len + 1, 1) ||
        !index_add(&b->string_index, hash, (uint32_t)b->strings.count)) {
        b->no_memory = true;
        return 0;
    }
    struct string s = {b->text.count, len};
    memcpy(b->text.items + s.at, text, len + 1);
    b->text.count += len + 1;
    APPEND(b, strings, s);
    return (uint32_t)b->strings.count - 1;
}

static bool equal_function(const void *context, uint32_t record)
{
    const struct wanted *w = context;
    return !memcmp(&w->b->functions.items[record], w->what, sizeof(struct function));
}

static uint32_t add_function(struct cpprof_builder *b, struct function f)
{
    struct wanted wanted = {b, &f, sizeof f};
    uint64_t hash = index_mix(0, (uint64_t)f.name << 32 | f.file);
    uint32_t at = index_find(&b->function_index, hash, equal_function, &wanted);
    if (at != INDEX_NONE)
        return at;
    APPEND(b, functions, f);
    if (b->no_memory || !index_add(&b->function_index, hash, (uint32_t)b->functions.count - 1))
        b->no_memory = true;
    return (uint32_t)b->functions.count - 1;
}

static bool equal_location(const void *context, uint32_t record)
{
    const struct wanted *w = context;
    const struct location *a = &w->b->locations.items[record], *l = w->what;
    return a->address == l->address && a->function == l->function && a->line == l->line &&
           a->mapping == l->mapping;
}

static void push_location(struct cpprof_builder *b, struct location l)
{
    struct wanted wanted = {b, &l, sizeof l};
    uint64_t hash = index_mix(index_mix(index_mix(0, l.address), l.function), (uint64_t)l.line);
    uint32_t at = index_find(&b->location_index, hash, equal_location, &wanted);
    if (at == INDEX_NONE) {
        at = (uint32_t)b->locations.count;
        APPEND(b, locations, l);
        if (b->no_memory || !index_add(&b->location_index, hash, at)) {
            b->no_memory = true;
            return;
        }
    }
    APPEND(b, frames, at);
}

/* --- what callers add */

void cpprof_builder_type(struct cpprof_builder *b, const char *type, const char *unit)
{
    struct value_type t = {add_string(b, type), add_string(b, unit)};
    APPEND(b, types, t);
}

void cpprof_builder_period(struct cpprof_builder *b, const char *type, const char *unit,
                           int64_t period)
{
    b->period_type = (struct value_type){add_string(b, type), add_string(b, unit)};
    b->period = period;
}

void cpprof_builder_time(struct cpprof_builder *b, int64_t time_nanos, int64_t duration_nanos)
{
    if (time_nanos)
        b->time_nanos = time_nanos;
    if (duration_nanos)
        b->duration_nanos = duration_nanos;
}

void cpprof_builder_default(struct cpprof_builder *b, const char *type)
{
    b->default_type = add_string(b, type);
}

void cpprof_builder_comment(struct cpprof_builder *b, const char *comment)
{
    uint32_t string = add_string(b, comment);
    APPEND(b, comments, string);
}

void cpprof_builder_mapping(struct cpprof_builder *b, uint64_t start, uint64_t limit,
                            uint64_t offset, const char *file, const char *build_id)
{
    struct mapping m = {start, limit, offset, add_string(b, file), add_string(b, build_id)};
    APPEND(b, mappings, m);
}

void cpprof_builder_frame(struct cpprof_builder *b, const char *function, const char *file,
                          int64_t line)
{
    struct function f = {add_string(b, function), add_string(b, file)};
    push_location(
        b, (struct location){.function = add_function(b, f), .line = line, .mapping = INDEX_NONE});
}

void cpprof_builder_address(struct cpprof_builder *b, uint64_t address)
{
    struct location l = {.address = address, .function = INDEX_NONE, .mapping = INDEX_NONE};
    /* the latest first: a library may have taken the place of one that was unloaded */
    for (size_t i = b->mappings.count; i-- && l.mapping == INDEX_NONE;)
        if (address >= b->mappings.items[i].start && address < b->mappings.items[i].limit)
            l.mapping = (uint32_t)i;
    push_location(b, l);
}

void cpprof_builder_label(struct cpprof_builder *b, const char *key, const char *value)
{
    struct label l = {.key = add_string(b, key), .text = add_string(b, value)};
    APPEND(b, labels, l);
}

void cpprof_builder_number(struct cpprof_builder *b, const char *key, int64_t number,
                           const char *unit)
{
    struct label l = {.key = add_string(b, key),
                      .text = add_string(b, unit),
                      .number = number,
                      .is_number = true};
    APPEND(b, labels, l);
}

/* --- samples */

static bool equal_label(const struct label *a, const struct label *b)
{
    return a->key == b->key && a->text == b->text && a->number == b->number &&
           a->is_number == b->is_number;
}

static bool equal_sample(const void *context, uint32_t record)
{
    const struct wanted *w = context;
    const struct cpprof_builder *b = w->b;
    const struct sample *x = &b->samples.items[record], *y = w->what;
    if (x->frame_count != y->frame_count || x->label_count != y->label_count ||
        memcmp(b->frames.items + x->frames, b->frames.items + y->frames,
               x->frame_count * sizeof *b->frames.items) != 0)
        return false;
    for (uint32_t i = 0; i < x->label_count; i++)
        if (!equal_label(&b->labels.items[x->labels + i], &b->labels.items[y->labels + i]))
            return false;
    return true;
}

static uint64_t hash_sample(const struct cpprof_builder *b, const struct sample *s)
{
    uint64_t hash = 0;
    for (uint32_t i = 0; i < s->frame_count; i++)
        hash = index_mix(hash, b->frames.items[s->frames + i]);
    for (uint32_t i = 0; i < s->label_count; i++) {
        const struct label *l = &b->labels.items[s->labels + i];
        hash = index_mix(index_mix(hash, (uint64_t)l->key << 32 | l->text), (uint64_t)l->number);
    }
    return hash;
}

/* The number of the sample the frames and labels since the last one make. */
static uint32_t end_sample(struct cpprof_builder *b)
{
    struct sample s = {.frames = b->next_frames,
                       .labels = b->next_labels,
                       .frame_count = (uint32_t)(b->frames.count - b->next_frames),
                       .label_count = (uint32_t)(b->labels.count - b->next_labels)};
    struct wanted wanted = {b, &s, sizeof s};
    uint64_t hash = hash_sample(b, &s);
    uint32_t at = index_find(&b->sample_index, hash, equal_sample, &wanted);
    if (at != INDEX_NONE) {
        b->frames.count = b->next_frames;
        b->labels.count = b->next_labels;
        return at;
    }
    size_t values = b->types.count * (b->samples.count + 1);
    APPEND(b, samples, s);
    if (b->no_memory || !index_add(&b->sample_index, hash, (uint32_t)b->samples.count - 1) ||
        !grow(&b->values.items, &b->values.cap, values, sizeof *b->values.items)) {
        b->no_memory = true;
        return INDEX_NONE;
    }
    memset(b->values.items + b->values.count, 0, b->types.count * sizeof *b->values.items);
    b->values.count = values;
    b->next_frames = b->frames.count;
    b->next_labels = b->labels.count;
    return (uint32_t)b->samples.count - 1;
}

void cpprof_builder_sample(struct cpprof_builder *b, const int64_t *values)
{
    uint32_t at = b->no_memory ? INDEX_NONE : end_sample(b);
    if (at == INDEX_NONE)
        return;
    for (size_t i = 0; i < b->types.count; i++)
        b->values.items[at * b->types.count + i] += values[i];
    if (!b->samples.items[at].touched)
        APPEND(b, touched, at);
    b->samples.items[at].touched = true;
}

/* --- encoding: the messages protobuf-c packs, all in one allocation per kind */

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
    if (block && grow(&s->blocks.items, &s->blocks.cap, s->blocks.count + 1, sizeof(void *)))
        return s->blocks.items[s->blocks.count++] = block;
    free(block);
    s->no_memory = true;
    return NULL;
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

/* The bytes of what is not yet HAVE and of the samples, which the caller frees; NULL if there is no
 * memory. */
static unsigned char *encode(struct cpprof_builder *b, const struct written *have, bool touched,
                             size_t *len)
{
    struct scratch s = {0};
    profile_message p = PERFTOOLS__PROFILES__PROFILE__INIT;
    unsigned char *bytes = NULL;
    add_string(b, ""); /* the string table is never empty */
    encode_strings(b, have, &p, &s);
    if (!have->header)
        encode_types(b, &p, &s);
    p.duration_nanos = b->duration_nanos;
    encode_samples(b, touched, &p, &s);
    encode_locations(b, have->locations, &p, &s);
    encode_functions(b, have->functions, &p, &s);
    encode_mappings(b, have->mappings, &p, &s);
    if (!s.no_memory && !b->no_memory) {
        *len = perftools__profiles__profile__get_packed_size(&p);
        bytes = malloc(*len ? *len : 1);
        if (bytes)
            perftools__profiles__profile__pack(&p, bytes);
    }
    scratch_release(&s);
    return bytes;
}

int builder_append(struct cpprof_builder *b, int fd)
{
    size_t len;
    unsigned char *bytes = encode(b, &b->written, true, &len);
    int error = bytes ? writer_plain(fd, bytes, len) : ENOMEM;
    free(bytes);
    if (error)
        return error;
    b->written = (struct written){.header = true,
                                  .strings = b->strings.count,
                                  .comments = b->comments.count,
                                  .mappings = b->mappings.count,
                                  .functions = b->functions.count,
                                  .locations = b->locations.count};
    for (size_t i = 0; i < b->touched.count; i++) {
        uint32_t sample = b->touched.items[i];
        b->samples.items[sample].touched = false;
        memset(b->values.items + sample * b->types.count, 0,
               b->types.count * sizeof *b->values.items);
    }
    b->touched.count = 0;
    return 0;
}

bool builder_is_untouched(const struct cpprof_builder *b)
{
    return b->touched.count == 0;
}

int cpprof_builder_write_fd(struct cpprof_builder *b, int fd)
{
    size_t len;
    int saved = errno;
    unsigned char *bytes = encode(b, &(struct written){0}, false, &len);
    int error = bytes ? writer_gzip(fd, bytes, len) : ENOMEM;
    free(bytes);
    errno = saved;
    return error;
}

int cpprof_builder_write(struct cpprof_builder *b, const char *path)
{
    struct writer_file file;
    int saved = errno;
    int error = writer_open(&file, path);
    if (!error)
        error = writer_close(&file, cpprof_builder_write_fd(b, file.fd));
    errno = saved;
    return error;
}
