/* Reports as comma-separated values (RFC 4180), numbers unrounded; docs/formats.md says what each
 * column is.
 *
 * A header row, then a row per line, each ended by a line feed alone. Text is written byte for byte
 * as the profile has it, quoted where it holds a comma, a quote or a line break: nothing is put
 * before names that a spreadsheet would take for a formula. (On a terminal control characters are
 * made visible.)
 */
#ifndef CPPROF_RENDER_CSV_H
#define CPPROF_RENDER_CSV_H

#include "analyzer/render/out.h"
#include "analyzer/report/diff.h"
#include "analyzer/report/tags.h"
#include "analyzer/report/top.h"
#include "analyzer/report/traces.h"
#include "analyzer/report/tree.h"

void csv_top(struct out *o, const struct report *r, const struct top *t);
void csv_tree(struct out *o, const struct report *r, const struct tree *t);

/* Goes through T, a sample at a time. */
void csv_traces(struct out *o, const struct report *r, struct traces *t);

/* T's numbers are exact. */
void csv_tags(struct out *o, const struct report *r, const struct tags *t);
void csv_diff(struct out *o, const struct diff *d);

#endif
