/* x86-64 for arch.h. Source: System V psABI for AMD64, 3.6 (DWARF register numbers). */
#ifndef CPPROF_COLLECTOR_ARCH_X86_64_H
#define CPPROF_COLLECTOR_ARCH_X86_64_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>

enum {
    ARCH_DWARF_FP = 6,   /* rbp */
    ARCH_DWARF_SP = 7,   /* rsp */
    ARCH_DWARF_RA = 16,  /* a column of its own */
    ARCH_DWARF_BASE = 3, /* rbx */
    ARCH_RA_FROM_CFA = -8,
    ARCH_HAS_LINK_REGISTER = 0,
};

/* What compilers have there: __builtin_eh_return its way to the catch block, functions that realign
 * their frames their caller's; and vfork its return address. */
static inline int arch_scratch(uint64_t dwarf)
{
    enum { RCX = 2, RDI = 5, R10 = 10 };
    return dwarf == RCX ? ARCH_SCRATCH_CATCH : dwarf == R10 ? 1 : dwarf == RDI ? 2 : -1;
}

struct arch_saved {
    gregset_t registers;
};

/* The handler's return has taken its address off, and the context comes next. */
enum { ARCH_SAVED_FROM_SP = offsetof(ucontext_t, uc_mcontext.gregs) };

static inline struct arch_registers arch_saved_registers(const struct arch_saved *saved)
{
    const greg_t *r = saved->registers;
    return (struct arch_registers){
        .pc = (uintptr_t)r[REG_RIP],
        .sp = (uintptr_t)r[REG_RSP],
        .fp = (uintptr_t)r[REG_RBP],
        .base = (uintptr_t)r[REG_RBX],
        .scratch = {(uintptr_t)r[REG_RCX], (uintptr_t)r[REG_R10], (uintptr_t)r[REG_RDI]}};
}

static inline struct arch_registers arch_registers(const ucontext_t *context)
{
    return arch_saved_registers((const struct arch_saved *)&context->uc_mcontext.gregs);
}

#define ARCH_CAPTURE(r)                                                                            \
    __asm__ volatile("leaq 0(%%rip), %0\n\tmovq %%rsp, %1\n\tmovq %%rbp, %2\n\tmovq %%rbx, %3"     \
                     : "=a"((r).pc), "=c"((r).sp), "=d"((r).fp), "=S"((r).base))

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

/* The C library and linkers write rules for both. */
enum { ARCH_SIGRETURN_BYTES = 0, ARCH_STUB_BYTES = 0, ARCH_STUB_BEFORE = 0, ARCH_STUB_PUSHES = 0 };

static inline bool arch_is_sigreturn(const unsigned char *code)
{
    (void)code;
    return false;
}

static inline bool arch_is_stub(const unsigned char *code, uintptr_t *room)
{
    (void)code;
    *room = 0;
    return false;
}

enum { ARCH_CALL_BYTES = 7 };

/* In rcx, which nobody reads behind a system call, of one that a handler of the program's ended. */
#define ARCH_ENDED 0x636F6C6C65637432

/* The C library writes "mov $number, %eax; syscall", and the kernel keeps every register but rax,
 * rcx and r11. */
static inline bool arch_is_interrupted(const ucontext_t *context, unsigned *call)
{
    const greg_t *r = context->uc_mcontext.gregs;
    const unsigned char *next = (const unsigned char *)r[REG_RIP];
    if (r[REG_RAX] != -EINTR || r[REG_RCX] == ARCH_ENDED || next[-7] != 0xB8 || next[-2] != 0x0F ||
        next[-1] != 0x05)
        return false;
    memcpy(call, next - 6, sizeof *call);
    return arch_is_wait(*call);
}

static inline void arch_mark_ended(ucontext_t *context)
{
    context->uc_mcontext.gregs[REG_RCX] = ARCH_ENDED;
}

static inline void arch_restart_call(ucontext_t *context, unsigned call)
{
    greg_t *r = context->uc_mcontext.gregs;
    r[REG_RAX] = (greg_t)call;
    r[REG_RIP] -= 2;
}

/* The CFA is this far above the frame pointer, once a function has set it up. */
enum { ARCH_FRAME_CFA = 16, ARCH_FRAME_BELOW = 0 };

/* Do the ARCH_CALL_BYTES before NEXT end with a call? */
static inline bool arch_is_call(const unsigned char *next, uintptr_t address, uintptr_t *target)
{
    enum { CALL = 0xE8, GROUP_5 = 0xFF, CALL_INDIRECT = 2 };
    *target = 0;
    if (next[-5] == CALL) {
        int32_t distance;
        memcpy(&distance, next - 4, sizeof distance);
        *target = address + (uintptr_t)(intptr_t)distance;
        return true;
    }
    for (int len = 2; len <= ARCH_CALL_BYTES; len++)
        if (next[-len] == GROUP_5 && (next[1 - len] >> 3 & 7) == CALL_INDIRECT)
            return true;
    return false;
}

/* The length of an instruction that copies or clears a register, which compilers put between those
 * of a prologue; 0 if it is none. */
static inline size_t arch_register_move(const unsigned char *code)
{
    enum { MOV_TO = 0x89, MOV_FROM = 0x8B, XOR = 0x31, REGISTERS = 0xC0 };
    size_t prefix = code[0] >= 0x40 && code[0] <= 0x4F;
    unsigned char operation = code[prefix];
    if (operation != MOV_TO && operation != MOV_FROM && operation != XOR)
        return 0;
    return code[prefix + 1] >= REGISTERS ? prefix + 2 : 0;
}

/* What the code after "mov %rsp, %rbp" takes off the stack pointer: pushes, then "sub $n, %rsp". */
static inline uintptr_t arch_frame_room(const unsigned char *code, const unsigned char *end)
{
    uintptr_t room = 0;
    while (end - code >= 7) {
        int32_t size;
        size_t move = arch_register_move(code);
        if (move) {
            code += move;
        } else if (code[0] >= 0x50 && code[0] <= 0x57) {
            room += 8;
            code += 1;
        } else if (code[0] == 0x41 && code[1] >= 0x50 && code[1] <= 0x57) {
            room += 8;
            code += 2;
        } else if (code[0] == 0x48 && code[1] == 0x83 && code[2] == 0xEC) {
            return room + code[3];
        } else if (code[0] == 0x48 && code[1] == 0x83 && code[2] == 0xC4 && code[3] == 0x80) {
            return room + 128; /* adding -128 takes less code than subtracting 128 */
        } else if (code[0] == 0x48 && code[1] == 0x81 && code[2] == 0xEC) {
            memcpy(&size, code + 3, sizeof size);
            return room + (uint32_t)size;
        } else {
            break;
        }
    }
    return room;
}

#endif
