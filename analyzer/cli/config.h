/* Everything a command line (or a shell's line, a key; later a URL) can ask for, as one value.
 *
 * It is put together from what each stage takes, in the order of the stages, so that the pipeline
 * hands every stage its own part and no stage sees the rest. config_init gives pprof's defaults,
 * the option table says by which name each field is set, config_release ends it.
 *
 * Strings are borrowed from the command line and the environment. Those that an option sets are
 * never NULL: "" means not given. A plain copy of a config is good as long as its original lives.
 */
#ifndef CPPROF_CLI_CONFIG_H
#define CPPROF_CLI_CONFIG_H

#include "analyzer/profile/formats.h"
#include "analyzer/render/palette.h"
#include "analyzer/report/spec.h"
#include "analyzer/transform/aggregate.h"
#include "analyzer/transform/filter.h"
#include "analyzer/transform/fold.h"
#include "analyzer/transform/tagroot.h"

#include <stdbool.h>
#include <stddef.h>

struct string_list {
    const char **items;
    size_t count, cap;
};

void string_list_add(struct string_list *l, const char *item);
void string_list_clear(struct string_list *l);
void string_list_release(struct string_list *l);

/* What is read, and what is known about it beforehand. */
struct source_spec {
    struct string_list sources;         /* merged; "-" is standard input */
    struct string_list base, diff_base; /* merged and subtracted; at most one of the two is set */
    bool normalize;                     /* scale to the base's total first */
    bool all_frames;                    /* keep frames the profile itself calls uninteresting */
    const char *exec_name, *build_id;   /* of the main binary */
    uint64_t pid;                       /* of the process, where the profile does not say it */
    const char *symbolize, *tools;
    const char *add_comment;
    int seconds, timeout; /* -1: not given */
    const char *tls_cert, *tls_key, *tls_ca;
};

/* Has S keep the samples of its base apart from those they are subtracted from, as -diff_base does.
 */
void source_spec_mark_base(struct source_spec *s);

/* Text is what a command writes by itself: flame a page, or what its file's name ends in. */
enum output_format { FORMAT_TEXT, FORMAT_JSON, FORMAT_CSV, FORMAT_HTML, FORMAT_SVG };
enum color_mode { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* Where the report goes and in which dress. */
struct output_spec {
    const char *file; /* "": standard output */
    enum output_format format;
    enum file_format to; /* convert: FILE_UNKNOWN leaves it to the file's name */
    enum color_mode color;
    enum palette palette;
    double layout_timeout; /* seconds Graphviz may take; 0: as long as it wants */
    bool wide;             /* never cut names to the terminal's width */
    bool off_stdout;       /* treat standard output as a terminal: no binary, no page goes there */
    bool intel_syntax;
    double fail_above; /* diff: exit status 3 above so many points of growth; infinite: never */
};

/* What `record` makes, and of which program. */
struct record_spec {
    struct string_list program; /* and its arguments */
    struct string_list pids;    /* or of these processes */
    bool cpu, heap, block, mutex;
    int frequency; /* samples per second of CPU time */
};

struct config {
    struct source_spec source;
    struct tagroot_spec tagroot;
    struct filter_spec filter;
    struct fold_spec fold;
    struct string_list then;   /* steps (transform/step.h) after these, one by one */
    bool relative_percentages; /* the filters come before the total is taken */
    struct aggregate_spec aggregate;
    struct report_spec report;
    struct output_spec output;
    struct record_spec record;

    const char *http;
    bool no_browser;
    bool man; /* help: as a manual page */
};

void config_init(struct config *cfg);
void config_release(struct config *cfg);

#endif
