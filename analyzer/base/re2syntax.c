#include "analyzer/base/re2syntax.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/re2class.h"

#include <stdlib.h>
#include <string.h>

#define MAX_REPEAT 1000 /* of one {n,m}, and of nested ones multiplied; Go's limit */

enum flags {
    FOLD = 1,      /* i */
    DOT_ALL = 2,   /* s */
    MULTILINE = 4, /* m */
    UNGREEDY = 8,  /* U: read and forgotten, it changes what matches but not whether */
};

/* An open group, or the whole pattern. */
struct frame {
    struct re2_list branches, items; /* finished alternatives; the one being read */
    unsigned outer_flags;
    bool captures;
};

struct parser {
    struct arena *arena;
    struct error *err;
    const char *text, *at, *end;
    unsigned flags;
    struct frame *frames;
    size_t depth, frame_cap;
    struct re2_class cls; /* the one being read */
};

/* ---- text ---- */

void re2_quote(struct buf *b, const char *s, size_t len, size_t max)
{
    size_t start = b->len;
    for (size_t i = 0, n; i < len; i += n) {
        if (b->len - start >= max) {
            buf_puts(b, "...");
            return;
        }
        uint32_t r;
        n = utf8_decode(s + i, len - i, &r);
        if (r < 0x20 || r == 0x7f || (r == UTF8_BAD_RUNE && n == 1))
            buf_printf(b, "\\x%02x", (unsigned char)s[i]);
        else
            buf_add(b, s + i, n);
    }
}

void re2_refuse(struct error *err, const char *code, const char *fragment, size_t len)
{
    struct buf shown = {0};
    buf_puts(&shown, "");
    re2_quote(&shown, fragment, len, 600);
    error_set(err, ERROR_USAGE, "error parsing regexp: %s: `%s`", code, shown.data);
    buf_release(&shown);
}

static bool refuse(struct parser *p, const char *code, const char *from, const char *to)
{
    re2_refuse(p->err, code, from, (size_t)(to - from));
    return false;
}

/* Reads a rune at *AT, which may be the end. */
static bool next_rune(struct parser *p, const char **at, uint32_t *rune)
{
    size_t n = utf8_decode(*at, (size_t)(p->end - *at), rune);
    if (n == 1 && *rune == UTF8_BAD_RUNE)
        return refuse(p, "invalid UTF-8", *at, p->end);
    *at += n;
    return true;
}

static bool check_utf8(struct parser *p, const char *from, const char *to)
{
    for (size_t n; from < to; from += n) {
        uint32_t r;
        n = utf8_decode(from, (size_t)(to - from), &r);
        if (n == 1 && r == UTF8_BAD_RUNE)
            return refuse(p, "invalid UTF-8", from, to);
    }
    return true;
}

static bool starts(const struct parser *p, const char *at, const char *with)
{
    size_t n = strlen(with);
    return (size_t)(p->end - at) >= n && memcmp(at, with, n) == 0;
}

static bool is_letter(uint32_t c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool is_alnum(uint32_t c)
{
    return is_letter(c) || (c >= '0' && c <= '9');
}

/* ---- the tree ---- */

void re2_list_append(struct re2_list *list, struct re2_node *node)
{
    node->prev = list->last;
    node->next = NULL;
    *(list->last ? &list->last->next : &list->first) = node;
    list->last = node;
}

void re2_list_remove(struct re2_list *list, struct re2_node *node)
{
    *(node->prev ? &node->prev->next : &list->first) = node->next;
    *(node->next ? &node->next->prev : &list->last) = node->prev;
    node->next = node->prev = NULL;
}

void re2_list_join(struct re2_list *list, struct re2_list *more)
{
    if (!more->first)
        return;
    more->first->prev = list->last;
    *(list->last ? &list->last->next : &list->first) = more->first;
    list->last = more->last;
    *more = (struct re2_list){0};
}

static struct re2_node *new_node(struct parser *p, enum re2_op op)
{
    struct re2_node *node = arena_calloc(p->arena, 1, sizeof *node);
    node->op = op;
    node->height = node->copies = 1;
    return node;
}

static struct frame *top(struct parser *p)
{
    return &p->frames[p->depth - 1];
}

static void push(struct parser *p, struct re2_node *node)
{
    re2_list_append(&top(p)->items, node);
}

static void push_rune(struct parser *p, uint32_t rune)
{
    struct re2_node *node = new_node(p, RE2_RUNE);
    node->rune = rune;
    node->folds = p->flags & FOLD && rune >= RE2_FIRST_CASED && rune <= RE2_LAST_CASED &&
                  (rune >= 0x80 || is_letter(rune));
    push(p, node);
}

static void push_class(struct parser *p, bool negated)
{
    struct re2_node *node = new_node(p, RE2_CLASS);
    re2_class_finish(&p->cls, p->arena, node, negated);
    push(p, node);
}

/* Puts SUB under NODE; SUB's own parts instead when it is of the same kind. */
static bool adopt(struct parser *p, struct re2_node *node, struct re2_node *sub)
{
    bool same = sub->op == node->op && (sub->op == RE2_CONCAT || sub->op == RE2_ALTERNATE);
    int height = sub->height + !same;
    if (node->height < height)
        node->height = height;
    if (node->copies < sub->copies)
        node->copies = sub->copies;
    if (same)
        re2_list_join(&node->sub, &sub->sub);
    else
        re2_list_append(&node->sub, sub);
    if (node->height > RE2_MAX_HEIGHT)
        return refuse(p, "expression nests too deeply", p->text, p->end);
    return true;
}

/* All of LIST as one node, which joins the list TO. LIST is empty afterwards. */
static bool join(struct parser *p, enum re2_op op, struct re2_list *list, struct re2_list *to)
{
    struct re2_node *node = list->first;
    if (!node) {
        node = new_node(p, RE2_EMPTY);
    } else if (node != list->last) {
        struct re2_node *next;
        struct re2_node *all = new_node(p, op);
        for (; node; node = next) {
            next = node->next;
            if (!adopt(p, all, node))
                return false;
        }
        node = all;
    }
    *list = (struct re2_list){0};
    re2_list_append(to, node);
    return true;
}

static void open_frame(struct parser *p, bool captures)
{
    p->frames = xgrow(p->frames, &p->frame_cap, p->depth + 1, sizeof *p->frames);
    p->frames[p->depth++] = (struct frame){.outer_flags = p->flags, .captures = captures};
}

/* Ends the innermost group and puts it into the list TO. */
static bool close_frame(struct parser *p, struct re2_list *to)
{
    struct frame *f = top(p);
    if (!join(p, RE2_CONCAT, &f->items, &f->branches))
        return false;
    p->flags = f->outer_flags;
    p->depth--;
    if (!f->captures)
        return join(p, RE2_ALTERNATE, &f->branches, to);
    struct re2_list inner = {0};
    if (!join(p, RE2_ALTERNATE, &f->branches, &inner))
        return false;
    struct re2_node *group = new_node(p, RE2_GROUP);
    if (!adopt(p, group, inner.first))
        return false;
    re2_list_append(to, group);
    return true;
}

/* ---- repetition ---- */

/* Repeats what was read last. OP is where the operator starts, AFTER where it ends but for a `?`;
 * LAST is the start of the operator right before it, or NULL. */
static bool repeat(struct parser *p, int min, int max, bool counted, const char *op,
                   const char *after, const char *last)
{
    if (after < p->end && *after == '?')
        after++;
    if (last)
        return refuse(p, "invalid nested repetition operator", last, after);
    struct re2_list *items = &top(p)->items;
    struct re2_node *sub = items->last;
    if (!sub)
        return refuse(p, "missing argument to repetition operator", op, after);

    re2_list_remove(items, sub);
    struct re2_node *node = new_node(p, RE2_REPEAT);
    node->min = min;
    node->max = max;
    if (!adopt(p, node, sub))
        return false;
    push(p, node);
    p->at = after;
    if (!counted)
        return true;
    /* Go does not look into x{0}. */
    int times = max == RE2_UNBOUNDED ? min : max;
    node->copies = max == 0 ? 1 : sub->copies * (times > 1 ? times : 1);
    if (node->copies > MAX_REPEAT)
        return refuse(p, "invalid repeat count", op, after);
    return true;
}

/* Reads a count without leading zeros; one too large to be good comes back as MAX_REPEAT + 1. */
static bool parse_count(const struct parser *p, const char **at, int *count)
{
    const char *s = *at;
    if (s == p->end || *s < '0' || *s > '9')
        return false;
    if (*s == '0' && p->end - s >= 2 && s[1] >= '0' && s[1] <= '9')
        return false;
    *count = 0;
    for (; s < p->end && *s >= '0' && *s <= '9'; s++)
        if (*count <= MAX_REPEAT)
            *count = *count * 10 + (*s - '0');
    if (*count > MAX_REPEAT)
        *count = MAX_REPEAT + 1;
    *at = s;
    return true;
}

/* {n}, {n,} or {n,m}; a brace that is none of these stands for itself, and this returns false. */
static bool parse_counts(const struct parser *p, const char **at, int *min, int *max)
{
    const char *s = *at + 1;
    if (!parse_count(p, &s, min))
        return false;
    *max = *min;
    if (s < p->end && *s == ',') {
        s++;
        *max = RE2_UNBOUNDED;
        if (s < p->end && *s != '}' && !parse_count(p, &s, max))
            return false;
    }
    if (s == p->end || *s != '}')
        return false;
    *at = s + 1;
    return true;
}

static bool parse_repeat(struct parser *p, const char *last)
{
    const char *op = p->at, *after = p->at + 1;
    switch (*op) {
    case '*':
        return repeat(p, 0, RE2_UNBOUNDED, false, op, after, last);
    case '+':
        return repeat(p, 1, RE2_UNBOUNDED, false, op, after, last);
    case '?':
        return repeat(p, 0, 1, false, op, after, last);
    }
    int min, max;
    after = op;
    parse_counts(p, &after, &min, &max);
    if (min > MAX_REPEAT || max > MAX_REPEAT || (max != RE2_UNBOUNDED && min > max))
        return refuse(p, "invalid repeat count", op, after);
    return repeat(p, min, max, true, op, after, last);
}

static bool is_repeat(const struct parser *p)
{
    int min, max;
    const char *at = p->at;
    return strchr("*+?", *at) || (*at == '{' && parse_counts(p, &at, &min, &max));
}

/* ---- groups ---- */

static bool parse_name(struct parser *p, const char *name)
{
    const char *open = p->at, *close = strstr(open, ">");
    if (!close)
        return check_utf8(p, open, p->end) && refuse(p, "invalid named capture", open, p->end);
    if (!check_utf8(p, name, close))
        return false;
    bool good = name < close;
    for (const char *c = name; c < close; c++)
        good = good && (*c == '_' || is_alnum((unsigned char)*c));
    if (!good)
        return refuse(p, "invalid named capture", open, close + 1);
    open_frame(p, true);
    p->at = close + 1;
    return true;
}

/* What follows "(?": a name, or flags and the end or the start of a group. */
static bool parse_perl_group(struct parser *p)
{
    const char *open = p->at, *at = open + 2;
    ptrdiff_t left = p->end - open;
    if (left > 4 && starts(p, at, "P<"))
        return parse_name(p, open + 4);
    if (left > 3 && starts(p, at, "<"))
        return parse_name(p, open + 3);

    unsigned flags = p->flags;
    bool off = false, any = false;
    while (at < p->end) {
        uint32_t c;
        unsigned flag = 0;
        if (!next_rune(p, &at, &c))
            return false;
        switch (c) {
        case 'i':
            flag = FOLD;
            break;
        case 's':
            flag = DOT_ALL;
            break;
        case 'm':
            flag = MULTILINE;
            break;
        case 'U':
            flag = UNGREEDY;
            break;
        }
        if (flag) {
            flags = off ? flags & ~flag : flags | flag;
            any = true;
        } else if (c == '-' && !off) {
            off = true;
            any = false;
        } else if ((c == ':' || c == ')') && (!off || any)) {
            if (c == ':')
                open_frame(p, false);
            p->flags = flags;
            p->at = at;
            return true;
        } else {
            break;
        }
    }
    return refuse(p, "invalid or unsupported Perl syntax", open, at);
}

/* ---- escapes ---- */

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
static int parse_hex(struct parser *p, const char **at, uint32_t *rune)
{
    uint32_t c, d;
    if (*at == p->end)
        return 0;
    if (!next_rune(p, at, &c))
        return -1;
    if (c != '{') {
        if (!next_rune(p, at, &d))
            return -1;
        if (hex_digit(c) < 0 || hex_digit(d) < 0)
            return 0;
        *rune = (uint32_t)(hex_digit(c) * 16 + hex_digit(d));
        return 1;
    }
    uint32_t r = 0;
    for (int digits = 0; *at < p->end; digits++) {
        if (!next_rune(p, at, &c))
            return -1;
        if (c == '}') {
            *rune = r;
            return digits > 0;
        }
        if (hex_digit(c) < 0)
            return 0;
        r = r * 16 + (uint32_t)hex_digit(c);
        if (r > UTF8_MAX_RUNE)
            return 0;
    }
    return 0;
}

/* A backslash and what it makes a single rune of. */
static bool parse_escape(struct parser *p, const char **at, uint32_t *rune)
{
    static const char letters[] = "afnrtv", controls[] = "\a\f\n\r\t\v";
    const char *start = *at;
    uint32_t c;
    ++*at;
    if (*at == p->end)
        return refuse(p, "trailing backslash at end of expression", "", "");
    if (!next_rune(p, at, &c))
        return false;
    bool octal_follows = *at < p->end && **at >= '0' && **at <= '7';
    const char *letter = c && c < 0x80 ? strchr(letters, (int)c) : NULL;
    if (letter) {
        *rune = (uint32_t)controls[letter - letters];
        return true;
    }
    if (c < 0x80 && !is_alnum(c)) {
        *rune = c;
        return true;
    }
    /* \1 would be a backreference; \12 is octal. */
    if (c == '0' || (c >= '1' && c <= '7' && octal_follows)) {
        *rune = c - '0';
        for (int i = 1; i < 3 && *at < p->end && **at >= '0' && **at <= '7'; i++)
            *rune = *rune * 8 + (uint32_t)(*(*at)++ - '0');
        return true;
    }
    if (c == 'x') {
        int found = parse_hex(p, at, rune);
        if (found)
            return found > 0;
    }
    return refuse(p, "invalid escape sequence", start, *at);
}

/* ---- classes ---- */

/* \pN, \p{Name}, \PN, \P{Name}, \p{^Name}. With NEGATED, a complement is reported there rather than
 * added as one. */
static bool parse_property(struct parser *p, const char **at, bool *negated)
{
    const char *start = *at, *name = start + 2, *name_end;
    bool outside = start[1] == 'P';
    uint32_t c;
    *at += 2;
    if (!next_rune(p, at, &c))
        return false;
    name_end = *at;
    if (c == '{') {
        name++;
        name_end = strstr(start, "}");
        if (!name_end)
            return check_utf8(p, start, p->end) &&
                   refuse(p, "invalid character class range", start, p->end);
        if (!check_utf8(p, name, name_end))
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
    return re2_class_add_property(&p->cls, p->arena, name, (size_t)(name_end - name), outside) ||
           refuse(p, "invalid character class range", start, *at);
}

/* \d and its kind; adds it when it is one. */
static bool parse_perl_set(struct parser *p, const char **at)
{
    if (p->end - *at < 2 || **at != '\\' || !is_letter((unsigned char)(*at)[1]) ||
        !re2_class_add_perl(&p->cls, (*at)[1]))
        return false;
    *at += 2;
    return true;
}

static bool is_property(const struct parser *p, const char *at)
{
    return starts(p, at, "\\p") || starts(p, at, "\\P");
}

static bool parse_class_rune(struct parser *p, const char **at, uint32_t *rune)
{
    if (*at == p->end)
        return refuse(p, "missing closing ]", p->at, p->end);
    return **at == '\\' ? parse_escape(p, at, rune) : next_rune(p, at, rune);
}

/* One item of a class: [:name:], \pN, \d, a rune or a range. */
static bool parse_class_item(struct parser *p, const char **at)
{
    const char *start = *at;
    const char *name_end =
        p->end - start > 2 && starts(p, start, "[:") ? strstr(start + 2, ":]") : NULL;
    if (name_end) {
        const char *name = start + 2;
        bool outside = *name == '^';
        name += outside;
        *at = name_end + 2;
        return re2_class_add_posix(&p->cls, name, (size_t)(name_end - name), outside) ||
               refuse(p, "invalid character class range", start, *at);
    }
    if (is_property(p, start))
        return parse_property(p, at, NULL);
    if (parse_perl_set(p, at))
        return true;
    uint32_t lo, hi;
    if (!parse_class_rune(p, at, &lo))
        return false;
    hi = lo;
    if (p->end - *at >= 2 && **at == '-' && (*at)[1] != ']') {
        ++*at;
        if (!parse_class_rune(p, at, &hi))
            return false;
        if (hi < lo)
            return refuse(p, "invalid character class range", start, *at);
    }
    re2_class_add(&p->cls, lo, hi);
    return true;
}

static bool parse_class(struct parser *p)
{
    const char *at = p->at + 1;
    bool negated = at < p->end && *at == '^';
    at += negated;
    re2_class_clear(&p->cls, p->flags & FOLD);
    /* A ] that comes first is one of the runes. */
    for (bool first = true; first || at == p->end || *at != ']'; first = false)
        if (!parse_class_item(p, &at))
            return false;
    push_class(p, negated);
    p->at = at + 1;
    return true;
}

/* ---- the whole ---- */

static bool parse_backslash(struct parser *p)
{
    static const struct {
        char letter;
        enum re2_op op;
    } assertions[] = {
        {'A', RE2_BEGIN_TEXT},
        {'z', RE2_END_TEXT},
        {'b', RE2_WORD_BOUNDARY},
        {'B', RE2_NO_WORD_BOUNDARY},
    };
    const char *at = p->at;
    uint32_t c = 0;
    for (size_t i = 0; i < sizeof assertions / sizeof *assertions && p->end - at >= 2; i++)
        if (at[1] == assertions[i].letter) {
            push(p, new_node(p, assertions[i].op));
            p->at += 2;
            return true;
        }
    if (starts(p, at, "\\Q")) {
        const char *stop = strstr(at + 2, "\\E"), *lit = at + 2;
        p->at = stop ? stop + 2 : p->end;
        stop = stop ? stop : p->end;
        if (!check_utf8(p, lit, stop))
            return false;
        while (lit < stop) {
            lit += utf8_decode(lit, (size_t)(stop - lit), &c);
            push_rune(p, c);
        }
        return true;
    }
    bool negated = false;
    re2_class_clear(&p->cls, p->flags & FOLD);
    if (is_property(p, at)) {
        if (!parse_property(p, &p->at, &negated))
            return false;
        push_class(p, negated);
        return true;
    }
    if (parse_perl_set(p, &p->at)) {
        push_class(p, false);
        return true;
    }
    if (!parse_escape(p, &p->at, &c))
        return false;
    push_rune(p, c);
    return true;
}

static bool parse_item(struct parser *p)
{
    uint32_t c;
    switch (*p->at) {
    case '(':
        if (starts(p, p->at, "(?"))
            return parse_perl_group(p);
        open_frame(p, true);
        break;
    case ')': {
        struct re2_list group = {0};
        if (p->depth == 1)
            return refuse(p, "unexpected )", p->text, p->end);
        if (!close_frame(p, &group))
            return false;
        push(p, group.first);
        break;
    }
    case '|':
        if (!join(p, RE2_CONCAT, &top(p)->items, &top(p)->branches))
            return false;
        break;
    case '^':
        push(p, new_node(p, p->flags & MULTILINE ? RE2_BEGIN_LINE : RE2_BEGIN_TEXT));
        break;
    case '$':
        push(p, new_node(p, p->flags & MULTILINE ? RE2_END_LINE : RE2_END_TEXT));
        break;
    case '.':
        push(p, new_node(p, p->flags & DOT_ALL ? RE2_ANY : RE2_ANY_BUT_NEWLINE));
        break;
    case '[':
        return parse_class(p);
    case '\\':
        return parse_backslash(p);
    default:
        if (!next_rune(p, &p->at, &c))
            return false;
        push_rune(p, c);
        return true;
    }
    p->at++;
    return true;
}

struct re2_node *re2_parse(struct arena *arena, const char *pattern, struct error *err)
{
    struct parser p = {
        .arena = arena,
        .err = err,
        .text = pattern,
        .at = pattern,
        .end = pattern + strlen(pattern),
    };
    struct re2_list whole = {0};
    const char *last = NULL; /* the operator just read */
    bool good = true;
    open_frame(&p, false);
    while (good && p.at < p.end) {
        const char *start = p.at;
        bool is_operator = is_repeat(&p);
        good = is_operator ? parse_repeat(&p, last) : parse_item(&p);
        last = is_operator ? start : NULL;
    }
    if (good && p.depth > 1)
        good = refuse(&p, "missing closing )", p.text, p.end);
    if (good)
        good = close_frame(&p, &whole);
    free(p.frames);
    re2_class_release(&p.cls);
    return good ? whole.first : NULL;
}
