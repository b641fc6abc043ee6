/* Text of a profile inside HTML, SVG and other XML. */
#ifndef CPPROF_RENDER_MARKUP_H
#define CPPROF_RENDER_MARKUP_H

#include "analyzer/base/buf.h"

/* Adds S as it may stand between tags and in quoted attributes: < > & " and ' become character
 * references, a control character its picture (U+2400 and up; C1 and U+007F too become one), what
 * XML cannot hold and bytes that are not UTF-8 U+FFFD. Line feeds and tabs stay. */
void markup_add(struct buf *b, struct str s);
void markup_puts(struct buf *b, const char *s);

/* The same, but < > & " and ' stay: for formats that escape those in ways of their own. */
void markup_clean(struct buf *b, struct str s);

#endif
