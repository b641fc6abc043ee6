/* The changes that make libiberty print the tree of a C++ name as pprof would.
 *
 * What is printed differently is stated as a change of the tree rather than of the text: text alone
 * does not tell where template arguments begin and end (`operator<`, `->`, `(a > b)`), nor which
 * parentheses are parameters. Only template arguments are left to be taken out of the text: a byte
 * that occurs in no name marks both ends of each list.
 */
#ifndef CPPROF_BINARY_DEMANGLE_EDIT_H
#define CPPROF_BINARY_DEMANGLE_EDIT_H

#include "analyzer/binary/demangle_tree.h"

#include <stddef.h>

/* Changes the tree made of NODES. Returns memory with the nodes it added, for the caller to free
 * after the tree. */
void *demangle_edit(struct demangle_component *const *nodes, size_t count,
                    struct demangle_parts parts);

#endif
