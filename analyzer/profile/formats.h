/* The file formats profiles come in besides pprof's: what each is called and holds, how it is known
 * by its content, and how it is read.
 *
 * One table, in the order in which formats are tried: --to and its help, the choice by a file's
 * name, detection and the remarks about what a conversion loses are made from it. Those that are
 * written have their writers in render/convert.c, by enum file_format.
 */
#ifndef CPPROF_FILE_FORMATS_H
#define CPPROF_FILE_FORMATS_H

#include "analyzer/base/error.h"
#include "analyzer/base/strtab.h"

#include <stdbool.h>
#include <stddef.h>

struct json_t; /* libjansson's */
struct profile;

/* F(enumerator, name, help) of each format that is written. */
#define FILE_FORMATS_WRITTEN(F)                                                                    \
    F(FILE_PROTO, "proto", "pprof's profile.proto, gzipped")                                       \
    F(FILE_SPEEDSCOPE, "speedscope", "JSON for www.speedscope.app")                                \
    F(FILE_FIREFOX, "firefox", "JSON for profiler.firefox.com")                                    \
    F(FILE_CPUPROFILE, "cpuprofile", "JSON of V8 (Chrome, Node.js, VS Code)")                      \
    F(FILE_FOLDED, "folded", "a line per stack, for flamegraph.pl and inferno")

/* And of those that are only read. */
#define FILE_FORMATS_READ(F) F(FILE_PERFSCRIPT, "perfscript", "what `perf script` prints")

#define FILE_FORMAT_ID(id, name, help) id,
enum file_format {
    FILE_UNKNOWN,
    FILE_FORMATS_WRITTEN(FILE_FORMAT_ID) FILE_FORMATS_READ(FILE_FORMAT_ID) FILE_FORMAT_COUNT
};
#undef FILE_FORMAT_ID

/* What a format has a place for. Frames with the names of their functions, and one value for each
 * sample, is what all have. */
enum {
    HOLDS_TYPES = 1 << 0,        /* several values for each sample */
    HOLDS_UNITS = 1 << 1,        /* what is measured, and in which unit */
    HOLDS_NEGATIVE = 1 << 2,     /* values below zero */
    HOLDS_FILES = 1 << 3,        /* source files */
    HOLDS_LINES = 1 << 4,        /* lines of the instructions */
    HOLDS_STARTS = 1 << 5,       /* lines where functions begin */
    HOLDS_SYSTEM_NAMES = 1 << 6, /* names before demangling */
    HOLDS_INLINES = 1 << 7,      /* which frames were inlined into their callers */
    HOLDS_ADDRESSES = 1 << 8,    /* addresses, if only as offsets in binaries */
    HOLDS_BINARIES = 1 << 9,     /* binaries and their build ids */
    HOLDS_THREADS = 1 << 10,     /* the labels of threadlabels.h */
    HOLDS_LABELS = 1 << 11,      /* other labels */
    HOLDS_TIME = 1 << 12,        /* when the profile was made */
    HOLDS_DURATION = 1 << 13,    /* for how long */
    HOLDS_PERIOD = 1 << 14,      /* how often a sample was taken */
    HOLDS_COMMENTS = 1 << 15,
    HOLDS_ODD_UNITS = 1 << 16,    /* units other than counts, bytes, and those of time */
    HOLDS_EMPTY_STACKS = 1 << 17, /* samples without frames */
    HOLDS_NANOSECONDS = 1 << 18,  /* fractions of a microsecond */
    HOLDS_PARALLEL = 1 << 19,     /* more time in samples than has passed */
    HOLDS_ALL = (1 << 20) - 1,
};

const char *format_name(enum file_format f);
const char *format_help(enum file_format f);

struct format {
    const char *extensions[4]; /* of files, up to a NULL */
    unsigned holds;            /* of what is written */

    /* "type/unit" of the one value there is, and of the one that comes along with it, where the
     * format itself settles that. */
    const char *value_type, *second_type;

    /* For text: whether IN looks like this format, and the profile in it, which the caller frees;
     * NULL and ERR (ERROR_DATA: the line and the defect). */
    bool (*knows_text)(struct str in);
    struct profile *(*read_text)(struct str in, struct error *err);

    /* The same for JSON, from its outermost object. Errors name the place in it. */
    bool (*knows_json)(const struct json_t *root);
    struct profile *(*read_json)(const struct json_t *root, struct error *err);
};

extern const struct format file_formats[FILE_FORMAT_COUNT]; /* by enum file_format */

/* Whether IN can be nothing but JSON: none of pprof's formats begins with a brace. */
bool format_is_json(struct str in);

/* The profile in IN if a format of the table fits, else NULL. ERR's kind is ERROR_NONE when none
 * does, for then what pprof's own formats say tells the user more. */
struct profile *format_parse(struct str in, struct error *err);

/* Which of the formats that are written a file called PATH is in, by its extension; FILE_UNKNOWN
 * and ERR (ERROR_USAGE) if the name does not say. */
enum file_format format_by_name(const char *path, struct error *err);

#endif
