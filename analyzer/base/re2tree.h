/* A regular expression as a tree.
 *
 * re2syntax.h grows it, re2simplify.h makes it easy to match, re2literal.h and re2print.h turn it
 * into what matches. Nodes live in an arena. The tree keeps what decides whether a text matches and
 * drops the rest (names and numbers of groups, laziness).
 */
#ifndef CPPROF_BASE_RE2TREE_H
#define CPPROF_BASE_RE2TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RE2_MAX_HEIGHT 1000 /* of a tree; Go's limit */
#define RE2_UNBOUNDED (-1)  /* as a repetition's max */

enum re2_op {
    RE2_EMPTY, /* matches the empty string */
    RE2_RUNE,
    RE2_CLASS,
    RE2_ANY,
    RE2_ANY_BUT_NEWLINE,
    RE2_BEGIN_TEXT,
    RE2_END_TEXT, /* the very end, even after a newline */
    RE2_BEGIN_LINE,
    RE2_END_LINE,
    RE2_WORD_BOUNDARY,
    RE2_NO_WORD_BOUNDARY,
    RE2_GROUP, /* capturing; the others leave no trace */
    RE2_REPEAT,
    RE2_CONCAT,    /* never directly within another */
    RE2_ALTERNATE, /* never directly within another */
};

/* One piece of a class: the runes LO..HI, or a Unicode property. */
struct re2_range {
    uint32_t lo, hi;
    const char *property; /* as PCRE2 names it, or NULL */
    bool outside;         /* everything but the property */
    bool folds;           /* these and their other cases, which are not listed */
};

struct re2_list {
    struct re2_node *first, *last;
};

struct re2_node {
    enum re2_op op;
    struct re2_node *next, *prev; /* within the parent */
    struct re2_list sub;          /* GROUP and REPEAT have one */
    uint32_t rune;                /* RUNE */
    bool folds;                   /* RUNE: in any case */
    bool negated;                 /* CLASS: all but these */
    struct re2_range *ranges;     /* CLASS */
    size_t range_count;
    int min, max; /* REPEAT */
    int height;   /* of the tree below, at most RE2_MAX_HEIGHT */
    int copies;   /* how often nested {n,m} may repeat the innermost part */
};

void re2_list_append(struct re2_list *list, struct re2_node *node);
void re2_list_remove(struct re2_list *list, struct re2_node *node);
void re2_list_join(struct re2_list *list, struct re2_list *more); /* MORE is empty afterwards */

#endif
