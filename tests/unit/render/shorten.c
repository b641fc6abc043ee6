/* Tests of analyzer/render/shorten.h, with names as Go, Java and C++ programs have them. */
#include "analyzer/render/shorten.h"

#include <CUnit/CUnit.h>
#include <stdio.h>
#include <string.h>

struct pair {
    const char *name, *want;
};

static void check(const struct pair *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct buf b = {0};
        shorten_name(&b, (struct str){cases[i].name, strlen(cases[i].name)});
        const char *got = b.data ? b.data : "";
        CU_ASSERT_STRING_EQUAL(got, cases[i].want);
        if (strcmp(got, cases[i].want) != 0)
            fprintf(stderr, "\n%s: %s, not %s\n", cases[i].name, got, cases[i].want);
        buf_release(&b);
    }
}

#define CHECK(cases) check(cases, sizeof(cases) / sizeof *(cases))

static void test_go(void)
{
    static const struct pair cases[] = {
        {"main.main", "main.main"},
        {"runtime.mallocgc", "runtime.mallocgc"},
        {"encoding/json.Marshal", "json.Marshal"},
        {"github.com/google/pprof/profile.Merge", "profile.Merge"},
        {"github.com/blah-blah/vendor/gopkg.in/redis.v3.(*baseClient).(github.com/x.y)-fm",
         "redis.v3.(*baseClient).(github.com/x.y)-fm"},
        {"net/http.(*conn).serve", "http.(*conn).serve"},
        {"a~b/c.F", "a~b/c.F"}, /* no character of an import path */
    };
    CHECK(cases);
}

static void test_go_major_versions(void)
{
    static const struct pair cases[] = {
        {"github.com/foo/bar/v4/baz.Baz", "baz.Baz"},
        {"github.com/foo/bar/v4.Foo.Bar", "bar.Foo.Bar"},
        {"github.com/foo/bar/v10.F", "bar.F"},
        {"github.com/foo/bar/v1.F", "v1.F"},
        {"github.com/foo/bar/v0.F", "v0.F"},
        {"github.com/foo/bar/v2x.F", "v2x.F"},
    };
    CHECK(cases);
}

static void test_java(void)
{
    static const struct pair cases[] = {
        {"java.util.HashMap.get", "HashMap.get"},
        {"java.util.HashMap.<init>", "HashMap.<init>"},
        {"java.bar.foo.FooBar.run(java.lang.Runnable)", "FooBar.run"},
        {"org.Foo$Bar.lambda$1", "Foo$Bar.lambda$1"},
        {"HashMap.get", "HashMap.get"},
        {"java.util.hashMap.get", "java.util.hashMap.get"},
        {"java.util.HashMap.Get", "java.util.HashMap.Get"},
    };
    CHECK(cases);
}

static void test_cpp(void)
{
    static const struct pair cases[] = {
        {"foo::bar::Baz::method", "Baz::method"},
        {"(anonymous namespace)::Bar::Foo", "Bar::Foo"},
        {"(anonymous namespace)::foo", "foo"},
        {"foo::Foo::~Foo", "Foo::~Foo"},
        {"foo_bar::Foo::f<int>(x)", "Foo::f<int>"},
        {"std::sort", "std::sort"},
        {"A::B::C::run", "C::run"},
        {"_Private::Thing::go", "Thing::go"},
        {"ns::_Hidden::go", "_Hidden::go"},
    };
    CHECK(cases);
}

static void test_other_names_stay(void)
{
    static const struct pair cases[] = {
        {"", ""},
        {"main", "main"},
        {"memcpy@plt", "memcpy@plt"},
        {"[libc.so.6]", "[libc.so.6]"},
        {"/usr/lib/x", "/usr/lib/x"},
        {"<unknown>", "<unknown>"},
        {"日本", "日本"},
    };
    CHECK(cases);
}

CU_TestInfo shorten_tests[] = {
    {"Go", test_go},   {"Go's major versions", test_go_major_versions}, {"Java", test_java},
    {"C++", test_cpp}, {"other names stay", test_other_names_stay},     CU_TEST_INFO_NULL,
};
