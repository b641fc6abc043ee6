/* Call frame information: how, at an instruction, the caller's registers are to be had from one's
 * own. From .eh_frame or .debug_frame, which libdw reads.
 *
 *     struct cfi *c = cfi_open(binary);
 *     const struct cfi_row *row = cfi_row_at(c, at);      NULL: the binary does not say
 *
 * Registers have DWARF's numbers. What was looked up once is kept. A `struct cfi` is for one
 * thread, the one that has its binary. Source: DWARF 5, 6.4.
 */
#ifndef CPPROF_BINARY_CFI_H
#define CPPROF_BINARY_CFI_H

#include "analyzer/binary/binary.h"

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CFI_REGISTERS = 33 }; /* x86-64 has 17 of them, AArch64 32 and pc */

enum cfi_kind {
    CFI_SAME,          /* what it was */
    CFI_UNDEFINED,     /* lost; of the return address: there is no caller */
    CFI_AT,            /* in memory, at the canonical frame address (CFA) plus offset */
    CFI_IS,            /* the CFA plus offset */
    CFI_REGISTER,      /* register `number`, plus offset */
    CFI_EXPRESSION_AT, /* in memory, where the expression says */
    CFI_EXPRESSION_IS, /* what the expression says */
};

struct cfi_rule {
    enum cfi_kind kind;
    uint32_t number; /* of a register, or of operations */
    union {
        int64_t offset;
        const Dwarf_Op *operations; /* the CFA is on the stack when they begin */
    };
};

struct cfi_row {
    struct cfi_rule cfa; /* CFI_REGISTER or CFI_EXPRESSION_IS */
    struct cfi_rule registers[CFI_REGISTERS];
    uint32_t return_register; /* whose value for the caller is where it goes on */
    bool is_signal;           /* the "caller" was interrupted and is at that address itself */
};

struct cfi;

/* Borrows B. */
struct cfi *cfi_open(struct binary *b);
void cfi_free(struct cfi *c); /* NULL is fine */

/* The row for AT, an address of the file. Good as long as C. */
const struct cfi_row *cfi_row_at(struct cfi *c, uint64_t at);

/* Whether AT is among the first instructions of the program, which nobody called: they often come
 * without a row. */
bool cfi_is_entry(const struct cfi *c, uint64_t at);

#endif
