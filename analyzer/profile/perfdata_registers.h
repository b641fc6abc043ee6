/* Registers in samples, by perf's numbers, and as DWARF numbers them. */
#ifndef CPPROF_PROFILE_PERFDATA_REGISTERS_H
#define CPPROF_PROFILE_PERFDATA_REGISTERS_H

#include "analyzer/base/strtab.h"
#include "analyzer/binary/unwind.h"

/* The machine that `uname -m` calls ARCH; where a file does not say (""), the one we run on.
 * BINARY_OTHER if its registers are not known here. */
enum binary_machine perfdata_machine(struct str arch);

/* Sets the registers and the pc of S, whose machine is set, from VALUES: as many eight-byte values
 * as MASK has bits, by rising number. False if the stack pointer or the pc is not among them. */
bool perfdata_registers_read(struct unwind_stack *s, const uint8_t *values, uint64_t mask);

#endif
