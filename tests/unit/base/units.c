/* Tests of analyzer/base/units.h and num.h. The expected values are what google/pprof's measurement
 * package computes. */
#include "analyzer/base/units.h"

#include "analyzer/base/num.h"

#include <CUnit/CUnit.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* What units_scale and units_label make of VALUE. */
struct scaling {
    int64_t value;
    const char *from, *to;
    double scaled;
    const char *unit, *label;
};

static void check_scaling(const struct scaling *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct scaling *c = &cases[i];
        struct scaled s = units_scale(c->value, c->from, c->to);
        struct buf b = {0};
        units_label(&b, c->value, c->from, c->to);
        bool good = fabs(s.value - c->scaled) <= fabs(c->scaled) * 1e-15 &&
                    strcmp(s.unit, c->unit) == 0 && strcmp(b.data, c->label) == 0;
        CU_ASSERT_TRUE(good);
        if (!good)
            fprintf(stderr, "\n%lld %s as %s: %.17g %s, \"%s\"\n", (long long)c->value, c->from,
                    c->to, s.value, s.unit, b.data);
        buf_release(&b);
    }
}

static void test_times(void)
{
    static const struct scaling cases[] = {
        {0, "ns", "auto", 0, "s", "0"},
        {1, "nanoseconds", "auto", 1, "ns", "1ns"},
        {1500, "ns", "auto", 1.5, "us", "1.50us"},
        {123456789, "ns", "minimum", 123.456789, "ms", "123.46ms"},
        {999999999, "ns", "auto", 999.999999, "ms", "1000ms"},
        {1500000000, "ns", "s", 1.5, "s", "1.50s"},
        {1005, "ms", "s", 1.005, "s", "1s"},
        {1015, "ms", "s", 1.015, "s", "1.01s"},
        {3599, "s", "auto", 3599, "s", "3599s"},
        {3600, "seconds", "auto", 1, "hrs", "1hrs"},
        {100, "hrs", "auto", 100, "hrs", "100hrs"},
        {1, "hour", "ms", 3.6e+06, "ms", "3600000ms"},
        {1, "sec", "us", 1e+06, "us", "1000000us"},
        {2, "μs", "ns", 2, "ns", "2ns"},
        {1, "us", "auto", 1, "us", "1us"}, /* no plural of "u" */
        {1, "Ms", "auto", 1, "ms", "1ms"},
        {1, "MS", "us", 1000, "us", "1000us"},
        {1, "ns", "hrs", 2.777777777777778e-13, "hrs", "0"},
        {90, "minutes", "auto", 90, "", "90"}, /* pprof knows no minutes */
    };
    check_scaling(cases, sizeof cases / sizeof *cases);
}

static void test_bytes(void)
{
    static const struct scaling cases[] = {
        {1023, "bytes", "auto", 1023, "B", "1023B"},
        {1024, "bytes", "auto", 1, "kB", "1kB"},
        {1536, "B", "minimum", 1.5, "kB", "1.50kB"},
        {1536, "B", "kb", 1.5, "kB", "1.50kB"},
        {1, "megabytes", "KB", 1024, "kB", "1024kB"},
        {1, "mBytes", "B", 1.048576e+06, "B", "1048576B"},
        {1, "GB", "B", 1.073741824e+09, "B", "1073741824B"},
        {1, "TB", "GB", 1024, "GB", "1024GB"},
        {5, "PB", "TB", 5120, "TB", "5120TB"},
        {1125899906842624, "byte", "auto", 1, "PB", "1PB"},
        {INT64_MAX, "bytes", "auto", 8192, "PB", "8192PB"},
        {1, "bs", "auto", 1, "", "1"}, /* a plural needs three letters */
    };
    check_scaling(cases, sizeof cases / sizeof *cases);
}

static void test_gcus(void)
{
    static const struct scaling cases[] = {
        {1, "GCU", "auto", 1, "GCU", "1GCU"},
        {1500, "GCU", "auto", 1.5, "k*GCU", "1.50k*GCU"},
        {5, "milliGCU", "auto", 5, "m*GCU", "5m*GCU"},
        {1500, "milligcus", "auto", 1.5, "GCU", "1.50GCU"},
        {3, "nanogcu", "GCU", 3.0000000000000004e-09, "GCU", "0"},
        {3000, "kilogcu", "MegaGCU", 3, "M*GCU", "3M*GCU"},
        {-3, "petagcu", "gigagcu", -3e+06, "G*GCU", "-3000000G*GCU"},
        {1, "n*GCU", "auto", 1, "", "1"}, /* not a name that is understood */
    };
    check_scaling(cases, sizeof cases / sizeof *cases);
}

static void test_negative_values(void)
{
    static const struct scaling cases[] = {
        {-1500, "us", "ms", -1.5, "ms", "-1.50ms"},
        {-1, "us", "ms", -0.001, "ms", "0"},
        {-4, "us", "s", -4e-06, "s", "0"},
        /* -INT64_MIN is INT64_MIN, for which no unit is small enough: the default one is left */
        {INT64_MIN, "bytes", "auto", -9.223372036854776e+18, "B", "-9223372036854775808B"},
        {INT64_MIN, "ns", "auto", -9.223372036854776e+09, "s", "-9223372036.85s"},
        {INT64_MIN, "count", "auto", -9.223372036854776e+18, "", "-9223372036854775808"},
        {INT64_MIN + 1, "ns", "auto", -2.5620477880152157e+06, "hrs", "-2562047.79hrs"},
    };
    check_scaling(cases, sizeof cases / sizeof *cases);
}

static void test_units_nobody_knows(void)
{
    static const struct scaling cases[] = {
        {0, "", "auto", 0, "", "0"},
        {42, "count", "count", 42, "", "42"},
        {42, "samples", "auto", 42, "", "42"},
        {42, "widgets", "minimum", 42, "", "42"},
        {42, "widgets", "sample", 42, "", "42"},
        {42, "widgets", "unit", 42, "", "42"},
        {42, "widgets", "wombats", 42, "wombats", "42wombats"},
        {42, "", "count", 42, "", "42"},
        {42, "", "ms", 42, "ms", "42ms"},
        {7, "a unit with a name that is longer than any there is", "auto", 7, "", "7"},
    };
    check_scaling(cases, sizeof cases / sizeof *cases);
}

/* A value in a known unit is never shown in one of another kind. */
static void test_units_of_different_kinds(void)
{
    static const struct scaling cases[] = {
        {7, "kilobytes", "ms", 7168, "B", "7168B"},
        {7, "ms", "kilobytes", 0.007, "s", "0.01s"},
        {7, "bytes", "frobs", 7, "B", "7B"},
    };
    check_scaling(cases, sizeof cases / sizeof *cases);
}

static void test_compatible(void)
{
    CU_ASSERT_TRUE(units_compatible("ns", "seconds"));
    CU_ASSERT_TRUE(units_compatible("bytes", "kB"));
    CU_ASSERT_TRUE(units_compatible("gcu", "nanogcus"));
    CU_ASSERT_TRUE(units_compatible("wombats", "wombats"));
    CU_ASSERT_FALSE(units_compatible("wombats", "wombat"));
    CU_ASSERT_FALSE(units_compatible("ns", "bytes"));
    CU_ASSERT_FALSE(units_compatible("ns", "count"));
    CU_ASSERT_TRUE(units_compatible("", ""));
}

static void test_percentages(void)
{
    static const struct {
        int64_t value, total;
        const char *want;
    } cases[] = {
        {95, 10000, " 0.95%"},
        {99, 10000, " 0.99%"},
        {995, 100000, "    1%"},
        {100, 10000, " 1.00%"},
        {1, 3, "33.33%"},
        {12345, 100000, "12.35%"},
        {9994, 10000, "99.94%"},
        {99949, 100000, "99.95%"},
        {9995, 10000, "  100%"},
        {10005, 10000, "  100%"},
        {10006, 10000, "100.06%"},
        {2, 1, "200.00%"},
        {1000, 1, "100000.00%"},
        {1, 100000, "0.001%"},
        {1, 1000000000, "1e-07%"},
        {0, 0, "    0%"},
        {5, 0, "    0%"},
        {0, 5, "    0%"},
        {-1, 3, "33.33%"},
        {1, -3, "33.33%"},
        {-100, 100, "  100%"},
        {INT64_MIN, 1, "922337203685477580800.00%"},
        {INT64_MIN, INT64_MAX, "  100%"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf b = {0};
        units_percentage(&b, cases[i].value, cases[i].total);
        CU_ASSERT_STRING_EQUAL(b.data, cases[i].want);
        buf_release(&b);
    }
}

/* Labels are written behind what a buffer holds already. */
static void test_labels_are_appended(void)
{
    struct buf b = {0};
    buf_puts(&b, "0.00");
    units_label(&b, 0, "ns", "auto");
    buf_putc(&b, ' ');
    units_label(&b, 2000, "ns", "us");
    CU_ASSERT_STRING_EQUAL(b.data, "0.000 2us");
    buf_release(&b);
}

static void test_numbers_that_do_not_fit(void)
{
    static const struct {
        double value;
        int64_t want;
    } cases[] = {
        {1.9, 1},
        {-1.9, -1},
        {-9223372036854775808.0, INT64_MIN},
        {9223372036854775808.0, INT64_MIN},
        {9223372036854774784.0, INT64_MAX - 1023}, /* the largest that fits */
        {-INFINITY, INT64_MIN},
        {NAN, INT64_MIN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CU_ASSERT_EQUAL(f64_to_i64(cases[i].value), cases[i].want);
    CU_ASSERT_EQUAL(abs64(-5), 5);
    CU_ASSERT_EQUAL(abs64(INT64_MIN), INT64_MIN);
    CU_ASSERT_EQUAL(div64(-7, 2), -3);
    CU_ASSERT_EQUAL(div64(INT64_MIN, -1), INT64_MIN);
}

CU_TestInfo units_tests[] = {
    {"times", test_times},
    {"bytes", test_bytes},
    {"GCUs", test_gcus},
    {"negative values", test_negative_values},
    {"units nobody knows", test_units_nobody_knows},
    {"units of different kinds", test_units_of_different_kinds},
    {"compatible units", test_compatible},
    {"percentages", test_percentages},
    {"labels are appended", test_labels_are_appended},
    {"numbers that do not fit", test_numbers_that_do_not_fit},
    CU_TEST_INFO_NULL,
};
