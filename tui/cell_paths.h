/* Which cell of a tree is which in the next one: what is open, zoomed and chosen stays so when a
 * tree is built anew.
 *
 * A cell is known by its path, a number made of the names from the root down to it.
 */
#ifndef CPPROF_TUI_CELL_PATHS_H
#define CPPROF_TUI_CELL_PATHS_H

#include "analyzer/graph/calltree.h"

/* Per cell its path. The caller frees it. */
uint64_t *cell_paths_new(const struct calltree *t, const struct nodes *nodes);

/* The cell with this path; NO_INDEX if there is none. */
uint32_t cell_paths_find(const uint64_t *paths, size_t count, uint64_t path);

/* The heaviest cell of the function with this name in cell FROM and below; NO_INDEX if there is
 * none. */
uint32_t cell_named(const struct calltree *t, const struct nodes *nodes, uint32_t from,
                    struct str name);

#endif
