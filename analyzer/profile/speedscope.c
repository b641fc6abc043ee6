#include "analyzer/profile/speedscope.h"

#include "analyzer/base/alloc.h"
#include "analyzer/profile/builder.h"
#include "analyzer/profile/jsontree.h"
#include "analyzer/profile/threadlabels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_TYPES = 64 };

/* The units of the schema, and what they become where a file says nothing more. */
static const struct unit {
    const char *name;
    const char *type, *becomes;
    double factor;
} units[] = {
    {"none", "samples", "count", 1},
    {"bytes", "space", "bytes", 1},
    {"nanoseconds", "time", "nanoseconds", 1},
    {"microseconds", "time", "nanoseconds", 1000},
    {"milliseconds", "time", "nanoseconds", 1000000},
    {"seconds", "time", "nanoseconds", 1000000000},
};

/* One profile of the file: which sample type its values are of, and their factor. */
struct part {
    size_t type;
    double factor;
    uint32_t labels;
};

struct reader {
    struct builder b;
    uint32_t *frames; /* locations, by index of shared.frames */
    size_t frame_count;
    struct part *parts;
    uint32_t *stack, *reversed; /* frames of one stack, root first; leaf first */
    size_t stack_count, stack_cap, reversed_cap;
};

bool speedscope_knows(const json_t *root)
{
    const char *schema = json_string_value(json_object_get(root, "$schema"));
    if (schema && strstr(schema, "speedscope"))
        return true;
    return json_is_array(json_object_get(root, "profiles")) &&
           json_object_get(json_object_get(root, "shared"), "frames");
}

static int read_frame(struct reader *r, const struct jtree *frame, uint32_t *location,
                      struct error *err)
{
    struct jtree name_at;
    struct str name, file;
    struct line line = {0};
    if (!jtree_find(frame, "name", &name_at))
        return jtree_wrong(frame, err, "it has no \"name\"");
    if (jtree_text(&name_at, &name, err) || jtree_text_or(frame, "file", "", &file, err) ||
        jtree_int_or(frame, "line", 0, &line.line, err) ||
        jtree_int_or(frame, "col", 0, &line.column, err))
        return -1;
    strid id = builder_str(&r->b, name);
    line.function = builder_function(
        &r->b,
        (struct function){.name = id, .system_name = id, .filename = builder_str(&r->b, file)});
    *location = builder_location(&r->b, (struct location){.mapping = NO_INDEX}, &line, 1);
    return 0;
}

static int read_frames(struct reader *r, const struct jtree *root, struct error *err)
{
    struct jtree shared, frames;
    if (jtree_object(root, "shared", &shared, err) || jtree_array(&shared, "frames", &frames, err))
        return -1;
    r->frame_count = jtree_count(&frames);
    r->frames = xcalloc(r->frame_count + 1, sizeof *r->frames);
    for (size_t i = 0; i < r->frame_count; i++) {
        struct jtree frame = jtree_item(&frames, i);
        if (read_frame(r, &frame, &r->frames[i], err))
            return -1;
    }
    return 0;
}

/* --- which profile is which sample type, and which thread */

static int find_unit(const struct jtree *profile, const struct unit **unit, struct error *err)
{
    struct str name;
    if (jtree_text_or(profile, "unit", "none", &name, err))
        return -1;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (str_is(name, units[i].name)) {
            *unit = &units[i];
            return 0;
        }
    }
    struct jtree at;
    jtree_find(profile, "unit", &at);
    return jtree_wrong(&at, err, "\"%.40s\" is no unit of speedscope's", name.ptr);
}

/* The index of TYPE in the *COUNT types of TYPES, where it is added if it is not there. */
static size_t type_index(struct value_type *types, size_t *count, struct value_type type)
{
    size_t i = 0;
    while (i < *count && (types[i].type != type.type || types[i].unit != type.unit))
        i++;
    if (i == *count)
        types[(*count)++] = type;
    return i;
}

static int read_part(struct reader *r, const struct jtree *profile, bool types_are_named,
                     bool several, struct part *part, struct value_type *type, struct error *err)
{
    const struct unit *unit = NULL;
    struct str name;
    if (find_unit(profile, &unit, err) || jtree_text_or(profile, "name", "", &name, err))
        return -1;
    if (types_are_named) {
        *type = (struct value_type){builder_str(&r->b, name),
                                    profile_intern(r->b.p, unit == units ? "count" : unit->name)};
        part->factor = 1;
        return 0;
    }
    *type = (struct value_type){profile_intern(r->b.p, unit->type),
                                profile_intern(r->b.p, unit->becomes)};
    part->factor = unit->factor;
    if (several && name.len) {
        struct label thread = label_text(
            profile_intern(r->b.p, thread_label_keys[THREAD_LABEL_COMM]), builder_str(&r->b, name));
        part->labels = profile_add_labels(r->b.p, &thread, 1);
    }
    return 0;
}

static int read_parts(struct reader *r, const struct jtree *root, const struct jtree *profiles,
                      struct error *err)
{
    struct str exporter;
    size_t count = jtree_count(profiles), type_count = 0;
    if (jtree_text_or(root, "exporter", "", &exporter, err))
        return -1;
    bool types_are_named = str_starts(exporter, "cpprof");
    r->parts = xcalloc(count + 1, sizeof *r->parts);
    struct value_type *types = xcalloc(count + 1, sizeof *types);
    int rc = count ? 0 : jtree_wrong(profiles, err, "it is empty");
    for (size_t i = 0; !rc && i < count; i++) {
        struct jtree profile = jtree_item(profiles, i);
        struct value_type type;
        rc = read_part(r, &profile, types_are_named, count > 1, &r->parts[i], &type, err);
        if (!rc)
            r->parts[i].type = type_index(types, &type_count, type);
        if (type_count > MOST_TYPES)
            rc = jtree_wrong(profiles, err, "it has more than %d sample types", MOST_TYPES);
    }
    if (!rc)
        builder_set_types(&r->b, types, type_count);
    free(types);
    return rc;
}

/* --- samples */

static int add_sample(struct reader *r, const struct part *part, int64_t value, struct error *err)
{
    uint32_t stack;
    r->reversed = xgrow(r->reversed, &r->reversed_cap, r->stack_count + 1, sizeof *r->reversed);
    for (size_t i = 0; i < r->stack_count; i++)
        r->reversed[i] = r->frames[r->stack[r->stack_count - 1 - i]];
    if (builder_stack(&r->b, r->reversed, r->stack_count, &stack, err))
        return -1;
    builder_add(&r->b, stack, part->labels, part->type, value);
    return 0;
}

static void push(struct reader *r, uint32_t frame)
{
    r->stack = xgrow(r->stack, &r->stack_cap, r->stack_count + 1, sizeof *r->stack);
    r->stack[r->stack_count++] = frame;
}

static int read_sampled(struct reader *r, const struct jtree *profile, const struct part *part,
                        struct error *err)
{
    struct jtree samples, weights;
    if (jtree_array(profile, "samples", &samples, err) ||
        jtree_array(profile, "weights", &weights, err))
        return -1;
    size_t count = jtree_count(&samples);
    if (jtree_count(&weights) != count)
        return jtree_wrong(&weights, err, "it has %zu numbers for %zu samples",
                           jtree_count(&weights), count);
    for (size_t i = 0; i < count; i++) {
        struct jtree frames = jtree_item(&samples, i), weight = jtree_item(&weights, i);
        int64_t value;
        if (!json_is_array(frames.value))
            return jtree_wrong(&frames, err, "it is no list of frames");
        r->stack_count = 0;
        for (size_t k = 0; k < jtree_count(&frames); k++) {
            struct jtree at = jtree_item(&frames, k);
            uint32_t frame;
            if (jtree_index(&at, r->frame_count, &frame, err))
                return -1;
            push(r, frame);
        }
        if (jtree_scaled(&weight, part->factor, &value, err) || add_sample(r, part, value, err))
            return -1;
    }
    return 0;
}

static int apply_event(struct reader *r, const struct jtree *event, struct error *err)
{
    struct jtree frame_at;
    struct str type;
    uint32_t frame;
    if (jtree_text_or(event, "type", "", &type, err))
        return -1;
    if (!jtree_find(event, "frame", &frame_at))
        return jtree_wrong(event, err, "it has no \"frame\"");
    if (jtree_index(&frame_at, r->frame_count, &frame, err))
        return -1;
    if (type.len == 1 && type.ptr[0] == 'O') {
        push(r, frame);
        return 0;
    }
    if (type.len != 1 || type.ptr[0] != 'C')
        return jtree_wrong(event, err, "its type is neither O nor C");
    if (!r->stack_count || r->stack[r->stack_count - 1] != frame)
        return jtree_wrong(event, err, "it closes a frame that is not the innermost open one");
    r->stack_count--;
    return 0;
}

static int read_evented(struct reader *r, const struct jtree *profile, const struct part *part,
                        struct error *err)
{
    struct jtree events, at;
    if (jtree_array(profile, "events", &events, err))
        return -1;
    r->stack_count = 0;
    int64_t last = 0;
    for (size_t i = 0; i < jtree_count(&events); i++) {
        struct jtree event = jtree_item(&events, i);
        int64_t now, past;
        if (!jtree_find(&event, "at", &at))
            return jtree_wrong(&event, err, "it has no \"at\"");
        if (jtree_scaled(&at, part->factor, &now, err))
            return -1;
        if (i && now < last)
            return jtree_wrong(&at, err, "it lies before the event before it");
        if (__builtin_sub_overflow(now, i ? last : now, &past))
            return jtree_wrong(&at, err, "the number is too large");
        if (past && r->stack_count && add_sample(r, part, past, err))
            return -1;
        if (apply_event(r, &event, err))
            return -1;
        last = now;
    }
    return r->stack_count ? jtree_wrong(&events, err, "%zu frames are never closed", r->stack_count)
                          : 0;
}

static int read_profile(struct reader *r, const struct jtree *profile, const struct part *part,
                        struct error *err)
{
    struct str type;
    if (jtree_text_or(profile, "type", "", &type, err))
        return -1;
    if (str_is(type, "sampled"))
        return read_sampled(r, profile, part, err);
    if (str_is(type, "evented"))
        return read_evented(r, profile, part, err);
    return jtree_wrong(profile, err, "its type is neither \"sampled\" nor \"evented\"");
}

static int read_file(struct reader *r, const struct jtree *root, struct error *err)
{
    struct jtree profiles;
    int64_t active;
    if (read_frames(r, root, err) || jtree_array(root, "profiles", &profiles, err) ||
        read_parts(r, root, &profiles, err) ||
        jtree_int_or(root, "activeProfileIndex", -1, &active, err))
        return -1;
    for (size_t i = 0; i < jtree_count(&profiles); i++) {
        struct jtree profile = jtree_item(&profiles, i);
        if (read_profile(r, &profile, &r->parts[i], err))
            return -1;
    }
    if (active >= 0 && (uint64_t)active < jtree_count(&profiles)) {
        struct profile *p = r->b.p;
        p->default_sample_type = p->sample_types[r->parts[active].type].type;
    }
    return 0;
}

struct profile *speedscope_read(const json_t *root, struct error *err)
{
    struct reader r = {0};
    struct jtree top = jtree_root(root);
    builder_init(&r.b);
    int rc = read_file(&r, &top, err);
    struct profile *p = rc ? NULL : builder_finish(&r.b);
    builder_release(&r.b);
    free(r.frames);
    free(r.parts);
    free(r.stack);
    free(r.reversed);
    return p;
}
