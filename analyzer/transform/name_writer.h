/* Giving locations the frames that were found for them. Functions are shared: one per name, file
 * and first line. */
#ifndef CPPROF_TRANSFORM_NAME_WRITER_H
#define CPPROF_TRANSFORM_NAME_WRITER_H

#include "analyzer/base/strtab.h"
#include "analyzer/binary/binary.h"
#include "analyzer/profile/profile.h"

struct name_writer {
    struct profile *p;
    struct strtab keys; /* a key's id, less one, indexes FUNCTIONS */
    uint32_t *functions;
    size_t cap;
};

void name_writer_init(struct name_writer *w, struct profile *p);
void name_writer_release(struct name_writer *w);

/* Location I gets these frames, innermost first, and its mapping says that it has names. Frames of
 * which nothing is known are left out; if none is left, nothing changes. */
void name_writer_set(struct name_writer *w, size_t location, const struct binary_frame *frames,
                     size_t count);

/* The same, for a function known only by its name. */
void name_writer_set_name(struct name_writer *w, size_t location, const char *name);

#endif
