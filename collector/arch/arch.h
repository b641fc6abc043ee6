/* What depends on the processor, one header per processor with the same names:
 *
 * - ARCH_DWARF_SP, _FP, _RA, _BASE: DWARF numbers of the registers a walk needs; -1: this
 *   processor's code needs none of the kind
 * - arch_scratch(): which of `scratch` a register is, or -1
 * - ARCH_RA_FROM_CFA: where a call leaves the return address
 * - arch_registers(): of an interrupted context
 * - struct arch_saved, ARCH_SAVED_FROM_SP, arch_saved_registers(): where a signal's frame keeps
 *   these registers, counted from the stack pointer its handler returns with
 * - ARCH_CAPTURE(registers): of the calling function, here and now
 * - arch_code_pointer(): an address without its authentication bits
 * - ARCH_SIGRETURN_BYTES, arch_is_sigreturn(): of code without unwind rules: is this where a signal
 *   handler returns to
 * - ARCH_STUB_BYTES, ARCH_STUB_BEFORE, arch_is_stub(): and is this a stub of a procedure linkage
 *   table; reads so many bytes, some of them before the instruction
 * - ARCH_STUB_PUSHES: what the first of them pushes, of which the loader's rules say nothing
 * - arch_is_interrupted(): has a signal ended a wait, which the kernel does not begin again?
 * - arch_restart_call(): has it begun again
 * - arch_mark_ended(): or never, since a handler of the program's has run: to the next signal it is
 *   no interrupted wait
 * - ARCH_FRAME_BELOW: whether what lies behind a saved frame pointer and return address is the
 *   caller's frame (0) or more of the function's own (1)
 * - ARCH_FRAME_CFA, arch_frame_room(): of functions that keep a frame pointer: the CFA counted from
 *   it; how far below it the prologue moves the stack pointer
 * - ARCH_CALL_BYTES, arch_is_call(): do so many bytes before end with a call, and of what (0: not
 *   told by the code)
 *
 * All of it is async-signal-safe.
 */
#ifndef CPPROF_COLLECTOR_ARCH_H
#define CPPROF_COLLECTOR_ARCH_H

#include <stdint.h>

enum { ARCH_SCRATCHES = 3, ARCH_SCRATCH_CATCH = 0 /* what leads to a catch block */ };

struct arch_registers {
    uintptr_t pc, sp, fp;
    uintptr_t lr; /* processors with a link register; else 0 */
    /* Kept for callers as fp is; where the loader's resolver has its frame. 0: not known. */
    uintptr_t base;
    /* Of interrupted code only; where frames are that are being made, or left for a catch block. */
    uintptr_t scratch[ARCH_SCRATCHES];
};

#if defined(__x86_64__)
#include "collector/arch/x86_64.h"
#elif defined(__aarch64__)
#include "collector/arch/aarch64.h"
#else
#error "cpprof's collector knows x86-64 and AArch64"
#endif

#endif
