/* Profiles of how things stand, as files. */
#ifndef CPPROF_COLLECTOR_KIND_WRITE_H
#define CPPROF_COLLECTOR_KIND_WRITE_H

#include "collector/kinds.h"

/* Writes SET, which P's function has filled, or the difference of two such sets SECONDS apart (else
 * 0), to FD. DEBUG 0: profile.proto, gzipped; 1: text, in which "@" lines hold raw return addresses
 * and "#" lines what they are called; 2: every thread or row by itself where P has such a text. The
 * set's values are no longer the same afterwards. 0 or an errno value. */
int kind_write(const struct cpprof_profile *p, struct stackset *set, int64_t seconds, int debug,
               int fd);

/* Takes P and writes it. 0 or an errno value. */
int kind_take_and_write(const struct cpprof_profile *p, int debug, int fd);

/* Writes P as it is before the program starts it: without samples, and with a comment that names
 * the function that does. 0 or an errno value. */
int kind_write_empty(const struct cpprof_profile *p, int debug, int fd);

/* The two halves of a profile.proto: what the values are, of a profile of that NAME, and the
 * samples, whose mappings B must know. Values are taken as they are, not scaled. */
void kind_add_types(struct cpprof_builder *b, const struct kind_shape *shape, const char *name);
void kind_add_rows(struct cpprof_builder *b, const struct kind_shape *shape,
                   const struct stackset *set);

/* The line of a label set; nothing if it is empty. */
void kind_print_labels(FILE *to, const struct labels *labels);

#endif
