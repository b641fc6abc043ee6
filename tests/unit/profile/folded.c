/* Tests of folded stacks: analyzer/profile/folded.h and analyzer/render/folded.h. */
#include "analyzer/profile/folded.h"

#include "analyzer/profile/formats.h"
#include "analyzer/profile/profile.h"
#include "tests/unit/formattext.h"
#include "tests/unit/sketch.h"

#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>

static struct str str(const char *s)
{
    return (struct str){s, strlen(s)};
}

static void expect(const char *folded, const char *want)
{
    struct error err = {0};
    CU_ASSERT_TRUE(folded_knows(str(folded)));
    struct profile *p = folded_read(str(folded), &err);
    CU_ASSERT_STRING_EQUAL(err.text, "");
    sketch_expect(p, want);
    profile_free(p);
}

static void expect_error(const char *folded, const char *want)
{
    struct error err = {0};
    CU_ASSERT_PTR_NULL(folded_read(str(folded), &err));
    CU_ASSERT_EQUAL(err.kind, ERROR_DATA);
    CU_ASSERT_STRING_EQUAL(err.text, want);
}

static void test_root_comes_first(void)
{
    expect("main;read;copy 12\nmain;read 3\n", "samples/count\n"
                                               "12 : copy read main\n"
                                               "3 : read main\n");
}

static void test_names_keep_blanks_and_marks(void)
{
    expect("my thread;operator new(unsigned long);do_syscall_64_[k] 1\n",
           "samples/count\n1 : do_syscall_64_[k] operator~new(unsigned~long) my~thread\n");
}

static void test_line_ends_and_remarks(void)
{
    expect("# written by hand\r\n\r\na;b\t2\r\n   \na 1", "samples/count\n2 : b a\n1 : a\n");
    expect("#start;a 1\n", "samples/count\n1 : a #start\n");
}

static void test_equal_stacks_add_up(void)
{
    expect("a;b 1\nb 5\na;b 2\n", "samples/count\n3 : b a\n5 : b\n");
}

static void test_empty_frames_are_frames(void)
{
    expect("a;;b 1\n;a 2\n", "samples/count\n1 : b  a\n2 : a \n");
}

static void test_fractions_are_rounded(void)
{
    expect("a 1.49\nb 2.5\nc 3.\nd -4.5\n", "samples/count\n1 : a\n3 : b\n3 : c\n-5 : d\n");
}

static void test_two_counts_are_a_difference(void)
{
    expect("a;b 1 2\n# remark\na 0 7\n", "old/count new/count\n1 2 : b a\n0 7 : a\n");
    /* A name that ends in a number, where not all do. */
    expect("a;b 1 2\na 7\n", "samples/count\n2 : b~1 a\n7 : a\n");
}

static void test_what_is_no_folded_text(void)
{
    CU_ASSERT_FALSE(folded_knows(str("")));
    CU_ASSERT_FALSE(folded_knows(str("# nothing\n\n")));
    CU_ASSERT_FALSE(folded_knows(str("a;b 1\nwords without a count\n")));
    CU_ASSERT_FALSE(folded_knows(str("12\n")));
    CU_ASSERT_FALSE(folded_knows(str("a 1x\n")));
    CU_ASSERT_FALSE(folded_knows((struct str){"a\0b 1\n", 6}));
}

static void test_a_line_without_count(void)
{
    expect_error("a 1\nb;c\n", "line 2: no count at the end of 'b;c'");
}

static void test_a_count_beyond_64_bits(void)
{
    expect_error("a 1000000000000000000\n",
                 "line 1: no count at the end of 'a 1000000000000000000'");
}

static void test_written(void)
{
    format_expect(FILE_FOLDED, 1,
                  "samples/count cpu/ns\n"
                  "1 10 : leaf@f.c:7 main@f.c:9 ; color=red\n"
                  "2 20 : leaf@f.c:8 main@f.c:9\n"
                  "1 5 : in+out main!app\n"
                  "1 6 : 0x10!libc.so main!app\n"
                  "1 0 : main\n"
                  "1 -3 : other\n"
                  "1 4 :\n"
                  "1 8 : a;b::c~d\n",
                  "main;leaf 30\nmain;out;in 5\nmain;[libc.so] 6\na:b::c d 8\n");
}

CU_TestInfo folded_tests[] = {
    {"root comes first", test_root_comes_first},
    {"names keep blanks and marks", test_names_keep_blanks_and_marks},
    {"line ends and remarks", test_line_ends_and_remarks},
    {"equal stacks add up", test_equal_stacks_add_up},
    {"empty frames are frames", test_empty_frames_are_frames},
    {"fractions are rounded", test_fractions_are_rounded},
    {"two counts are a difference", test_two_counts_are_a_difference},
    {"what is no folded text", test_what_is_no_folded_text},
    {"a line without count", test_a_line_without_count},
    {"a count beyond 64 bits", test_a_count_beyond_64_bits},
    {"written", test_written},
    CU_TEST_INFO_NULL,
};
