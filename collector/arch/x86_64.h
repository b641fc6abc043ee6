/* x86-64 for arch.h. Source: System V psABI for AMD64, 3.6 (DWARF register numbers). */
#ifndef CPPROF_COLLECTOR_ARCH_X86_64_H
#define CPPROF_COLLECTOR_ARCH_X86_64_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
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

/* Waits that end with EINTR whatever SA_RESTART says (signal(7)); what is not here the kernel
 * starts again by itself. A tick comes when CPU time is used, so the wait has just begun, and doing
 * it again does not make it noticeably longer. */
static inline bool arch_is_wait(unsigned call)
{
    static const unsigned short waits[] = {
        SYS_poll,       SYS_ppoll,           SYS_select,        SYS_pselect6,
        SYS_epoll_wait, SYS_epoll_pwait,     SYS_nanosleep,     SYS_clock_nanosleep,
        SYS_pause,      SYS_rt_sigtimedwait, SYS_rt_sigsuspend, SYS_io_getevents,
        SYS_semop,      SYS_semtimedop,      SYS_msgrcv,        SYS_msgsnd,
    };
    for (size_t i = 0; i < sizeof waits / sizeof *waits; i++)
        if (waits[i] == call)
            return true;
    return false;
}

enum { ARCH_CALL_BYTES = 7 };

/* The C library writes "mov $number, %eax; syscall", and the kernel keeps every register but rax,
 * rcx and r11. */
static inline void arch_restart_call(ucontext_t *context)
{
    greg_t *r = context->uc_mcontext.gregs;
    const unsigned char *next = (const unsigned char *)r[REG_RIP];
    unsigned call;
    if (r[REG_RAX] != -EINTR || next[-7] != 0xB8 || next[-2] != 0x0F || next[-1] != 0x05)
        return;
    memcpy(&call, next - 6, sizeof call);
    if (!arch_is_wait(call))
        return;
    r[REG_RAX] = (greg_t)call;
    r[REG_RIP] -= 2;
}

#endif
