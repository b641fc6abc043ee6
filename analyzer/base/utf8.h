/* UTF-8, of which profiles hold a lot and not always good. */
#ifndef CPPROF_BASE_UTF8_H
#define CPPROF_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

#define UTF8_MAX_RUNE 0x10FFFFu
#define UTF8_BAD_RUNE 0xFFFDu /* what Go sees in place of a byte that is not UTF-8 */

/* Reads the character at S, of which LEN bytes remain, by Go's rules. Returns its length; 1 and
 * UTF8_BAD_RUNE for a byte that starts none; 0 and UTF8_BAD_RUNE when LEN is 0. */
size_t utf8_decode(const char *s, size_t len, uint32_t *rune);

/* Writes RUNE to OUT, which has room for 4 bytes, and returns its length. What no text has
 * (surrogates) is written by the same rule. */
size_t utf8_encode(char *out, uint32_t rune);

/* The length of the character at S, 0 for a byte that starts none. LEN is not 0. */
size_t utf8_length(const char *s, size_t len);

/* How many characters S has; a byte that is none counts as one. */
size_t utf8_count(const char *s, size_t len);

#endif
