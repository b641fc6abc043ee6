/* The text of a pattern while it is being read, rune by rune, and the sentences in which it is
 * refused, which are Go's.
 */
#ifndef CPPROF_BASE_RE2READER_H
#define CPPROF_BASE_RE2READER_H

#include "analyzer/base/buf.h"
#include "analyzer/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct re2_reader {
    const char *text, *at, *end;
    struct error *err;
};

/* Reads a rune at *AT, which may be the end. False when the sentence is written. */
bool re2_next_rune(const struct re2_reader *r, const char **at, uint32_t *rune);

/* Is FROM to TO good UTF-8? False when the sentence is written. */
bool re2_check_utf8(const struct re2_reader *r, const char *from, const char *to);

/* Does the text go on with WITH at AT? */
bool re2_starts(const struct re2_reader *r, const char *at, const char *with);

/* ASCII's. */
bool re2_is_letter(uint32_t c);
bool re2_is_alnum(uint32_t c);

/* Refuses what stands from FROM to TO. Always false. */
bool re2_refuse_at(const struct re2_reader *r, const char *code, const char *from, const char *to);

/* Fills ERR as Go words it: error parsing regexp: CODE: `FRAGMENT`. */
void re2_refuse(struct error *err, const char *code, const char *fragment, size_t len);

/* Adds at most MAX bytes' worth of S, with control bytes and broken UTF-8 spelled out as \xNN, so
 * that a sentence which cites a pattern stays one line of text. */
void re2_quote(struct buf *b, const char *s, size_t len, size_t max);

#endif
