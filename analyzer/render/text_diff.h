/* The difference of two profiles as text, columns as wide as their contents. */
#ifndef CPPROF_RENDER_TEXT_DIFF_H
#define CPPROF_RENDER_TEXT_DIFF_H

#include "analyzer/render/out.h"
#include "analyzer/report/diff.h"

void text_diff(struct out *o, const struct diff *d);

#endif
