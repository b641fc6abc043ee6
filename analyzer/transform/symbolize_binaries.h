/* Names from the binaries that a profile's mappings show. */
#ifndef CPPROF_TRANSFORM_SYMBOLIZE_BINARIES_H
#define CPPROF_TRANSFORM_SYMBOLIZE_BINARIES_H

#include "analyzer/base/error.h"
#include "analyzer/base/lines.h"
#include "analyzer/transform/name_writer.h"

#include <stdbool.h>

/* What is known about mapping I besides what the profile says. */
struct mapped_binary {
    const char *path;          /* of the file to read; NULL: leave the mapping alone */
    const char *kernel_symbol; /* as in struct binary_mapping */
};

/* Names the locations of W's profile, every binary of BINARIES, one item per mapping, read once.
 * *MISSING is set if one could not be read. -1 and ERR if the user interrupts. */
int symbolize_binaries(struct name_writer *w, const struct mapped_binary *binaries,
                       bool only_symbols, bool *missing, struct lines *notes, struct error *err);

#endif
