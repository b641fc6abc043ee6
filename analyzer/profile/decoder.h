/* A profile.proto on its way into the model, for the files that take it there.
 *
 *     decode_wire.c      reads the stream: decoder_read_fields
 *     decode_resolve.c   gives ids and string indices their meaning: decoder_resolve
 *     decode.c           calls both, and the legacy formats where the file is none
 */
#ifndef CPPROF_PROFILE_DECODER_H
#define CPPROF_PROFILE_DECODER_H

#include "analyzer/base/error.h"
#include "analyzer/base/idmap.h"
#include "analyzer/profile/profile.h"
#include "analyzer/source/chunks.h"

/* The fields of the message Profile. */
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

/* Location ids go into the frame column as they are read, 32 bits each. Ids that do not fit are
 * numbered from here on. */
#define SPARSE_ID 0x80000000u

/* Everything the file names by id or by string index, until all of it is known. */
struct decoder {
    struct profile *p;
    struct error *err;
    uint64_t base;                 /* plain offset of `record` */
    const uint8_t *record;         /* the top-level field being read */
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

/* Reads all of CHUNKS. -1 and d->err if it is no profile.proto or cannot be read. */
int decoder_read_fields(struct decoder *d, struct chunks *chunks);

/* What a file can be wrong about once it has been read. */
enum resolution {
    RESOLUTION_GOOD,
    RESOLUTION_BAD_STRINGS,    /* what pprof takes as a sign that it is no profile.proto at all */
    RESOLUTION_BAD_REFERENCES, /* a damaged profile.proto */
};

/* Replaces ids by indices and string indices by strings. On failure d->err says what is wrong, and
 * d->guilty_field and d->guilty_index in which message. */
enum resolution decoder_resolve(struct decoder *d);

#endif
