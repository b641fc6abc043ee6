/* Reading numbers from bytes that may end too early, in either byte order. After the first failure
 * everything reads as 0 and `bad` stays set, so that callers check once. */
#ifndef CPPROF_BINARY_BYTES_H
#define CPPROF_BINARY_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes {
    const unsigned char *at, *end;
    bool other_order; /* than this machine's */
    bool bad;
};

static inline bool bytes_have(struct bytes *b, uint64_t size)
{
    if (!b->bad && size <= (uint64_t)(b->end - b->at))
        return true;
    b->bad = true;
    return false;
}

static inline void bytes_skip(struct bytes *b, uint64_t size)
{
    if (bytes_have(b, size))
        b->at += size;
}

static inline uint64_t bytes_u8(struct bytes *b)
{
    return bytes_have(b, 1) ? *b->at++ : 0;
}

/* The number in the SIZE bytes at AT, which are 1, 2, 4 or 8; otherwise 0. */
static inline uint64_t bytes_fixed(const unsigned char *at, unsigned size, bool other_order)
{
    uint16_t two;
    uint32_t four;
    uint64_t eight;
    switch (size) {
    case 1:
        return *at;
    case 2:
        memcpy(&two, at, sizeof two);
        return other_order ? __builtin_bswap16(two) : two;
    case 4:
        memcpy(&four, at, sizeof four);
        return other_order ? __builtin_bswap32(four) : four;
    case 8:
        memcpy(&eight, at, sizeof eight);
        return other_order ? __builtin_bswap64(eight) : eight;
    default:
        return 0;
    }
}

/* Reads a ULEB128 number at AT, which ends before END; returns what follows, NULL if it does not
 * end. */
static inline const unsigned char *bytes_take_uleb(const unsigned char *at,
                                                   const unsigned char *end, uint64_t *value)
{
    *value = 0;
    for (unsigned shift = 0; at < end; shift += 7) {
        unsigned char byte = *at++;
        if (shift < 64)
            *value |= (uint64_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80))
            return at;
    }
    return NULL;
}

/* A number of 1, 2, 4 or 8 bytes. */
static inline uint64_t bytes_number(struct bytes *b, unsigned size)
{
    if (!bytes_have(b, size))
        return 0;
    uint64_t value = bytes_fixed(b->at, size, b->other_order);
    b->at += size;
    b->bad = size != 1 && size != 2 && size != 4 && size != 8;
    return value;
}

static inline uint64_t bytes_uleb(struct bytes *b)
{
    uint64_t value = 0;
    const unsigned char *next = b->bad ? NULL : bytes_take_uleb(b->at, b->end, &value);
    b->bad = !next;
    if (next)
        b->at = next;
    return next ? value : 0;
}

static inline int64_t bytes_sleb(struct bytes *b)
{
    uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
        uint64_t byte = bytes_u8(b);
        if (shift < 64)
            value |= (byte & 0x7F) << shift;
        if (byte & 0x80)
            continue;
        if (byte & 0x40 && shift + 7 < 64)
            value |= ~UINT64_C(0) << (shift + 7);
        return (int64_t)value;
    }
}

/* A string up to its NUL; "" if there is none. */
static inline const char *bytes_string(struct bytes *b)
{
    const unsigned char *start = b->at, *nul = NULL;
    if (!b->bad && b->at < b->end)
        nul = memchr(b->at, 0, (size_t)(b->end - b->at));
    if (!nul) {
        b->bad = true;
        return "";
    }
    b->at = nul + 1;
    return (const char *)start;
}

#endif
