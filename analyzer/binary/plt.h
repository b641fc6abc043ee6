/* The entries of a procedure linkage table, through which a program calls its libraries. No symbol
 * names them; which function one leads to follows from the pointer it jumps through, which a
 * relocation fills in. objdump calls them "puts@plt". */
#ifndef CPPROF_BINARY_PLT_H
#define CPPROF_BINARY_PLT_H

#include <stdint.h>

struct binary;

/* Calls EACH for every entry, at START of the file's addresses, SIZE bytes long. NAME lives as long
 * as the binary. x86-64 and AArch64; elsewhere there are none. */
void plt_each(struct binary *b,
              void (*each)(void *context, uint64_t start, uint64_t size, const char *name),
              void *context);

#endif
