/* The nodes a profile's frames fall into: one per distinct thing that reports tell apart.
 *
 * What is told apart is what aggregation has left in the profile: function, file, line, address.
 * Made once per report; graphs, tags and traces refer to nodes by index.
 */
#ifndef CPPROF_GRAPH_NODES_H
#define CPPROF_GRAPH_NODES_H

#include "analyzer/base/buf.h"
#include "analyzer/profile/profile.h"

struct node_info {
    strid name, file, object; /* file is cleaned, object kept only if asked for or all there is */
    uint64_t address;
    int64_t start_line, line, column;
};

struct nodes {
    struct profile *p; /* borrowed */
    struct node_info *infos;
    size_t count, cap;
    /* Location i is nodes of[first[i]] .. of[first[i+1]], innermost
     * (inlined) first; at least one. */
    uint32_t *first, *of;
    uint32_t *only;    /* per location: its node if there is one only, else NO_INDEX */
    struct str *names; /* printable, per node; made by nodes_name_all; borrowed from P as well */
    struct arena name_bytes;
};

struct nodes_spec {
    bool objects;   /* keep binaries apart, as disassembly and callgrind need */
    bool raw_files; /* file names are not trimmed, only cleaned */
    const char *trim_path, *source_path;
};

/* P may get new strings. */
void nodes_init(struct nodes *n, struct profile *p, const struct nodes_spec *spec);
void nodes_release(struct nodes *n);

/* Fills names[]: "address function file:line", whatever there is of them. */
void nodes_name_all(struct nodes *n);

/* Gives up all but the names, for those who keep what was made of N to be shown. P need not live
 * on, but its strings must. */
void nodes_keep_names(struct nodes *n);

/* The name's parts joined by SEPARATOR, with NAME and FILE in place of the node's own. */
void nodes_print_name(struct buf *out, const struct nodes *n, uint32_t node, struct str name,
                      struct str file, const char *separator);

/* The nodes whose printable name is NAME, as true per node; NULL if there is none. And the
 * locations that have any of the nodes AT (true per node), as true per location. The caller frees
 * them. */
bool *nodes_named(const struct nodes *n, struct str name);
bool *nodes_locations(const struct nodes *n, const bool *at);

/* Per node, the base name of the binary it is in; of several, the first; empty if none is known.
 * The caller frees it. */
struct str *nodes_libraries(const struct nodes *n);

/* A total order of nodes by everything they are, for ties. */
int nodes_compare(const struct nodes *n, uint32_t a, uint32_t b);

#endif
