/* Names of code that is in no file: what a JIT compiler wrote down about its functions, and what
 * the kernel says about its own.
 *
 *     struct symbol_map *m = symbol_map_read_perf("/tmp/perf-123.map", err);
 *     const char *name = symbol_map_find(m, address);
 *     symbol_map_free(m);
 *
 * perf's maps: a line "START SIZE NAME" per function, hexadecimal; a later line holds where two
 * overlap, for code is thrown away and written anew. Linux,
 * tools/perf/Documentation/jit-interface.txt. The kernel's: a line "ADDRESS TYPE NAME [MODULE]" per
 * symbol; proc(5).
 */
#ifndef CPPROF_BINARY_SYMBOL_MAP_H
#define CPPROF_BINARY_SYMBOL_MAP_H

#include "analyzer/base/error.h"

#include <stdbool.h>
#include <stdint.h>

struct symbol_map;

/* NULL and ERR if the file cannot be read; lines that make no sense are passed over. */
struct symbol_map *symbol_map_read_perf(const char *path, struct error *err);
struct symbol_map *symbol_map_read_kernel(const char *path, struct error *err);
void symbol_map_free(struct symbol_map *m); /* NULL is fine */

/* The function at ADDRESS, or NULL. Good as long as the map. */
const char *symbol_map_find(const struct symbol_map *m, uint64_t address);

/* Where the symbol NAME of the kernel's map is; 0 if it is not there or the kernel keeps its
 * addresses to itself (kernel.kptr_restrict). */
uint64_t symbol_map_address(const struct symbol_map *m, const char *name);

#endif
