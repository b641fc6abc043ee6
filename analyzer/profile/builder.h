/* A profile from named frames: what the readers of foreign formats have in common.
 *
 *     struct builder b;
 *     builder_init(&b, types, type_count);
 *     uint32_t main = builder_named(&b, "main", 4);            a location: function name only
 *     if (builder_stack(&b, leaf_first, count, &stack, err))    ...
 *     builder_add(&b, stack, labels, type, value);             adds up
 *     return builder_finish(&b);                               or builder_release, on failure
 *
 * Equal mappings, functions, locations and samples are one. Not for two threads at once.
 */
#ifndef CPPROF_PROFILE_BUILDER_H
#define CPPROF_PROFILE_BUILDER_H

#include "analyzer/base/error.h"
#include "analyzer/base/pairmap.h"
#include "analyzer/profile/profile.h"

/* Formats that write stacks as trees can name in a few bytes what unfolds to gigabytes: no profile
 * may have more frames than this in its distinct stacks. */
#define BUILDER_MOST_FRAMES ((size_t)1 << 28)

struct builder {
    struct profile *p;
    uint32_t *named; /* location + 1 of a name alone, by string */
    size_t named_cap;
    struct hashindex functions, locations;
    struct pairmap mappings, samples; /* by file and build id; by stack and labels */
    int64_t *zeros;                   /* a sample without values */
};

/* TYPES are copied; their strings are of B's own profile, so builder_init comes in two steps. */
void builder_init(struct builder *b);
void builder_set_types(struct builder *b, const struct value_type *types, size_t count);
void builder_release(struct builder *b);

/* The profile, which is the caller's now; B is released. */
struct profile *builder_finish(struct builder *b);

strid builder_str(struct builder *b, struct str s);

/* A mapping that is nothing but a file: its names are all there is, so nobody looks into it. */
uint32_t builder_mapping(struct builder *b, strid file, strid build_id);
uint32_t builder_function(struct builder *b, struct function f);

/* LINES innermost first, as in the model. */
uint32_t builder_location(struct builder *b, struct location l, const struct line *lines,
                          size_t line_count);

/* The location that is nothing but a function of this name. */
uint32_t builder_named(struct builder *b, const char *name, size_t len);

/* The stack of COUNT locations, leaf first. -1 and ERR if that is more than can be. */
int builder_stack(struct builder *b, const uint32_t *locations, size_t count, uint32_t *stack,
                  struct error *err);

/* Adds VALUE of sample type TYPE to the sample with this stack and these labels. */
void builder_add(struct builder *b, uint32_t stack, uint32_t labels, size_t type, int64_t value);

#endif
