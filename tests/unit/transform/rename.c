/* Tests of analyzer/transform/rename.h: names that come demangled, as google/pprof shortens them.
 */
#include "analyzer/transform/rename.h"

#include <CUnit/CUnit.h>
#include <string.h>

static void expect(const char *system_name, enum demangle_mode mode, const char *want)
{
    struct buf out = {0};
    buf_puts(&out, "before ");
    rename_add(&out, (struct str){system_name, strlen(system_name)}, mode);
    CU_ASSERT_STRING_EQUAL(out.data + strlen("before "), want);
    buf_release(&out);
}

static void test_names(void)
{
    static const char *const rows[][3] = {
        /* as it comes, default, templates */
        {"foo<int>::bar(int, char)", "foo::bar", "foo<int>::bar"},
        {"a<b<c>>::d(e(f)) const", "a::d const", "a<b<c>>::d const"},
        {"a::operator<<(b)", "a::operator<<", "a::operator<<"}, /* a '>' is missing */
        {"a::operator()(int)", "a::operator", "a::operator"},
        {"a::b(c))d(e)", "a::b)d(e)", "a::b)d(e)"},
        {"a::b(c(d)e", "a::b(c(d)e", "a::b(c(d)e"},
        {"x[1](2)", "x[1]", "x[1]"},
        /* what does not look like C++ */
        {"foo(bar)", "foo(bar)", "foo(bar)"},
        {"java.util.List.<init>", "java.util.List.<init>", "java.util.List.<init>"},
        {"main.(*Set[int]).Add", "main.(*Set[int]).Add", "main.(*Set[int]).Add"},
        {"[kernel]", "[kernel]", "[kernel]"},
        {"", "", ""},
        /* mangled */
        {"_ZN3fooIiE3barEi", "foo::bar", "foo<int>::bar"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        expect(rows[i][0], DEMANGLE_SIMPLE, rows[i][1]);
        expect(rows[i][0], DEMANGLE_TEMPLATES, rows[i][2]);
    }
    expect("foo<int>::bar(int)", DEMANGLE_FULL, "foo<int>::bar(int)");
    expect("foo<int>::bar(int)", DEMANGLE_NONE, "foo<int>::bar(int)");
}

/* Takes a moment, not minutes. */
static void test_long_name(void)
{
    struct buf name = {0};
    buf_puts(&name, "a::b");
    for (int i = 0; i < 1 << 20; i++)
        buf_puts(&name, "()");
    expect(name.data, DEMANGLE_SIMPLE, "a::b");
    buf_release(&name);
}

CU_TestInfo rename_tests[] = {
    {"names that come demangled", test_names},
    {"a long name", test_long_name},
    CU_TEST_INFO_NULL,
};
