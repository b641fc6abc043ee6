/* Tests of analyzer/transform/fold.h. */
#include "analyzer/transform/fold.h"

#include "tests/unit/sketch.h"

#include <CUnit/CUnit.h>
#include <string.h>

/* What SPEC makes of the profile TEXT must be WANT, with NOTE as the only remark (NULL: none). */
static void folded(const char *text, struct fold_spec spec, const char *want, const char *note)
{
    struct profile *p = sketch(text);
    struct lines notes = {0};
    struct error err = {0};
    CU_ASSERT_EQUAL(fold_apply(p, &spec, &notes, &err), 0);
    sketch_expect(p, want);
    CU_ASSERT_EQUAL(notes.count, note ? 1 : 0);
    if (note && notes.count)
        CU_ASSERT_STRING_EQUAL(notes.items[0], note);
    lines_release(&notes);
    profile_free(p);
}

#define FOLDED(text, want, ...) folded(text, (struct fold_spec){__VA_ARGS__}, want, NULL)

static void test_nothing_asked_nothing_changed(void)
{
    FOLDED("cpu/ms\n1 : a a b\n", "cpu/ms\n1 : a a b\n", .file = NULL);
    FOLDED("cpu/ms\n1 : a a b\n", "cpu/ms\n1 : a a b\n", .file = "", .mapping = "");
}

static void test_a_binary_is_one_frame(void)
{
    FOLDED("cpu/ms\n1 : brk!/lib/libc.so sbrk!/lib/libc.so work malloc!/lib/libc.so main\n",
           "cpu/ms\n1 : [libc.so]!/lib/libc.so work [libc.so]!/lib/libc.so main\n",
           .mapping = "libc");
}

static void test_a_binary_without_names_is_one_frame(void)
{
    FOLDED("cpu/ms\n1 : 0x10!/x/lib.so 0x20!/x/lib.so main\n",
           "cpu/ms\n1 : [lib.so]!/x/lib.so main\n", .mapping = "lib");
}

static void test_a_file_is_one_frame(void)
{
    FOLDED("cpu/ms\n1 : next@src/lex.c:3 word@src/lex.c:9 rule@src/parse.c:4 main\n",
           "cpu/ms\n1 : [lex.c] rule@src/parse.c:4 main\n", .file = "lex");
}

static void test_inlined_frames_join_the_run_around_them(void)
{
    FOLDED("cpu/ms\n1 : a@f.c:1 b@f.c:2+rule@g.c:4 main\n", "cpu/ms\n1 : [f.c] rule@g.c:4 main\n",
           .file = "f.c");
    FOLDED("cpu/ms\n1 : a@f.c:1+b@f.c:2+main@m.c:4\n", "cpu/ms\n1 : [f.c]+main@m.c:4\n",
           .file = "f.c");
}

static void test_recursion_is_one_frame(void)
{
    FOLDED("cpu/ms\n1 : fib fib fib main\n2 : leaf fib fib main\n",
           "cpu/ms\n1 : fib main\n2 : leaf fib main\n", .recursion = true);
}

static void test_recursion_through_others_stays(void)
{
    FOLDED("cpu/ms\n1 : a b a b main\n", "cpu/ms\n1 : a b a b main\n", .recursion = true);
}

static void test_frames_without_names_are_no_run(void)
{
    FOLDED("cpu/ms\n1 : 0x10 0x10 main\n", "cpu/ms\n1 : 0x10 0x10 main\n", .recursion = true);
}

static void test_no_match_is_said(void)
{
    folded("cpu/ms\n1 : a@f.c:1 main\n", (struct fold_spec){.file = "nothing"},
           "cpu/ms\n1 : a@f.c:1 main\n", "fold_file expression matched no frames");
}

static void test_bad_pattern(void)
{
    struct profile *p = sketch("cpu/ms\n1 : a main\n");
    struct error err = {0};
    struct lines notes = {0};
    struct fold_spec spec = {.mapping = "("};
    CU_ASSERT_EQUAL(fold_apply(p, &spec, &notes, &err), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "fold_mapping"));
    lines_release(&notes);
    profile_free(p);
}

CU_TestInfo fold_tests[] = {
    {"nothing asked, nothing changed", test_nothing_asked_nothing_changed},
    {"a binary is one frame", test_a_binary_is_one_frame},
    {"a binary without names is one frame", test_a_binary_without_names_is_one_frame},
    {"a file is one frame", test_a_file_is_one_frame},
    {"inlined frames join the run around them", test_inlined_frames_join_the_run_around_them},
    {"recursion is one frame", test_recursion_is_one_frame},
    {"recursion through others stays", test_recursion_through_others_stays},
    {"frames without names are no run", test_frames_without_names_are_no_run},
    {"no match is said", test_no_match_is_said},
    {"bad pattern", test_bad_pattern},
    CU_TEST_INFO_NULL,
};
