/* Tests of analyzer/binary/intervals.h. */
#include "analyzer/binary/intervals.h"

#include <CUnit/CUnit.h>
#include <stdbool.h>
#include <stdlib.h>

#define EXPECT(all, at, want) CU_ASSERT_EQUAL(intervals_find(&(all), at), want)

static void test_inner_intervals_win(void)
{
    struct intervals all = {0};
    intervals_add(&all, (struct interval){100, 200, 0, 1});
    intervals_add(&all, (struct interval){120, 150, 1, 2});
    intervals_add(&all, (struct interval){130, 140, 2, 3});
    intervals_settle(&all);
    EXPECT(all, 99, INTERVALS_NONE);
    EXPECT(all, 100, 1);
    EXPECT(all, 125, 2);
    EXPECT(all, 130, 3);
    EXPECT(all, 139, 3);
    EXPECT(all, 140, 2);
    EXPECT(all, 150, 1);
    EXPECT(all, 199, 1);
    EXPECT(all, 200, INTERVALS_NONE);
    intervals_release(&all);
}

static void test_of_equally_deep_ones_the_shorter_wins(void)
{
    struct intervals all = {0};
    intervals_add(&all, (struct interval){0, 1000, 0, 1});
    intervals_add(&all, (struct interval){400, 500, 0, 2});
    intervals_settle(&all);
    EXPECT(all, 399, 1);
    EXPECT(all, 450, 2);
    EXPECT(all, 500, 1);
    intervals_release(&all);
}

static void test_empty_ones_are_left_out(void)
{
    struct intervals all = {0};
    intervals_add(&all, (struct interval){5, 5, 9, 1});
    intervals_add(&all, (struct interval){7, 6, 9, 2});
    CU_ASSERT_EQUAL(all.count, 0);
    intervals_settle(&all);
    EXPECT(all, 5, INTERVALS_NONE);
    intervals_release(&all);
}

static void test_the_whole_address_space(void)
{
    struct intervals all = {0};
    intervals_add(&all, (struct interval){0, UINT64_MAX, 0, 1});
    intervals_add(&all, (struct interval){UINT64_MAX - 1, UINT64_MAX, 1, 2});
    intervals_settle(&all);
    EXPECT(all, 0, 1);
    EXPECT(all, UINT64_MAX - 2, 1);
    EXPECT(all, UINT64_MAX - 1, 2);
    EXPECT(all, UINT64_MAX, INTERVALS_NONE);
    intervals_release(&all);
}

/* Any intervals, overlapping as they may: settled or not, the answers are the same. */
static void test_scanning_and_settling_agree(void)
{
    for (unsigned seed = 1; seed <= 200; seed++) {
        struct intervals all = {0};
        unsigned state = seed * 2654435761u;
        for (uint32_t i = 0; i < seed % 40; i++) {
            state = state * 1664525 + 1013904223;
            uint64_t start = state >> 25;
            state = state * 1664525 + 1013904223;
            intervals_add(&all, (struct interval){start, start + (state >> 26), state % 4, i});
        }
        uint32_t scanned[256];
        bool same = true;
        for (uint64_t at = 0; at < 256; at++)
            scanned[at] = intervals_scan(all.items, all.count, at);
        intervals_settle(&all);
        for (uint64_t at = 0; at < 256; at++)
            same &= scanned[at] == intervals_find(&all, at);
        for (size_t i = 1; i < all.count; i++)
            same &= all.items[i - 1].end <= all.items[i].start;
        CU_ASSERT_TRUE(same);
        intervals_release(&all);
    }
}

CU_TestInfo intervals_tests[] = {
    {"inner intervals win", test_inner_intervals_win},
    {"of equally deep ones the shorter wins", test_of_equally_deep_ones_the_shorter_wins},
    {"empty ones are left out", test_empty_ones_are_left_out},
    {"the whole address space", test_the_whole_address_space},
    {"scanning and settling agree", test_scanning_and_settling_agree},
    CU_TEST_INFO_NULL,
};
