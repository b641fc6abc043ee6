/* Protocol buffer wire format, read in place.
 *
 * wire_next steps over one field; a field's bytes are borrowed from the input. A NULL return means
 * the bytes are not a field: truncated, an overlong varint, or a wire type that does not exist. The
 * rules are those of google/pprof's decoder: ten bytes at most for a varint, whose excess high bits
 * are dropped; groups are refused.
 * Source: https://protobuf.dev/programming-guides/encoding/
 */
#ifndef CPPROF_PROTO_WIRE_H
#define CPPROF_PROTO_WIRE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum wire_type {
    WIRE_VARINT = 0,
    WIRE_FIXED64 = 1,
    WIRE_BYTES = 2,
    WIRE_FIXED32 = 5,
};

struct wire_field {
    uint64_t number;     /* the field's number */
    enum wire_type type; /* which of the next two is set */
    uint64_t value;      /* varint, fixed32, fixed64 */
    const uint8_t *data; /* bytes */
    size_t len;
};

static inline const uint8_t *wire_varint_slow(const uint8_t *p, const uint8_t *end, uint64_t *value)
{
    uint64_t v = 0;
    for (int i = 0; i < 10 && p < end; i++) {
        uint8_t byte = *p++;
        v |= (uint64_t)(byte & 0x7F) << (7 * i);
        if (!(byte & 0x80)) {
            *value = v;
            return p;
        }
    }
    return NULL;
}

/* Reads a varint at P, before END. Ids of profiles take one to three bytes, so those come first. */
static inline const uint8_t *wire_varint(const uint8_t *p, const uint8_t *end, uint64_t *value)
{
    if (end - p >= 3) {
        uint32_t b0 = p[0];
        if (b0 < 0x80) {
            *value = b0;
            return p + 1;
        }
        uint32_t b1 = p[1];
        if (b1 < 0x80) {
            *value = (b0 & 0x7F) | b1 << 7;
            return p + 2;
        }
        uint32_t b2 = p[2];
        if (b2 < 0x80) {
            *value = (b0 & 0x7F) | (b1 & 0x7F) << 7 | b2 << 14;
            return p + 3;
        }
    }
    return wire_varint_slow(p, end, value);
}

static inline const uint8_t *wire_next(const uint8_t *p, const uint8_t *end, struct wire_field *f)
{
    uint64_t tag;
    p = wire_varint(p, end, &tag);
    if (!p)
        return NULL;
    *f = (struct wire_field){.number = tag >> 3, .type = (enum wire_type)(tag & 7)};
    switch (tag & 7) {
    case WIRE_VARINT:
        return wire_varint(p, end, &f->value);
    case WIRE_BYTES: {
        uint64_t len;
        p = wire_varint(p, end, &len);
        if (!p || len > (uint64_t)(end - p))
            return NULL;
        f->data = p;
        f->len = (size_t)len;
        return p + len;
    }
    case WIRE_FIXED64:
        if (end - p < 8)
            return NULL;
        memcpy(&f->value, p, 8);
        return p + 8;
    case WIRE_FIXED32: {
        if (end - p < 4)
            return NULL;
        uint32_t v;
        memcpy(&v, p, 4);
        f->value = v;
        return p + 4;
    }
    default:
        return NULL;
    }
}

/* How many bytes the field at P takes, or 0 when END comes too early to tell, or SIZE_MAX when the
 * bytes are no field however many follow. For readers that get their input in pieces. */
static inline size_t wire_extent(const uint8_t *p, const uint8_t *end)
{
    const uint8_t *start = p;
    uint64_t tag, len;
    const uint8_t *after = wire_varint(p, end, &tag);
    if (!after)
        return end - p >= 10 ? SIZE_MAX : 0;
    p = after;
    switch (tag & 7) {
    case WIRE_VARINT:
        after = wire_varint(p, end, &len);
        if (!after)
            return end - p >= 10 ? SIZE_MAX : 0;
        return (size_t)(after - start);
    case WIRE_BYTES:
        after = wire_varint(p, end, &len);
        if (!after)
            return end - p >= 10 ? SIZE_MAX : 0;
        if (len > SIZE_MAX / 2)
            return SIZE_MAX;
        return (size_t)(after - start) + (size_t)len;
    case WIRE_FIXED64:
        return (size_t)(p - start) + 8;
    case WIRE_FIXED32:
        return (size_t)(p - start) + 4;
    default:
        return SIZE_MAX;
    }
}

#endif
