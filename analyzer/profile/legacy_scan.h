/* Text as the legacy formats have it: lines, runs of characters, numbers.
 *
 * pprof reads these formats with Go's library, so what counts as a line, a space or a number is
 * what counts there; every difference would be a profile that one tool takes and the other refuses.
 *
 * Functions on a `struct str *` step over what they found at its beginning.
 */
#ifndef CPPROF_PROFILE_LEGACY_SCAN_H
#define CPPROF_PROFILE_LEGACY_SCAN_H

#include "analyzer/base/strtab.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Sets of ASCII characters, to be or-ed together. */
enum scan_set {
    SCAN_BLANK = 1 << 0,  /* the space alone */
    SCAN_SPACE = 1 << 1,  /* \s: space, \t \n \f \r */
    SCAN_DIGIT = 1 << 2,  /* 0-9 */
    SCAN_XDIGIT = 1 << 3, /* 0-9 a-f A-F */
    SCAN_LOHEX = 1 << 4,  /* 0-9 a-f */
    SCAN_FRAMES = 1 << 5, /* what a list of addresses is made of: 0-9 a-f x and spaces */
    SCAN_WORD = 1 << 6,   /* \w: letters, digits, _ */
    SCAN_NAME = 1 << 7,   /* a-z 0-9 _ */
    SCAN_PERM = 1 << 8,   /* r w x p - */
};

/* Lines of at most 65535 bytes, as many as Go's bufio.Scanner takes, without a \r at their end. */
struct scanner {
    const char *next, *end;
    struct str text; /* the current line; empty before the first and after the last */
    size_t number;   /* its number, from 1 */
    bool too_long;   /* reading ended at a line with more bytes than that */
};

void scanner_init(struct scanner *in, struct str all);
bool scanner_next(struct scanner *in); /* false at the end, or at a line that is too long */

static inline struct str scan_str(const char *s)
{
    return (struct str){s, __builtin_strlen(s)};
}

bool scan_in(unsigned char c, unsigned sets);
struct str scan_run(struct str *s, unsigned sets); /* the longest run, perhaps empty */
struct str scan_word(struct str *s);               /* the longest run of anything but SCAN_SPACE */
bool scan_skip(struct str *s, const char *literal);
bool scan_find(struct str *s, const char *needle); /* S is what follows NEEDLE, if it is there */
bool scan_contains(struct str s, const char *needle);

/* Without Unicode white space at both ends. */
struct str scan_trim(struct str s);
/* Nothing but white space, or a comment: the first character is #. */
bool scan_is_blank(struct str s);

/* All of S as a number; BASE 0 finds the base by the prefix (0x, 0b, 0o, 0) and lets _ stand
 * between digits, as in Go's sources. False if it is none or has more than 64 bits. */
bool scan_uint(struct str s, unsigned base, uint64_t *number);
bool scan_int(struct str s, unsigned base, int64_t *number);

/* S for a sentence to the user: shortened, and every byte that is not printable ASCII as \xNN. */
struct shown {
    char text[80];
};
struct shown scan_shown(struct str s);

#endif
