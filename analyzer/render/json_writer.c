#include "analyzer/render/json_writer.h"
#include "analyzer/base/utf8.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* What stands before a key, or before a value that has none. */
static void begin_item(struct json *j)
{
    if (j->after_key) {
        j->after_key = false;
        return;
    }
    if (!j->depth)
        return;
    bool lines = j->open[j->depth - 1].lines;
    if (j->open[j->depth - 1].any)
        out_puts(j->out, lines || j->compact ? "," : ", ");
    if (lines)
        out_printf(j->out, "\n%*s", 2 * j->depth, "");
    j->open[j->depth - 1].any = true;
}

static void open_bracket(struct json *j, char bracket, bool lines)
{
    begin_item(j);
    assert(j->depth < JSON_DEPTH);
    j->open[j->depth].bracket = bracket;
    j->open[j->depth].lines = lines;
    j->open[j->depth++].any = false;
    out_add(j->out, &bracket, 1);
}

void json_open(struct json *j, char bracket)
{
    open_bracket(j, bracket, false);
}

void json_open_lines(struct json *j, char bracket)
{
    open_bracket(j, bracket, true);
}

void json_close(struct json *j)
{
    assert(j->depth > 0 && !j->after_key);
    j->depth--;
    if (j->open[j->depth].lines && j->open[j->depth].any)
        out_printf(j->out, "\n%*s", 2 * j->depth, "");
    out_puts(j->out, j->open[j->depth].bracket == '{' ? "}" : "]");
    if (!j->depth)
        out_puts(j->out, "\n");
}

void json_key(struct json *j, const char *key)
{
    begin_item(j);
    out_puts(j->out, "\"");
    out_puts(j->out, key);
    out_puts(j->out, j->compact ? "\":" : "\": ");
    j->after_key = true;
}

/* Is C a character that stands for itself? */
static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x7F && c != '"' && c != '\\' && c != '<' && c != '>';
}

static const char *short_escape(unsigned char c)
{
    switch (c) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\b':
        return "\\b";
    case '\f':
        return "\\f";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    }
    return NULL;
}

static void add_character(struct buf *b, const unsigned char *s, size_t n)
{
    const char *escape = n == 1 ? short_escape(s[0]) : NULL;
    if (escape)
        buf_puts(b, escape);
    else if (n == 0)
        buf_puts(b, "\xEF\xBF\xBD"); /* U+FFFD itself */
    else if (n == 1 && (s[0] < 0x20 || s[0] == 0x7F))
        buf_printf(b, "\\u%04x", s[0]);
    else if (n == 2 && s[0] == 0xC2 && s[1] < 0xA0)
        buf_printf(b, "\\u%04x", s[1]);
    else if (n == 3 && s[0] == 0xE2 && s[1] == 0x80 && (s[2] == 0xA8 || s[2] == 0xA9))
        buf_printf(b, "\\u20%02x", s[2] - 0x80);
    else if (n == 3 && s[0] == 0xEF && s[1] == 0xBF && s[2] >= 0xBE)
        buf_printf(b, "\\uff%02x", s[2] + 0x40); /* no characters, and XML has none */
    else
        buf_add(b, (const char *)s, n);
}

/* Only "</", "<!" and "]]>" mean anything where a script stands. Names of C++ are full of brackets,
 * so all others stay as they are. */
static void add_bracket(struct json *j, struct str s, size_t i)
{
    bool opens = s.ptr[i] == '<' && i + 1 < s.len && (s.ptr[i + 1] == '/' || s.ptr[i + 1] == '!');
    bool closes = s.ptr[i] == '>' && i > 0 && s.ptr[i - 1] == ']';
    if (j->in_script && (opens || closes))
        buf_printf(&j->out->buf, "\\u%04x", s.ptr[i]);
    else
        buf_putc(&j->out->buf, s.ptr[i]);
}

void json_str(struct json *j, struct str s)
{
    begin_item(j);
    struct buf *b = &j->out->buf;
    const unsigned char *p = (const unsigned char *)s.ptr;
    buf_putc(b, '"');
    for (size_t i = 0; i < s.len;) {
        size_t plain = 0;
        while (i + plain < s.len && is_plain(p[i + plain]))
            plain++;
        buf_add(b, s.ptr + i, plain);
        i += plain;
        if (i == s.len)
            break;
        if (p[i] == '<' || p[i] == '>') {
            add_bracket(j, s, i++);
            continue;
        }
        size_t n = utf8_length(s.ptr + i, s.len - i);
        add_character(b, p + i, n);
        i += n ? n : 1;
    }
    buf_putc(b, '"');
}

void json_puts(struct json *j, const char *s)
{
    json_str(j, (struct str){s, strlen(s)});
}

void json_none(struct json *j)
{
    begin_item(j);
    out_puts(j->out, "null");
}

void json_bool(struct json *j, bool v)
{
    begin_item(j);
    out_puts(j->out, v ? "true" : "false");
}

void json_int(struct json *j, int64_t v)
{
    begin_item(j);
    out_printf(j->out, "%lld", (long long)v);
}

void json_float(struct json *j, double v)
{
    if (!isfinite(v)) {
        json_none(j);
        return;
    }
    begin_item(j);
    number_write_real(&j->out->buf, v);
}

void json_number(struct json *j, struct number n)
{
    if (n.is_whole)
        json_int(j, n.whole);
    else
        json_float(j, n.real);
}
