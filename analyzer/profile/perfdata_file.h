/* A perf.data file taken apart: its events, its features, and its records in the order of time.
 *
 *     struct perfdata_file f;
 *     if (perfdata_file_init(&f, data, len, notes, err))
 *         return -1;
 *     for (size_t i = 0; i < f.record_count; i++)
 *         ... f.records[i], whose header and extent have been checked
 *     perfdata_file_release(&f);
 *
 * The file's bytes are borrowed and must outlive it. Only records that perfdata.c uses are listed.
 */
#ifndef CPPROF_PROFILE_PERFDATA_FILE_H
#define CPPROF_PROFILE_PERFDATA_FILE_H

#include "analyzer/base/buf.h"
#include "analyzer/base/cursor.h"
#include "analyzer/base/error.h"
#include "analyzer/base/idmap.h"
#include "analyzer/base/lines.h"
#include "analyzer/profile/perfdata_format.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What one -e of `perf record` asked for. */
struct perfdata_event {
    struct str name; /* as perf wrote it down; empty if it did not */
    uint32_t type;
    uint64_t config;
    uint64_t period; /* samples per second if `frequency`, else events per sample */
    bool frequency;
    bool exclude_user, exclude_kernel;
    bool sample_id_all;
    uint64_t sample_type; /* PERF_SAMPLE_* */
    uint64_t read_format;
    uint64_t branch_sample_type;
    uint64_t user_registers; /* which of the processor's are in a sample, in perf's numbering */
    size_t sample_count;
};

struct perfdata_build_id {
    struct str file;
    uint8_t bytes[PERFDATA_BUILD_ID];
    size_t len;
};

/* A record's header stands at AT, unaligned; TIME is 0 if it has none. */
struct perfdata_record {
    uint64_t time;
    const uint8_t *at;
};

struct perfdata_record_header {
    uint32_t type;
    uint16_t misc, size;
};

struct perfdata_file {
    const uint8_t *data; /* the file */
    size_t len;

    struct perfdata_event *events;
    size_t event_count, event_cap;
    struct idmap ids; /* which event a sample's id is of */

    struct perfdata_build_id *build_ids;
    size_t build_id_count, build_id_cap;
    struct str arch;                      /* "x86_64"; empty if not known, as are all of these */
    struct buf command;                   /* how perf was called */
    uint64_t first_time, last_time;       /* nanoseconds of perf's clock */
    uint64_t wall_clock, wall_clock_time; /* UNIX time in nanoseconds, and perf's clock then */
    uint64_t lost;                        /* records that the kernel or perf had to drop */

    struct perfdata_record *records; /* by time; those of the same time as they stand in the file */
    size_t record_count, record_cap;

    uint8_t *inflated; /* what compressed records held */
};

/* NOTES gets what is odd but no reason to stop. -1 and ERR (ERROR_DATA) if the file is damaged. */
int perfdata_file_init(struct perfdata_file *f, const uint8_t *data, size_t len,
                       struct lines *notes, struct error *err);
void perfdata_file_release(struct perfdata_file *f);

static inline struct perfdata_record_header perfdata_header(const uint8_t *at)
{
    struct perfdata_record_header h;
    memcpy(&h, at, sizeof h);
    return h;
}

/* Which event the sample, or other record of the kernel's, AT is of: by its id, or else the first.
 * NO_INDEX if there is none with that id. */
uint32_t perfdata_event_of(const struct perfdata_file *f, const uint8_t *at);

/* Fills ERR with WHAT is wrong with the record AT, and where that is in the file; returns -1. */
int perfdata_damaged(const struct perfdata_file *f, const uint8_t *at, const char *what,
                     struct error *err);

/* --- for the reader's own files */

/* When, in nanoseconds of perf's clock; 0 if the record does not say. */
uint64_t perfdata_time_of(const struct perfdata_file *f, const uint8_t *at);

/* One feature: what is in the section of that number, or in a FEATURE record. -1 and ERR if it is
 * damaged. */
int perfdata_read_feature(struct perfdata_file *f, unsigned feature, struct cursor in,
                          struct error *err);

/* An event's attributes and its ids. */
int perfdata_read_attr(struct perfdata_file *f, struct cursor attr, struct cursor ids,
                       struct error *err);

/* Puts the records in order. */
void perfdata_sort(struct perfdata_file *f);

#endif
