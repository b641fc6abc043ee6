/* Tests of tui/label_rows.h. */
#include "tui/label_rows.h"

#include "analyzer/transform/filter.h"
#include "tests/unit/sketch.h"

#include <CUnit/CUnit.h>
#include <inttypes.h>
#include <stdlib.h>

struct side {
    struct profile *p;
    struct report_spec spec;
    struct report r;
};

static void side_init(struct side *s, const char *text)
{
    *s = (struct side){.p = sketch(text),
                       .spec = {.sample_index = "", .unit = "minimum", .divide_by = 1}};
    CU_ASSERT_EQUAL_FATAL(report_init(&s->r, s->p, &s->spec, NULL, NULL), 0);
}

static void side_release(struct side *s)
{
    report_release(&s->r);
    profile_free(s->p);
}

static void expect(const char *new, const char *old, const char *want)
{
    struct side sides[2];
    struct buf got = {0};
    side_init(&sides[0], new);
    if (old)
        side_init(&sides[1], old);
    struct label_rows *l = label_rows_new(&sides[0].r, old ? &sides[1].r : NULL);
    buf_puts(&got, "");
    for (size_t i = 0; i < l->count; i++) {
        const struct label_row *row = &l->rows[i];
        buf_printf(&got, "%s%" PRId64 ">%" PRId64 " ", row->kind == LABEL_KEY ? "" : "  ",
                   row->weight.old, row->weight.new);
        buf_str(&got, row->kind == LABEL_NONE ? (struct str){"-", 1} : row->text);
        if (row->kind == LABEL_KEY)
            buf_printf(&got, " (%zu)", row->values);
        if (row->focus.len)
            buf_puts(&got, " | ");
        buf_str(&got, row->focus);
        buf_puts(&got, "\n");
    }
    sketch_expect_text(got.data, want);
    buf_release(&got);
    label_rows_free(l);
    side_release(&sides[0]);
    if (old)
        side_release(&sides[1]);
}

static void test_keys_and_values(void)
{
    expect("cpu/ms\n"
           "5 : A ; who=me\n"
           "9 : A ; who=a,b=c x=1.5\n"
           "2 : A\n",
           NULL,
           "0>14 who (2)\n"
           "  0>9 a,b=c | who=^a\\x2cb\\x3dc$\n"
           "  0>5 me | who=^me$\n"
           "  0>2 -\n"
           "0>9 x (1)\n"
           "  0>9 1.5 | x=^1\\.5$\n"
           "  0>7 -\n");
    expect("cpu/ms\n5 : A\n", NULL, "");
}

/* Numbers that look the same are one row, and its filter keeps all of them. */
static void test_numbers(void)
{
    expect("cpu/ms\n"
           "5 : A ; size=#1024:bytes\n"
           "7 : A ; size=#1025:bytes\n"
           "1 : A ; size=#-3:bytes\n"
           "1 : A ; size=#2:bytes\n"
           "2 : A ; a_b=#4\n",
           NULL,
           "0>2 a_b (1)\n"
           "  0>2 4\n"
           "  0>14 -\n"
           "0>14 size (3)\n"
           "  0>12 1kB | size=1024bytes:1025bytes\n"
           "  0>1 -3B | size=-3bytes\n"
           "  0>1 2B | size=2bytes\n"
           "  0>2 -\n");
}

static void test_old_and_new(void)
{
    expect("cpu/ms\n5 : A ; who=me\n1 : A\n", "cpu/ms\n2 : B ; who=me\n9 : A ; who=you\n",
           "11>5 who (2)\n"
           "  9>0 you | who=^you$\n"
           "  2>5 me | who=^me$\n"
           "  0>1 -\n");
}

/* Every filter that a row offers keeps what the row weighs. */
static void test_filters_keep_what_they_say(void)
{
    static const char text[] = "cpu/ms\n"
                               "5 : A ; size=#1024:bytes who=me\n"
                               "7 : A ; size=#1025:bytes who=a,b=c\n"
                               "11 : A ; size=#3:kilobytes who=b\n"
                               "13 : B ; who=a(b a=b=c\n"
                               "17 : B ; who=42 42=0\n";
    struct side side;
    side_init(&side, text);
    struct label_rows *l = label_rows_new(&side.r, NULL);
    size_t tried = 0;
    for (size_t i = 0; i < l->count; i++) {
        if (!l->rows[i].focus.len)
            continue;
        struct profile *p = sketch(text);
        struct lines notes = {0};
        struct filter_spec filter = {.tagfocus = l->rows[i].focus.ptr};
        int64_t sum = 0;
        CU_ASSERT_EQUAL_FATAL(filter_apply(p, &filter, &notes, NULL), 0);
        for (size_t k = 0; k < p->sample_count; k++)
            sum += p->values[0][k];
        CU_ASSERT_EQUAL(sum, l->rows[i].weight.new);
        lines_release(&notes);
        profile_free(p);
        tried++;
    }
    CU_ASSERT_EQUAL(tried, 9);
    label_rows_free(l);
    side_release(&side);
}

CU_TestInfo label_rows_tests[] = {
    {"keys and values", test_keys_and_values},
    {"numbers", test_numbers},
    {"old and new", test_old_and_new},
    {"filters keep what they say", test_filters_keep_what_they_say},
    CU_TEST_INFO_NULL,
};
