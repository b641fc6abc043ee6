#include "analyzer/base/re2syntax.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/re2runes.h"
#include "analyzer/base/utf8.h"

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
    struct re2_reader r;
    struct arena *arena;
    unsigned flags;
    struct frame *frames;
    size_t depth, frame_cap;
    struct re2_class cls; /* the one being read */
};

static bool refuse(const struct parser *p, const char *code, const char *from, const char *to)
{
    return re2_refuse_at(&p->r, code, from, to);
}

/* ---- the tree ---- */

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
                  (rune >= 0x80 || re2_is_letter(rune));
    push(p, node);
}

static void push_class(struct parser *p, bool negated)
{
    struct re2_node *node = new_node(p, RE2_CLASS);
    re2_class_finish(&p->cls, node, negated);
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
        return refuse(p, "expression nests too deeply", p->r.text, p->r.end);
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
    if (after < p->r.end && *after == '?')
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
    p->r.at = after;
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
    if (s == p->r.end || *s < '0' || *s > '9')
        return false;
    if (*s == '0' && p->r.end - s >= 2 && s[1] >= '0' && s[1] <= '9')
        return false;
    *count = 0;
    for (; s < p->r.end && *s >= '0' && *s <= '9'; s++)
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
    if (s < p->r.end && *s == ',') {
        s++;
        *max = RE2_UNBOUNDED;
        if (s < p->r.end && *s != '}' && !parse_count(p, &s, max))
            return false;
    }
    if (s == p->r.end || *s != '}')
        return false;
    *at = s + 1;
    return true;
}

static bool parse_repeat(struct parser *p, const char *last)
{
    const char *op = p->r.at, *after = p->r.at + 1;
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
    const char *at = p->r.at;
    return strchr("*+?", *at) || (*at == '{' && parse_counts(p, &at, &min, &max));
}

/* ---- groups ---- */

static bool parse_name(struct parser *p, const char *name)
{
    const char *open = p->r.at, *close = strstr(open, ">");
    if (!close)
        return re2_check_utf8(&p->r, open, p->r.end) &&
               refuse(p, "invalid named capture", open, p->r.end);
    if (!re2_check_utf8(&p->r, name, close))
        return false;
    bool good = name < close;
    for (const char *c = name; c < close; c++)
        good = good && (*c == '_' || re2_is_alnum((unsigned char)*c));
    if (!good)
        return refuse(p, "invalid named capture", open, close + 1);
    open_frame(p, true);
    p->r.at = close + 1;
    return true;
}

/* What follows "(?": a name, or flags and the end or the start of a group. */
static bool parse_perl_group(struct parser *p)
{
    const char *open = p->r.at, *at = open + 2;
    ptrdiff_t left = p->r.end - open;
    if (left > 4 && re2_starts(&p->r, at, "P<"))
        return parse_name(p, open + 4);
    if (left > 3 && re2_starts(&p->r, at, "<"))
        return parse_name(p, open + 3);

    unsigned flags = p->flags;
    bool off = false, any = false;
    while (at < p->r.end) {
        uint32_t c;
        unsigned flag = 0;
        if (!re2_next_rune(&p->r, &at, &c))
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
            p->r.at = at;
            return true;
        } else {
            break;
        }
    }
    return refuse(p, "invalid or unsupported Perl syntax", open, at);
}

/* ---- the whole ---- */

static bool parse_class(struct parser *p)
{
    bool negated;
    re2_class_clear(&p->cls, p->flags & FOLD);
    if (!re2_bracket_class(&p->r, &p->cls, &negated))
        return false;
    push_class(p, negated);
    return true;
}

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
    const char *at = p->r.at;
    uint32_t c = 0;
    for (size_t i = 0; i < sizeof assertions / sizeof *assertions && p->r.end - at >= 2; i++)
        if (at[1] == assertions[i].letter) {
            push(p, new_node(p, assertions[i].op));
            p->r.at += 2;
            return true;
        }
    if (re2_starts(&p->r, at, "\\Q")) {
        const char *stop = strstr(at + 2, "\\E"), *lit = at + 2;
        p->r.at = stop ? stop + 2 : p->r.end;
        stop = stop ? stop : p->r.end;
        if (!re2_check_utf8(&p->r, lit, stop))
            return false;
        while (lit < stop) {
            lit += utf8_decode(lit, (size_t)(stop - lit), &c);
            push_rune(p, c);
        }
        return true;
    }
    bool negated = false;
    re2_class_clear(&p->cls, p->flags & FOLD);
    if (re2_is_property(&p->r, at)) {
        if (!re2_property(&p->r, &p->cls, &p->r.at, &negated))
            return false;
        push_class(p, negated);
        return true;
    }
    if (re2_perl_set(&p->r, &p->cls, &p->r.at)) {
        push_class(p, false);
        return true;
    }
    if (!re2_escape(&p->r, &p->r.at, &c))
        return false;
    push_rune(p, c);
    return true;
}

static bool parse_item(struct parser *p)
{
    uint32_t c;
    switch (*p->r.at) {
    case '(':
        if (re2_starts(&p->r, p->r.at, "(?"))
            return parse_perl_group(p);
        open_frame(p, true);
        break;
    case ')': {
        struct re2_list group = {0};
        if (p->depth == 1)
            return refuse(p, "unexpected )", p->r.text, p->r.end);
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
        if (!re2_next_rune(&p->r, &p->r.at, &c))
            return false;
        push_rune(p, c);
        return true;
    }
    p->r.at++;
    return true;
}

struct re2_node *re2_parse(struct arena *arena, const char *pattern, struct error *err)
{
    struct parser p = {
        .r = {.text = pattern, .at = pattern, .end = pattern + strlen(pattern), .err = err},
        .arena = arena,
        .cls.arena = arena,
    };
    struct re2_list whole = {0};
    const char *last = NULL; /* the operator just read */
    bool good = true;
    open_frame(&p, false);
    while (good && p.r.at < p.r.end) {
        const char *start = p.r.at;
        bool is_operator = is_repeat(&p);
        good = is_operator ? parse_repeat(&p, last) : parse_item(&p);
        last = is_operator ? start : NULL;
    }
    if (good && p.depth > 1)
        good = refuse(&p, "missing closing )", p.r.text, p.r.end);
    if (good)
        good = close_frame(&p, &whole);
    free(p.frames);
    re2_class_release(&p.cls);
    return good ? whole.first : NULL;
}
