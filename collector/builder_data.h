/* What a builder holds; for builder.c, which fills it, and builder_encode.c, which makes messages
 * of it. */
#ifndef CPPROF_COLLECTOR_BUILDER_DATA_H
#define CPPROF_COLLECTOR_BUILDER_DATA_H

#include "collector/index.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
    int error;                       /* the first thing that went wrong, an errno value */
};

/* The bytes of what is not yet HAVE and of the samples (TOUCHED: of those among `touched` only),
 * which the caller frees; NULL if there is no memory. */
unsigned char *builder_encode(const struct cpprof_builder *b, const struct written *have,
                              bool touched, size_t *len);

#endif
