/* Unwind rules of a module, compiled from its .eh_frame into one sorted table.
 *
 * An unwinder for signal handlers cannot interpret call frame instructions: that takes long and may
 * meet anything. So the instructions are run once, outside handlers, and what they say for each
 * range of instructions becomes a row of sixteen bytes; a handler then needs one binary search.
 * Only what a stack walk needs is kept: where the caller's stack pointer is (the CFA), where its
 * frame pointer, the register behind arch_registers.base and the return address are saved.
 *
 *     struct cfi_table t;
 *     if (!cfi_compile(&t, &section)) ...          allocates, parses; not for signal handlers
 *     const struct cfi_row *row = cfi_find(&t, pc - base);     async-signal-safe
 *     cfi_release(&t);
 *
 * A damaged section gives fewer rows, never a crash. Source of the format: DWARF 5, 6.4, and the
 * Linux Standard Base, "Exception Frames".
 */
#ifndef CPPROF_COLLECTOR_CFI_H
#define CPPROF_COLLECTOR_CFI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the CFA of a row is. */
enum cfi_cfa {
    CFI_NONE,     /* no rule is known for these instructions */
    CFI_SP,       /* stack pointer + cfa */
    CFI_FP,       /* frame pointer + cfa */
    CFI_BASE,     /* the base register + cfa */
    CFI_SCRATCH,  /* scratch register `add` + cfa */
    CFI_DEREF_FP, /* the word at frame pointer + cfa, + add (functions that realign the stack) */
    CFI_DEREF_SP, /* the word at stack pointer + cfa, + add (the same, in assembler) */
    CFI_PLT,      /* stack pointer + 8, or + 16 past byte `cfa` of a 16-byte PLT entry */
    CFI_SIGNAL, /* the frame a signal was delivered to: registers are in the context on the stack */
    CFI_END,    /* the outermost frame */
};

/* Where the caller's frame pointer is. */
enum cfi_fp {
    CFI_FP_SAME,   /* still in its register */
    CFI_FP_AT_CFA, /* saved at CFA + fp */
    CFI_FP_AT_FP,  /* saved at frame pointer + fp */
};

enum {
    CFI_RA_SAME = INT16_MIN,        /* ra: the return address is still in the link register */
    CFI_RA_SCRATCH = INT16_MIN + 1, /* ra: in scratch register 0, or one that follows */
    CFI_BASE_SAME = INT16_MIN,      /* base: still in its register */
};

struct cfi_row {
    uint32_t pc; /* from the module's base: the row holds up to the next row's */
    int32_t cfa : 24;
    uint32_t cfa_kind : 4, fp_kind : 4;
    int16_t fp, ra; /* the return address is saved at CFA + ra */
    int16_t base;   /* the base register is saved at CFA + base */
    int16_t add;
};

struct cfi_table {
    struct cfi_row *rows; /* by pc */
    size_t count, cap;
};

/* A module's .eh_frame as it lies in memory. */
struct cfi_section {
    const unsigned char *start, *end;
    uintptr_t base; /* rows' pc count from here */
    uintptr_t text; /* and lie below base + 4 GiB; text, data: of relative pointers */
    uintptr_t data;
};

/* Fills T, which cfi_release ends. False if there is no memory. */
bool cfi_compile(struct cfi_table *t, const struct cfi_section *section);
void cfi_release(struct cfi_table *t);

/* The row for PC (from the base), or NULL. Async-signal-safe. */
const struct cfi_row *cfi_find(const struct cfi_table *t, uint32_t pc);

#endif
