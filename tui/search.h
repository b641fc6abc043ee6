/* What `/` looks for: a regular expression, and where it is in a text.
 *
 * Smart case, as in less and vim: a pattern without capital letters matches them all the same.
 * For the thread of the screen only.
 */
#ifndef CPPROF_TUI_SEARCH_H
#define CPPROF_TUI_SEARCH_H

#include "analyzer/base/error.h"
#include "analyzer/base/strtab.h"

#include <stdbool.h>

struct search;

/* NULL and ERR for a pattern that is none. */
struct search *search_new(const char *pattern, struct error *err);
void search_free(struct search *s); /* NULL is fine */

/* Is it in TEXT? False for NULL. */
bool search_match(const struct search *s, struct str text);

/* The first match in TEXT at or after byte FROM: [*BEGIN, *END), never empty. False if there is
 * none. */
bool search_find(const struct search *s, struct str text, size_t from, size_t *begin, size_t *end);

/* As it was typed. */
const char *search_pattern(const struct search *s);

#endif
