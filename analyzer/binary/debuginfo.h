/* What a binary's DWARF says about addresses: which function, what was inlined there, which line.
 *
 * The compilation units' ranges are read when the units are opened; a unit's functions, line table
 * and files when one of its addresses is first asked for; what was inlined into a function when
 * that function is. So a handful of addresses in a large program costs a handful of its units.
 */
#ifndef CPPROF_BINARY_DEBUGINFO_H
#define CPPROF_BINARY_DEBUGINFO_H

#include <stddef.h>
#include <stdint.h>

struct binary;
struct binary_frame;
struct debuginfo;

/* NULL if B has no DWARF, here or in a debug file. It borrows B. */
struct debuginfo *debuginfo_open(struct binary *b);
void debuginfo_free(struct debuginfo *d); /* NULL is fine */

/* The frames at AT, innermost first, of which *COUNT gets the number; 0: no DWARF there. The last
 * one may lack a name where only the line is known. Good until the next call. */
const struct binary_frame *debuginfo_frames(struct debuginfo *d, uint64_t at, size_t *count);

#endif
