#define _GNU_SOURCE 1 /* memmem */
#define PCRE2_CODE_UNIT_WIDTH 8

#include "analyzer/base/regex.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/arena.h"
#include "analyzer/base/buf.h"
#include "analyzer/base/re2class.h"
#include "analyzer/base/re2syntax.h"

#include <pcre2.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Before that, scripts have no name that tells them from script extensions. */
#if PCRE2_MAJOR == 10 && PCRE2_MINOR < 40
#error "PCRE2 10.40 or later is needed"
#endif

/* A text is matched by the first of these that can do it:
 *
 * 1. memmem and memcmp, for patterns that are one or two literals, perhaps anchored;
 * 2. PCRE2's JIT, which backtracks: nearly always fastest, but stopped after some steps;
 * 3. PCRE2's DFA matcher, which never backtracks: it reads the text once, far slower per byte, and
 *    with the square of the number of paths it follows at once.
 *
 * The time spent in the third is limited, and so are its paths; beyond that the regex has failed.
 */
enum {
    MAX_LITERALS = 2,
    QUICK_STEPS = 2000, /* some 4 us */
    QUICK_STEPS_PER_BYTE = 20,
    MAX_NESTING = 2000, /* a node makes two levels of PCRE2 groups at most */
};
#define SLOW_NANOSECONDS 1000000000LL

/* How many paths a text of so many bytes may have: half a second's worth, at worst. */
static const struct {
    size_t len;
    size_t paths;
} path_limits[] = {{4096, 500}, {65536, 120}, {1048576, 30}};

/* PCRE2 keeps the paths of two steps, three ints each, and two more. */
#define PATH_INTS(paths) (2 + 6 * (paths))

/* PCRE2 looks up each rune of a caseless range one by one. */
#define MAX_FOLDED_RUNES (30L * 1000 * 1000)

struct literal {
    const char *text;
    size_t len;
    bool at_start, at_end;
};

struct regex {
    struct arena arena;
    const char *text, *what;
    struct literal literals[MAX_LITERALS];
    size_t literal_count;    /* 0: use CODE */
    struct literal required; /* text that every match contains, or nothing */
    pcre2_code *code;
    bool has_jit;
    pcre2_match_data *data;
    pcre2_match_context *quick;
    char *linear_pattern;
    pcre2_code *linear_code; /* NULL until a text needs it */
    int *paths;
    long long slow_nanoseconds;
    struct buf repaired; /* the text with U+FFFD for what is not UTF-8 */
    bool failed;
};

/* ---- making the tree easy to match ----
 *
 * Whether a pattern matches somewhere is all that counts, not where and not how. So what is
 * optional at either end can go, and so can the inner of two nested repetitions, which is what
 * makes backtracking explode. */

static void become(struct re2_node *node, const struct re2_node *other)
{
    struct re2_node *next = node->next, *prev = node->prev;
    *node = *other;
    node->next = next;
    node->prev = prev;
}

static void become_empty(struct re2_node *node)
{
    become(node, &(struct re2_node){.op = RE2_EMPTY});
}

static bool is_assertion(enum re2_op op)
{
    return op >= RE2_BEGIN_TEXT && op <= RE2_NO_WORD_BOUNDARY;
}

static void simplify_repeat(struct re2_node *node)
{
    struct re2_node *sub = node->sub.first;
    if (sub->op == RE2_EMPTY || node->max == 0 || (is_assertion(sub->op) && node->min == 0)) {
        become_empty(node);
        return;
    }
    if (sub->op == RE2_REPEAT && sub->min <= 1 && (sub->max == 1 || sub->max == RE2_UNBOUNDED)) {
        node->min *= sub->min;
        if (sub->max == RE2_UNBOUNDED)
            node->max = RE2_UNBOUNDED;
        node->sub = sub->sub;
        sub = node->sub.first;
    }
    if (is_assertion(sub->op) || (node->min == 1 && node->max == 1))
        become(node, sub);
}

/* Leaves no groups, no sequence within a sequence and no choice within a choice. */
static void simplify(struct re2_node *node)
{
    struct re2_list subs = {0};
    struct re2_node *next;
    for (struct re2_node *sub = node->sub.first; sub; sub = next) {
        next = sub->next;
        simplify(sub);
        if (sub->op == node->op && (sub->op == RE2_CONCAT || sub->op == RE2_ALTERNATE))
            re2_list_join(&subs, &sub->sub);
        else if (sub->op != RE2_EMPTY || node->op != RE2_CONCAT)
            re2_list_append(&subs, sub);
    }
    node->sub = subs;
    if (node->op == RE2_REPEAT)
        simplify_repeat(node);
    else if (node->op == RE2_CONCAT && !subs.first)
        become_empty(node);
    else if (node->op == RE2_GROUP || (subs.first && subs.first == subs.last))
        become(node, subs.first);
}

/* Drops what need not match at the start (or end) of NODE. Returns whether nothing is left. */
static bool trim(struct re2_node *node, bool start)
{
    struct re2_node *edge;
    switch (node->op) {
    case RE2_EMPTY:
        return true;
    case RE2_CONCAT:
        while ((edge = start ? node->sub.first : node->sub.last) && trim(edge, start))
            re2_list_remove(&node->sub, edge);
        if (edge)
            return false;
        become_empty(node);
        return true;
    case RE2_ALTERNATE:
        for (edge = node->sub.first; edge; edge = edge->next)
            if (trim(edge, start)) {
                become_empty(node);
                return true;
            }
        return false;
    case RE2_REPEAT:
        if (node->min == 0) {
            become_empty(node);
            return true;
        }
        node->max = node->min;
        if (node->min > 1)
            return false;
        become(node, node->sub.first);
        return trim(node, start);
    default:
        return false;
    }
}

/* ---- literals ---- */

static void put_rune(struct buf *b, uint32_t r)
{
    if (r < 0x80) {
        buf_putc(b, (char)r);
        return;
    }
    int more = r < 0x800 ? 1 : r < 0x10000 ? 2 : 3;
    buf_putc(b, (char)((0xff00u >> (more + 1) & 0xff) | r >> 6 * more));
    while (more-- > 0)
        buf_putc(b, (char)(0x80 | (r >> 6 * more & 0x3f)));
}

/* U+FFFD also stands for bytes that are not UTF-8, which a search for its own bytes would miss. */
static bool is_plain(const struct re2_node *node)
{
    return node->op == RE2_RUNE && !node->folds && node->rune != UTF8_BAD_RUNE &&
           (node->rune < 0xd800 || node->rune > 0xdfff);
}

/* Is NODE a string, perhaps anchored? */
static bool read_literal(struct arena *arena, const struct re2_node *node, struct literal *lit)
{
    const struct re2_node *item = node->op == RE2_CONCAT ? node->sub.first : node;
    struct buf text = {0};
    bool is_one = true;
    *lit = (struct literal){0};
    buf_puts(&text, "");
    for (; item && is_one; item = node->op == RE2_CONCAT ? item->next : NULL) {
        if (item->op == RE2_BEGIN_TEXT && text.len == 0)
            lit->at_start = true;
        else if (item->op == RE2_END_TEXT)
            lit->at_end = true;
        else if (is_plain(item) && !lit->at_end)
            put_rune(&text, item->rune);
        else
            is_one = item->op == RE2_EMPTY;
    }
    lit->len = text.len;
    lit->text = is_one ? arena_strndup(arena, text.data, text.len) : NULL;
    buf_release(&text);
    return is_one;
}

/* Most names lack the longest string in a pattern, and a look for that is all they cost. */
static void find_required(struct regex *re, const struct re2_node *root)
{
    const struct re2_node *first = NULL, *longest = NULL;
    size_t run = 0, longest_run = 1; /* one rune tells too little */
    for (const struct re2_node *item = root->sub.first; item; item = item->next) {
        run = is_plain(item) ? run + 1 : 0;
        first = run == 1 ? item : first;
        if (run > longest_run) {
            longest_run = run;
            longest = first;
        }
    }
    if (!longest)
        return;
    struct buf text = {0};
    for (; longest_run > 0; longest_run--, longest = longest->next)
        put_rune(&text, longest->rune);
    re->required.len = text.len;
    re->required.text = arena_strndup(&re->arena, text.data, text.len);
    buf_release(&text);
}

/* A few strings are found faster one after the other than by the JIT's code. */
static void find_literals(struct regex *re, const struct re2_node *root)
{
    const struct re2_node *branch = root->op == RE2_ALTERNATE ? root->sub.first : root;
    size_t n = 0;
    while (branch) {
        if (n == MAX_LITERALS || !read_literal(&re->arena, branch, &re->literals[n]))
            return;
        n++;
        branch = root->op == RE2_ALTERNATE ? branch->next : NULL;
    }
    re->literal_count = n;
}

static bool match_literal(const struct literal *lit, const char *s, size_t len)
{
    if (len < lit->len || (lit->at_start && lit->at_end && len != lit->len))
        return false;
    if (lit->at_start)
        return memcmp(s, lit->text, lit->len) == 0;
    if (lit->at_end)
        return memcmp(s + len - lit->len, lit->text, lit->len) == 0;
    return lit->len == 0 || memmem(s, len, lit->text, lit->len);
}

/* ---- PCRE2's spelling ---- */

struct printer {
    struct buf *out;
    bool folds;  /* (?i) is in force */
    bool linear; /* for the DFA matcher */
    long folded_runes;
};

static void set_folds(struct printer *pr, bool folds)
{
    if (folds != pr->folds)
        buf_puts(pr->out, folds ? "(?i)" : "(?-i)");
    pr->folds = folds;
}

static void print_rune(struct printer *pr, uint32_t rune)
{
    bool is_alnum = (rune >= '0' && rune <= '9') || ((rune | 0x20) >= 'a' && (rune | 0x20) <= 'z');
    if (is_alnum)
        buf_putc(pr->out, (char)rune);
    else
        buf_printf(pr->out, "\\x{%x}", rune);
}

/* Those ranges of NODE whose `folds` is FOLDS, or all. */
static void print_ranges(struct printer *pr, const struct re2_node *node, bool all, bool folds,
                         bool negated)
{
    buf_puts(pr->out, negated ? "[^" : "[");
    for (size_t i = 0; i < node->range_count; i++) {
        const struct re2_range *r = &node->ranges[i];
        if (!all && r->folds != folds)
            continue;
        if (r->property) {
            buf_printf(pr->out, "\\%c{%s}", r->outside ? 'P' : 'p', r->property);
            continue;
        }
        print_rune(pr, r->lo);
        if (r->lo < r->hi) {
            buf_putc(pr->out, '-');
            print_rune(pr, r->hi);
        }
        if (pr->folds)
            pr->folded_runes += (long)(r->hi - r->lo) + 1;
    }
    buf_putc(pr->out, ']');
}

static bool has_both(const struct re2_node *node)
{
    bool folds = false, properties = false;
    for (size_t i = 0; i < node->range_count; i++) {
        folds = folds || node->ranges[i].folds;
        properties = properties || node->ranges[i].property;
    }
    return folds && properties;
}

/* Properties are closed under case where (?i) asks for it, and newer versions of PCRE2 would extend
 * them by their own rules: they stay outside of its (?i). */
static void print_class(struct printer *pr, const struct re2_node *node)
{
    bool folds = false;
    for (size_t i = 0; i < node->range_count; i++)
        folds = folds || node->ranges[i].folds;
    if (node->range_count == 0) {
        buf_puts(pr->out, "[^\\x{0}-\\x{10ffff}]");
    } else if (!has_both(node)) {
        set_folds(pr, folds);
        print_ranges(pr, node, true, folds, node->negated);
    } else {
        bool outer_folds = pr->folds;
        buf_puts(pr->out, node->negated ? "(?:(?!" : "(?:");
        set_folds(pr, true);
        print_ranges(pr, node, false, true, false);
        buf_putc(pr->out, '|');
        set_folds(pr, false);
        print_ranges(pr, node, false, false, false);
        buf_puts(pr->out, node->negated ? ").)" : ")");
        pr->folds = outer_folds;
    }
}

static void print(struct printer *pr, const struct re2_node *node);

static void print_group(struct printer *pr, const struct re2_node *node)
{
    bool outer_folds = pr->folds;
    buf_puts(pr->out, "(?:");
    print(pr, node);
    buf_putc(pr->out, ')');
    pr->folds = outer_folds;
}

static void print_repeat(struct printer *pr, const struct re2_node *node)
{
    const struct re2_node *sub = node->sub.first;
    bool is_single = sub->op == RE2_RUNE || sub->op == RE2_ANY || sub->op == RE2_ANY_BUT_NEWLINE ||
                     (sub->op == RE2_CLASS && !has_both(sub));
    void (*print_sub)(struct printer *, const struct re2_node *) = is_single ? print : print_group;
    print_sub(pr, sub);
    if (node->max == RE2_UNBOUNDED && node->min > 0 && is_single && pr->linear) {
        /* For each + the DFA matcher would follow as many paths as there are starts: it counts. */
        if (node->min > 1)
            buf_printf(pr->out, "{%d}", node->min);
        print_sub(pr, sub);
        buf_putc(pr->out, '*');
    } else if (node->max == RE2_UNBOUNDED && node->min <= 1) {
        buf_putc(pr->out, node->min ? '+' : '*');
    } else if (node->max == RE2_UNBOUNDED) {
        buf_printf(pr->out, "{%d,}", node->min);
    } else {
        buf_printf(pr->out, "{%d,%d}", node->min, node->max);
    }
}

static void print(struct printer *pr, const struct re2_node *node)
{
    const struct re2_node *sub;
    switch (node->op) {
    case RE2_EMPTY:
    case RE2_GROUP:
        break;
    case RE2_RUNE:
        if (node->rune >= RE2_FIRST_CASED)
            set_folds(pr, node->folds);
        print_rune(pr, node->rune);
        break;
    case RE2_CLASS:
        print_class(pr, node);
        break;
    case RE2_ANY:
        buf_putc(pr->out, '.');
        break;
    case RE2_ANY_BUT_NEWLINE:
        buf_puts(pr->out, "\\N");
        break;
    case RE2_BEGIN_TEXT:
        buf_puts(pr->out, "\\A");
        break;
    case RE2_END_TEXT:
        buf_puts(pr->out, "\\z");
        break;
    case RE2_BEGIN_LINE:
        buf_putc(pr->out, '^');
        break;
    case RE2_END_LINE:
        buf_putc(pr->out, '$');
        break;
    case RE2_WORD_BOUNDARY:
        buf_puts(pr->out, "\\b");
        break;
    case RE2_NO_WORD_BOUNDARY:
        buf_puts(pr->out, "\\B");
        break;
    case RE2_REPEAT:
        print_repeat(pr, node);
        break;
    case RE2_CONCAT:
        for (sub = node->sub.first; sub; sub = sub->next)
            (sub->op == RE2_ALTERNATE ? print_group : print)(pr, sub);
        break;
    case RE2_ALTERNATE:
        for (sub = node->sub.first; sub; sub = sub->next) {
            print(pr, sub);
            if (sub->next)
                buf_putc(pr->out, '|');
        }
        break;
    }
}

/* ---- compiling ---- */

static pcre2_code *compile(const char *pattern, uint32_t options, int *code)
{
    PCRE2_SIZE offset;
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    if (!context)
        return NULL;
    pcre2_set_newline(context, PCRE2_NEWLINE_LF);
    pcre2_set_parens_nest_limit(context, MAX_NESTING);
    pcre2_set_compile_extra_options(context, PCRE2_EXTRA_ALLOW_SURROGATE_ESCAPES);
    options |= PCRE2_UTF | PCRE2_DOTALL | PCRE2_MULTILINE | PCRE2_ALT_CIRCUMFLEX;
    pcre2_code *compiled =
        pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, options, code, &offset, context);
    pcre2_compile_context_free(context);
    return compiled;
}

/* Without repetition and choice, trying all starts is quick work. */
static bool is_straight(const struct re2_node *node)
{
    if (node->op == RE2_ALTERNATE || node->op == RE2_REPEAT)
        return false;
    for (const struct re2_node *sub = node->sub.first; sub; sub = sub->next)
        if (!is_straight(sub))
            return false;
    return true;
}

/* PREFIX, where there is one, skips to where the match starts, and the pattern is anchored. PCRE2
 * would find the start on its own, but it grants all of its steps to every start anew; and where
 * there are alternatives, more than one release has a JIT that skips too far: up to 10.42, (1|)b*1
 * does not match "1". */
static void print_search(struct printer *pr, const struct re2_node *root, const char *prefix)
{
    buf_puts(pr->out, prefix);
    buf_puts(pr->out, "(?:");
    print(pr, root);
    buf_putc(pr->out, ')');
}

static bool compile_tree(struct regex *re, const struct re2_node *root, struct error *err)
{
    struct buf quick = {0}, linear = {0};
    struct printer quickly = {.out = &quick}, linearly = {.out = &linear, .linear = true};
    int code = 0;
    bool straight = is_straight(root);
    bool at_start = root->op == RE2_CONCAT && root->sub.first->op == RE2_BEGIN_TEXT;
    uint32_t options = straight ? 0 : PCRE2_ANCHORED;
    print_search(&quickly, root, straight || at_start ? "" : ".*?");
    print_search(&linearly, root, at_start ? "" : ".*");
    re->linear_pattern = buf_detach(&linear);
    if (quickly.folded_runes <= MAX_FOLDED_RUNES)
        re->code = compile(quick.data, options, &code);
    buf_release(&quick);
    if (!re->code) {
        bool unknown = code == PCRE2_ERROR_UNKNOWN_UNICODE_PROPERTY;
        re2_refuse(err, unknown ? "invalid character class range" : "expression too large",
                   re->text, strlen(re->text));
        return false;
    }
    re->has_jit = pcre2_jit_compile(re->code, PCRE2_JIT_COMPLETE) == 0;
    re->data = pcre2_match_data_create(1, NULL);
    re->quick = pcre2_match_context_create(NULL);
    if (!re->data || !re->quick) {
        re2_refuse(err, "expression too large", re->text, strlen(re->text));
        return false;
    }
    return true;
}

struct regex *regex_compile(const char *pattern, const char *what, struct error *err)
{
    struct regex *re = xcalloc(1, sizeof *re);
    arena_init(&re->arena);
    re->text = arena_strndup(&re->arena, pattern, strlen(pattern));
    re->what = arena_strndup(&re->arena, what, strlen(what));
    struct re2_node *root = re2_parse(&re->arena, pattern, err);
    if (!root)
        goto refused;
    simplify(root);
    trim(root, true);
    trim(root, false);
    simplify(root);
    find_literals(re, root);
    if (root->op == RE2_CONCAT && !re->literal_count)
        find_required(re, root);
    if (!re->literal_count && !compile_tree(re, root, err))
        goto refused;
    return re;

refused:;
    struct buf prefix = {0};
    buf_printf(&prefix, "parsing %s regexp", what);
    error_prefix(err, prefix.data);
    buf_release(&prefix);
    regex_free(re);
    return NULL;
}

void regex_free(struct regex *re)
{
    if (!re)
        return;
    pcre2_code_free(re->code);
    pcre2_code_free(re->linear_code);
    pcre2_match_data_free(re->data);
    pcre2_match_context_free(re->quick);
    buf_release(&re->repaired);
    free(re->linear_pattern);
    free(re->paths);
    arena_release(&re->arena);
    free(re);
}

/* ---- matching ---- */

static bool is_utf8(const char *s, size_t len)
{
    size_t i = 0;
    while (i < len) {
        uint64_t eight;
        uint32_t rune;
        if (len - i >= sizeof eight) {
            memcpy(&eight, s + i, sizeof eight);
            if (!(eight & 0x8080808080808080u)) {
                i += sizeof eight;
                continue;
            }
        }
        size_t n = utf8_decode(s + i, len - i, &rune);
        if (n == 1 && rune == UTF8_BAD_RUNE)
            return false;
        i += n;
    }
    return true;
}

/* Go reads every byte that is not part of a rune as U+FFFD. */
static void repair(struct buf *b, const char *s, size_t len)
{
    buf_clear(b);
    for (size_t i = 0, n; i < len; i += n) {
        uint32_t rune;
        n = utf8_decode(s + i, len - i, &rune);
        if (n == 1 && rune == UTF8_BAD_RUNE)
            put_rune(b, rune);
        else
            buf_add(b, s + i, n);
    }
}

static long long thread_nanoseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* Both return PCRE2's answer: not negative, PCRE2_ERROR_NOMATCH, or why it gave up. */
static int match_quick(struct regex *re, const char *s, size_t len)
{
    size_t steps = QUICK_STEPS + QUICK_STEPS_PER_BYTE * len;
    pcre2_set_match_limit(re->quick, steps < UINT32_MAX ? (uint32_t)steps : UINT32_MAX);
    if (re->has_jit)
        return pcre2_jit_match(re->code, (PCRE2_SPTR)s, len, 0, 0, re->data, re->quick);
    return pcre2_match(re->code, (PCRE2_SPTR)s, len, 0, PCRE2_NO_UTF_CHECK, re->data, re->quick);
}

static int match_linear(struct regex *re, const char *s, size_t len)
{
    int code = 0;
    size_t i = 0, limits = sizeof path_limits / sizeof *path_limits;
    while (i < limits && len > path_limits[i].len)
        i++;
    if (i == limits || re->slow_nanoseconds > SLOW_NANOSECONDS)
        return PCRE2_ERROR_MATCHLIMIT;
    long long start = thread_nanoseconds();
    if (!re->linear_code) {
        /* What is possessive in a backtracking matcher would lock the DFA matcher in. */
        re->linear_code =
            compile(re->linear_pattern, PCRE2_ANCHORED | PCRE2_NO_AUTO_POSSESS, &code);
        if (!re->linear_code)
            return PCRE2_ERROR_MATCHLIMIT;
        re->paths = xcalloc(PATH_INTS(path_limits[0].paths), sizeof *re->paths);
    }
    int rc = pcre2_dfa_match(re->linear_code, (PCRE2_SPTR)s, len, 0,
                             PCRE2_NO_UTF_CHECK | PCRE2_DFA_SHORTEST, re->data, NULL, re->paths,
                             PATH_INTS(path_limits[i].paths));
    re->slow_nanoseconds += thread_nanoseconds() - start;
    return rc;
}

bool regex_match(struct regex *re, const char *s, size_t len)
{
    int rc;
    if (re->failed)
        return false;
    if (len == 0)
        s = ""; /* the caller's may be NULL */
    for (size_t i = 0; i < re->literal_count; i++)
        if (match_literal(&re->literals[i], s, len))
            return true;
    if (re->literal_count || !match_literal(&re->required, s, len))
        return false;
    if (!is_utf8(s, len)) {
        repair(&re->repaired, s, len);
        s = re->repaired.data;
        len = re->repaired.len;
    }
    rc = match_quick(re, s, len);
    if (rc < 0 && rc != PCRE2_ERROR_NOMATCH)
        rc = match_linear(re, s, len);
    re->failed = rc < 0 && rc != PCRE2_ERROR_NOMATCH;
    return rc >= 0;
}

bool regex_failed(const struct regex *re, struct error *err)
{
    if (!re->failed)
        return false;
    struct buf shown = {0};
    re2_quote(&shown, re->text, strlen(re->text), 600);
    error_set(err, ERROR_USAGE,
              "the %s regexp '%s' takes too long to match; write it without nested repetition",
              re->what, shown.data);
    buf_release(&shown);
    return true;
}

const char *regex_text(const struct regex *re)
{
    return re->text;
}
