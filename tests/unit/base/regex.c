/* Tests of analyzer/base/regex.h and what it is made of. */
#include "analyzer/base/regex.h"

#include "analyzer/base/buf.h"
#include "tests/unit/base/regex_cases.h"

#include <CUnit/CUnit.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void expect(bool good, const char *pattern, const char *what)
{
    if (!good)
        fprintf(stderr, "  regex `%s`: %s\n", pattern, what);
    CU_ASSERT(good);
}

static struct regex *compile(const char *pattern)
{
    struct error err = {0};
    struct regex *re = regex_compile(pattern, "focus", &err);
    expect(re, pattern, err.text);
    return re;
}

static bool matches(const char *pattern, const char *text)
{
    struct regex *re = compile(pattern);
    bool answer = re && regex_match(re, text, strlen(text));
    regex_free(re);
    return answer;
}

static char *repeated(const char *s, size_t count, const char *end)
{
    struct buf b = {0};
    for (size_t i = 0; i < count; i++)
        buf_puts(&b, s);
    buf_puts(&b, end);
    return buf_detach(&b);
}

static void matches_what_go_matches(void)
{
    for (size_t i = 0; i < sizeof accepted / sizeof *accepted; i++) {
        struct regex *re = compile(accepted[i].pattern);
        if (!re)
            continue;
        CU_ASSERT_STRING_EQUAL(regex_text(re), accepted[i].pattern);
        for (size_t j = 0; j < sizeof texts / sizeof *texts; j++) {
            char what[32];
            snprintf(what, sizeof what, "text %zu", j);
            bool wanted = accepted[i].matches[j] == '1';
            expect(regex_match(re, texts[j].ptr, texts[j].len) == wanted, accepted[i].pattern,
                   what);
        }
        CU_ASSERT_FALSE(regex_failed(re, NULL));
        regex_free(re);
    }
}

static void refuses_what_go_refuses(void)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        char wanted[1000];
        struct error err = {0};
        struct regex *re = regex_compile(refused[i].pattern, "focus", &err);
        expect(!re, refused[i].pattern, "is not refused");
        snprintf(wanted, sizeof wanted, "parsing focus regexp: error parsing regexp: %s",
                 refused[i].sentence);
        expect(strcmp(err.text, wanted) == 0, refused[i].pattern, err.text);
        CU_ASSERT_EQUAL(err.kind, ERROR_USAGE);
        regex_free(re);
        CU_ASSERT_PTR_NULL(regex_compile(refused[i].pattern, "focus", NULL));
    }
}

static void names_the_option(void)
{
    struct error err = {0};
    CU_ASSERT_PTR_NULL(regex_compile("foo(", "tagignore", &err));
    CU_ASSERT_STRING_EQUAL(
        err.text, "parsing tagignore regexp: error parsing regexp: missing closing ): `foo(`");
}

/* Go 1.22 and 1.25 take more than the one that made the tables. */
static void knows_what_later_go_accepts(void)
{
    static const char *const patterns[] = {
        "(?<name>a)b",
        "(?<n1>a)(?<n2>b)",
        "\\p{greek}|ab",
        "\\p{LATIN}",
        "\\p{Uppercase_Letter}|b",
        "\\p{lowercase letter}",
        "\\p{ASCII}{2}",
        "\\p{Assigned}",
        "\\p{LC}",
        "\\P{Cn}",
        "\\p{Old_Italic}|b",
        "\\p{olditalic}|b",
        "[\\p{sign-writing}b]",
        "[\\P{Assigned}a]",
        "\\p{Cased_Letter}",
    };
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        expect(matches(patterns[i], "ab"), patterns[i], "does not match ab");
    CU_ASSERT_FALSE(matches("\\P{ASCII}", "ab"));
    CU_ASSERT_FALSE(matches("\\P{Assigned}", "ab"));
    struct error err = {0};
    CU_ASSERT_PTR_NULL(regex_compile("(?<=a)b>", "show", &err));
    CU_ASSERT_STRING_EQUAL(
        err.text, "parsing show regexp: error parsing regexp: invalid named capture: `(?<=a)b>`");
    CU_ASSERT_PTR_NULL(regex_compile("(?<!a)", "show", &err));
    CU_ASSERT_STRING_EQUAL(
        err.text, "parsing show regexp: error parsing regexp: invalid named capture: `(?<!a)`");
}

static void matches_literals_where_they_are_anchored(void)
{
    CU_ASSERT_TRUE(matches("^ab|cd$", "abx"));
    CU_ASSERT_TRUE(matches("^ab|cd$", "xcd"));
    CU_ASSERT_FALSE(matches("^ab|cd$", "xabcdx"));
    CU_ASSERT_FALSE(matches("^ab$|^cd$", "abcd"));
    CU_ASSERT_FALSE(matches("^ab$", "a"));
    CU_ASSERT_TRUE(matches("^$", ""));
    CU_ASSERT_FALSE(matches("a^b", "a^b"));
    CU_ASSERT_FALSE(matches("a$b", "a$b"));
    CU_ASSERT_TRUE(matches("(foo|ba)r", "xbar"));
    CU_ASSERT_TRUE(matches("ü[.]é", "xü.éx"));
    CU_ASSERT_TRUE(matches(".*a.c.*", "xxa.cx"));
    CU_ASSERT_TRUE(matches("aé.*😀b", "xaé--😀b"));
    CU_ASSERT_FALSE(matches("aé.*😀b", "xaé--\nxx😀b"));
}

/* From byte FROM of TEXT on, the first match is WANT. */
static void finds(const char *pattern, const char *text, size_t from, const char *want)
{
    struct error err;
    struct regex *re = regex_compile(pattern, "search", &err);
    size_t begin = 0, end = 0;
    bool found = regex_find(re, text, strlen(text), from, &begin, &end);
    CU_ASSERT_EQUAL(found, want != NULL);
    if (found && want) {
        CU_ASSERT_EQUAL(end - begin, strlen(want));
        CU_ASSERT_EQUAL(strncmp(text + begin, want, end - begin), 0);
    }
    regex_free(re);
}

/* What Go's FindStringIndex says, empty matches and laziness left out. */
static void finds_where_it_matches(void)
{
    finds("ma", "main.main", 0, "ma");
    finds("ma[a-z]*", "main.main", 0, "main");
    finds("ma[a-z]*", "main.main", 1, "main");
    finds("(a|ab)(c|bcd)?", "xabcd", 0, "abcd");
    finds("^main", "main.main", 4, NULL);
    finds("\\bmain$", "main.main", 0, "main");
    finds("x*", "main", 0, NULL);
    finds("x*", "maxxin", 0, "xx");
    finds("(?i)MA.", "xmain", 0, "mai");
    finds("colou?r", "colour color", 7, "color");
    finds("a", "\xff a", 0, NULL);
    finds("(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", 0, NULL);
    finds("é+", "caféé", 0, "éé");
}

static void takes_texts_of_any_bytes(void)
{
    struct regex *re = compile("a.c");
    CU_ASSERT_TRUE(regex_match(re, "xxa\0c", 5));
    CU_ASSERT_TRUE(regex_match(re, "a\377c", 3));
    CU_ASSERT_FALSE(regex_match(re, "a\377\377c", 4));
    CU_ASSERT_FALSE(regex_match(re, "a\342\202c", 4));
    CU_ASSERT_TRUE(regex_match(re, "a\342\202\254c", 5));
    CU_ASSERT_FALSE(regex_match(re, "a\355\240\200c", 5));
    CU_ASSERT_FALSE(regex_match(re, NULL, 0));
    CU_ASSERT_FALSE(regex_match(re, "abc", 2));
    regex_free(re);
    re = compile("^[^a]*$|x");
    CU_ASSERT_TRUE(regex_match(re, NULL, 0));
    CU_ASSERT_TRUE(regex_match(re, "\xf0\x9f\x98", 3));
    regex_free(re);
    regex_free(NULL);
}

/* PCRE2 up to 10.42 gets some of these wrong when its JIT looks for a place to start. */
static void finds_matches_behind_empty_alternatives(void)
{
    CU_ASSERT_TRUE(matches("(1|)b*1", "1"));
    CU_ASSERT_TRUE(matches("(?:[^a]|\\A)[^b]*[^b]", "x"));
    CU_ASSERT_TRUE(matches("z(?:[^a]|)x*[wx]\\d", "zx1"));
}

static void nested_repetition_is_no_trouble(void)
{
    static const size_t lengths[] = {100, 5000, 60000};
    static const struct {
        const char *pattern;
        const char *matches; /* a character per length */
    } bombs[] = {
        {"(a+)+$", "..."},
        {"(a|aa)+$", "..."},
        {"(a|aa)+!", "111"},
        {"(.*)*x", "..."},
        {"(.*)*[xy]", "..."},
        {"^(a+)+$", "..."},
        {"(a*)*[bc]", "..."},
        {"(a|a?)+[bc]", "..."},
        {"((a+)+b?)+$", "..."},
        {"(\\w+\\s?)*[$%]", "..."},
        {"(a?){500}a{500}!", ".11"},
        {"a*a*a*a*a*a*a*a*[bc]", "..."},
        {"^(a?){90}a{90}!", "1.."},
        {"(x+x+)+y", "..."},
        {"(?:a|a|a|a|a|a|a|a)*[bc]", "..."},
    };
    clock_t start = clock();
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        char *text = repeated("a", lengths[i], "!");
        for (size_t j = 0; j < sizeof bombs / sizeof *bombs; j++) {
            struct regex *re = compile(bombs[j].pattern);
            bool wanted = bombs[j].matches[i] == '1';
            for (int k = 0; k < 10; k++)
                expect(regex_match(re, text, strlen(text)) == wanted, bombs[j].pattern, "is wrong");
            expect(!regex_failed(re, NULL), bombs[j].pattern, "has failed");
            regex_free(re);
        }
        free(text);
    }
    CU_ASSERT((clock() - start) / CLOCKS_PER_SEC < 20);
}

static void gives_up_and_says_so(void)
{
    static const char *const patterns[] = {"(.*a){12}[bc]", "(a|b)*a(a|b){300}[cd]"};
    char *text = repeated("a", 5000, "!");
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        char wanted[200];
        struct error err = {0};
        struct regex *re = compile(patterns[i]);
        clock_t start = clock();
        CU_ASSERT_FALSE(regex_failed(re, &err));
        CU_ASSERT_EQUAL(err.kind, ERROR_NONE);
        int matched = 0;
        for (int k = 0; k < 100000; k++)
            matched += regex_match(re, text, 5001);
        CU_ASSERT_EQUAL(matched, 0);
        CU_ASSERT((clock() - start) / CLOCKS_PER_SEC < 20);
        expect(regex_failed(re, &err), patterns[i], "has not failed");
        CU_ASSERT_FALSE(regex_match(re, "aaaaaaaaaaaab", 13));
        CU_ASSERT_EQUAL(err.kind, ERROR_USAGE);
        snprintf(
            wanted, sizeof wanted,
            "the focus regexp '%s' takes too long to match; write it without nested repetition",
            patterns[i]);
        CU_ASSERT_STRING_EQUAL(err.text, wanted);
        regex_free(re);
    }
    free(text);
}

static void refuses_patterns_that_are_too_large(void)
{
    static const struct {
        const char *part;
        size_t count;
        const char *end, *why;
    } large[] = {
        {"(", 3000, "", "missing closing )"},
        {"(a|b", 3000, "", "missing closing )"},
        {"[a-z].", 20000, "", "expression too large"},
        {"abcdefghij", 20000, ".*x", "expression too large"},
        {"(abcdefghijklmnopq|x){1000}y", 3, "z", "expression too large"},
        {"(?i)[\\x{80}-\\x{10fffe}]", 1000, "", "expression too large"},
    };
    clock_t start = clock();
    for (size_t i = 0; i < sizeof large / sizeof *large; i++) {
        struct error err = {0};
        char *pattern = repeated(large[i].part, large[i].count, large[i].end);
        CU_ASSERT_PTR_NULL(regex_compile(pattern, "focus", &err));
        expect(strstr(err.text, large[i].why), large[i].part, err.text);
        free(pattern);
    }
    CU_ASSERT((clock() - start) / CLOCKS_PER_SEC < 20);
}

static void refuses_patterns_that_nest_too_deeply(void)
{
    struct error err = {0};
    for (size_t depth = 250; depth < 4000; depth *= 2) {
        char *open = repeated("(x", depth, "[ab]"), *close = repeated("y?)*z", depth, "");
        char *pattern = malloc(strlen(open) + strlen(close) + 1);
        sprintf(pattern, "%s%s", open, close);
        struct regex *re = regex_compile(pattern, "focus", &err);
        /* A group, a repetition and a sequence each time. */
        CU_ASSERT((re != NULL) == (depth * 3 < 1000));
        CU_ASSERT(!re || !regex_match(re, "xxxxay", 6));
        CU_ASSERT(re || strstr(err.text, "expression nests too deeply"));
        regex_free(re);
        free(open);
        free(close);
        free(pattern);
    }
}

static void cites_patterns_on_one_line(void)
{
    struct error err = {0};
    CU_ASSERT_PTR_NULL(regex_compile("(a\n\x1b", "focus", &err));
    CU_ASSERT_STRING_EQUAL(err.text,
                           "parsing focus regexp: error parsing regexp: missing closing ): "
                           "`(a\\x0a\\x1b`");
    char *pattern = repeated("é", 5000, "(");
    CU_ASSERT_PTR_NULL(regex_compile(pattern, "focus", &err));
    CU_ASSERT(strstr(err.text, "é...`") != NULL);
    free(pattern);
}

CU_TestInfo regex_tests[] = {
    {"matches what Go matches", matches_what_go_matches},
    {"refuses what Go refuses", refuses_what_go_refuses},
    {"names the option", names_the_option},
    {"knows what later Go accepts", knows_what_later_go_accepts},
    {"matches literals where they are anchored", matches_literals_where_they_are_anchored},
    {"finds where it matches", finds_where_it_matches},
    {"takes texts of any bytes", takes_texts_of_any_bytes},
    {"finds matches behind empty alternatives", finds_matches_behind_empty_alternatives},
    {"nested repetition is no trouble", nested_repetition_is_no_trouble},
    {"gives up and says so", gives_up_and_says_so},
    {"refuses patterns that are too large", refuses_patterns_that_are_too_large},
    {"refuses patterns that nest too deeply", refuses_patterns_that_nest_too_deeply},
    {"cites patterns on one line", cites_patterns_on_one_line},
    CU_TEST_INFO_NULL,
};
