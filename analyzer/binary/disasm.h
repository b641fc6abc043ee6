/* Machine code as text: x86-64, x86 and AArch64, by capstone.
 *
 *     struct disasm *d = disasm_new(BINARY_X86_64, DISASM_ATT, err);
 *     disasm_begin(d, code, len, address, &names);
 *     while (disasm_next(d, &i))
 *         ... i.address, i.text                    "callq  0x1139 <main+0x10>"
 *     disasm_free(d);
 *
 * Any bytes may be given. What is no instruction is "(bad)". One disasm is for one thread at a
 * time.
 */
#ifndef CPPROF_BINARY_DISASM_H
#define CPPROF_BINARY_DISASM_H

#include "analyzer/base/buf.h"
#include "analyzer/base/error.h"
#include "analyzer/binary/binary.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct disasm;

enum disasm_syntax { DISASM_ATT, DISASM_INTEL };

struct disasm_instruction {
    uint64_t address;
    size_t length;    /* at least 1 */
    const char *text; /* good until the next call */
};

/* How addresses that instructions refer to are called. */
struct disasm_names {
    /* Adds the name of ADDRESS ("main+0x10") to OUT; false if it has none. CODE: it is jumped to or
     * called; else it is read, written or taken. */
    bool (*name)(void *context, uint64_t address, bool code, struct buf *out);
    void *context;
};

/* Loads capstone. NULL and ERR if it is not there, or knows nothing of MACHINE. */
struct disasm *disasm_new(enum binary_machine machine, enum disasm_syntax syntax,
                          struct error *err);
void disasm_free(struct disasm *d); /* NULL is fine */

/* The next instructions are those of the LEN bytes at CODE, which are at ADDRESS. NAMES may be
 * NULL; all is borrowed. */
void disasm_begin(struct disasm *d, const unsigned char *code, size_t len, uint64_t address,
                  const struct disasm_names *names);

/* The next one, false at the end of the bytes. */
bool disasm_next(struct disasm *d, struct disasm_instruction *i);

#endif
