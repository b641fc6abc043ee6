/* Tests of analyzer/base/path.h. The expected values are those of Go's path/filepath and, for
 * path_trim, of google/pprof. */
#include "analyzer/base/path.h"

#include <CUnit/CUnit.h>
#include <string.h>

static struct str str(const char *s)
{
    return (struct str){s, strlen(s)};
}

static void test_clean(void)
{
    static const char *const cases[][2] = {
        {"", "."},
        {"/", "/"},
        {"//", "/"},
        {"a", "a"},
        {"a/b", "a/b"},
        {"a//b", "a/b"},
        {"a/", "a"},
        {"a/./b", "a/b"},
        {"./a", "a"},
        {".", "."},
        {"./", "."},
        {"..", ".."},
        {"../", ".."},
        {"../..", "../.."},
        {"../../a", "../../a"},
        {"a/..", "."},
        {"a/../", "."},
        {"a/../..", ".."},
        {"a/../../b", "../b"},
        {"a/b/../..", "."},
        {"a/b/../../c", "c"},
        {"../a/..", ".."},
        {"../a/../b", "../b"},
        {"/..", "/"},
        {"/../a", "/a"},
        {"/a/../..", "/"},
        {"/a/./../b//c/", "/b/c"},
        {"//a", "/a"},
        {"abc/def/../ghi", "abc/ghi"},
        {"...", "..."},
        {"/.../a", "/.../a"},
        {"a/..b", "a/..b"},
        {"é/ü/../x", "é/x"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf b = {0};
        path_clean(&b, str(cases[i][0]));
        CU_ASSERT_STRING_EQUAL(b.data, cases[i][1]);
        buf_release(&b);
    }
}

/* What is in the buffer already is no part of the path. */
static void test_clean_appends(void)
{
    struct buf b = {0};
    buf_puts(&b, "x/");
    path_clean(&b, str("../a"));
    buf_putc(&b, ' ');
    path_clean(&b, str(""));
    CU_ASSERT_STRING_EQUAL(b.data, "x/../a .");
    buf_release(&b);
}

static void test_base(void)
{
    static const char *const cases[][2] = {
        {"", "."},      {"/", "/"},  {"///", "/"},  {"a", "a"},
        {"a/", "a"},    {"/a", "a"}, {"/a/b", "b"}, {"/usr/lib/libc.so", "libc.so"},
        {"a/b//", "b"}, {".", "."},  {"..", ".."},  {"/..", ".."},
        {"./", "."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str base = path_base(str(cases[i][0]));
        CU_ASSERT_EQUAL(str_cmp(base, str(cases[i][1])), 0);
    }
}

static void test_dir(void)
{
    static const char *const cases[][2] = {
        {"/a/b", "/a"},   {"/a", "/"}, {"/", "/"},  {"a/b/", "a/b"}, {"a", "."},
        {"/a/./b", "/a"}, {"", "."},   {"..", "."}, {"../a", ".."},  {"/a//b", "/a"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf b = {0};
        path_dir(&b, str(cases[i][0]));
        CU_ASSERT_STRING_EQUAL(b.data, cases[i][1]);
        buf_release(&b);
    }
}

static void test_list(void)
{
    const char *list = "/a:b::";
    struct buf b = {0};
    struct str dir;
    buf_puts(&b, "|");
    while (path_list_next(&list, &dir)) {
        buf_str(&b, dir);
        buf_putc(&b, '|');
    }
    CU_ASSERT_STRING_EQUAL(b.data, "|/a|b|||");
    buf_release(&b);
}

static void test_trim(void)
{
    static const struct {
        const char *path, *trim_path, *source_path, *want;
    } cases[] = {
        {"/src/a.c", "", "", "/src/a.c"},
        {"/src/a.c", NULL, NULL, "/src/a.c"},
        {"/src/a.c", "/src", "", "a.c"},
        {"/src/a.c", "/src/", "", "a.c"},
        {"/src/a.c", "/sr", "", "/src/a.c"},
        {"/src/a.c", "/x:/src", "", "a.c"},
        {"/src", "/src", "", "/src"},
        {"/src/", "/src", "", ""},
        {"/a/b.c", "/x::/y", "", "a/b.c"},
        {"/a/b.c", ":/x", "", "a/b.c"},
        {"/a/b.c", "/x:", "", "a/b.c"}, /* an empty one is the root */
        {"a/./b.c", "", "/x:", "b.c"},  /* an empty one is the working directory */
        {"", "/src", "", ""},
        /* always */
        {"/proc/self/cwd/a.c", "", "", "a.c"},
        {"/proc/self/cwd/./a.c", "", "", "a.c"},
        {"/proc/self/cwd/a.c", "/proc", "", "self/cwd/a.c"},
        /* guessed from the directories with sources, unless told */
        {"/remote/proj/x/a.c", "", "/home/me/proj", "x/a.c"},
        {"/remote/proj/x/proj/a.c", "", "/home/proj", "x/proj/a.c"},
        {"/remote/proj/x/a.c", "/remote", "/home/me/proj", "proj/x/a.c"},
        {"/remote/proj/x/a.c", "", "/other:/me/x", "a.c"},
        {"proj/a.c", "", "/me/proj", "proj/a.c"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str got = path_trim(str(cases[i].path), cases[i].trim_path, cases[i].source_path);
        CU_ASSERT_EQUAL(str_cmp(got, str(cases[i].want)), 0);
    }
}

CU_TestInfo path_tests[] = {
    {"path_clean", test_clean}, {"path_clean appends", test_clean_appends},
    {"path_base", test_base},   {"path_trim", test_trim},
    {"path_dir", test_dir},     {"path_list_next", test_list},
    CU_TEST_INFO_NULL,
};
