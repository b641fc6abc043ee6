/* The word that was probably meant. */
#ifndef CPPROF_BASE_SUGGEST_H
#define CPPROF_BASE_SUGGEST_H

#include <stddef.h>

/* How many slips (insert, delete, replace, swap) make A of B; SIZE_MAX if either is very long. */
size_t suggest_distance(const char *a, const char *b);

/* The one of WORDS nearest to WORD by that distance, if it is near
 * enough to be a slip; NULL otherwise. */
const char *suggest_nearest(const char *word, const char *const *words, size_t count);

#endif
