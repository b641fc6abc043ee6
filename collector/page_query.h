/* The parameters of a page. */
#ifndef CPPROF_COLLECTOR_PAGE_QUERY_H
#define CPPROF_COLLECTOR_PAGE_QUERY_H

#include <stdbool.h>
#include <stdint.h>

/* Does QUERY ("seconds=5&debug=1") give KEY a value? */
bool query_has(const char *query, const char *key);

/* KEY's value, which has to be a whole decimal number; else OTHERWISE. */
int64_t query_number(const char *query, const char *key, int64_t otherwise);

enum { QUERY_MOST_SECONDS = 24 * 3600 };

/* "seconds", from 1 to QUERY_MOST_SECONDS; else OTHERWISE. */
int64_t query_seconds(const char *query, int64_t otherwise);

#endif
