#include "collector/builder.h"

#include "collector/builder_data.h"
#include "collector/cpprof.h"
#include "collector/grow.h"
#include "collector/writer.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Appends ITEM to ARRAY of builder B; a failure is remembered and nothing is added. */
#define APPEND(b, array, ...)                                                                      \
    (grow(&(b)->array.items, &(b)->array.cap, (b)->array.count + 1, sizeof *(b)->array.items)      \
         ? (void)((b)->array.items[(b)->array.count++] = __VA_ARGS__)                              \
         : (void)((b)->error = ENOMEM))

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
    if (!text)
        text = "";
    size_t len = strlen(text);
    struct wanted wanted = {b, text, len};
    uint64_t hash = index_mix_bytes(0, text, len);
    if (!b->strings.count) { /* string 0 is the empty one */
        APPEND(b, strings, (struct string){0});
        if (b->error || !index_add(&b->string_index, index_mix_bytes(0, "", 0), 0))
            b->error = ENOMEM;
    }
    uint32_t at = index_find(&b->string_index, hash, equal_string, &wanted);
    if (at != INDEX_NONE || b->error)
        return at != INDEX_NONE ? at : 0;
    /* text keeps a NUL behind each string, since that is how protobuf-c takes them */
    if (!grow(&b->text.items, &b->text.cap, b->text.count + len + 1, 1) ||
        !index_add(&b->string_index, hash, (uint32_t)b->strings.count)) {
        b->error = ENOMEM;
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
    if (b->error || !index_add(&b->function_index, hash, (uint32_t)b->functions.count - 1))
        b->error = ENOMEM;
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
        if (b->error || !index_add(&b->location_index, hash, at)) {
            b->error = ENOMEM;
            return;
        }
    }
    APPEND(b, frames, at);
}

/* --- what callers add */

void cpprof_builder_type(struct cpprof_builder *b, const char *type, const char *unit)
{
    struct value_type t = {add_string(b, type), add_string(b, unit)};
    if (b->samples.count) { /* which have one value each for the types before */
        b->error = EINVAL;
        return;
    }
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
    if (b->error || !index_add(&b->sample_index, hash, (uint32_t)b->samples.count - 1) ||
        !grow(&b->values.items, &b->values.cap, values, sizeof *b->values.items)) {
        b->error = ENOMEM;
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
    uint32_t at = b->error ? INDEX_NONE : end_sample(b);
    if (at == INDEX_NONE)
        return;
    for (size_t i = 0; i < b->types.count; i++)
        b->values.items[at * b->types.count + i] += values[i];
    if (!b->samples.items[at].touched)
        APPEND(b, touched, at);
    b->samples.items[at].touched = true;
}

/* --- writing */

static unsigned char *encode(struct cpprof_builder *b, const struct written *have, bool touched,
                             size_t *len)
{
    add_string(b, ""); /* the string table is never empty */
    return builder_encode(b, have, touched, len);
}

int builder_append(struct cpprof_builder *b, int fd)
{
    size_t len;
    unsigned char *bytes = encode(b, &b->written, true, &len);
    int error = bytes ? writer_plain(fd, bytes, len) : b->error ? b->error : ENOMEM;
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
    int error = bytes ? writer_gzip(fd, bytes, len) : b->error ? b->error : ENOMEM;
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
