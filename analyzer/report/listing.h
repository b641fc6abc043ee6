/* Source lines with what was spent on them: functions, in them files, in them lines.
 *
 *     listing_init(&l, &r, only, err)
 *     for each of l.functions, for each of its files:
 *         for (int64_t n = f->first; listing_line(f, n, &row); n++) ...
 *     listing_release(&l)
 *
 * The profile has been aggregated by line. A function is all that has its name, wherever its
 * samples say its source is. Lines are made one at a time: a profile can ask for the same file very
 * often. Sums are those of samples even where means are shown, as pprof has it.
 */
#ifndef CPPROF_REPORT_LISTING_H
#define CPPROF_REPORT_LISTING_H

#include "analyzer/report/report.h"
#include "analyzer/source/sourcefile.h"

/* What was spent on one line. */
struct listing_weight {
    int64_t line, flat, cum;
};

struct listing_file {
    struct str name; /* as shown; borrowed from the profile */
    int64_t flat, cum;
    int64_t first, last; /* lines around those with samples */
    const struct listing_weight *weights;
    size_t weight_count;
    const struct sourcefile *source; /* its problem, if it has one, stands in for the lines */
};

struct listing_function {
    struct str name;
    const struct listing_file *files; /* by name; those without a name are left out */
    size_t file_count;
};

struct listing_line {
    int64_t number, flat, cum;
    struct str text;
};

struct listing {
    struct listing_function *functions; /* by name */
    size_t count;
    struct listing_file *files;
    struct listing_weight *weights;
    struct sourcefiles *sources;
    struct nodes nodes;
};

/* ONLY: functions whose name matches. -1 and ERR if there are none. */
int listing_init(struct listing *l, struct report *r, struct regex *only, struct error *err);
void listing_release(struct listing *l);

/* Line NUMBER of F. False behind the last one to be shown. */
bool listing_line(const struct listing_file *f, int64_t number, struct listing_line *line);

#endif
