/* x86-64 for arch.h. Source: System V psABI for AMD64, 3.6 (DWARF register numbers). */
#ifndef CPPROF_COLLECTOR_ARCH_X86_64_H
#define CPPROF_COLLECTOR_ARCH_X86_64_H

#include <ucontext.h>

enum {
    ARCH_DWARF_FP = 6,  /* rbp */
    ARCH_DWARF_SP = 7,  /* rsp */
    ARCH_DWARF_RA = 16, /* a column of its own */
    ARCH_RA_FROM_CFA = -8,
    ARCH_HAS_LINK_REGISTER = 0,
};

static inline struct arch_registers arch_registers(const ucontext_t *context)
{
    const greg_t *r = context->uc_mcontext.gregs;
    return (struct arch_registers){
        .pc = (uintptr_t)r[REG_RIP], .sp = (uintptr_t)r[REG_RSP], .fp = (uintptr_t)r[REG_RBP]};
}

#define ARCH_CAPTURE(r)                                                                            \
    __asm__ volatile("leaq 0(%%rip), %0\n\tmovq %%rsp, %1\n\tmovq %%rbp, %2"                       \
                     : "=&r"((r).pc), "=&r"((r).sp), "=&r"((r).fp))

static inline uintptr_t arch_code_pointer(uintptr_t address)
{
    return address;
}

#endif
