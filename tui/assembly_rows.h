/* The rows of the assembly view: the instructions of a function with what was spent on them, before
 * and now, and between them the source lines they come from.
 *
 * Each instruction knows the chain of inlined calls it is part of, so that one can go from it to a
 * line of the function and back. Rows do not change once they are made, and refer to nothing else.
 */
#ifndef CPPROF_TUI_ASSEMBLY_ROWS_H
#define CPPROF_TUI_ASSEMBLY_ROWS_H

#include "analyzer/base/regex.h"
#include "analyzer/graph/calltree.h"
#include "analyzer/report/codefiles.h"
#include "analyzer/report/report.h"

enum assembly_row_kind {
    ASSEMBLY_SYMBOL,  /* text: its name; flat and cum are its sums */
    ASSEMBLY_PROBLEM, /* text: what could not be found, and where it was looked for */
    ASSEMBLY_SOURCE,  /* text: the line that the instructions below come from, if there is one */
    ASSEMBLY_INSTRUCTION, /* text: the instruction */
    ASSEMBLY_NOTE,        /* text: that there are more than are shown */
};

/* A place an instruction belongs to: the code of a function, or of one inlined into it. */
struct assembly_call {
    struct str function, file;
    int64_t line;
    bool asked; /* it is a line of the function asked for */
};

struct assembly_row_shown {
    enum assembly_row_kind kind;
    uint64_t address;
    struct calltree_value flat, cum;
    struct str text;
    uint32_t first_call, call_count; /* innermost first; of the instructions below a source line */
};

struct assembly_rows {
    struct assembly_row_shown *rows;
    size_t count, cap;
    struct assembly_call *calls;
    size_t call_count, call_cap;
    size_t *hottest; /* instructions with samples, of the function asked for: hottest first */
    size_t hottest_count;
    struct strtab texts;
};

/* What is asked for. The function matches FUNCTION; its instructions are in symbols that match
 * SYMBOLS: its own, or those it is inlined into (report/hosts.h). */
struct assembly_question {
    struct regex *function, *symbols;
    const struct codefiles_spec *code;
};

/* OLD: of the base; NULL: there is none. Both reports are of profiles aggregated by address,
 * without inlined frames. NULL and ERR if neither has such symbols. */
struct assembly_rows *assembly_rows_new(struct report *new, struct report *old,
                                        const struct assembly_question *question,
                                        struct error *err);
void assembly_rows_free(struct assembly_rows *a); /* NULL is fine */

/* The hottest instruction, else the first one, that comes from LINE of the function asked for;
 * SIZE_MAX if there is none. */
size_t assembly_rows_find(const struct assembly_rows *a, int64_t line);

/* The place in the function asked for, else in the innermost function, that ROW comes from; NULL if
 * that is not known. */
const struct assembly_call *assembly_rows_place(const struct assembly_rows *a, size_t row);

#endif
