/* The callers of an instruction, from its registers and a copy of its stack.
 *
 *     struct unwinder *u = unwinder_new(open_binary, context);
 *     struct unwind_stack s = {.machine = BINARY_X86_64, .registers = ..., ...};
 *     size_t n = unwind(u, &s, addresses, cap, &end);
 *
 * Each step asks the call frame information of the binary where it is; code without any is tried
 * as code that keeps frame pointers. Callers' addresses are moved back by one, into the call, but
 * not those of instructions that a signal interrupted. An unwinder is for one thread at a time; it
 * keeps what it learned about binaries.
 */
#ifndef CPPROF_BINARY_UNWIND_H
#define CPPROF_BINARY_UNWIND_H

#include "analyzer/binary/binary.h"
#include "analyzer/binary/cfi.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is known about where an instruction is: number BINARY of the caller's binaries, mapped as
 * MAPPING says, shows it at ADDRESS. */
struct unwind_place {
    uint32_t binary;
    struct binary_mapping mapping;
    uint64_t address;
};

struct unwind_stack {
    enum binary_machine machine; /* x86-64 or AArch64 */
    uint64_t registers[CFI_REGISTERS];
    uint64_t known; /* bit I: registers[I] is set */
    uint64_t pc;
    const uint8_t *stack; /* from the stack pointer upwards */
    size_t stack_len;

    /* Where ADDRESS of the process is; false if nothing executable is there. */
    bool (*find)(void *context, uint64_t address, struct unwind_place *place);
    void *context;
};

enum unwind_how {
    UNWIND_COMPLETE,   /* where a thread begins */
    UNWIND_COPY_ENDED, /* the stack goes on beyond the copy */
    UNWIND_NO_BINARY,  /* the binary could not be opened */
    UNWIND_NO_CFI,     /* the binary does not say how to go on */
    UNWIND_LOST,       /* what the stack says makes no sense */
    UNWIND_HOWS,
};

struct unwind_end {
    enum unwind_how how;
    uint32_t binary; /* the one that is missing or does not say */
};

/* Opens binary number BINARY; NULL if it is not there. The unwinder closes it. */
typedef struct binary *unwind_open(void *context, uint32_t binary);

struct unwinder;
struct unwinder *unwinder_new(unwind_open *open, void *context, size_t binary_count);
void unwinder_free(struct unwinder *u);

/* The addresses of S, innermost first, at most CAP of them, at least one; END says why there are
 * no more. */
size_t unwind(struct unwinder *u, const struct unwind_stack *s, uint64_t *addresses, size_t cap,
              struct unwind_end *end);

/* Whether a thread begins at PLACE, the code of a frame: nobody has called it. */
bool unwind_is_start(struct unwinder *u, const struct unwind_place *place);

#endif
