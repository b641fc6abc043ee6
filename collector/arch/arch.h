/* What depends on the processor, one header per processor with the same names:
 *
 *     ARCH_DWARF_SP, ARCH_DWARF_FP, ARCH_DWARF_RA    DWARF numbers of the registers a walk needs
 *     ARCH_RA_FROM_CFA                               where a call leaves the return address
 *     arch_registers()                               of an interrupted context
 *     ARCH_CAPTURE(registers)                        of the calling function, here and now
 *     arch_code_pointer()                            an address without its authentication bits
 *     arch_restart_call(), ARCH_CALL_BYTES           has a system call that a signal has
 * interrupted done again, where the kernel would not; reads so many bytes of code before the
 * instruction
 *
 *     ARCH_FRAME_CFA, arch_frame_room()              of functions that keep a frame pointer: the
 * CFA counted from it; how far below it the prologue moves the stack pointer arch_is_call() do the
 * ARCH_CALL_BYTES before end with a call, and of what (0: not told by the code)
 *
 * All of it is async-signal-safe.
 */
#ifndef CPPROF_COLLECTOR_ARCH_H
#define CPPROF_COLLECTOR_ARCH_H

#include <stdint.h>

struct arch_registers {
    uintptr_t pc, sp, fp;
    uintptr_t lr; /* processors with a link register; else 0 */
};

#if defined(__x86_64__)
#include "collector/arch/x86_64.h"
#elif defined(__aarch64__)
#include "collector/arch/aarch64.h"
#else
#error "cpprof's collector knows x86-64 and AArch64"
#endif

#endif
