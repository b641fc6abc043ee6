#include "analyzer/profile/perfscript_line.h"

#include "analyzer/profile/legacy_scan.h"

#include <string.h>

enum { MOST_TOKENS = 24 }; /* of a header; names of threads have at most 15 characters */

static struct str from(struct str s, size_t start)
{
    return (struct str){s.ptr + start, s.len - start};
}

static struct str trim(struct str s)
{
    while (s.len && scan_in((unsigned char)s.ptr[0], SCAN_SPACE))
        s = from(s, 1);
    while (s.len && scan_in((unsigned char)s.ptr[s.len - 1], SCAN_SPACE))
        s.len--;
    return s;
}

static bool ends_in(struct str s, char c)
{
    return s.len && s.ptr[s.len - 1] == c;
}

static bool is_number(struct str s, int64_t *v)
{
    *v = 0;
    return s.len && s.len < 19 && scan_int(s, 10, v) &&
           (s.ptr[0] == '-' || scan_in((unsigned char)s.ptr[0], SCAN_DIGIT));
}

/* --- headers */

/* "1234.567890:" in nanoseconds. */
static bool is_time(struct str s, int64_t *nanos)
{
    const char *point = s.len ? memchr(s.ptr, '.', s.len) : NULL;
    int64_t seconds, fraction;
    if (!point || !ends_in(s, ':'))
        return false;
    struct str whole = {s.ptr, (size_t)(point - s.ptr)};
    struct str rest = {point + 1, s.len - whole.len - 2};
    if (!is_number(whole, &seconds) || seconds < 0 || seconds > 9000000000 || rest.len > 9 ||
        !is_number(rest, &fraction) || fraction < 0)
        return false;
    for (size_t i = rest.len; i < 9; i++)
        fraction *= 10;
    *nanos = seconds * 1000000000 + fraction;
    return true;
}

/* "4242" or "4242/4243". */
static bool is_thread(struct str s, struct perfscript_header *h)
{
    const char *slash = s.len ? memchr(s.ptr, '/', s.len) : NULL;
    if (!slash)
        return h->has_tid = is_number(s, &h->tid);
    struct str pid = {s.ptr, (size_t)(slash - s.ptr)};
    h->has_pid = h->has_tid = is_number(pid, &h->pid) && is_number(from(s, pid.len + 1), &h->tid);
    return h->has_tid;
}

static bool is_cpu(struct str s)
{
    int64_t number;
    return s.len > 2 && s.ptr[0] == '[' && ends_in(s, ']') &&
           is_number((struct str){s.ptr + 1, s.len - 2}, &number);
}

/* Who it is: what stands before the first of what comes behind, tokens [0, END). */
static void read_thread(const struct str *tokens, size_t end, struct perfscript_header *h)
{
    /* Between them may be the processor and a few letters about the context. */
    size_t at = end;
    for (size_t back = 1; back <= end && back <= 3; back++) {
        if (is_thread(tokens[end - back], h)) {
            at = end - back;
            break;
        }
    }
    while (at == end && end && is_cpu(tokens[end - 1]))
        at = --end;
    if (at)
        h->comm = (struct str){tokens[0].ptr,
                               (size_t)(tokens[at - 1].ptr + tokens[at - 1].len - tokens[0].ptr)};
}

bool perfscript_header_parse(struct str line, struct perfscript_header *h)
{
    struct str tokens[MOST_TOKENS], rest = line;
    size_t count = 0, time = MOST_TOKENS, event = MOST_TOKENS;
    *h = (struct perfscript_header){.comm = {"", 0}, .event = {"", 0}, .rest = {"", 0}};
    while (count < MOST_TOKENS && (rest = trim(rest)).len)
        tokens[count++] = scan_word(&rest);
    for (size_t i = 0; i < count && time == MOST_TOKENS; i++)
        if (is_time(tokens[i], &h->time))
            time = i;
    h->has_time = time < MOST_TOKENS;
    for (size_t i = h->has_time ? time + 1 : 0; i < count && event == MOST_TOKENS; i++)
        if (tokens[i].len > 1 && ends_in(tokens[i], ':'))
            event = i;
    if (event == MOST_TOKENS || (h->has_time && event > time + 2))
        return false;
    size_t before = h->has_time ? time : event;
    if (h->has_time ? event == time + 2 : event > 1) {
        h->has_period = is_number(tokens[event - 1], &h->period);
        /* Without a time a single number is the thread. */
        struct perfscript_header two = *h;
        if (!h->has_time && !(event > 1 && is_thread(tokens[event - 2], &two)))
            h->has_period = false;
        if (!h->has_time && h->has_period)
            before--;
    }
    read_thread(tokens, before, h);
    struct str name = tokens[event];
    h->event = (struct str){name.ptr, name.len - 1};
    h->rest = trim(from(line, (size_t)(name.ptr + name.len - line.ptr)));
    return h->has_time || h->has_tid;
}

/* --- frames */

static bool is_hex(struct str s, uint64_t *v)
{
    return s.len && s.len <= 16 && scan_uint(s, 16, v) && s.ptr[0] != '+';
}

/* Takes "(binary)" off the end of S. */
static void cut_binary(struct str *s, struct str *binary)
{
    size_t depth = 0, at = s->len;
    *binary = (struct str){"", 0};
    if (!ends_in(*s, ')'))
        return;
    do {
        at--;
        depth += s->ptr[at] == ')';
        depth -= s->ptr[at] == '(';
    } while (at && depth);
    /* "f(int)" is no binary, and neither is "(anonymous)" where the symbol begins. */
    if (depth || (at && !scan_in((unsigned char)s->ptr[at - 1], SCAN_SPACE)))
        return;
    *binary = (struct str){s->ptr + at + 1, s->len - at - 2};
    *s = trim((struct str){s->ptr, at});
    static const char deleted[] = " (deleted)";
    size_t tail = sizeof deleted - 1;
    if (binary->len > tail && memcmp(binary->ptr + binary->len - tail, deleted, tail) == 0)
        binary->len -= tail;
}

/* Takes "+0x26" off the end of S. */
static void cut_offset(struct str *s)
{
    const char *plus = s->len ? memrchr(s->ptr, '+', s->len) : NULL;
    uint64_t offset;
    if (plus && str_starts((struct str){plus, s->len - (size_t)(plus - s->ptr)}, "+0x") &&
        is_hex(from(*s, (size_t)(plus - s->ptr) + 3), &offset))
        s->len = (size_t)(plus - s->ptr);
}

bool perfscript_frame_parse(struct str line, struct perfscript_frame *f)
{
    struct str rest = trim(line), symbol = rest;
    *f = (struct perfscript_frame){.symbol = {"", 0}, .binary = {"", 0}};
    struct str first = scan_word(&rest);
    bool has_address = is_hex(first, &f->address);
    if (has_address)
        symbol = trim(rest);
    cut_binary(&symbol, &f->binary);
    /* "add (/bin/x)" is a symbol of hexadecimal letters without an address. */
    if (has_address && !symbol.len && f->binary.len && !memchr(first.ptr, '0', first.len) &&
        scan_run(&(struct str){first.ptr, first.len}, SCAN_LOHEX).len == first.len &&
        !scan_in((unsigned char)first.ptr[0], SCAN_DIGIT)) {
        has_address = false;
        f->address = 0;
        symbol = first;
    }
    if (!has_address && !f->binary.len)
        return false;
    cut_offset(&symbol);
    f->is_inlined = str_is(f->binary, "inlined");
    if (f->is_inlined || str_is(f->binary, "[unknown]"))
        f->binary = (struct str){"", 0};
    f->symbol = str_is(symbol, "[unknown]") ? (struct str){"", 0} : symbol;
    return true;
}

bool perfscript_source_parse(struct str line, struct str *file, int64_t *number)
{
    struct str s = trim(line);
    const char *colon = s.len ? memrchr(s.ptr, ':', s.len) : NULL;
    if (!colon || colon == s.ptr || !is_number(from(s, (size_t)(colon - s.ptr) + 1), number))
        return false;
    *file = (struct str){s.ptr, (size_t)(colon - s.ptr)};
    return true;
}
