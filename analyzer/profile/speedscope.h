/* speedscope's own file format, as www.speedscope.app saves and loads it.
 *
 * Schema: https://www.speedscope.app/file-format-schema.json. `shared.frames` lists frames (name,
 * file, line, column), `profiles` has profiles of two kinds:
 *
 *     sampled   samples (lists of frames, root first) and as many weights
 *     evented   frames that open and close at certain values; what lies between two events belongs
 *               to the stack that is open then
 *
 * Profiles are threads: with more than one, their names become the label comm. Values measured in
 * seconds of any kind become the sample type time/nanoseconds, bytes space/bytes, and others
 * samples/count; fractions of a byte or of a sample are rounded. In a file that cpprof wrote
 * profiles are sample types instead, named as they are.
 */
#ifndef CPPROF_PROFILE_SPEEDSCOPE_H
#define CPPROF_PROFILE_SPEEDSCOPE_H

#include "analyzer/base/error.h"

#include <jansson.h>
#include <stdbool.h>

struct profile;

bool speedscope_knows(const json_t *root);
struct profile *speedscope_read(const json_t *root, struct error *err);

#endif
