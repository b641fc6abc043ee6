#include "analyzer/base/re2runes.h"

#include "analyzer/base/utf8.h"

#include <string.h>

static int hex_digit(uint32_t c)
{
    if (c >= '0' && c <= '9')
        return (int)(c - '0');
    if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
        return (int)((c | 0x20) - 'a' + 10);
    return -1;
}

/* After \x: two digits, or any number of them in braces. Returns 1, 0 when it is no such thing, -1
 * when the sentence is written already; *AT then is behind what was looked at. */
static int hex_escape(const struct re2_reader *r, const char **at, uint32_t *rune)
{
    uint32_t c, d;
    if (*at == r->end)
        return 0;
    if (!re2_next_rune(r, at, &c))
        return -1;
    if (c != '{') {
        if (!re2_next_rune(r, at, &d))
            return -1;
        if (hex_digit(c) < 0 || hex_digit(d) < 0)
            return 0;
        *rune = (uint32_t)(hex_digit(c) * 16 + hex_digit(d));
        return 1;
    }
    uint32_t value = 0;
    for (int digits = 0; *at < r->end; digits++) {
        if (!re2_next_rune(r, at, &c))
            return -1;
        if (c == '}') {
            *rune = value;
            return digits > 0;
        }
        if (hex_digit(c) < 0)
            return 0;
        value = value * 16 + (uint32_t)hex_digit(c);
        if (value > UTF8_MAX_RUNE)
            return 0;
    }
    return 0;
}

bool re2_escape(const struct re2_reader *r, const char **at, uint32_t *rune)
{
    static const char letters[] = "afnrtv", controls[] = "\a\f\n\r\t\v";
    const char *start = *at;
    uint32_t c;
    ++*at;
    if (*at == r->end)
        return re2_refuse_at(r, "trailing backslash at end of expression", "", "");
    if (!re2_next_rune(r, at, &c))
        return false;
    bool octal_follows = *at < r->end && **at >= '0' && **at <= '7';
    const char *letter = c && c < 0x80 ? strchr(letters, (int)c) : NULL;
    if (letter) {
        *rune = (uint32_t)controls[letter - letters];
        return true;
    }
    if (c < 0x80 && !re2_is_alnum(c)) {
        *rune = c;
        return true;
    }
    /* \1 would be a backreference; \12 is octal. */
    if (c == '0' || (c >= '1' && c <= '7' && octal_follows)) {
        *rune = c - '0';
        for (int i = 1; i < 3 && *at < r->end && **at >= '0' && **at <= '7'; i++)
            *rune = *rune * 8 + (uint32_t)(*(*at)++ - '0');
        return true;
    }
    if (c == 'x') {
        int found = hex_escape(r, at, rune);
        if (found)
            return found > 0;
    }
    return re2_refuse_at(r, "invalid escape sequence", start, *at);
}

bool re2_property(const struct re2_reader *r, struct re2_class *cls, const char **at, bool *negated)
{
    const char *start = *at, *name = start + 2, *name_end;
    bool outside = start[1] == 'P';
    uint32_t c;
    *at += 2;
    if (!re2_next_rune(r, at, &c))
        return false;
    name_end = *at;
    if (c == '{') {
        name++;
        name_end = strstr(start, "}");
        if (!name_end)
            return re2_check_utf8(r, start, r->end) &&
                   re2_refuse_at(r, "invalid character class range", start, r->end);
        if (!re2_check_utf8(r, name, name_end))
            return false;
        *at = name_end + 1;
    }
    if (name < name_end && *name == '^') {
        outside = !outside;
        name++;
    }
    if (negated) {
        *negated = outside;
        outside = false;
    }
    return re2_class_add_property(cls, name, (size_t)(name_end - name), outside) ||
           re2_refuse_at(r, "invalid character class range", start, *at);
}

bool re2_perl_set(const struct re2_reader *r, struct re2_class *cls, const char **at)
{
    if (r->end - *at < 2 || **at != '\\' || !re2_is_letter((unsigned char)(*at)[1]) ||
        !re2_class_add_perl(cls, (*at)[1]))
        return false;
    *at += 2;
    return true;
}

bool re2_is_property(const struct re2_reader *r, const char *at)
{
    return re2_starts(r, at, "\\p") || re2_starts(r, at, "\\P");
}

static bool class_rune(const struct re2_reader *r, const char **at, uint32_t *rune)
{
    if (*at == r->end)
        return re2_refuse_at(r, "missing closing ]", r->at, r->end);
    return **at == '\\' ? re2_escape(r, at, rune) : re2_next_rune(r, at, rune);
}

/* One item of a class: [:name:], \pN, \d, a rune or a range. */
static bool class_item(const struct re2_reader *r, struct re2_class *cls, const char **at)
{
    const char *start = *at;
    const char *name_end =
        r->end - start > 2 && re2_starts(r, start, "[:") ? strstr(start + 2, ":]") : NULL;
    if (name_end) {
        const char *name = start + 2;
        bool outside = *name == '^';
        name += outside;
        *at = name_end + 2;
        return re2_class_add_posix(cls, name, (size_t)(name_end - name), outside) ||
               re2_refuse_at(r, "invalid character class range", start, *at);
    }
    if (re2_is_property(r, start))
        return re2_property(r, cls, at, NULL);
    if (re2_perl_set(r, cls, at))
        return true;
    uint32_t lo = 0, hi;
    if (!class_rune(r, at, &lo))
        return false;
    hi = lo;
    if (r->end - *at >= 2 && **at == '-' && (*at)[1] != ']') {
        ++*at;
        if (!class_rune(r, at, &hi))
            return false;
        if (hi < lo)
            return re2_refuse_at(r, "invalid character class range", start, *at);
    }
    re2_class_add(cls, lo, hi);
    return true;
}

bool re2_bracket_class(struct re2_reader *r, struct re2_class *cls, bool *negated)
{
    const char *at = r->at + 1;
    *negated = at < r->end && *at == '^';
    at += *negated;
    /* A ] that comes first is one of the runes. */
    for (bool first = true; first || at == r->end || *at != ']'; first = false)
        if (!class_item(r, cls, &at))
            return false;
    r->at = at + 1;
    return true;
}
