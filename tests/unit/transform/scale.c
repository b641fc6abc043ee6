/* Tests of analyzer/transform/scale.h. */
#include "analyzer/transform/scale.h"

#include "tests/unit/sketch.h"

#include <CUnit/CUnit.h>
#include <string.h>

static void test_values_are_multiplied_and_rounded(void)
{
    struct profile *p = sketch("a/count b/count\n3 10 : A\n5 20 : B\n-5 30 : C\n1 40 : D\n");
    static const double ratios[] = {0.5, 1};
    scale_samples(p, ratios);
    sketch_expect(p, "a/count b/count\n2 10 : A\n3 20 : B\n-3 30 : C\n1 40 : D\n");
    profile_free(p);
}

/* A sample stays only for the sake of a value that was changed. */
static void test_samples_scaled_to_nothing_are_dropped(void)
{
    struct profile *p = sketch("a/count b/count\n1 10 : A\n100 0 : B\n");
    static const double ratios[] = {0.1, 1}, ones[] = {1, 1};
    scale_samples(p, ratios);
    sketch_expect(p, "a/count b/count\n10 0 : B\n");
    scale_samples(p, ones);
    sketch_expect(p, "a/count b/count\n10 0 : B\n");
    profile_free(p);

    p = sketch("a/count\n0 : A\n5 : B\n");
    scale_samples(p, ones);
    sketch_expect(p, "a/count\n0 : A\n5 : B\n");
    profile_free(p);
}

static void test_negated_for_a_base(void)
{
    struct profile *p = sketch("a/count b/ms\n1 -2 : A\n0 3 : B\n0 0 : C\n");
    scale_all(p, -1);
    sketch_expect(p, "a/count b/ms\n-1 2 : A\n0 -3 : B\n");
    profile_free(p);
}

static void test_common_types_in_the_first_ones_order(void)
{
    struct profile *a = sketch("a/count b/ms c/bytes\n1 2 3 : A\n");
    struct profile *b = sketch("c/kb a/count\n7 8 : A\n");
    struct error err = {0};
    CU_ASSERT_EQUAL(scale_to_common(a, b, &err), 0);
    sketch_expect(a, "a/count c/bytes\n1 3 : A\n");
    sketch_expect(b, "a/count c/bytes\n8 7168 : A\n");
    profile_free(a);
    profile_free(b);
}

static void test_default_type_that_goes_is_replaced(void)
{
    struct profile *a = sketch("a/count b/ms c/bytes\n1 2 3 : A\n");
    struct profile *b = sketch("b/ms c/bytes\n7 8 : A\n");
    a->default_sample_type = profile_intern(a, "a");
    CU_ASSERT_EQUAL(scale_to_common(a, b, NULL), 0);
    CU_ASSERT_STRING_EQUAL(profile_str(a, a->default_sample_type).ptr, "b");
    profile_free(a);
    profile_free(b);
}

static void test_periods_are_scaled(void)
{
    struct profile *a = sketch("t/ms\n1 : A\n"), *b = sketch("t/ms\n1 : A\n");
    a->period_type = (struct value_type){profile_intern(a, "cpu"), profile_intern(a, "ms")};
    b->period_type = (struct value_type){profile_intern(b, "cpu"), profile_intern(b, "ns")};
    a->period = 10;
    b->period = 300;
    CU_ASSERT_EQUAL(scale_to_common(a, b, NULL), 0);
    CU_ASSERT_EQUAL(a->period, 10000000);
    CU_ASSERT_EQUAL(b->period, 300);
    CU_ASSERT_STRING_EQUAL(profile_str(a, a->period_type.unit).ptr, "ns");
    profile_free(a);
    profile_free(b);
}

static void test_doubled_types(void)
{
    struct profile *p = sketch("a/count b/ms a/ms c/ms\n1 2 3 4 : A\n");
    struct error err = {0};
    CU_ASSERT_EQUAL(scale_drop_doubled_types(p, &err), 0);
    sketch_expect(p, "b/ms c/ms\n2 4 : A\n");
    profile_free(p);

    p = sketch("a/count a/ms\n1 2 : A\n");
    CU_ASSERT_EQUAL(scale_drop_doubled_types(p, &err), -1);
    CU_ASSERT_EQUAL(err.kind, ERROR_DATA);
    profile_free(p);
}

static void test_normalize_makes_the_sums_equal(void)
{
    struct profile *p = sketch("a/count b/ms\n1 10 : A\n3 30 : B\n");
    struct profile *base = sketch("a/count b/ms\n8 20 : X\n");
    struct error err = {0};
    CU_ASSERT_EQUAL(scale_normalize(p, base, &err), 0);
    sketch_expect(p, "a/count b/ms\n2 5 : A\n6 15 : B\n");
    profile_free(p);

    p = sketch("a/count b/ms\n1 0 : A\n-1 5 : B\n"); /* sums to nothing: nothing is left of it */
    CU_ASSERT_EQUAL(scale_normalize(p, base, &err), 0);
    sketch_expect(p, "a/count b/ms\n0 20 : B\n");
    profile_free(p);
    profile_free(base);
}

static void test_normalize_needs_the_same_types(void)
{
    struct profile *p = sketch("a/count\n1 : A\n"), *unit = sketch("a/ms\n1 : A\n");
    struct profile *more = sketch("a/count b/ms\n1 1 : A\n");
    struct error err = {0};
    CU_ASSERT_EQUAL(scale_normalize(p, unit, &err), -1);
    CU_ASSERT_EQUAL(err.kind, ERROR_DATA);
    CU_ASSERT_EQUAL(scale_normalize(p, more, &err), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "cannot be normalized"));
    sketch_expect(p, "a/count\n1 : A\n");
    profile_free(p);
    profile_free(unit);
    profile_free(more);
}

CU_TestInfo scale_tests[] = {
    {"values are multiplied and rounded", test_values_are_multiplied_and_rounded},
    {"samples scaled to nothing are dropped", test_samples_scaled_to_nothing_are_dropped},
    {"negated for a base", test_negated_for_a_base},
    {"common types", test_common_types_in_the_first_ones_order},
    {"default type that goes is replaced", test_default_type_that_goes_is_replaced},
    {"periods are scaled", test_periods_are_scaled},
    {"types named twice", test_doubled_types},
    {"normalize makes the sums equal", test_normalize_makes_the_sums_equal},
    {"normalize needs the same types", test_normalize_needs_the_same_types},
    CU_TEST_INFO_NULL,
};
