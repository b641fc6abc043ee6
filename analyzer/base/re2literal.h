/* Plain strings in a pattern: a few of them are found faster one after the other than by any
 * automaton.
 */
#ifndef CPPROF_BASE_RE2LITERAL_H
#define CPPROF_BASE_RE2LITERAL_H

#include "analyzer/base/arena.h"
#include "analyzer/base/re2tree.h"

#include <string.h>

struct re2_literal {
    const char *text;
    size_t len;
    bool at_start, at_end; /* of what is searched */
};

/* The strings that ROOT is a choice of, at most MOST; 0 if it is anything else, or more. */
size_t re2_literals(struct arena *arena, const struct re2_node *root, struct re2_literal *lits,
                    size_t most);

/* The longest text that every match of ROOT contains; an empty one, which is everywhere, if there
 * is none worth a look. Most names lack it, and a look for it is all they cost. */
struct re2_literal re2_required(struct arena *arena, const struct re2_node *root);

static inline bool re2_literal_match(const struct re2_literal *lit, const char *s, size_t len)
{
    if (len < lit->len || (lit->at_start && lit->at_end && len != lit->len))
        return false;
    if (lit->at_start)
        return memcmp(s, lit->text, lit->len) == 0;
    if (lit->at_end)
        return memcmp(s + len - lit->len, lit->text, lit->len) == 0;
    return lit->len == 0 || memmem(s, len, lit->text, lit->len);
}

#endif
