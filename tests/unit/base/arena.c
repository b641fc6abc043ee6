/* Tests of analyzer/base/arena.h. */
#include "analyzer/base/arena.h"

#include <CUnit/CUnit.h>
#include <stdalign.h>
#include <stdint.h>
#include <string.h>

static void test_memory_is_aligned_after_strings(void)
{
    struct arena a;
    arena_init(&a);
    for (size_t len = 0; len < 40; len++) {
        arena_strndup(&a, "0123456789012345678901234567890123456789", len);
        void *p = arena_alloc(&a, 3);
        CU_ASSERT_EQUAL((uintptr_t)p % alignof(max_align_t), 0);
        memset(p, 0xFF, 3);
    }
    arena_release(&a);
}

static void test_pieces_do_not_overlap(void)
{
    enum { COUNT = 5000 };
    static unsigned char *pieces[COUNT];
    struct arena a;
    arena_init(&a);
    for (size_t i = 0; i < COUNT; i++) {
        pieces[i] = arena_alloc(&a, i % 97 + 1);
        memset(pieces[i], (int)(i % 251), i % 97 + 1);
    }
    size_t wrong = 0;
    for (size_t i = 0; i < COUNT; i++)
        for (size_t k = 0; k < i % 97 + 1; k++)
            wrong += pieces[i][k] != i % 251;
    CU_ASSERT_EQUAL(wrong, 0);
    arena_release(&a);
}

static void test_larger_than_a_block(void)
{
    struct arena a;
    arena_init(&a);
    char *small = arena_strndup(&a, "small", 5);
    char *large = arena_alloc(&a, 1000000);
    memset(large, 'x', 1000000);
    char *next = arena_strndup(&a, "next", 4);
    CU_ASSERT_STRING_EQUAL(small, "small");
    CU_ASSERT_STRING_EQUAL(next, "next");
    CU_ASSERT_EQUAL(large[999999], 'x');
    arena_release(&a);
}

static void test_calloc_is_zeroed(void)
{
    struct arena a;
    arena_init(&a);
    memset(arena_alloc(&a, 1000), 0xFF, 1000);
    const unsigned char *zeros = arena_calloc(&a, 100, 7);
    size_t wrong = 0;
    for (size_t i = 0; i < 700; i++)
        wrong += zeros[i] != 0;
    CU_ASSERT_EQUAL(wrong, 0);
    arena_release(&a);
}

static void test_strndup_ends_with_nul_and_keeps_nuls(void)
{
    struct arena a;
    arena_init(&a);
    const char *copy = arena_strndup(&a, "a\0bcd", 3);
    CU_ASSERT_EQUAL(memcmp(copy, "a\0b", 4), 0);
    CU_ASSERT_STRING_EQUAL(arena_strndup(&a, "", 0), "");
    arena_release(&a);
}

static void test_released_arena_can_be_used_again(void)
{
    struct arena a;
    arena_init(&a);
    arena_release(&a); /* nothing in it yet */
    arena_strndup(&a, "once", 4);
    arena_release(&a);
    CU_ASSERT_STRING_EQUAL(arena_strndup(&a, "twice", 5), "twice");
    arena_release(&a);
}

CU_TestInfo arena_tests[] = {
    {"memory is aligned after strings", test_memory_is_aligned_after_strings},
    {"pieces do not overlap", test_pieces_do_not_overlap},
    {"larger than a block", test_larger_than_a_block},
    {"arena_calloc zeroes", test_calloc_is_zeroed},
    {"arena_strndup ends with NUL", test_strndup_ends_with_nul_and_keeps_nuls},
    {"a released arena can be used again", test_released_arena_can_be_used_again},
    CU_TEST_INFO_NULL,
};
