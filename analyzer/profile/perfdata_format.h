/* The numbers of the perf.data format that are not the kernel's: what `perf` itself puts into its
 * files.
 *
 *     header | ids of the events | events | records | a table of features | the features
 *
 * Records are the kernel's (linux/perf_event.h: `enum perf_event_type` says what is in each) or,
 * from 64 on, perf's. What `perf record -o -` writes has the first 16 bytes of the header, and then
 * nothing but records, events and features among them.
 * Source: Linux, tools/perf/Documentation/perf.data-file-format.txt and tools/perf/util/header.h.
 */
#ifndef CPPROF_PROFILE_PERFDATA_FORMAT_H
#define CPPROF_PROFILE_PERFDATA_FORMAT_H

#define PERFDATA_MAGIC "PERFILE2"
#define PERFDATA_MAGIC_SWAPPED "2ELIFREP"
#define PERFDATA_MAGIC_OLD "PERFFILE"

enum {
    PERFDATA_HEADER = 104,     /* bytes of a file's header */
    PERFDATA_PIPE_HEADER = 16, /* and of a pipe's */
    PERFDATA_RECORD_HEADER = 8,
    PERFDATA_ATTR_LEAST = 64, /* bytes of the first struct perf_event_attr there was */
    PERFDATA_BUILD_ID = 20,
};

/* Bits of a record's misc that <linux/perf_event.h> has not always had. */
enum {
    PERFDATA_MISC_MMAP_DATA = 1 << 13,     /* MMAP: not executable */
    PERFDATA_MISC_COMM_EXEC = 1 << 13,     /* COMM: because of an exec */
    PERFDATA_MISC_MMAP_BUILD_ID = 1 << 14, /* MMAP2: with a build id */
    PERFDATA_MISC_BUILD_ID_SIZE = 1 << 15, /* HEADER_BUILD_ID: its size follows it */
};

/* Records of perf's own. */
enum perfdata_record_type {
    PERFDATA_FIRST_OWN = 64,
    PERFDATA_RECORD_ATTR = 64,
    PERFDATA_RECORD_TRACING_DATA = 66,
    PERFDATA_RECORD_BUILD_ID = 67,
    PERFDATA_RECORD_AUXTRACE = 71,
    PERFDATA_RECORD_EVENT_UPDATE = 78,
    PERFDATA_RECORD_FEATURE = 80,
    PERFDATA_RECORD_COMPRESSED = 81,
    PERFDATA_RECORD_COMPRESSED2 = 83,
};

enum perfdata_feature {
    PERFDATA_FEATURE_BUILD_ID = 2,
    PERFDATA_FEATURE_ARCH = 6,
    PERFDATA_FEATURE_CMDLINE = 11,
    PERFDATA_FEATURE_EVENT_DESC = 12,
    PERFDATA_FEATURE_SAMPLE_TIME = 21,
    PERFDATA_FEATURE_CLOCK_DATA = 29,
    PERFDATA_FEATURES = 256, /* bits there are */
};

#endif
