/* Text set in right-aligned columns, as Go's text/tabwriter does with padding 1.
 *
 * Tabs end cells and line breaks end rows. A column is as wide as the widest of the cells that
 * stand above each other in it without a gap; what follows a row's last tab belongs to no column.
 * Values of labels may bring tabs and line breaks of their own.
 */
#ifndef CPPROF_RENDER_COLUMNS_H
#define CPPROF_RENDER_COLUMNS_H

#include "analyzer/base/buf.h"

/* TEXT consists of whole rows. */
void columns_set(struct buf *out, struct str text);

#endif
