/* AArch64 for arch.h. Source: DWARF for the Arm 64-bit Architecture (AADWARF64). */
#ifndef CPPROF_COLLECTOR_ARCH_AARCH64_H
#define CPPROF_COLLECTOR_ARCH_AARCH64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <ucontext.h>

enum {
    ARCH_DWARF_FP = 29,
    ARCH_DWARF_SP = 31,
    ARCH_DWARF_RA = 30,
    ARCH_DWARF_BASE = -1,
    ARCH_RA_FROM_CFA = -8, /* used only where no rule says otherwise */
    ARCH_HAS_LINK_REGISTER = 1,
};

static inline int arch_scratch(uint64_t dwarf)
{
    (void)dwarf;
    return -1;
}

/* The part of the context from the general registers on. */
struct arch_saved {
    unsigned long long x[31], sp, pc;
};

/* The kernel's signal frame begins with the siginfo. */
enum { ARCH_SAVED_FROM_SP = 128 + offsetof(ucontext_t, uc_mcontext.regs) };

static inline struct arch_registers arch_saved_registers(const struct arch_saved *saved)
{
    return (struct arch_registers){
        .pc = saved->pc, .sp = saved->sp, .fp = saved->x[29], .lr = saved->x[30]};
}

static inline struct arch_registers arch_registers(const ucontext_t *context)
{
    return arch_saved_registers((const struct arch_saved *)&context->uc_mcontext.regs);
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

/* Linkers write no rules for the procedure linkage table, and the kernel none for the return from a
 * signal, which is to be known by its instructions (the kernel's vdso/sigreturn.S). */
enum { ARCH_SIGRETURN_BYTES = 8 };

static inline bool arch_is_sigreturn(const unsigned char *code)
{
    enum { NUMBER_TO_X8 = 0xD2801168, SVC = 0xD4000001 };
    uint32_t words[2];
    memcpy(words, code, sizeof words);
    return words[0] == NUMBER_TO_X8 && words[1] == SVC;
}

/* An instruction of a stub, but for its last and the push of the table's first entry. */
static inline bool arch_is_stub_part(uint32_t instruction)
{
    static const struct {
        uint32_t mask, value;
    } parts[] = {
        {0x9F00001F, 0x90000010}, /* adrp x16, ... */
        {0xFFC003FF, 0xF9400211}, /* ldr x17, [x16, ...] */
        {0xFFC003FF, 0x91000210}, /* add x16, x16, ... */
        {0xFFFFFFFF, 0xD503219F}, /* autia1716 */
        {0xFFFFFFFF, 0xD503245F}, /* bti c */
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if ((instruction & parts[i].mask) == parts[i].value)
            return true;
    return false;
}

enum { ARCH_STUB_BEFORE = 20, ARCH_STUB_BYTES = 44, ARCH_STUB_PUSHES = 16 };

/* CODE begins ARCH_STUB_BEFORE bytes before the instruction. *ROOM: what the stub has pushed by
 * then; the return address still is in the link register. */
static inline bool arch_is_stub(const unsigned char *code, uintptr_t *room)
{
    enum { BR_X17 = 0xD61F0220, PUSH_X16_LR = 0xA9BF7BF0, HERE = ARCH_STUB_BEFORE / 4 };
    uint32_t words[ARCH_STUB_BYTES / 4];
    size_t count = sizeof words / sizeof *words, last = HERE, first = HERE;
    memcpy(words, code, sizeof words);
    if (words[last] == PUSH_X16_LR)
        last++;
    while (last + 1 < count && arch_is_stub_part(words[last]))
        last++;
    if (words[last] != BR_X17)
        return false;
    while (first > 1 && arch_is_stub_part(words[first - 1]))
        first--;
    *room = words[first - 1] == PUSH_X16_LR ? ARCH_STUB_PUSHES : 0;
    return true;
}

enum { ARCH_CALL_BYTES = 4 };

/* The result has taken the place of the first argument: no call can be done again. */
static inline bool arch_is_interrupted(const ucontext_t *context, unsigned *call)
{
    (void)context;
    *call = 0;
    return false;
}

static inline void arch_mark_ended(ucontext_t *context)
{
    (void)context;
}

static inline void arch_restart_call(ucontext_t *context, unsigned call)
{
    (void)context;
    (void)call;
}

/* Frames lie at the bottom: the frame pointer is what the stack pointer is, unless the function
 * takes room for arrays of variable length. */
enum { ARCH_FRAME_CFA = 16, ARCH_FRAME_BELOW = 1 };

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
