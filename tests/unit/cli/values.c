/* Tests of analyzer/cli/values.h: what Go's flag package reads as a bool, an int and a float. */
#include "analyzer/cli/values.h"

#include <CUnit/CUnit.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void test_go_bools(void)
{
    static const char *const yes[] = {"1", "t", "T", "true", "TRUE", "True"};
    static const char *const no[] = {"0", "f", "F", "false", "FALSE", "False"};
    static const char *const neither[] = {"", "yes", "tRUE", " true", "true ", "2", "on"};
    bool v;
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        v = false;
        CU_ASSERT_EQUAL(value_bool(yes[i], &v), VALUE_OK);
        CU_ASSERT_TRUE(v);
        v = true;
        CU_ASSERT_EQUAL(value_bool(no[i], &v), VALUE_OK);
        CU_ASSERT_FALSE(v);
    }
    for (size_t i = 0; i < sizeof neither / sizeof *neither; i++)
        CU_ASSERT_EQUAL(value_bool(neither[i], &v), VALUE_SYNTAX);
}

static void test_go_ints(void)
{
    static const struct {
        const char *text;
        enum value_result result;
        int64_t value;
    } cases[] = {
        {"0", VALUE_OK, 0},
        {"-1", VALUE_OK, -1},
        {"+7", VALUE_OK, 7},
        {"0x1F", VALUE_OK, 31},
        {"0X1f", VALUE_OK, 31},
        {"-0b101", VALUE_OK, -5},
        {"0o17", VALUE_OK, 15},
        {"017", VALUE_OK, 15},
        {"1_000", VALUE_OK, 1000},
        {"0x_ff", VALUE_OK, 255},
        {"0_7", VALUE_OK, 7},
        {"9223372036854775807", VALUE_OK, INT64_MAX},
        {"-9223372036854775808", VALUE_OK, INT64_MIN},
        {"9223372036854775808", VALUE_RANGE, 0},
        {"-0x8000000000000001", VALUE_RANGE, 0},
        {"99999999999999999999999999", VALUE_RANGE, 0},
        {"", VALUE_SYNTAX, 0},
        {"-", VALUE_SYNTAX, 0},
        {"+-1", VALUE_SYNTAX, 0},
        {" 1", VALUE_SYNTAX, 0},
        {"1 ", VALUE_SYNTAX, 0},
        {"08", VALUE_SYNTAX, 0},
        {"0x", VALUE_SYNTAX, 0},
        {"0b2", VALUE_SYNTAX, 0},
        {"1__0", VALUE_SYNTAX, 0},
        {"_1", VALUE_SYNTAX, 0},
        {"1_", VALUE_SYNTAX, 0},
        {"1.0", VALUE_SYNTAX, 0},
        {"ff", VALUE_SYNTAX, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t v = 0;
        CU_ASSERT_EQUAL(value_int(cases[i].text, &v), cases[i].result);
        CU_ASSERT_EQUAL(v, cases[i].value);
    }
}

static void test_go_floats(void)
{
    static const struct {
        const char *text;
        enum value_result result;
        double value;
    } cases[] = {
        {"0.005", VALUE_OK, 0.005},
        {".5", VALUE_OK, 0.5},
        {"5.", VALUE_OK, 5},
        {"-1e-3", VALUE_OK, -0.001},
        {"1_0.2_5", VALUE_OK, 10.25},
        {"0x1.8p1", VALUE_OK, 3},
        {"1e-999", VALUE_OK, 0},
        {"inf", VALUE_OK, INFINITY},
        {"-Infinity", VALUE_OK, -INFINITY},
        {"1e309", VALUE_RANGE, 0},
        {"", VALUE_SYNTAX, 0},
        {".", VALUE_SYNTAX, 0},
        {"e5", VALUE_SYNTAX, 0},
        {"1e", VALUE_SYNTAX, 0},
        {"1e+", VALUE_SYNTAX, 0},
        {"0x1.8", VALUE_SYNTAX, 0},
        {"1._5", VALUE_SYNTAX, 0},
        {" 1", VALUE_SYNTAX, 0},
        {"1f", VALUE_SYNTAX, 0},
        {"infinit", VALUE_SYNTAX, 0},
        {"nan(1)", VALUE_SYNTAX, 0},
        {"-nan", VALUE_SYNTAX, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double v = 0;
        CU_ASSERT_EQUAL(value_float(cases[i].text, &v), cases[i].result);
        CU_ASSERT_EQUAL(v, cases[i].value);
    }
    double v = 0;
    CU_ASSERT_EQUAL(value_float("NaN", &v), VALUE_OK);
    CU_ASSERT_TRUE(isnan(v));
}

CU_TestInfo values_tests[] = {
    {"Go's bools", test_go_bools},
    {"Go's ints", test_go_ints},
    {"Go's floats", test_go_floats},
    CU_TEST_INFO_NULL,
};
