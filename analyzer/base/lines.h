/* Lines of text in the order they came up: a report's header, or remarks that are not failures.
 *
 * Stages add remarks for the user ("Focus expression matched no samples") to a `struct lines` that
 * their callers pass as NOTES; only front ends print them.
 */
#ifndef CPPROF_BASE_LINES_H
#define CPPROF_BASE_LINES_H

#include <stddef.h>

struct lines {
    char **items;
    size_t count, cap;
};

void lines_add(struct lines *l, const char *format, ...) __attribute__((format(printf, 2, 3)));
void lines_release(struct lines *l);

#endif
