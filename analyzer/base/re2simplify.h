/* Makes a tree easy to match.
 *
 * Whether a pattern matches somewhere is all that counts, not where and not how. So what is
 * optional at either end can go, and so can the inner of two nested repetitions, which is what
 * makes backtracking explode. No groups are left, no sequence within a sequence and no choice
 * within a choice.
 */
#ifndef CPPROF_BASE_RE2SIMPLIFY_H
#define CPPROF_BASE_RE2SIMPLIFY_H

#include "analyzer/base/re2tree.h"

void re2_simplify(struct re2_node *root);

/* The same for who asks where it matches: what is optional stays. */
void re2_simplify_whole(struct re2_node *root);

#endif
