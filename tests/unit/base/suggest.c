/* Tests of analyzer/base/suggest.h. */
#include "analyzer/base/suggest.h"

#include <CUnit/CUnit.h>
#include <string.h>

static const char *const words[] = {"alloc_objects", "alloc_space", "inuse_objects", "inuse_space",
                                    "cpu"};

static const char *nearest(const char *word)
{
    return suggest_nearest(word, words, sizeof words / sizeof *words);
}

static void test_one_slip(void)
{
    CU_ASSERT_STRING_EQUAL(nearest("alloc_spac"), "alloc_space");   /* left out */
    CU_ASSERT_STRING_EQUAL(nearest("alloc_sspace"), "alloc_space"); /* too much */
    CU_ASSERT_STRING_EQUAL(nearest("inuse_spade"), "inuse_space");  /* another */
    CU_ASSERT_STRING_EQUAL(nearest("cup"), "cpu");                  /* swapped */
    CU_ASSERT_STRING_EQUAL(nearest("inuse_objects"), "inuse_objects");
}

static void test_another_word_is_no_slip(void)
{
    CU_ASSERT_PTR_NULL(nearest("delay"));
    CU_ASSERT_PTR_NULL(nearest("xyz"));
    CU_ASSERT_PTR_NULL(nearest(""));
    CU_ASSERT_PTR_NULL(suggest_nearest("cpu", words, 0));
}

static void test_the_nearest_wins_and_of_two_the_first(void)
{
    static const char *const near[] = {"flat2", "flat", "flax"};
    CU_ASSERT_STRING_EQUAL(suggest_nearest("flat", near, 3), "flat");
    CU_ASSERT_STRING_EQUAL(suggest_nearest("flay", near, 3), "flat");
}

static void test_long_words_are_not_compared(void)
{
    char word[200];
    memset(word, 'c', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    const char *const list[] = {word};
    CU_ASSERT_PTR_NULL(nearest(word));
    CU_ASSERT_PTR_NULL(suggest_nearest("cccc", list, 1));
}

CU_TestInfo suggest_tests[] = {
    {"one slip", test_one_slip},
    {"another word is no slip", test_another_word_is_no_slip},
    {"the nearest wins", test_the_nearest_wins_and_of_two_the_first},
    {"long words are not compared", test_long_words_are_not_compared},
    CU_TEST_INFO_NULL,
};
