/* The text and binary formats from before profile.proto.
 *
 * Each lives in a file of its own, legacy_FORMAT.c, and looks at the whole input: legacy_parse
 * tries them in pprof's order and takes the first that recognizes it.
 *
 * What they all share is here: samples are collected as addresses in a `struct legacy_profile`,
 * which legacy_finish turns into the model once the memory map at the end of the file has been
 * read. Formats: gperftools' profiledata_pb comments, Go's runtime/pprof, and google/pprof's legacy
 * parsers.
 */
#ifndef CPPROF_PROFILE_LEGACY_H
#define CPPROF_PROFILE_LEGACY_H

#include "analyzer/base/error.h"
#include "analyzer/base/idmap.h"
#include "analyzer/profile/legacy_scan.h"
#include "analyzer/profile/profile.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The profile in the LEN bytes at DATA, which the caller frees. NULL and ERR (ERROR_DATA) when the
 * format that fits is damaged. When the input resembles none of them ERR's kind is ERROR_NONE, for
 * then the reason why it is no profile.proto tells the user more. */
struct profile *legacy_parse(const char *data, size_t len, struct error *err);

/* --- for the parsers only: a profile being read */

struct legacy_location {
    uint64_t address;
    uint32_t function; /* an index of legacy_profile.functions, or NO_INDEX: only Java names them */
    int64_t line;
};

struct legacy_sample {
    size_t first; /* in legacy_profile.frames, leaf first */
    uint32_t count;
    int64_t block_size; /* label "bytes", where has_block_size */
};

enum { LEGACY_TYPES = 4 };

struct legacy_profile {
    struct profile *profile; /* strings, period type, period and duration go straight in */
    struct value_type types[LEGACY_TYPES];
    size_t type_count;
    bool has_block_size;   /* samples carry the size of one block */
    bool leaf_comes_twice; /* from the signal context and from unwinding: one is dropped */
    bool drop_addresses;   /* Java's mean nothing outside of the file */

    struct legacy_location *locations;
    size_t location_count, location_cap;
    struct idmap by_address;

    uint32_t *frames; /* indices of locations */
    size_t frame_count, frame_cap;
    size_t open; /* where the frames of the sample being read begin */
    struct legacy_sample *samples;
    size_t sample_count, sample_cap;
    int64_t *values; /* type_count per sample */
    size_t value_cap;

    struct mapping *mappings;
    size_t mapping_count, mapping_cap;
    struct function *functions;
    size_t function_count, function_cap;
};

enum legacy_verdict {
    LEGACY_OK,
    LEGACY_UNRECOGNIZED, /* try the next format; the error, if set, is told if none fits */
    LEGACY_MALFORMED,    /* it is this format, and damaged */
};

/* One format. IN is the whole input (never NULL); ERR is empty. */
typedef enum legacy_verdict legacy_parser(struct legacy_profile *lp, struct str in,
                                          struct error *err);
legacy_parser legacy_cpu, legacy_heap, legacy_gocount, legacy_threadz, legacy_contention,
    legacy_java;

/* Ends the list of sample types with this one. */
void legacy_add_type(struct legacy_profile *lp, struct str type, struct str unit);

/* Stacks hold return addresses, which belong to the instruction after the call. Which of them to
 * move back by one so that they land on the call itself. */
enum legacy_adjust {
    ADJUST_NONE,
    ADJUST_CALLERS, /* the leaf is the instruction that was running */
    ADJUST_ALL,
};

/* Adds ADDRESS to the sample being read. */
void legacy_add_frame(struct legacy_profile *lp, uint64_t address, enum legacy_adjust adjust);

/* Adds every 0x... in TEXT. False if one has more than 64 bits. */
bool legacy_add_frames(struct legacy_profile *lp, struct str text, enum legacy_adjust adjust);

/* Ends the sample being read; VALUES are type_count numbers. The
 * result lasts until the next one. */
struct legacy_sample *legacy_end_sample(struct legacy_profile *lp, const int64_t *values);

/* Forgets the frames of the sample being read. */
void legacy_drop_frames(struct legacy_profile *lp);

/* What COUNT objects of SIZE bytes in all stand for, when one was taken every RATE bytes. */
void legacy_unsample_heap(int64_t *count, int64_t *size, int64_t rate);

/* The lines behind the samples of a Java profile, which say what its addresses are. */
enum legacy_verdict legacy_read_java_locations(struct legacy_profile *lp, struct str in,
                                               size_t lines_before, struct error *err);

/* Fills ERR with "line 12: WHAT 'TEXT'" and returns LEGACY_MALFORMED. */
enum legacy_verdict legacy_malformed(struct error *err, size_t line, const char *what,
                                     struct str text);

/* LEGACY_MALFORMED, and ERR, if reading IN ended at a line that is too long; else VERDICT. */
enum legacy_verdict legacy_end_of_lines(const struct scanner *in, enum legacy_verdict verdict,
                                        struct error *err);

/* Is LINE what stands before a memory map? */
bool legacy_is_map_header(struct str line);

/* Reads a memory map: the rest of IN, or what follows the next header in it (which may be the
 * current line). Lines that are no mappings are passed over; only ones that are too long, or too
 * many, fail. */
enum legacy_verdict legacy_read_map(struct legacy_profile *lp, struct scanner *in,
                                    struct error *err);
enum legacy_verdict legacy_find_map(struct legacy_profile *lp, struct scanner *in,
                                    struct error *err);

/* Fits the memory map to the locations in USED, in that order, correcting it where profilers are
 * known to write it wrong. FOUND[location] is then an index of lp->mappings or NO_INDEX. */
void legacy_locate(struct legacy_profile *lp, const uint32_t *used, size_t used_count,
                   uint32_t *found);

/* The regular expressions of frames that are the profiler's own, by P's sample types. */
void legacy_set_frame_filters(struct profile *p);

#endif
