/* tagfocus and tagignore: does a label set match?
 *
 * An expression is "REGEX,REGEX…" (each must match some "key:value"), "KEY=REGEX,…" (one must match
 * a value of KEY), or a range of numbers, with a key or without: "32kb" is equal to, ":64kb" at
 * most, "4mb:" at least, "12kb:64mb" between, both included.
 */
#ifndef CPPROF_TRANSFORM_TAGFILTER_H
#define CPPROF_TRANSFORM_TAGFILTER_H

#include "analyzer/base/error.h"
#include "analyzer/base/lines.h"
#include "analyzer/profile/profile.h"
#include "analyzer/profile/tagunits.h"

#include <stdbool.h>

struct tagfilter;

/* NAME is the option's ("tagfocus"). NULL and ERR (ERROR_USAGE) on a bad expression. P and UNITS
 * are borrowed until tagfilter_free. */
struct tagfilter *tagfilter_new(const char *name, const char *expression, const struct profile *p,
                                const struct tagunits *units, struct lines *notes,
                                struct error *err);
void tagfilter_free(struct tagfilter *f); /* NULL is fine */

bool tagfilter_match(struct tagfilter *f, const struct labelset *set);

/* Did a match take too long? */
bool tagfilter_failed(const struct tagfilter *f, struct error *err);

#endif
