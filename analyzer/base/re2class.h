/* A character class while it is being read.
 *
 * One struct serves a whole pattern, whose arena is set first: start each class with
 * re2_class_clear, add what it lists, end it with re2_class_finish; re2_class_release at the very
 * end. What is added is closed under case when FOLD is set, and that happens before a set is
 * complemented, as in Go: under (?i) \W has no long s in it because \w has.
 */
#ifndef CPPROF_BASE_RE2CLASS_H
#define CPPROF_BASE_RE2CLASS_H

#include "analyzer/base/arena.h"
#include "analyzer/base/re2tree.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Runes before and after these have one case only. */
#define RE2_FIRST_CASED 0x41u
#define RE2_LAST_CASED 0x1e943u

struct re2_class {
    struct arena *arena;
    struct re2_range *ranges;
    size_t count, cap;
    bool fold;
    bool plain; /* nothing but ranges that say all: they can be sorted and merged */
};

void re2_class_clear(struct re2_class *c, bool fold);
void re2_class_release(struct re2_class *c);

void re2_class_add(struct re2_class *c, uint32_t lo, uint32_t hi);

/* The sets of [:name:] (OUTSIDE for [:^name:]) and of \d \s \w \D \S \W; false when there is no
 * such. */
bool re2_class_add_posix(struct re2_class *c, const char *name, size_t len, bool outside);
bool re2_class_add_perl(struct re2_class *c, char letter);

/* A Unicode category or script, or all but it; false when there is none of this name. */
bool re2_class_add_property(struct re2_class *c, const char *name, size_t len, bool outside);

/* Makes NODE the simplest node that matches what C lists, or all else when NEGATED. */
void re2_class_finish(struct re2_class *c, struct re2_node *node, bool negated);

#endif
