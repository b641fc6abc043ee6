/* The model as profile.proto bytes, compressed with gzip. */
#ifndef CPPROF_PROFILE_ENCODE_H
#define CPPROF_PROFILE_ENCODE_H

#include "analyzer/profile/profile.h"

/* Takes LEN bytes of the file; a result other than 0 stops the encoder. */
typedef int encode_sink(void *context, const void *data, size_t len);

/* Writes all of P through SINK. 0, what SINK returned when it stopped,
 * or -1 if there is no memory. */
int profile_encode(const struct profile *p, encode_sink *sink, void *context);

#endif
