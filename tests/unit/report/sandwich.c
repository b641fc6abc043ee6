/* Tests of the reports on one function: analyzer/report/sandwich.h, peek.h and function.h. */
#include "analyzer/report/sandwich.h"

#include "analyzer/report/peek.h"
#include "tests/unit/sketch.h"

#include <CUnit/CUnit.h>
#include <string.h>

/* A profile and a report of it; ended by plate_end. */
struct plate {
    struct profile *p;
    struct report_spec spec;
    struct report r;
    struct error err;
};

static void plate_init(struct plate *plate, const char *text, bool mean)
{
    struct lines notes = {0};
    *plate = (struct plate){.spec = {.sample_index = "",
                                     .divide_by = 1,
                                     .unit = "minimum",
                                     .source_path = "",
                                     .trim_path = "",
                                     .mean = mean}};
    plate->p = sketch(text);
    CU_ASSERT_EQUAL_FATAL(report_init(&plate->r, plate->p, &plate->spec, &notes, NULL), 0);
    lines_release(&notes);
}

static void plate_end(struct plate *plate)
{
    report_release(&plate->r);
    profile_free(plate->p);
}

static struct str named(const char *name)
{
    return (struct str){name, strlen(name)};
}

static void test_both_trees_add_up_to_cum(void)
{
    struct plate plate;
    struct sandwich s;
    plate_init(&plate, "n/count\n4 : c f b f a\n-2 : f x\n1 : f\n8 : a\n", false);
    CU_ASSERT_EQUAL_FATAL(
        sandwich_init(&s, &plate.r, named("f"), &(struct calltree_limits){0}, NULL), 0);
    const struct calltree_cell *up = &s.callers.cells[0], *down = &s.callees.cells[0];
    CU_ASSERT_EQUAL(up->cum.new, 5);
    CU_ASSERT_EQUAL(up->cum.old, 2);
    CU_ASSERT_EQUAL(down->cum.new, 5);
    CU_ASSERT_EQUAL(down->cum.old, 2);
    CU_ASSERT_EQUAL(up->flat.new, 1);
    CU_ASSERT_EQUAL(down->flat.new, 1);
    CU_ASSERT_EQUAL(s.callers.count, 3);
    CU_ASSERT_EQUAL(s.callees.count, 4);
    CU_ASSERT(s.has_old);
    CU_ASSERT_EQUAL(s.total.old, 2);
    CU_ASSERT_EQUAL(s.total.new, 13);
    sandwich_release(&s);
    plate_end(&plate);
}

static void test_no_name_is_the_largest_flat(void)
{
    struct plate plate;
    struct sandwich s;
    struct peek k;
    plate_init(&plate, "n/count\n3 : b main\n4 : a main\n-4 : c main\n", false);
    CU_ASSERT_EQUAL(sandwich_init(&s, &plate.r, named(""), &(struct calltree_limits){0}, NULL), 0);
    CU_ASSERT_EQUAL(str_cmp(s.name, named("a")), 0);
    CU_ASSERT_EQUAL(peek_init(&k, &plate.r, named(""), NULL), 0);
    CU_ASSERT_EQUAL(str_cmp(k.name, named("a")), 0);
    CU_ASSERT_EQUAL(k.around.caller_count, 1);
    CU_ASSERT_EQUAL(k.total.new, 7);
    CU_ASSERT(k.has_old);
    peek_release(&k);
    sandwich_release(&s);
    plate_end(&plate);
}

static void test_a_function_that_is_not_there(void)
{
    struct plate plate;
    struct sandwich s;
    struct peek k;
    plate_init(&plate, "n/count\n3 : b main\n", false);
    CU_ASSERT_EQUAL(
        sandwich_init(&s, &plate.r, named("gone"), &(struct calltree_limits){0}, &plate.err), -1);
    CU_ASSERT_STRING_EQUAL(plate.err.text, "gone is in no sample that is left");
    sandwich_release(&s);
    CU_ASSERT_EQUAL(peek_init(&k, &plate.r, named("gone"), &plate.err), -1);
    peek_release(&k);
    plate_end(&plate);
    plate_init(&plate, "n/count\n0 : a\n3 :\n", false);
    CU_ASSERT_EQUAL(peek_init(&k, &plate.r, named(""), &plate.err), -1);
    CU_ASSERT_STRING_EQUAL(plate.err.text, "no sample has a value");
    peek_release(&k);
    plate_end(&plate);
}

static void test_means_have_no_sandwich(void)
{
    struct plate plate;
    struct sandwich s;
    plate_init(&plate, "n/count cpu/ms\n1 5 : a\n", true);
    CU_ASSERT_EQUAL(
        sandwich_init(&s, &plate.r, named("a"), &(struct calltree_limits){0}, &plate.err), -1);
    CU_ASSERT_EQUAL(plate.err.kind, ERROR_USAGE);
    sandwich_release(&s);
    plate_end(&plate);
}

CU_TestInfo sandwich_tests[] = {
    {"both trees add up to cum", test_both_trees_add_up_to_cum},
    {"no name is the largest flat", test_no_name_is_the_largest_flat},
    {"a function that is not there", test_a_function_that_is_not_there},
    {"means have no sandwich", test_means_have_no_sandwich},
    CU_TEST_INFO_NULL,
};
