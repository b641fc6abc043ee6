/* Source lines as text, byte for byte as pprof writes them; on a terminal the hottest lines of each
 * function stand out, tabs are blanks, and lines are cut to its width. */
#ifndef CPPROF_RENDER_TEXT_LISTING_H
#define CPPROF_RENDER_TEXT_LISTING_H

#include "analyzer/render/out.h"
#include "analyzer/report/listing.h"

void text_listing(struct out *o, const struct report *r, const struct listing *l);

#endif
