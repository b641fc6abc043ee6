/* Memory that is always there.
 *
 * Sizes that come from a file are checked before they get here, so running out is not the input's
 * doing: these print one line and exit with status 1 rather than return NULL.
 */
#ifndef CPPROF_BASE_ALLOC_H
#define CPPROF_BASE_ALLOC_H

#include <stddef.h>

void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size); /* zeroed */
void *xrealloc(void *old, size_t size);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t len);

/* Makes room for NEED items of ITEM bytes each in ITEMS, which has *CAP places, growing by half so
 * that appending is cheap. Returns the array, perhaps moved. */
void *xgrow(void *items, size_t *cap, size_t need, size_t item);

#endif
