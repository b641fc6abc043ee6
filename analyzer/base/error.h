/* A failure's complete sentence.
 *
 * Functions that can fail on the user's input take a `struct error *`, return -1 or NULL, and fill
 * in the whole sentence: what is wrong, where, and what to do. Only the front ends print it; the
 * kind picks their exit status. A failure that input cannot cause is a bug and is asserted instead.
 */
#ifndef CPPROF_BASE_ERROR_H
#define CPPROF_BASE_ERROR_H

enum error_kind {
    ERROR_NONE = 0,
    ERROR_DATA,  /* the input is bad: exit status 1 */
    ERROR_USAGE, /* the command line is wrong: exit status 2 */
};

struct error {
    enum error_kind kind;
    char text[1000]; /* one line, no newline at the end */
};

/* Fills ERR (which may be NULL) and returns -1, so that callers can `return error_set(...)`. */
int error_set(struct error *err, enum error_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "PREFIX: " before the sentence already in ERR, for instance the name of a file. */
void error_prefix(struct error *err, const char *prefix);

#endif
