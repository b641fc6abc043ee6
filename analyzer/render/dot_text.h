/* Text of a profile inside the quoted strings of DOT, where it can end neither the string nor begin
 * one of DOT's own escapes.
 *
 * Escaped are quotes and backslashes; a line break becomes DOT's (which aligns the line to the
 * left). All other bytes stay, as pprof leaves them: what draws the text cleans it first
 * (picture.h).
 */
#ifndef CPPROF_RENDER_DOT_TEXT_H
#define CPPROF_RENDER_DOT_TEXT_H

#include "analyzer/base/buf.h"

/* Adds S. Of more than MOST bytes (0: no limit) only the beginning, in whole characters, and "…".
 */
void dot_text_add(struct buf *b, struct str s, size_t most);

/* The same for text that has line breaks of its own, written as a backslash and an n (labels at
 * nodes, see nodetags.h); MOST is per line. */
void dot_text_add_lines(struct buf *b, struct str s, size_t most);

#endif
