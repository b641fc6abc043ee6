#include "analyzer/profile/perfdata_registers.h"

#include <string.h>
#include <sys/utsname.h>

/* arch/x86/include/uapi/asm/perf_regs.h and arch/arm64/include/uapi/asm/perf_regs.h. */
struct layout {
    const char *arch;
    enum binary_machine machine;
    unsigned pc, stack_pointer; /* perf's numbers */
    unsigned count;
    uint8_t perf[CFI_REGISTERS]; /* by DWARF's number */
};

static const struct layout layouts[] = {
    /* rax rdx rcx rbx rsi rdi rbp rsp r8-r15 rip; perf: ax bx cx dx si di bp sp ip ... r8-r15 */
    {"x86_64",
     BINARY_X86_64,
     8,
     7,
     17,
     {0, 3, 2, 1, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23, 8}},
    /* x0-x30 sp in both */
    {"aarch64", BINARY_AARCH64, 32, 31, 32, {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
                                             11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
                                             22, 23, 24, 25, 26, 27, 28, 29, 30, 31}},
};

enum binary_machine perfdata_machine(struct str arch)
{
    struct utsname own;
    if (!arch.len && uname(&own) == 0)
        arch = (struct str){own.machine, strlen(own.machine)};
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
        if (strlen(layouts[i].arch) == arch.len && str_starts(arch, layouts[i].arch))
            return layouts[i].machine;
    return BINARY_OTHER;
}

/* Register NUMBER of perf's; false if it is not in the sample. */
static bool read_value(const uint8_t *values, uint64_t mask, unsigned number, uint64_t *value)
{
    if (!(mask >> number & 1))
        return false;
    unsigned before = (unsigned)__builtin_popcountll(mask & (((uint64_t)1 << number) - 1));
    memcpy(value, values + before * sizeof *value, sizeof *value);
    return true;
}

bool perfdata_registers_read(struct unwind_stack *s, const uint8_t *values, uint64_t mask)
{
    const struct layout *l = layouts;
    while (l->machine != s->machine)
        l++;
    s->known = 0;
    for (unsigned i = 0; i < l->count; i++)
        if (read_value(values, mask, l->perf[i], &s->registers[i]))
            s->known |= (uint64_t)1 << i;
    return read_value(values, mask, l->pc, &s->pc) && mask >> l->stack_pointer & 1;
}
