/* The unit of each numeric label key: the first one met, or one guessed from the key. */
#ifndef CPPROF_PROFILE_TAGUNITS_H
#define CPPROF_PROFILE_TAGUNITS_H

#include "analyzer/base/lines.h"
#include "analyzer/profile/profile.h"

struct tagunits {
    strid *units; /* per key string; NO_INDEX: the key has no numbers */
    size_t count;
};

/* Looks at all labels of P; keys with several units are remarked on in NOTES (may be NULL). P may
 * get new strings. */
void tagunits_init(struct tagunits *t, struct profile *p, struct lines *notes);
void tagunits_release(struct tagunits *t);

/* KEY's unit, "" if it has no numbers. */
const char *tagunits_get(const struct tagunits *t, const struct profile *p, strid key);

#endif
