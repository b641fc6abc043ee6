/* Source and assembly as one page that needs nothing else: lines with what was spent on them, the
 * instructions below a line shown by a click, the hottest lines listed and reached by keys. */
#ifndef CPPROF_RENDER_WEBLIST_HTML_H
#define CPPROF_RENDER_WEBLIST_HTML_H

#include "analyzer/render/out.h"
#include "analyzer/report/weblist.h"

void weblist_html(struct out *o, const struct report *r, const struct weblist *w);

#endif
