/* Reports as JSON documents, numbers unrounded; docs/formats.md says what each field is.
 *
 * The fields that describe the profile come first, then the rows, each on a line of its own.
 */
#ifndef CPPROF_RENDER_JSON_H
#define CPPROF_RENDER_JSON_H

#include "analyzer/render/out.h"
#include "analyzer/report/diff.h"
#include "analyzer/report/flame.h"
#include "analyzer/report/tags.h"
#include "analyzer/report/top.h"
#include "analyzer/report/traces.h"
#include "analyzer/report/tree.h"

void json_top(struct out *o, const struct report *r, const struct top *t);
void json_tree(struct out *o, const struct report *r, const struct tree *t);

/* Goes through T, a sample at a time. */
void json_traces(struct out *o, const struct report *r, struct traces *t);

/* T's numbers are exact. */
void json_tags(struct out *o, const struct report *r, const struct tags *t);
void json_diff(struct out *o, const struct diff *d);
void json_flame(struct out *o, const struct report *r, const struct flame *f);

#endif
