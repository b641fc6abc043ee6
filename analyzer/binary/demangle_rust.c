#include "analyzer/binary/demangle_lang.h"
#include "analyzer/binary/rust_cost.h"

#include <ctype.h>
#include <libiberty/demangle.h>
#include <setjmp.h>
#include <string.h>

struct text {
    struct buf *out;
    size_t start; /* of the name in OUT */
    jmp_buf too_long;
};

static void take(const char *s, size_t len, void *opaque)
{
    struct text *t = opaque;
    buf_add(t->out, s, len);
    /* Leaves libiberty, which has memory to leave behind only while it prints an identifier with
     * other letters than ASCII's. Those come one at a time. */
    if (t->out->len - t->start > DEMANGLE_MAX_TEXT && len > 1 && isascii((unsigned char)*s))
        longjmp(t->too_long, 1);
}

/* The first LEN bytes of MANGLED, in either form. */
static bool demangle_symbol(struct buf *out, const char *mangled, size_t len)
{
    struct buf symbol = {0};
    buf_add(&symbol, mangled, len);
    struct text t = {.out = out, .start = out->len};
    bool good = false;
    if (setjmp(t.too_long) == 0)
        good = rust_demangle_callback(symbol.data, DMGL_NO_OPTS, take, &t) != 0;
    buf_release(&symbol);
    return good;
}

/* --- leaving generic arguments out */

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

/* Does the '<' at AT of S begin generic arguments, rather than <Type as Trait> or for<'a>? */
static bool begins_arguments(const char *s, size_t at)
{
    if (!at || !(is_word(s[at - 1]) || strchr(":>}", s[at - 1])))
        return false;
    bool is_for = at >= 3 && memcmp(s + at - 3, "for", 3) == 0 &&
                  (at == 3 || !(is_word(s[at - 4]) || s[at - 4] == ':'));
    return !is_for;
}

/* The length of a character constant at S ('x', '\', '\u{2f}'), or of a lifetime's quote: 1. */
static size_t quoted(const char *s)
{
    size_t end = s[1] == '\\' && s[2] == 'u' ? strcspn(s + 1, "'") + 1 : 1 + (s[1] != '\0');
    return s[end] == '\'' ? end + 1 : 1;
}

/* The length of what is before the next ", " or the closing '>' at S, brackets of all kinds, arrows
 * and character constants taken into account. */
static size_t argument(const char *s)
{
    size_t depth = 0, at = 0;
    while (s[at]) {
        if (s[at] == '\'') {
            at += quoted(s + at);
            continue;
        }
        if (s[at] == '-' && s[at + 1] == '>') {
            at += 2;
            continue;
        }
        if (depth == 0 && (s[at] == '>' || (s[at] == ',' && s[at + 1] == ' ')))
            break;
        if (strchr("<([{", s[at]))
            depth++;
        if (strchr(">)]}", s[at]) && depth)
            depth--;
        at++;
    }
    return at;
}

/* Is this the "Output = T" of dyn FnOnce<Args, Output = T>? */
static bool is_binding(const char *s, size_t len)
{
    size_t word = 0;
    while (word < len && is_word(s[word]))
        word++;
    return word && len - word > 3 && memcmp(s + word, " = ", 3) == 0;
}

/* Adds the first LEN bytes of S, a Rust name, with empty lists of generic arguments. Bindings of
 * associated types stay, as in pprof, after the comma that was before them. */
static void shorten(struct buf *out, const char *s, size_t len)
{
    for (size_t at = 0; at < len;) {
        if (s[at] != '<' || !begins_arguments(s, at)) {
            size_t quote = s[at] == '\'' ? quoted(s + at) : 1;
            buf_add(out, s + at, quote);
            at += quote;
            continue;
        }
        buf_putc(out, '<');
        at++;
        for (bool first = true; at < len && s[at] != '>'; first = false) {
            size_t argument_len = argument(s + at);
            if (argument_len > len - at)
                argument_len = len - at;
            if (is_binding(s + at, argument_len)) {
                if (!first)
                    buf_puts(out, ", ");
                shorten(out, s + at, argument_len);
            }
            at += argument_len;
            at += at < len && s[at] == ',' ? 2 : 0;
        }
    }
}

bool demangle_rust(struct buf *out, const char *mangled, enum demangle_mode mode)
{
    /* What a linker or LLVM adds is not shown. */
    size_t len = strcspn(mangled, ".");
    if (!rust_is_affordable(mangled, len))
        return false;
    if (mode != DEMANGLE_SIMPLE)
        return demangle_symbol(out, mangled, len);
    struct buf whole = {0};
    bool good = demangle_symbol(&whole, mangled, len);
    if (good)
        shorten(out, whole.data, whole.len);
    buf_release(&whole);
    return good;
}

/* Copies the identifiers of MANGLED up to END less their first underscore, which pprof takes for a
 * separator: names such as _print are print there, and so they are here. False when this is not how
 * they are written. */
static bool copy_identifiers(struct buf *out, const char *mangled, const char *end)
{
    buf_puts(out, "_ZN");
    for (const char *p = mangled + 3; p < end;) {
        size_t len = 0;
        for (; p < end && isdigit((unsigned char)*p) && len <= DEMANGLE_MAX_NAME; p++)
            len = len * 10 + (size_t)(*p - '0');
        if (!len || len > (size_t)(end - p))
            return false;
        size_t skip = *p == '_' && len > 1;
        buf_printf(out, "%zu", len - skip);
        buf_add(out, p + skip, len - skip);
        p += len;
    }
    buf_puts(out, end);
    return true;
}

bool demangle_old_rust(struct buf *out, const char *mangled)
{
    size_t len = strlen(mangled);
    for (size_t at = len; at-- > 1;)
        if (mangled[at] == '.' && mangled[at - 1] == 'E') {
            len = at;
            break;
        }
    /* A hash of 16 digits is the last part. Whether they are digits, libiberty looks. */
    static const size_t hash_len = sizeof "17h0123456789abcdefE" - 1;
    if (len <= 3 + hash_len || mangled[len - 1] != 'E' ||
        memcmp(mangled + len - hash_len, "17h", 3) != 0)
        return false;
    struct buf symbol = {0};
    bool good = copy_identifiers(&symbol, mangled, mangled + len - hash_len) &&
                demangle_symbol(out, symbol.data, symbol.len - (strlen(mangled) - len));
    buf_release(&symbol);
    return good;
}
