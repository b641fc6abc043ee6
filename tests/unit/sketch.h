/* Small profiles as a few lines of text, and back: what tests of the stages behind decoding use.
 *
 *     cpu/ms space/bytes                          the sample types
 *     10 0 : A B@b.c:7 C ; color=red size=#64:kb  a sample: values, frames (leaf first), labels
 *
 * A frame is NAME, NAME@FILE, NAME@FILE:LINE or NAME@FILE:LINE:COLUMN; lines inlined into each
 * other are joined by +, innermost first; 0x10=A has an address, 0x10 has no lines at all; A!libc
 * is in the mapping of that file. Frames written alike are one location, equal names with equal
 * files one function. A label is KEY=TEXT, or KEY=#NUMBER:UNIT. A blank in a name is written ~.
 */
#ifndef CPPROF_TESTS_SKETCH_H
#define CPPROF_TESTS_SKETCH_H

#include "analyzer/profile/profile.h"

/* The profile TEXT describes; the caller frees it. Mappings are at 0x100000, 0x200000, ... in the
 * order in which frames name them. */
struct profile *sketch(const char *text);

/* P as such a text, each sample's values, frames and labels as
 * they are now; the caller frees it. */
char *sketch_of(const struct profile *p);

/* Asserts that GOT, or what is left of P, is WANT; shows both if it is not. */
void sketch_expect_text(const char *got, const char *want);
void sketch_expect(const struct profile *p, const char *want);

#endif
