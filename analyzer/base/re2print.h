/* A tree in PCRE2's spelling. */
#ifndef CPPROF_BASE_RE2PRINT_H
#define CPPROF_BASE_RE2PRINT_H

#include "analyzer/base/buf.h"
#include "analyzer/base/re2tree.h"

/* Adds ROOT as one group to OUT, for PCRE2's DFA matcher if LINEAR. Returns how many runes stand in
 * ranges whose case is ignored: PCRE2 looks each of them up. */
long re2_print(struct buf *out, const struct re2_node *root, bool linear);

#endif
