/* Go's regular expressions, read into a tree.
 *
 * re2_parse reads a pattern the way Go's regexp package does: it takes what Go takes and refuses
 * what Go refuses, in the same words. The tree is the caller's to change.
 */
#ifndef CPPROF_BASE_RE2SYNTAX_H
#define CPPROF_BASE_RE2SYNTAX_H

#include "analyzer/base/arena.h"
#include "analyzer/base/error.h"
#include "analyzer/base/re2tree.h"

/* PATTERN as a tree in ARENA, or NULL and ERR (ERROR_USAGE) with Go's sentence. */
struct re2_node *re2_parse(struct arena *arena, const char *pattern, struct error *err);

#endif
