/* DWARF expressions, as call frame information has them: a machine with a stack, over the registers
 * and the memory of a frame. Without jumps, which nobody has seen there.
 * Source: DWARF 5, 2.5. */
#ifndef CPPROF_BINARY_DWARF_EXPRESSION_H
#define CPPROF_BINARY_DWARF_EXPRESSION_H

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dwarf_frame_state {
    /* The value of a register, or the SIZE (1 to 8) bytes at ADDRESS; false if it is not known. */
    bool (*read_register)(void *context, uint64_t number, uint64_t *value);
    bool (*read_memory)(void *context, uint64_t address, size_t size, uint64_t *value);
    void *context;
    uint64_t cfa;
};

/* What the COUNT operations leave on top of the stack. False if they cannot be done. */
bool dwarf_expression(const Dwarf_Op *operations, size_t count,
                      const struct dwarf_frame_state *state, uint64_t *result);

#endif
