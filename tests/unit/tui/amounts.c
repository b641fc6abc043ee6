/* Tests of tui/amounts.h and value_columns.h. */
#include "tui/amounts.h"

#include "tests/unit/sketch.h"
#include "tui/name_fit.h"
#include "tui/value_columns.h"

#include <CUnit/CUnit.h>
#include <string.h>

static void text_is(struct buf *got, const char *want)
{
    CU_ASSERT_STRING_EQUAL(got->data ? got->data : "", want);
    buf_release(got);
}

/* A report of times in milliseconds; ended by scale_end. */
struct scale {
    struct profile *p;
    struct report_spec spec;
    struct report r;
    struct amounts a;
};

static void scale_init(struct scale *s, const char *text)
{
    struct lines notes = {0};
    *s = (struct scale){
        .spec = {
            .sample_index = "", .divide_by = 1, .unit = "ms", .source_path = "", .trim_path = ""}};
    s->p = sketch(text);
    CU_ASSERT_EQUAL_FATAL(report_init(&s->r, s->p, &s->spec, &notes, NULL), 0);
    s->a = (struct amounts){.r = &s->r,
                            .two_sides = s->r.total_below > 0,
                            .total = {s->r.total_below, s->r.total_above}};
    lines_release(&notes);
}

static void scale_end(struct scale *s)
{
    report_release(&s->r);
    profile_free(s->p);
}

static void test_growth(void)
{
    static const struct {
        struct calltree_value v;
        const char *want;
        enum role role;
    } cases[] = {
        {{100, 109}, "+9.0%", ROLE_MORE}, {{100, 91}, "-9.0%", ROLE_LESS},
        {{100, 150}, "+50%", ROLE_MORE},  {{100, 1}, "-99%", ROLE_LESS},
        {{0, 5}, "new", ROLE_MORE},       {{5, 0}, "gone", ROLE_LESS},
        {{5, 5}, "same", ROLE_DIM},       {{0, 0}, "same", ROLE_DIM},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf b = {0};
        amount_growth(&b, cases[i].v);
        text_is(&b, cases[i].want);
        CU_ASSERT_EQUAL(amount_role(cases[i].v), cases[i].role);
    }
}

static void test_stories(void)
{
    struct scale s;
    struct buf b = {0};
    scale_init(&s, "cpu/ms\n200 : a\n");
    amount_story(&b, &s.a, (struct calltree_value){0, 50});
    text_is(&b, "50ms (25.00%)");
    amount_story(&b, &s.a, (struct calltree_value){0, 0});
    text_is(&b, "0 (0%)");
    scale_end(&s);
    scale_init(&s, "cpu/ms\n200 : a\n-100 : a\n");
    amount_story(&b, &s.a, (struct calltree_value){40, 50});
    text_is(&b, "40ms (40.00%) to 50ms (25.00%), +10ms (+25%)");
    amount_story(&b, &s.a, (struct calltree_value){50, 0});
    text_is(&b, "50ms (50.00%) to 0 (0%), -50ms (gone)");
    amount_part(&b, (struct calltree_value){10, 20}, (struct calltree_value){20, 40});
    text_is(&b, "50.00%");
    scale_end(&s);
}

/* In COLS columns, without shares beside a bar. */
static void columns_are(const struct amounts *a, bool shares, int cols, struct calltree_value first,
                        struct calltree_value second, const char *want)
{
    struct canvas c = {0};
    struct buf b = {0};
    struct value_columns v = {.r = a->r,
                              .has_base = a->two_sides,
                              .has_shares = shares,
                              .titles = {&value_cum, &value_flat},
                              .whole = a->total.new,
                              .value =
                                  value_columns_width(a->r, (struct calltree_value){1000, 1000})};
    canvas_resize(&c, 2, cols);
    value_columns_fit(&v, cols);
    value_columns_heads(&v, &c, 0, 0);
    value_columns_row(&v, &c, 1, 0, (struct calltree_value[VALUE_WEIGHTS]){first, second}, 0,
                      false);
    canvas_row_text(&b, &c, 0);
    buf_putc(&b, '\n');
    canvas_row_text(&b, &c, 1);
    text_is(&b, want);
    canvas_release(&c);
}

static void test_columns(void)
{
    struct scale s;
    scale_init(&s, "cpu/ms\n200 : a\n");
    columns_are(&s.a, true, 80, (struct calltree_value){0, 50}, (struct calltree_value){0, 0},
                "     cum   cum%     flat  flat%\n"
                "    50ms 25.00%        0     0%");
    columns_are(&s.a, false, 80, (struct calltree_value){0, 50}, (struct calltree_value){0, 100},
                "     cum     flat\n"
                "    50ms    100ms ███");
    columns_are(&s.a, false, 80, (struct calltree_value){0, 50}, (struct calltree_value){0, 0},
                "     cum     flat\n"
                "    50ms");
    scale_end(&s);
    scale_init(&s, "cpu/ms\n200 : a\n-100 : a\n");
    columns_are(&s.a, true, 80, (struct calltree_value){40, 50}, (struct calltree_value){0, 0},
                "     old      new   cum +-      %\n"
                "    40ms     50ms    +10ms   +25%");
    columns_are(&s.a, false, 120, (struct calltree_value){40, 50}, (struct calltree_value){9, 0},
                "     old      new   cum +-      old      new  flat +-\n"
                "    40ms     50ms    +10ms      9ms              -9ms");
    scale_end(&s);
}

static void test_names_that_have_to_be_cut(void)
{
    struct buf b = {0};
    struct str name = {"encoding/json.Unmarshal", 23};
    name_fit(&b, name, 23);
    text_is(&b, "encoding/json.Unmarshal");
    name_fit(&b, name, 22);
    text_is(&b, "json.Unmarshal");
}

CU_TestInfo amounts_tests[] = {
    {"growth", test_growth},   {"stories", test_stories},
    {"columns", test_columns}, {"names that have to be cut", test_names_that_have_to_be_cut},
    CU_TEST_INFO_NULL,
};
