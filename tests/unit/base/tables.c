/* Tests of the tables that answer "seen before?": analyzer/base/strtab.h and idmap.h. */
#include "analyzer/base/idmap.h"
#include "analyzer/base/strtab.h"

#include <CUnit/CUnit.h>
#include <stdio.h>
#include <string.h>

static void test_string_zero_is_empty(void)
{
    struct strtab t;
    strtab_init(&t);
    CU_ASSERT_EQUAL(strtab_puts(&t, ""), 0);
    CU_ASSERT_EQUAL(strtab_add(&t, "x", 0), 0);
    CU_ASSERT_EQUAL(strtab_get(&t, 0).len, 0);
    strtab_release(&t);
}

static void test_equal_strings_have_one_id(void)
{
    struct strtab t;
    strtab_init(&t);
    strid a = strtab_puts(&t, "alpha"), b = strtab_puts(&t, "beta");
    CU_ASSERT_NOT_EQUAL(a, b);
    CU_ASSERT_EQUAL(strtab_add(&t, "alphabet", 5), a);
    CU_ASSERT_STRING_EQUAL(strtab_get(&t, a).ptr, "alpha");
    strid with_nul = strtab_add(&t, "a\0b", 3);
    CU_ASSERT_NOT_EQUAL(with_nul, strtab_puts(&t, "a"));
    CU_ASSERT_NOT_EQUAL(with_nul, strtab_add(&t, "a\0c", 3));
    CU_ASSERT_EQUAL(strtab_get(&t, with_nul).len, 3);
    strtab_release(&t);
}

/* Pointers stay good, although the tables behind them move. */
static void test_many_strings(void)
{
    enum { COUNT = 20000 };
    struct strtab t;
    char text[20];
    strtab_init(&t);
    strid first = strtab_puts(&t, "first");
    const char *pointer = strtab_get(&t, first).ptr;
    for (unsigned i = 0; i < COUNT; i++) {
        snprintf(text, sizeof text, "string %u", i);
        CU_ASSERT_EQUAL(strtab_puts(&t, text), first + 1 + i);
    }
    CU_ASSERT_PTR_EQUAL(strtab_get(&t, first).ptr, pointer);
    for (unsigned i = 0; i < COUNT; i++) {
        snprintf(text, sizeof text, "string %u", i);
        CU_ASSERT_EQUAL(strtab_puts(&t, text), first + 1 + i);
        CU_ASSERT_STRING_EQUAL(strtab_get(&t, first + 1 + i).ptr, text);
    }
    CU_ASSERT_EQUAL(t.count, COUNT + 2);
    strtab_release(&t);
}

static int order(const char *a, const char *b)
{
    return str_cmp((struct str){a, strlen(a)}, (struct str){b, strlen(b)});
}

static void test_strings_are_ordered_by_bytes(void)
{
    CU_ASSERT(order("a", "b") < 0);
    CU_ASSERT(order("ab", "a") > 0);
    CU_ASSERT(order("", "a") < 0);
    CU_ASSERT(order("B", "a") < 0);
    CU_ASSERT(order("z", "é") < 0); /* bytes above 0x7F are not negative */
    CU_ASSERT_EQUAL(order("abc", "abc"), 0);
}

static void test_dense_ids(void)
{
    struct idmap m;
    idmap_init(&m, 100);
    for (uint32_t i = 0; i < 100; i++)
        CU_ASSERT_TRUE(idmap_put(&m, i + 1, i));
    for (uint32_t i = 0; i < 100; i++)
        CU_ASSERT_EQUAL(idmap_get(&m, i + 1), i);
    CU_ASSERT_EQUAL(idmap_get(&m, 0), UINT32_MAX);
    CU_ASSERT_EQUAL(idmap_get(&m, 101), UINT32_MAX);
    CU_ASSERT_FALSE(idmap_put(&m, 50, 7));
    CU_ASSERT_EQUAL(idmap_get(&m, 50), 49);
    CU_ASSERT_TRUE(idmap_put(&m, 0, 3)); /* a map does not care that 0 means none elsewhere */
    CU_ASSERT_EQUAL(idmap_get(&m, 0), 3);
    idmap_release(&m);
}

static void test_sparse_ids(void)
{
    struct idmap m;
    idmap_init(&m, 0);
    for (uint32_t i = 0; i < 3000; i++)
        CU_ASSERT_TRUE(idmap_put(&m, UINT64_MAX - (uint64_t)i * 0x100000001, i));
    for (uint32_t i = 0; i < 3000; i++)
        CU_ASSERT_EQUAL(idmap_get(&m, UINT64_MAX - (uint64_t)i * 0x100000001), i);
    CU_ASSERT_EQUAL(idmap_get(&m, UINT64_MAX - 1), UINT32_MAX);
    CU_ASSERT_FALSE(idmap_put(&m, UINT64_MAX, 5));
    CU_ASSERT_EQUAL(idmap_get(&m, UINT64_MAX), 0);
    idmap_release(&m);
}

static void test_nothing_is_found_in_an_empty_map(void)
{
    struct idmap m;
    idmap_init(&m, 0);
    CU_ASSERT_EQUAL(idmap_get(&m, 0), UINT32_MAX);
    CU_ASSERT_EQUAL(idmap_get(&m, UINT64_MAX), UINT32_MAX);
    idmap_release(&m);
}

CU_TestInfo tables_tests[] = {
    {"strtab: string 0 is empty", test_string_zero_is_empty},
    {"strtab: equal strings have one id", test_equal_strings_have_one_id},
    {"strtab: many strings", test_many_strings},
    {"strtab: order by bytes", test_strings_are_ordered_by_bytes},
    {"idmap: dense ids", test_dense_ids},
    {"idmap: sparse ids", test_sparse_ids},
    {"idmap: empty", test_nothing_is_found_in_an_empty_map},
    CU_TEST_INFO_NULL,
};
