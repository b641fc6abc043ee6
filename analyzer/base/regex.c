#define PCRE2_CODE_UNIT_WIDTH 8

#include "analyzer/base/regex.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/arena.h"
#include "analyzer/base/buf.h"
#include "analyzer/base/re2literal.h"
#include "analyzer/base/re2print.h"
#include "analyzer/base/re2reader.h"
#include "analyzer/base/re2simplify.h"
#include "analyzer/base/re2syntax.h"
#include "analyzer/base/utf8.h"

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

struct regex {
    struct arena arena;
    const char *text, *what;
    struct re2_literal literals[MAX_LITERALS];
    size_t literal_count;        /* 0: use CODE */
    struct re2_literal required; /* text that every match contains, or nothing */
    pcre2_code *code;
    bool has_jit;
    pcre2_match_data *data;
    pcre2_match_context *quick;
    char *linear_pattern;
    pcre2_code *linear_code; /* NULL until a text needs it */
    int *paths;
    pcre2_code *place_code; /* the whole pattern; NULL until regex_find needs it */
    bool has_no_place;      /* it cannot be had */
    long long slow_nanoseconds;
    struct buf repaired; /* the text with U+FFFD for what is not UTF-8 */
    bool failed;
};

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

static bool compile_tree(struct regex *re, const struct re2_node *root, struct error *err)
{
    struct buf quick = {0}, linear = {0};
    int code = 0;
    bool straight = is_straight(root);
    bool at_start = root->op == RE2_CONCAT && root->sub.first->op == RE2_BEGIN_TEXT;
    uint32_t options = straight ? 0 : PCRE2_ANCHORED;
    /* A prefix skips to where the match starts, and the pattern is anchored. PCRE2 would find the
     * start on its own, but it grants all of its steps to every start anew; and where there are
     * alternatives, more than one release has a JIT that skips too far: up to 10.42, (1|)b*1 does
     * not match "1". */
    buf_puts(&quick, straight || at_start ? "" : ".*?");
    buf_puts(&linear, at_start ? "" : ".*");
    long folded_runes = re2_print(&quick, root, false);
    re2_print(&linear, root, true);
    re->linear_pattern = buf_detach(&linear);
    if (folded_runes <= MAX_FOLDED_RUNES)
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
    re2_simplify(root);
    re->literal_count = re2_literals(&re->arena, root, re->literals, MAX_LITERALS);
    if (!re->literal_count)
        re->required = re2_required(&re->arena, root);
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
    pcre2_code_free(re->place_code);
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
    char bad_rune[4];
    buf_clear(b);
    for (size_t i = 0, n; i < len; i += n) {
        uint32_t rune;
        n = utf8_decode(s + i, len - i, &rune);
        if (n == 1 && rune == UTF8_BAD_RUNE)
            buf_add(b, bad_rune, utf8_encode(bad_rune, rune));
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

static void limit_steps(struct regex *re, size_t len)
{
    size_t steps = QUICK_STEPS + QUICK_STEPS_PER_BYTE * len;
    pcre2_set_match_limit(re->quick, steps < UINT32_MAX ? (uint32_t)steps : UINT32_MAX);
}

/* Both return PCRE2's answer: not negative, PCRE2_ERROR_NOMATCH, or why it gave up. */
static int match_quick(struct regex *re, const char *s, size_t len)
{
    limit_steps(re, len);
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
        if (re2_literal_match(&re->literals[i], s, len))
            return true;
    if (re->literal_count || !re2_literal_match(&re->required, s, len))
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

/* The code of a regex only knows whether, of what is optional nothing is left in it. */
static pcre2_code *place_code(struct regex *re)
{
    struct error none;
    struct buf pattern = {0};
    int code;
    if (re->place_code || re->has_no_place)
        return re->place_code;
    struct re2_node *root = re2_parse(&re->arena, re->text, &none);
    re2_simplify_whole(root);
    if (re2_print(&pattern, root, false) <= MAX_FOLDED_RUNES)
        re->place_code = compile(pattern.data, PCRE2_NO_START_OPTIMIZE, &code);
    if (!re->data)
        re->data = pcre2_match_data_create(1, NULL);
    if (!re->quick)
        re->quick = pcre2_match_context_create(NULL);
    re->has_no_place = !re->place_code || !re->data || !re->quick;
    buf_release(&pattern);
    return re->place_code;
}

bool regex_find(struct regex *re, const char *s, size_t len, size_t from, size_t *begin,
                size_t *end)
{
    if (from >= len || !is_utf8(s, len) || !place_code(re) || re->has_no_place)
        return false;
    limit_steps(re, len);
    int rc = pcre2_match(re->place_code, (PCRE2_SPTR)s, len, from,
                         PCRE2_NO_UTF_CHECK | PCRE2_NOTEMPTY, re->data, re->quick);
    if (rc < 0)
        return false;
    *begin = pcre2_get_ovector_pointer(re->data)[0];
    *end = pcre2_get_ovector_pointer(re->data)[1];
    return *begin < *end;
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
