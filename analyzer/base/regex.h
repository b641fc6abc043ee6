/* Regular expressions as pprof's users type them: Go's RE2 syntax, run by PCRE2 with its JIT.
 *
 * regex_compile once, regex_match often, regex_free. A pattern that RE2 would refuse
 * (backreferences, lookaround, ...) is refused with a sentence; constructs the two spell
 * differently are translated. A match that would take too long stops at a limit: regex_match then
 * answers false, and regex_failed says so once the pass is over. One regex is for one thread at a
 * time.
 */
#ifndef CPPROF_BASE_REGEX_H
#define CPPROF_BASE_REGEX_H

#include "analyzer/base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct regex;

/* WHAT names the option in the sentence ("focus"). NULL and ERR (ERROR_USAGE) on a bad pattern. */
struct regex *regex_compile(const char *pattern, const char *what, struct error *err);
void regex_free(struct regex *re); /* NULL is fine */

/* Does RE match anywhere in the LEN bytes at S? */
bool regex_match(struct regex *re, const char *s, size_t len);

/* Where it matches, from byte FROM on: the leftmost match that is not empty, repeating as often as
 * it can, is [*BEGIN, *END). False if there is none, S is not UTF-8, or it would take too long. */
bool regex_find(struct regex *re, const char *s, size_t len, size_t from, size_t *begin,
                size_t *end);

/* Has any match since regex_compile been given up? Fills ERR and returns true if so. */
bool regex_failed(const struct regex *re, struct error *err);

/* The pattern as given. */
const char *regex_text(const struct regex *re);

#endif
