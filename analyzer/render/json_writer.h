/* JSON, one token after the other; commas, line breaks and escapes come by themselves.
 *
 *     struct json j = {.out = o};
 *     json_open(&j, '{');
 *     json_key(&j, "rows");  json_open_lines(&j, '[');    each item on a line of its own
 *     ... json_close(&j); json_close(&j);                 the last one ends the line
 *
 * The text is valid UTF-8 whatever a profile holds: a byte that is not part of a character becomes
 * U+FFFD. Control characters are escaped, C1 and line separators too, so nothing acts on a terminal
 * or ends a line.
 *
 * No name here may be one of libjansson's (json_real, json_null, ...): the program's own would take
 * the place of the library's inside the library.
 */
#ifndef CPPROF_RENDER_JSON_WRITER_H
#define CPPROF_RENDER_JSON_WRITER_H

#include "analyzer/render/out.h"
#include "analyzer/report/number.h"

enum { JSON_DEPTH = 16 };

struct json {
    struct out *out;
    int depth;
    bool after_key;
    bool compact;   /* no blanks after commas and colons */
    bool in_script; /* the text may stand in an HTML script element and in a CDATA section */
    struct {
        char bracket;
        bool lines, any; /* items on lines of their own; there was one */
    } open[JSON_DEPTH];
};

/* BRACKET is '{' or '['. */
void json_open(struct json *j, char bracket);
void json_open_lines(struct json *j, char bracket);
void json_close(struct json *j);

/* KEY is our own word: plain ASCII. A value follows. */
void json_key(struct json *j, const char *key);

void json_str(struct json *j, struct str s);
void json_puts(struct json *j, const char *s);
void json_none(struct json *j);
void json_bool(struct json *j, bool v);
void json_int(struct json *j, int64_t v);
void json_float(struct json *j, double v); /* NaN and infinities are null */
void json_number(struct json *j, struct number n);

#endif
