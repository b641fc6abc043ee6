/* AArch64 for arch.h. Source: DWARF for the Arm 64-bit Architecture (AADWARF64). */
#ifndef CPPROF_COLLECTOR_ARCH_AARCH64_H
#define CPPROF_COLLECTOR_ARCH_AARCH64_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <ucontext.h>

enum {
    ARCH_DWARF_FP = 29,
    ARCH_DWARF_SP = 31,
    ARCH_DWARF_RA = 30,
    ARCH_RA_FROM_CFA = -8, /* used only where no rule says otherwise */
    ARCH_HAS_LINK_REGISTER = 1,
};

static inline struct arch_registers arch_registers(const ucontext_t *context)
{
    const mcontext_t *m = &context->uc_mcontext;
    return (struct arch_registers){.pc = m->pc, .sp = m->sp, .fp = m->regs[29], .lr = m->regs[30]};
}

#define ARCH_CAPTURE(r)                                                                            \
    __asm__ volatile("adr %0, .\n\tmov %1, sp\n\tmov %2, x29\n\tmov %3, x30"                       \
                     : "=&r"((r).pc), "=&r"((r).sp), "=&r"((r).fp), "=&r"((r).lr))

/* Return addresses may be signed (pointer authentication); user addresses have 48 bits, 52 at
 * most with a kernel that was asked for them. */
static inline uintptr_t arch_code_pointer(uintptr_t address)
{
    return address & 0x0000FFFFFFFFFFFF;
}

enum { ARCH_CALL_BYTES = 4 };

/* The result has taken the place of the first argument: the call cannot be done again. */
static inline void arch_restart_call(ucontext_t *context)
{
    (void)context;
}

/* Frames lie at the bottom: the frame pointer is what the stack pointer is, unless the function
 * takes room for arrays of variable length. */
enum { ARCH_FRAME_CFA = 16 };

static inline bool arch_is_call(const unsigned char *next, uintptr_t address, uintptr_t *target)
{
    uint32_t instruction;
    memcpy(&instruction, next - 4, sizeof instruction);
    *target = 0;
    if (instruction >> 26 == 0x25) { /* bl: 26 bits of distance in words */
        int64_t distance = (int64_t)((uint64_t)instruction << 38) >> 36;
        *target = address - 4 + (uintptr_t)distance;
        return true;
    }
    return (instruction & 0xFFFFFC1F) == 0xD63F0000; /* blr */
}

static inline uintptr_t arch_frame_room(const unsigned char *code, const unsigned char *end)
{
    (void)code;
    (void)end;
    return 0;
}

#endif
