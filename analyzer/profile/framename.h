/* What a frame is called where nothing but names can be kept.
 *
 * A location is as many frames as it has lines, one if it has none.
 */
#ifndef CPPROF_PROFILE_FRAMENAME_H
#define CPPROF_PROFILE_FRAMENAME_H

#include "analyzer/base/buf.h"
#include "analyzer/profile/profile.h"

static inline uint32_t frame_count(const struct location *l)
{
    return l->line_count ? l->line_count : 1;
}

/* Adds the name of L's frame INDEX, 0 being the innermost: its function's, or, as in the reports,
 * "[libc.so.6]" after the binary, or "<unknown>". */
void frame_name(struct buf *out, const struct profile *p, const struct location *l, uint32_t index);

#endif
