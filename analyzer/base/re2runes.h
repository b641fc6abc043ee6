/* What a pattern writes single runes and sets of runes as: escapes, properties, classes.
 *
 * Functions begin at R's or their own AT, move it behind what they have read, and return false when
 * it is not theirs or, having written the sentence, when it is wrong.
 */
#ifndef CPPROF_BASE_RE2RUNES_H
#define CPPROF_BASE_RE2RUNES_H

#include "analyzer/base/re2class.h"
#include "analyzer/base/re2reader.h"

/* A backslash and what it makes a single rune of. */
bool re2_escape(const struct re2_reader *r, const char **at, uint32_t *rune);

/* \pN, \p{Name}, \PN, \P{Name}, \p{^Name}. With NEGATED, a complement is reported there rather than
 * added as one. */
bool re2_is_property(const struct re2_reader *r, const char *at);
bool re2_property(const struct re2_reader *r, struct re2_class *cls, const char **at,
                  bool *negated);

/* \d and its kind; writes no sentence. */
bool re2_perl_set(const struct re2_reader *r, struct re2_class *cls, const char **at);

/* [...], which R stands at. CLS gets what is listed, NEGATED whether all else is meant. */
bool re2_bracket_class(struct re2_reader *r, struct re2_class *cls, bool *negated);

#endif
