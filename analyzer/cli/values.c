#include "analyzer/cli/values.h"

#include "analyzer/base/alloc.h"

#include <ctype.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct {
    const char *text;
    bool value;
} bools[] = {
    {"1", true},  {"t", true},  {"T", true},  {"true", true},   {"TRUE", true},   {"True", true},
    {"0", false}, {"f", false}, {"F", false}, {"false", false}, {"FALSE", false}, {"False", false},
};

enum value_result value_bool(const char *s, bool *v)
{
    for (size_t i = 0; i < sizeof bools / sizeof *bools; i++) {
        if (strcmp(s, bools[i].text) == 0) {
            *v = bools[i].value;
            return VALUE_OK;
        }
    }
    return VALUE_SYNTAX;
}

/* The value of a digit of any base up to 16, 99 for anything else. */
static unsigned digit(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    char low = (char)(c | 0x20);
    return low >= 'a' && low <= 'f' ? (unsigned)(low - 'a') + 10 : 99;
}

static unsigned prefix_base(const char *s)
{
    if (s[0] != '0' || !s[1] || !strchr("bBoOxX", s[1]))
        return 0;
    return s[1] == 'b' || s[1] == 'B' ? 2 : s[1] == 'o' || s[1] == 'O' ? 8 : 16;
}

/* An underscore stands between two digits, or between a base prefix and a digit. */
static bool underscores_ok(const char *s)
{
    unsigned base = prefix_base(s);
    bool after_digit = base != 0;
    for (s += base ? 2 : 0; *s; s++) {
        if (*s == '_') {
            if (!after_digit || digit(s[1]) >= (base == 16 ? 16u : 10u))
                return false;
            after_digit = false;
        } else {
            after_digit = digit(*s) < (base == 16 ? 16u : 10u);
        }
    }
    return true;
}

enum value_result value_int(const char *s, int64_t *v)
{
    bool negative = *s == '-';
    if (*s == '-' || *s == '+')
        s++;
    if (!*s || !underscores_ok(s))
        return VALUE_SYNTAX;
    unsigned base = prefix_base(s);
    if (base && s[2]) {
        s += 2;
    } else if (base) {
        return VALUE_SYNTAX;
    } else {
        base = *s == '0' ? 8 : 10;
    }
    uint64_t sum = 0;
    bool too_large = false;
    for (; *s; s++) {
        if (*s == '_')
            continue;
        if (digit(*s) >= base)
            return VALUE_SYNTAX;
        too_large |= __builtin_mul_overflow(sum, base, &sum);
        too_large |= __builtin_add_overflow(sum, digit(*s), &sum);
    }
    if (too_large || sum > (uint64_t)INT64_MAX + negative)
        return VALUE_RANGE;
    *v = negative ? (int64_t)(0 - sum) : (int64_t)sum;
    return VALUE_OK;
}

/* Digits of BASE and underscores; returns the first other character, *SEEN if there was a digit. */
static const char *skip_digits(const char *s, unsigned base, bool *seen)
{
    for (; *s == '_' || digit(*s) < base; s++)
        *seen |= *s != '_';
    return s;
}

/* Go's grammar is narrower than strtod's: no spaces, no nan(...), hexadecimal only with an
 * exponent. */
static bool is_float(const char *s)
{
    if (*s == '-' || *s == '+')
        s++;
    unsigned base = s[0] == '0' && (s[1] == 'x' || s[1] == 'X') ? 16 : 10;
    if (base == 16)
        s += 2;
    bool seen = false;
    s = skip_digits(s, base, &seen);
    if (*s == '.')
        s = skip_digits(s + 1, base, &seen);
    if (!seen)
        return false;
    if ((*s | 0x20) != (base == 16 ? 'p' : 'e'))
        return *s == '\0' && base == 10;
    s++;
    if (*s == '-' || *s == '+')
        s++;
    if (!isdigit((unsigned char)*s))
        return false;
    return *skip_digits(s, 10, &seen) == '\0';
}

enum value_result value_float(const char *s, double *v)
{
    const char *bare = s + (*s == '-' || *s == '+');
    if (strcasecmp(bare, "inf") == 0 || strcasecmp(bare, "infinity") == 0) {
        *v = *s == '-' ? -INFINITY : INFINITY;
        return VALUE_OK;
    }
    if (strcasecmp(s, "nan") == 0) {
        *v = NAN;
        return VALUE_OK;
    }
    if (!is_float(s) || !underscores_ok(bare))
        return VALUE_SYNTAX;
    char *clean = xmalloc(strlen(s) + 1), *to = clean;
    for (; *s; s++)
        if (*s != '_')
            *to++ = *s;
    *to = '\0';
    double number = strtod(clean, NULL);
    free(clean);
    if (isinf(number))
        return VALUE_RANGE;
    *v = number;
    return VALUE_OK;
}
