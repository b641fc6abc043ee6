/* The word that was probably meant. */
#ifndef CPPROF_BASE_SUGGEST_H
#define CPPROF_BASE_SUGGEST_H

#include <stddef.h>

/* The one of WORDS nearest to WORD by edit distance (insert, delete, replace, swap), if it is near
 * enough to be a slip; NULL otherwise. */
const char *suggest_nearest(const char *word, const char *const *words, size_t count);

#endif
