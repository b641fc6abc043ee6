/* Instructions with what was spent on them: symbols of binaries, in them instructions.
 *
 *     assembly_init(&a, &r, only, &spec, err)
 *     for each of a.symbols:
 *         assembly_begin(&a, i);
 *         while (assembly_next(&a, &row)) ...
 *     assembly_release(&a)
 *
 * The profile has been aggregated by address, without inlined frames. Samples count for the
 * instruction that their address lies in: those of callers point behind or into the call.
 * Instructions are made one at a time. Addresses are the binary's own, not those of the process.
 */
#ifndef CPPROF_REPORT_ASSEMBLY_H
#define CPPROF_REPORT_ASSEMBLY_H

#include "analyzer/graph/sites.h"
#include "analyzer/report/codefiles.h"
#include "analyzer/report/report.h"

struct assembly_symbol {
    const char *name;
    char **aliases; /* other names of the same address, where it was asked for by address */
    size_t alias_count;
    int64_t flat, cum; /* sums of samples even where means are shown, as pprof has it */
    uint64_t start, end;
    struct codefile *code;
    const struct codefile_weight *weights; /* by address */
    size_t weight_count;
};

/* Strings are good until the next row is made. */
struct assembly_row {
    uint64_t address;
    int64_t flat, cum;
    const char *text;
    bool moved;           /* the place is another one than that of the row before */
    const char *function; /* "" if not known */
    const char *file;     /* its base name, "" if not known */
    int64_t line;         /* 0 if not known */
    /* What the binary says of the place: the innermost inlined function first; none if unknown. */
    const struct binary_frame *frames;
    size_t frame_count;
};

struct assembly {
    struct assembly_symbol *symbols; /* by name */
    size_t count, cap;
    struct lines problems; /* binaries that could not be looked at, one sentence each */

    struct codefiles *files;
    struct codefile_weight *weights;
    struct arena names;
    const struct profile *p;

    /* where the next row is made */
    const struct assembly_symbol *symbol;
    size_t next_weight;
    struct buf function, file;
    int64_t line;
};

/* ONLY: symbols with samples whose name matches; if it is a number, those at that address of the
 * process (or, where that had no binary, of binaries), too. -1 and ERR if there are none. */
int assembly_init(struct assembly *a, struct report *r, struct regex *only,
                  const struct codefiles_spec *spec, struct error *err);
void assembly_release(struct assembly *a);

void assembly_begin(struct assembly *a, size_t symbol);
bool assembly_next(struct assembly *a, struct assembly_row *row);

#endif
