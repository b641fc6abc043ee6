/* Tests of analyzer/base/error.h. */
#include "analyzer/base/error.h"

#include <CUnit/CUnit.h>
#include <string.h>

static void test_set_formats_and_returns_minus_one(void)
{
    struct error err = {0};
    CU_ASSERT_EQUAL(error_set(&err, ERROR_DATA, "offset %d: bad", 12), -1);
    CU_ASSERT_EQUAL(err.kind, ERROR_DATA);
    CU_ASSERT_STRING_EQUAL(err.text, "offset 12: bad");
}

static void test_set_accepts_no_error(void)
{
    CU_ASSERT_EQUAL(error_set(NULL, ERROR_USAGE, "nobody reads this"), -1);
}

static void test_prefix_names_the_file(void)
{
    struct error err = {0};
    error_set(&err, ERROR_DATA, "not a profile");
    error_prefix(&err, "cpu.pb.gz");
    CU_ASSERT_STRING_EQUAL(err.text, "cpu.pb.gz: not a profile");
}

static void test_long_text_is_cut_not_overrun(void)
{
    struct error err = {0};
    char name[3 * sizeof err.text];
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    error_set(&err, ERROR_DATA, "%s", name);
    error_prefix(&err, name);
    CU_ASSERT(strlen(err.text) < sizeof err.text);
}

CU_TestInfo error_tests[] = {
    {"error_set formats and returns -1", test_set_formats_and_returns_minus_one},
    {"error_set accepts NULL", test_set_accepts_no_error},
    {"error_prefix names the file", test_prefix_names_the_file},
    {"long text is cut, not overrun", test_long_text_is_cut_not_overrun},
    CU_TEST_INFO_NULL,
};
