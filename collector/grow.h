/* Room in a growing array, for code that must live with there being none. */
#ifndef CPPROF_COLLECTOR_GROW_H
#define CPPROF_COLLECTOR_GROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Makes room for NEED items of SIZE bytes in the array that ITEMS points to, which has *CAP places,
 * by half as many again. False, and everything as it was, if there is no memory. */
static inline bool grow(void *items, size_t *cap, size_t need, size_t size)
{
    if (need <= *cap)
        return true;
    size_t wanted = *cap + *cap / 2;
    if (wanted < need)
        wanted = need < 8 ? 8 : need;
    void *old, *grown;
    memcpy(&old, items, sizeof old);
    if (wanted > SIZE_MAX / size || !(grown = realloc(old, wanted * size)))
        return false;
    memcpy(items, &grown, sizeof grown);
    *cap = wanted;
    return true;
}

#endif
