/* The zstd stream that `perf record -z` cuts into COMPRESSED records: one stream per file, with the
 * kernel's records inside.
 */
#ifndef CPPROF_PROFILE_PERFDATA_INFLATE_H
#define CPPROF_PROFILE_PERFDATA_INFLATE_H

#include "analyzer/base/cursor.h"
#include "analyzer/base/error.h"

#include <stddef.h>
#include <stdint.h>

struct perfdata_pieces {
    struct cursor *items;
    size_t count, cap;
};

/* What the pieces hold, for the caller to free; they are consumed. NULL and ERR if it is damaged or
 * grows beyond measure. */
uint8_t *perfdata_inflate(struct perfdata_pieces *pieces, size_t *len, struct error *err);

#endif
