/* The one function that a report is about: which of its nodes are meant. */
#ifndef CPPROF_REPORT_FUNCTION_H
#define CPPROF_REPORT_FUNCTION_H

#include "analyzer/base/error.h"
#include "analyzer/graph/nodes.h"

/* The nodes with the printable name NAME, as true per node: several where what tells them apart is
 * not shown. NAME empty: the function with the largest flat of VALUE, old and new together. What is
 * written to *CHOSEN is the name, borrowed from NODES, which must have their names. The caller
 * frees the result. NULL and ERR if there is no such function, or no sample at all. */
bool *function_nodes(const struct nodes *nodes, int value, struct str name, struct str *chosen,
                     struct error *err);

#endif
