/* Reports as text, byte for byte as pprof writes them; on a terminal with colours and cut names. */
#ifndef CPPROF_RENDER_TEXT_H
#define CPPROF_RENDER_TEXT_H

#include "analyzer/render/out.h"
#include "analyzer/report/tags.h"
#include "analyzer/report/top.h"
#include "analyzer/report/traces.h"
#include "analyzer/report/tree.h"

/* The lines that stand before rows. */
void text_header(struct out *o, const struct lines *header);

/* VALUE right-aligned in WIDTH columns; "." for 0 in the second. */
void text_value(struct out *o, const struct report *r, int64_t value, size_t width);
void text_value_or_dot(struct out *o, const struct report *r, int64_t value, size_t width);

/* What listings of sources and of instructions have in common: the first line, the line below the
 * name of a routine, and the colour of a row ("": none) by its share in its routine's sums: red
 * from a tenth on, yellow from a hundredth. */
void text_total(struct out *o, const struct report *r);
void text_routine_sums(struct out *o, const struct report *r, int64_t flat, int64_t cum);
const char *text_heat(int64_t flat, int64_t flat_sum, int64_t cum, int64_t cum_sum);

void text_top(struct out *o, const struct report *r, const struct top *t);
void text_tree(struct out *o, const struct report *r, const struct tree *t);

/* Goes through T, a sample at a time. */
void text_traces(struct out *o, const struct report *r, struct traces *t);
void text_tags(struct out *o, const struct report *r, const struct tags *t);
void text_comments(struct out *o, const struct profile *p);

#endif
