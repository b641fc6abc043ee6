/* The bytes of an .eh_frame section, read within bounds: past the end everything is 0 and `bad` is
 * set. For cfi.c.
 */
#ifndef CPPROF_COLLECTOR_CFI_READ_H
#define CPPROF_COLLECTOR_CFI_READ_H

#include "collector/cfi.h"

#include <string.h>

struct reader {
    const unsigned char *at, *end;
    bool bad;
};

static inline uint64_t read_fixed(struct reader *r, size_t size)
{
    uint64_t v = 0;
    if ((size_t)(r->end - r->at) < size) {
        r->bad = true;
        r->at = r->end;
        return 0;
    }
    memcpy(&v, r->at, size); /* both processors are little-endian */
    r->at += size;
    return v;
}

static inline uint64_t read_uleb(struct reader *r)
{
    uint64_t v = 0;
    for (unsigned shift = 0; r->at < r->end; shift += 7) {
        unsigned char byte = *r->at++;
        if (shift < 64)
            v |= (uint64_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80))
            return v;
    }
    r->bad = true;
    return 0;
}

static inline int64_t read_sleb(struct reader *r)
{
    uint64_t v = 0;
    for (unsigned shift = 0; r->at < r->end;) {
        unsigned char byte = *r->at++;
        if (shift < 64)
            v |= (uint64_t)(byte & 0x7F) << shift;
        shift += 7;
        if (!(byte & 0x80)) {
            if ((byte & 0x40) && shift < 64)
                v |= ~(uint64_t)0 << shift;
            return (int64_t)v;
        }
    }
    r->bad = true;
    return 0;
}

static inline void skip(struct reader *r, uint64_t count)
{
    if (count > (uint64_t)(r->end - r->at)) {
        r->bad = true;
        r->at = r->end;
        return;
    }
    r->at += count;
}

/* A block of COUNT bytes as a reader of its own. */
static inline struct reader read_block(struct reader *r, uint64_t count)
{
    struct reader block = {r->at, r->at, false};
    skip(r, count);
    if (!r->bad)
        block.end = r->at;
    return block;
}

/* --- pointers in their encodings (DW_EH_PE_...) */

enum {
    PE_ABSPTR = 0x00,
    PE_ULEB = 0x01,
    PE_UDATA2 = 0x02,
    PE_UDATA4 = 0x03,
    PE_UDATA8 = 0x04,
    PE_SLEB = 0x09,
    PE_SDATA2 = 0x0A,
    PE_SDATA4 = 0x0B,
    PE_SDATA8 = 0x0C,
    PE_FORMAT = 0x0F,
    PE_PCREL = 0x10,
    PE_TEXTREL = 0x20,
    PE_DATAREL = 0x30,
    PE_RELATIVE = 0x70,
    PE_OMIT = 0xFF,
};

static inline uintptr_t read_pointer(struct reader *r, unsigned char encoding,
                                     const struct cfi_section *section)
{
    uintptr_t place = (uintptr_t)r->at;
    uint64_t v;
    if (encoding == PE_OMIT)
        return 0;
    switch (encoding & PE_FORMAT) {
    case PE_ABSPTR:
    case PE_UDATA8:
    case PE_SDATA8:
        v = read_fixed(r, 8);
        break;
    case PE_ULEB:
        v = read_uleb(r);
        break;
    case PE_SLEB:
        v = (uint64_t)read_sleb(r);
        break;
    case PE_UDATA2:
        v = read_fixed(r, 2);
        break;
    case PE_SDATA2:
        v = (uint64_t)(int16_t)read_fixed(r, 2);
        break;
    case PE_UDATA4:
        v = read_fixed(r, 4);
        break;
    case PE_SDATA4:
        v = (uint64_t)(int32_t)read_fixed(r, 4);
        break;
    default:
        r->bad = true;
        return 0;
    }
    switch (encoding & PE_RELATIVE) {
    case PE_PCREL:
        return (uintptr_t)v + place;
    case PE_TEXTREL:
        return (uintptr_t)v + section->text;
    case PE_DATAREL:
        return (uintptr_t)v + section->data;
    default:
        return (uintptr_t)v;
    }
}

#endif
