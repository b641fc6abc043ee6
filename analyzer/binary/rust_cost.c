#include "analyzer/binary/rust_cost.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

enum {
    STEPS_MAX =
        50000,       /* nodes visited and lifetimes bound; names of compilers need some hundreds */
    DEPTH_MAX = 500, /* nested nodes; libiberty itself gives up at 1024 */
};

/* A walk over a name. Everything below returns false to end it: too much, or not of this form. */
struct walk {
    const char *name;
    size_t len, at;
    unsigned steps, depth;
    bool is_silent; /* nothing is printed here, and back references are not followed */
};

static bool walk_path(struct walk *w);
static bool walk_type(struct walk *w);

static char peek(const struct walk *w)
{
    return w->at < w->len ? w->name[w->at] : '\0';
}

static bool eat(struct walk *w, char c)
{
    if (peek(w) != c)
        return false;
    w->at++;
    return true;
}

static char next(struct walk *w)
{
    char c = peek(w);
    w->at += c != '\0';
    return c;
}

static bool enter(struct walk *w)
{
    return ++w->steps <= STEPS_MAX && ++w->depth <= DEPTH_MAX;
}

static bool leave(struct walk *w)
{
    w->depth--;
    return true;
}

/* Digits of base 62 up to a "_": "_" is 0, "0_" is 1. */
static bool walk_number(struct walk *w, uint64_t *value)
{
    static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    uint64_t n = 0;
    if (eat(w, '_')) {
        *value = 0;
        return true;
    }
    while (!eat(w, '_')) {
        char c = next(w);
        const char *digit = c ? strchr(digits, c) : NULL;
        if (!digit || __builtin_mul_overflow(n, 62, &n) ||
            __builtin_add_overflow(n, (uint64_t)(digit - digits), &n))
            return false;
    }
    *value = n + 1;
    return n < UINT64_MAX;
}

static bool skip_number(struct walk *w)
{
    uint64_t value;
    return walk_number(w, &value);
}

static bool walk_disambiguator(struct walk *w)
{
    return !eat(w, 's') || skip_number(w);
}

static bool walk_identifier(struct walk *w)
{
    eat(w, 'u');
    if (!isdigit((unsigned char)peek(w)))
        return false;
    size_t len = (size_t)(next(w) - '0');
    while (len && isdigit((unsigned char)peek(w))) {
        len = len * 10 + (size_t)(next(w) - '0');
        if (len > w->len)
            return false;
    }
    eat(w, '_');
    if (len > w->len - w->at)
        return false;
    w->at += len;
    return true;
}

/* What is at an earlier place of the name, once more. The 'B' is eaten. */
static bool walk_back(struct walk *w, bool (*again)(struct walk *w))
{
    size_t from = w->at;
    uint64_t to;
    if (!walk_number(w, &to))
        return false;
    to += strlen("_R");
    if (to >= from)
        return false;
    if (w->is_silent)
        return true;
    size_t here = w->at;
    w->at = (size_t)to;
    if (!again(w))
        return false;
    w->at = here;
    return true;
}

/* for<'a, 'b, …> */
static bool walk_binder(struct walk *w)
{
    uint64_t lifetimes;
    if (!eat(w, 'G'))
        return true;
    if (!walk_number(w, &lifetimes) || lifetimes > STEPS_MAX)
        return false;
    w->steps += (unsigned)lifetimes + 1;
    return w->steps <= STEPS_MAX;
}

static bool walk_const_here(struct walk *w)
{
    if (eat(w, 'B'))
        return walk_back(w, walk_const_here);
    char type = next(w);
    if (type == 'p')
        return true;
    if (!islower((unsigned char)type))
        return false;
    eat(w, 'n');
    while (isxdigit((unsigned char)peek(w)))
        w->at++;
    return eat(w, '_');
}

static bool walk_const(struct walk *w)
{
    return enter(w) && walk_const_here(w) && leave(w);
}

static bool walk_arguments(struct walk *w)
{
    while (!eat(w, 'E')) {
        bool good = eat(w, 'L') ? skip_number(w) : eat(w, 'K') ? walk_const(w) : walk_type(w);
        if (!good)
            return false;
    }
    return true;
}

static bool walk_types(struct walk *w)
{
    while (!eat(w, 'E'))
        if (!walk_type(w))
            return false;
    return true;
}

static bool walk_path_here(struct walk *w)
{
    char tag = next(w);
    bool was_silent = w->is_silent;
    switch (tag) {
    case 'C':
        return walk_disambiguator(w) && walk_identifier(w);
    case 'N':
        return isalpha((unsigned char)next(w)) && walk_path(w) && walk_disambiguator(w) &&
               walk_identifier(w);
    case 'M':
    case 'X':
        w->is_silent = true; /* where the impl stands */
        if (!walk_disambiguator(w) || !walk_path(w))
            return false;
        w->is_silent = was_silent;
        return walk_type(w) && (tag == 'M' || walk_path(w));
    case 'Y':
        return walk_type(w) && walk_path(w);
    case 'I':
        return walk_path(w) && walk_arguments(w);
    case 'B':
        return walk_back(w, walk_path);
    default:
        return false;
    }
}

static bool walk_path(struct walk *w)
{
    return enter(w) && walk_path_here(w) && leave(w);
}

static bool walk_function(struct walk *w)
{
    if (!walk_binder(w))
        return false;
    eat(w, 'U');
    if (eat(w, 'K') && !eat(w, 'C') && !walk_identifier(w))
        return false;
    return walk_types(w) && (eat(w, 'u') || walk_type(w));
}

static bool walk_traits(struct walk *w)
{
    if (!walk_binder(w))
        return false;
    while (!eat(w, 'E')) {
        if (!walk_path(w))
            return false;
        while (eat(w, 'p'))
            if (!walk_identifier(w) || !walk_type(w))
                return false;
    }
    return eat(w, 'L') && skip_number(w);
}

static bool walk_type_here(struct walk *w)
{
    char tag = next(w);
    switch (tag) {
    case 'R':
    case 'Q':
        return (!eat(w, 'L') || skip_number(w)) && walk_type(w);
    case 'P':
    case 'O':
    case 'S':
        return walk_type(w);
    case 'A':
        return walk_type(w) && walk_const(w);
    case 'T':
        return walk_types(w);
    case 'F':
        return walk_function(w);
    case 'D':
        return walk_traits(w);
    case 'B':
        return walk_back(w, walk_type);
    default:
        if (islower((unsigned char)tag))
            return true;
        w->at -= tag != '\0';
        return walk_path(w);
    }
}

static bool walk_type(struct walk *w)
{
    return enter(w) && walk_type_here(w) && leave(w);
}

bool rust_is_affordable(const char *name, size_t len)
{
    struct walk w = {.name = name, .len = len, .at = strlen("_R")};
    if (!walk_path(&w))
        return false;
    w.is_silent = true; /* the crate that made an instance of it */
    return w.at >= w.len || walk_path(&w);
}
