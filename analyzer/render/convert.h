/* A profile as a file of another format: the writers, by enum file_format. */
#ifndef CPPROF_RENDER_CONVERT_H
#define CPPROF_RENDER_CONVERT_H

#include "analyzer/profile/formats.h"
#include "analyzer/profile/profile.h"
#include "analyzer/render/out.h"

/* VALUE is the sample type that is chosen: the only one written, where the format holds one. P may
 * be changed on the way. */
typedef void format_writer(struct out *o, struct profile *p, size_t value);

extern format_writer *const format_writers[FILE_FORMAT_COUNT]; /* NULL: is only read */

#endif
