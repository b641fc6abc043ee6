/* Lines of text in the order they came up: a report's header, or remarks that are not failures.
 *
 * Stages add remarks for the user ("Focus expression matched no samples") to a `struct lines` that
 * their callers pass as NOTES; only front ends print them.
 */
#ifndef CPPROF_BASE_LINES_H
#define CPPROF_BASE_LINES_H

#include "analyzer/base/strtab.h"

#include <stddef.h>

struct lines {
    char **items;
    size_t *lens; /* lines with text of a profile may hold NULs */
    size_t count, cap, len_cap;
};

void lines_add(struct lines *l, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* LABEL and then S as it is. */
void lines_add_str(struct lines *l, const char *label, struct str s);

static inline struct str lines_get(const struct lines *l, size_t i)
{
    return (struct str){l->items[i], l->lens[i]};
}

void lines_release(struct lines *l);

#endif
