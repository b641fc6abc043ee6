/* Source with the instructions of each line, for a page: functions, in them lines, under them
 * instructions.
 *
 *     weblist_init(&w, &r, only, &spec, err)
 *     for each of w.functions:
 *         for (int64_t n = f->first; n < f->end; n++)
 *             if (weblist_line(&w, f, n, &line)) ...
 *     weblist_release(&w)
 *
 * A function is here a piece of a source file: neighbouring lines that belong to one name, whether
 * their instructions are its own or were inlined elsewhere.
 */
#ifndef CPPROF_REPORT_WEBLIST_H
#define CPPROF_REPORT_WEBLIST_H

#include "analyzer/report/codelines.h"
#include "analyzer/source/sourcefile.h"

/* A line that instructions come from. */
struct weblist_hit {
    int64_t number, flat, cum;
    const struct codelines_use *uses;
    size_t use_count;
    size_t function; /* index into functions */
    size_t rank;     /* 1 is the hottest line of all; 0: nothing was spent here */
};

struct weblist_function {
    struct str name, file;
    int64_t flat, cum;
    int64_t first, end;             /* lines to show: [first, end) */
    const struct weblist_hit *hits; /* by number */
    size_t hit_count;
    const struct sourcefile *source;
};

struct weblist_line {
    int64_t number;
    struct str text;
    bool missing;                  /* it is not in the source */
    const struct weblist_hit *hit; /* NULL: no instructions come from it */
};

struct weblist {
    struct lines header;
    struct codelines code;
    struct weblist_function *functions; /* by file, then line */
    size_t count;
    struct weblist_hit *hits;
    size_t hit_count;
    const struct weblist_hit **ranked; /* those with a rank, hottest first: by flat, then cum */
    size_t ranked_count;
    struct sourcefiles *sources;
};

/* ONLY: see codelines.h. -1 and ERR if nothing matches. */
int weblist_init(struct weblist *w, struct report *r, struct regex *only,
                 const struct codefiles_spec *spec, struct error *err);
void weblist_release(struct weblist *w);

/* Line NUMBER of F; false if there is nothing to show. */
bool weblist_line(const struct weblist_function *f, int64_t number, struct weblist_line *line);

/* The text of the line CALL is on, without the blanks around it; empty if there is none. */
struct str weblist_call_text(const struct weblist *w, const struct codelines_call *call);

#endif
