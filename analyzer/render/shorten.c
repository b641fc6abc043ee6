#include "analyzer/render/shorten.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

/* Readers over a name: each returns how many characters fit at AT, 0 for none. */

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static char at(struct str s, size_t i)
{
    return i < s.len ? s.ptr[i] : '\0';
}

static bool starts(struct str s, size_t i, const char *with)
{
    return i <= s.len && str_starts((struct str){s.ptr + i, s.len - i}, with);
}

static size_t word(struct str s, size_t i)
{
    size_t n = 0;
    while (i + n < s.len && is_word(s.ptr[i + n]))
        n++;
    return n;
}

static size_t identifier(struct str s, size_t i)
{
    return isdigit((unsigned char)at(s, i)) ? 0 : word(s, i);
}

static size_t to_line_end(struct str s, size_t i)
{
    const char *newline = i < s.len ? memchr(s.ptr + i, '\n', s.len - i) : NULL;
    return newline ? (size_t)(newline - (s.ptr + i)) : s.len - i;
}

/* "github.com/x/y/v2.F" is "github.com/x/y.F". */
static void drop_go_version(struct buf *out, struct str s)
{
    for (size_t i = 0; i + 2 < s.len && !memchr(s.ptr, '\n', s.len); i++) {
        if (!starts(s, i, "/v"))
            continue;
        size_t digits = 0;
        while (isdigit((unsigned char)at(s, i + 2 + digits)))
            digits++;
        char first = at(s, i + 2), after = at(s, i + 2 + digits);
        bool major = digits == 1 ? first >= '2' : digits > 1 && first >= '1';
        if (!major || (after != '.' && after != '/'))
            continue;
        buf_add(out, s.ptr, i);
        buf_add(out, s.ptr + i + 2 + digits, s.len - (i + 2 + digits));
        return;
    }
    buf_str(out, s);
}

/* Whether something stands at I, then a dot, then something more on the dot's line. */
static bool is_qualified(struct str s, size_t i)
{
    const char *dot = i < s.len ? memchr(s.ptr + i, '.', s.len - i) : NULL;
    size_t at_dot = dot ? (size_t)(dot - s.ptr) : i;
    return at_dot > i && to_line_end(s, at_dot + 1);
}

/* Behind the last slash of a path made of letters, digits, "_", "-" and "." that a qualified name
 * follows. */
static bool shorten_go(struct buf *out, struct str s)
{
    size_t rest = 0;
    for (size_t i = 0; i < s.len;) {
        size_t n = 0;
        while (i + n < s.len &&
               (is_word(s.ptr[i + n]) || s.ptr[i + n] == '-' || s.ptr[i + n] == '.'))
            n++;
        if (!n || at(s, i + n) != '/')
            break;
        i += n + 1;
        if (is_qualified(s, i))
            rest = i;
    }
    if (!rest)
        return false;
    const char *dot = memchr(s.ptr + rest, '.', s.len - rest);
    size_t to_dot = (size_t)(dot - (s.ptr + rest));
    buf_add(out, s.ptr + rest, to_dot + to_line_end(s, rest + to_dot));
    return true;
}

static size_t java_word(struct str s, size_t i)
{
    size_t n = 0;
    while (i + n < s.len && (is_word(s.ptr[i + n]) || s.ptr[i + n] == '$'))
        n++;
    return n;
}

/* "java.util.HashMap.get(Object)" is "HashMap.get". */
static bool shorten_java(struct buf *out, struct str s)
{
    size_t i = 0;
    while (at(s, i) >= 'a' && at(s, i) <= 'z') {
        size_t n = word(s, i);
        if (at(s, i + n) != '.')
            return false;
        i += n + 1;
    }
    size_t class = i;
    if (at(s, i) < 'A' || at(s, i) > 'Z')
        return false;
    i += java_word(s, i);
    if (at(s, i) != '.')
        return false;
    i++;
    if (starts(s, i, "<init>"))
        i += 6;
    else if (at(s, i) >= 'a' && at(s, i) <= 'z')
        i += java_word(s, i);
    else
        return false;
    if (i < s.len && s.ptr[i] != '(')
        return false;
    buf_add(out, s.ptr + class, i - class);
    return true;
}

/* "Class::method", "~Class", with template arguments if there are any. Its length, or 0. */
static size_t cpp_method(struct str s, size_t i)
{
    size_t start = i;
    while (at(s, i) == '_')
        i++;
    if (at(s, i) < 'A' || at(s, i) > 'Z')
        return 0;
    i += word(s, i);
    if (!starts(s, i, "::"))
        return 0;
    i += 2;
    i += at(s, i) == '~';
    size_t n = identifier(s, i);
    if (!n)
        return 0;
    i += n;
    if (at(s, i) == '<') {
        size_t last = to_line_end(s, i);
        while (last && s.ptr[i + last - 1] != '>')
            last--;
        i += last;
    }
    return i - start;
}

/* "ns::sub::Class::method" is "Class::method". */
static bool shorten_cpp(struct buf *out, struct str s)
{
    size_t best = 0, best_len = 0, n;
    for (size_t i = 0; (n = identifier(s, i)) && starts(s, i + n, "::");) {
        i += n + 2;
        size_t len = cpp_method(s, i);
        if (len) {
            best = i;
            best_len = len;
        }
    }
    if (best)
        buf_add(out, s.ptr + best, best_len);
    return best > 0;
}

void shorten_name(struct buf *out, struct str name)
{
    static const char anonymous[] = "(anonymous namespace)::";
    if (starts(name, 0, anonymous)) {
        name.ptr += strlen(anonymous);
        name.len -= strlen(anonymous);
    }
    struct buf b = {0};
    drop_go_version(&b, name);
    struct str s = {b.data ? b.data : "", b.len};
    if (!shorten_go(out, s) && !shorten_java(out, s) && !shorten_cpp(out, s))
        buf_str(out, s);
    buf_release(&b);
}
