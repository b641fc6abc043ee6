/* Tests of tui/top_rows.h. Stacks are written leaf first. */
#include "tui/top_rows.h"

#include "tests/unit/sketch.h"

#include <CUnit/CUnit.h>
#include <stdlib.h>

static const struct report_spec spec = {
    .sample_index = "", .unit = "minimum", .divide_by = 1, .edgefraction = 0};

/* A line per row in the order of KEY: name, old and new flat, old and new cum, the sum. */
static void rows_are(const char *text, bool has_base, enum top_key key, bool reversed,
                     const char *want)
{
    struct profile *p = sketch(text);
    struct report r;
    struct error err = {0};
    struct buf b = {0};
    struct top_order order = {0};
    CU_ASSERT_EQUAL_FATAL(report_init(&r, p, &spec, NULL, &err), 0);
    struct top_rows *t = top_rows_new(&r, has_base);
    top_order_sort(&order, t, key, reversed);
    buf_printf(&b, "of %d %d\n", (int)t->total.old, (int)t->total.new);
    for (size_t i = 0; i < order.count; i++) {
        const struct top_line *l = &t->rows[order.rows[i]];
        buf_str(&b, l->name);
        buf_printf(&b, "%s%s %d/%d %d/%d %d\n", *l->inlined ? " " : "", l->inlined,
                   (int)l->flat.old, (int)l->flat.new, (int)l->cum.old, (int)l->cum.new,
                   (int)order.sums[i]);
    }
    sketch_expect_text(b.data, want);
    buf_release(&b);
    top_order_release(&order);
    top_rows_free(t);
    report_release(&r);
    profile_free(p);
}

static const char plain[] = "n/count\n1 : read parse main\n1 : parse main\n1 : parse parse main\n";

static void test_the_example_of_the_help(void)
{
    rows_are(plain, false, TOP_FLAT, false,
             "of 0 3\nparse 0/2 0/3 2\nread 0/1 0/1 3\nmain 0/0 0/3 3\n");
}

static void test_other_orders(void)
{
    rows_are(plain, false, TOP_CUM, false,
             "of 0 3\nparse 0/2 0/3 2\nmain 0/0 0/3 2\nread 0/1 0/1 3\n");
    rows_are(plain, false, TOP_NAME, false,
             "of 0 3\nmain 0/0 0/3 0\nparse 0/2 0/3 2\nread 0/1 0/1 3\n");
    rows_are(plain, false, TOP_NAME, true,
             "of 0 3\nread 0/1 0/1 1\nparse 0/2 0/3 3\nmain 0/0 0/3 3\n");
}

static void test_inlined(void)
{
    rows_are("n/count\n2 : a+b c\n1 : b c\n", false, TOP_FLAT, false,
             "of 0 3\na inline 0/2 0/2 2\nb 0/1 0/3 3\nc 0/0 0/3 3\n");
    rows_are("n/count\n2 : a+b c\n1 : a c\n", false, TOP_FLAT, false,
             "of 0 3\na partial-inline 0/3 0/3 3\nc 0/0 0/3 3\nb 0/0 0/2 3\n");
}

static void test_two_sides(void)
{
    static const char both[] = "n/count\n5 : f main\n4 : g main\n"
                               "-7 : f main ; pprof::base=true\n-1 : h main ; pprof::base=true\n";
    rows_are(both, true, TOP_FLAT_CHANGE, false,
             "of 8 9\ng 0/4 0/4 4\nf 7/5 7/5 9\nh 1/0 1/0 9\nmain 0/0 8/9 9\n");
    rows_are(both, true, TOP_FLAT_OLD, false,
             "of 8 9\nf 7/5 7/5 5\nh 1/0 1/0 5\nmain 0/0 8/9 5\ng 0/4 0/4 9\n");
}

static void test_no_samples(void)
{
    rows_are("n/count\n", false, TOP_FLAT, false, "of 0 0\n");
    rows_are("n/count\n", true, TOP_FLAT_CHANGE, false, "of 0 0\n");
}

CU_TestInfo top_rows_tests[] = {
    {"the example of the help", test_the_example_of_the_help},
    {"other orders", test_other_orders},
    {"inlined", test_inlined},
    {"two sides", test_two_sides},
    {"no samples", test_no_samples},
    CU_TEST_INFO_NULL,
};
