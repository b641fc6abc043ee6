/* Protocol buffer messages written as text, for tests that need every byte under control.
 *
 *     1:7          field 1, varint; -1 is ten bytes long
 *     6:'main'     bytes; there is no escape, use =HEX for what cannot stand between quotes
 *     2:{1:1 2:5}  a message
 *     1:[1 2 3]    packed numbers
 *     7:#4  7:#8   four or eight zero bytes, the fixed-size wire types
 *     =0a1bff      these bytes as they are
 *     ~7:5         the number after the colon as an overlong varint, padded to ten bytes
 *     @            marks the offset of what follows
 *
 * Blanks separate, and mean nothing else.
 */
#ifndef CPPROF_TESTS_MESSAGE_H
#define CPPROF_TESTS_MESSAGE_H

#include "analyzer/base/buf.h"

#include <stddef.h>
#include <stdint.h>

#define NO_MARK SIZE_MAX

/* Adds the bytes TEXT describes to B. Returns the offset in B of the mark, or NO_MARK. */
size_t message_write(struct buf *b, const char *text);

void message_varint(struct buf *b, uint64_t v);

#endif
