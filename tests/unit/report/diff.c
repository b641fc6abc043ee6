/* Tests of analyzer/report/diff.h: what is the same in two profiles, in which order changes come,
 * and what a gate objects to; and of the text made of it. */
#include "analyzer/report/diff.h"

#include "analyzer/render/text_diff.h"
#include "analyzer/transform/scale.h"
#include "tests/unit/sketch.h"

#include <CUnit/CUnit.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct pair {
    struct profile *old_profile, *new_profile;
    struct report_spec spec;
    struct report old, new;
    struct diff d;
};

static const struct report_spec untrimmed = {
    .sample_index = "", .divide_by = 1, .unit = "minimum", .compact_labels = true};

/* Compares two sketched profiles as the command line does, without filters. */
static void compare(struct pair *t, const char *old, const char *new, struct report_spec spec,
                    bool normalize)
{
    struct error err = {0};
    static const char *const numbers[] = {"0", "1"};
    *t = (struct pair){.old_profile = sketch(old), .new_profile = sketch(new), .spec = spec};
    int value = scale_to_one(t->new_profile, t->old_profile, spec.sample_index, spec.mean, &err);
    CU_ASSERT_FATAL(value >= 0);
    t->spec.sample_index = numbers[value];
    CU_ASSERT_EQUAL_FATAL(report_init(&t->old, t->old_profile, &t->spec, NULL, &err), 0);
    CU_ASSERT_EQUAL_FATAL(report_init(&t->new, t->new_profile, &t->spec, NULL, &err), 0);
    diff_init(&t->d, (struct diff_source){.report = &t->old, .name = "old.pb"},
              (struct diff_source){.report = &t->new, .name = "new.pb"}, normalize);
}

static void release(struct pair *t)
{
    diff_release(&t->d);
    report_release(&t->old);
    report_release(&t->new);
    profile_free(t->old_profile);
    profile_free(t->new_profile);
}

/* The rows shown: "name flat_old>flat_new cum_old>cum_new". */
static void expect_rows(const struct diff *d, const char *want)
{
    struct buf b = {0};
    buf_puts(&b, "");
    for (size_t i = 0; i < d->count; i++) {
        struct diff_change flat = diff_flat(d, &d->rows[i]), cum = diff_cum(d, &d->rows[i]);
        buf_str(&b, d->rows[i].name);
        buf_printf(&b, " %lld>%lld %lld>%lld\n", (long long)flat.old, (long long)flat.new,
                   (long long)cum.old, (long long)cum.new);
    }
    sketch_expect_text(b.data, want);
    buf_release(&b);
}

static void expect_diff(const char *old, const char *new, struct report_spec spec, const char *want)
{
    struct pair t;
    compare(&t, old, new, spec, false);
    expect_rows(&t.d, want);
    release(&t);
}

/* --- what is the same */

static void test_functions_match_by_name_not_by_index(void)
{
    expect_diff("cpu/ms\n10 : A M\n5 : B M\n", "cpu/ms\n1 : X M\n5 : B M\n30 : A M\n", untrimmed,
                "A 10>30 10>30\n"
                "X 0>1 0>1\n"
                "M 0>0 15>36\n"
                "B 5>5 5>5\n");
}

static void test_lines_and_files_are_kept_apart(void)
{
    expect_diff("cpu/ms\n10 : A@a.c:1\n5 : A@a.c:2\n2 : A@b.c:1\n",
                "cpu/ms\n11 : A@a.c:1\n5 : A@a.c:3\n2 : A@b.c:1:7\n", untrimmed,
                "A a.c:3 0>5 0>5\n"
                "A a.c:2 5>0 5>0\n"
                "A b.c:1:7 0>2 0>2\n"
                "A b.c:1 2>0 2>0\n"
                "A a.c:1 10>11 10>11\n");
}

static void test_addresses_match_by_place_in_their_binary(void)
{
    /* libc is loaded at 0x200000 in the one and at 0x100000 in the other. */
    expect_diff("cpu/ms\n1 : 0x100010!exe\n7 : 0x200020!libc\n",
                "cpu/ms\n9 : 0x100020!libc\n1 : 0x200010!exe\n", untrimmed,
                "0000000000100020 [libc] 7>9 7>9\n"
                "0000000000200010 [exe] 1>1 1>1\n");
}

static void test_binaries_are_kept_apart(void)
{
    expect_diff("cpu/ms\n1 : 0x10!a\n", "cpu/ms\n1 : 0x10!b\n", untrimmed,
                "0000000000000010 [b] 0>1 0>1\n"
                "0000000000000010 [a] 1>0 1>0\n");
}

static void test_recursion_counts_once_in_cum(void)
{
    expect_diff("cpu/ms\n10 : A A M\n", "cpu/ms\n20 : A A A M\n", untrimmed,
                "A 10>20 10>20\n"
                "M 0>0 10>20\n");
}

static void test_sample_types_match_by_name_in_the_finer_unit(void)
{
    struct report_spec spec = untrimmed;
    spec.sample_index = "cpu";
    expect_diff("cpu/ms wall/ms\n10 70 : A\n", "wall/s cpu/us\n1 12000 : A\n", spec,
                "A 10000>12000 10000>12000\n");
}

static void test_plural_sample_types_are_the_same(void)
{
    expect_diff("sample/count\n10 : A\n", "samples/count\n12 : A\n", untrimmed, "A 10>12 10>12\n");
}

static void refused(const char *old, const char *new, enum error_kind kind, const char *part)
{
    struct error err = {0};
    struct profile *a = sketch(new), *b = sketch(old);
    CU_ASSERT_EQUAL(scale_to_one(a, b, "cpu", false, &err), -1);
    CU_ASSERT_EQUAL(err.kind, kind);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, part));
    profile_free(a);
    profile_free(b);
}

static void test_different_measurements_are_refused(void)
{
    refused("cpu/ms\n1 : A\n", "wall/ms\n1 : A\n", ERROR_USAGE, "no sample type \"cpu\"");
    refused("wall/ms\n1 : A\n", "cpu/ms\n1 : A\n", ERROR_DATA,
            "sample type \"cpu\"; the other has: wall");
    refused("cpu/count\n1 : A\n", "cpu/ms\n1 : A\n", ERROR_DATA, "different things");
}

/* --- order */

static void test_largest_change_first_growth_before_shrinkage(void)
{
    expect_diff("cpu/ms\n10 : A\n10 : B\n10 : C\n10 : D\n",
                "cpu/ms\n7 : A\n13 : B\n30 : C\n10 : D\n", untrimmed,
                "C 10>30 10>30\n"
                "B 10>13 10>13\n"
                "A 10>7 10>7\n"
                "D 10>10 10>10\n");
}

static void test_cum_orders_by_cum(void)
{
    struct report_spec spec = untrimmed;
    spec.cum_sort = true;
    expect_diff("cpu/ms\n10 : A M\n10 : B N\n", "cpu/ms\n30 : A M\n5 : B\n5 : N\n", spec,
                "A 10>30 10>30\n"
                "M 0>0 10>30\n"
                "N 0>5 10>5\n"
                "B 10>5 10>5\n");
}

/* --- trimming */

static void test_small_changes_are_dropped(void)
{
    struct report_spec spec = untrimmed;
    struct pair t;
    spec.trim = true;
    spec.nodefraction = 0.1;
    compare(&t, "cpu/ms\n50 : A M\n49 : B M\n", "cpu/ms\n60 : A M\n40 : B M\n", spec, false);
    expect_rows(&t.d, "A 50>60 50>60\n");
    CU_ASSERT_EQUAL(t.d.dropped, 2);
    CU_ASSERT_EQUAL(t.d.row_count, 3);
    release(&t);
}

static void test_a_change_of_cum_alone_is_kept(void)
{
    struct report_spec spec = untrimmed;
    spec.trim = true;
    spec.nodefraction = 0.1;
    expect_diff("cpu/ms\n50 : A M\n50 : B\n", "cpu/ms\n50 : A\n50 : B M\n1 : C\n", spec, "");
    expect_diff("cpu/ms\n50 : A M\n50 : B\n", "cpu/ms\n50 : A\n20 : B M\n30 : B\n", spec,
                "M 0>0 50>20\n");
}

static void test_nodecount_limits_what_is_shown(void)
{
    struct report_spec spec = untrimmed;
    struct pair t;
    spec.trim = true;
    spec.nodecount = 2;
    compare(&t, "cpu/ms\n5 : A\n", "cpu/ms\n8 : A\n2 : B\n1 : C\n", spec, false);
    expect_rows(&t.d, "A 5>8 5>8\nB 0>2 0>2\n");
    CU_ASSERT_EQUAL(t.d.kept, 3);
    CU_ASSERT_EQUAL(t.d.dropped, 0);
    release(&t);
}

static void test_drop_negative_leaves_out_what_shrank(void)
{
    struct report_spec spec = untrimmed;
    struct pair t;
    spec.drop_negative = true;
    compare(&t, "cpu/ms\n5 : A\n9 : B\n1 : C\n", "cpu/ms\n8 : A\n2 : B\n1 : C\n", spec, false);
    expect_rows(&t.d, "A 5>8 5>8\nC 1>1 1>1\n");
    CU_ASSERT_EQUAL(t.d.dropped_negative, 1);
    release(&t);
}

/* --- numbers */

static void test_percent_and_points(void)
{
    struct pair t;
    compare(&t, "cpu/ms\n50 : A\n30 : B\n20 : C\n", "cpu/ms\n150 : A\n50 : D\n", untrimmed, false);
    expect_rows(&t.d, "A 50>150 50>150\nD 0>50 0>50\nB 30>0 30>0\nC 20>0 20>0\n");
    struct diff_change a = diff_flat(&t.d, &t.d.rows[0]), d = diff_flat(&t.d, &t.d.rows[1]);
    struct diff_change b = diff_flat(&t.d, &t.d.rows[2]);
    CU_ASSERT_EQUAL(a.delta, 100);
    CU_ASSERT_DOUBLE_EQUAL(a.percent, 200, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(a.points, 25, 1e-9); /* from 50 to 75 */
    CU_ASSERT_TRUE(isnan(d.percent));
    CU_ASSERT_DOUBLE_EQUAL(d.points, 25, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(b.percent, -100, 0);
    CU_ASSERT_DOUBLE_EQUAL(b.points, -30, 1e-9);
    CU_ASSERT_EQUAL(diff_total(&t.d).delta, 100);
    release(&t);
}

static void test_percent_of_a_negative_value_has_the_sign_of_the_change(void)
{
    struct pair t;
    compare(&t, "cpu/ms\n-10 : A\n", "cpu/ms\n-5 : A\n", untrimmed, false);
    CU_ASSERT_EQUAL(diff_flat(&t.d, &t.d.rows[0]).delta, 5);
    CU_ASSERT_DOUBLE_EQUAL(diff_flat(&t.d, &t.d.rows[0]).percent, 50, 1e-9);
    release(&t);
}

static void test_an_empty_side_has_no_shares(void)
{
    struct pair t;
    compare(&t, "cpu/ms\n", "cpu/ms\n4 : A\n", untrimmed, false);
    CU_ASSERT_DOUBLE_EQUAL(diff_flat(&t.d, &t.d.rows[0]).points, 100, 1e-9);
    release(&t);
    compare(&t, "cpu/ms\n4 : A\n", "cpu/ms\n", untrimmed, false);
    CU_ASSERT_DOUBLE_EQUAL(diff_flat(&t.d, &t.d.rows[0]).points, -100, 1e-9);
    release(&t);
    compare(&t, "cpu/ms\n", "cpu/ms\n", untrimmed, false);
    CU_ASSERT_EQUAL(t.d.row_count, 0);
    release(&t);
}

static void test_means_are_unrounded_as_numbers(void)
{
    struct report_spec spec = untrimmed;
    struct pair t;
    spec.mean = true;
    compare(&t, "n/count size/bytes\n2 5 : A\n", "n/count size/bytes\n4 17 : A\n", spec, false);
    expect_rows(&t.d, "A 2>4 2>4\n");
    struct diff_number n = diff_flat_number(&t.d, &t.d.rows[0]);
    CU_ASSERT_FALSE(n.old.is_whole);
    CU_ASSERT_DOUBLE_EQUAL(n.old.real, 2.5, 0);
    CU_ASSERT_DOUBLE_EQUAL(n.new.real, 4.25, 0);
    CU_ASSERT_DOUBLE_EQUAL(n.delta.real, 1.75, 0);
    CU_ASSERT_DOUBLE_EQUAL(n.percent, 70, 1e-9);
    release(&t);
}

static void test_normalize_scales_old_to_the_total_of_new(void)
{
    struct pair t;
    compare(&t, "cpu/ms\n1 : A\n1 : B\n1 : C\n1 : D\n", "cpu/ms\n2 : A\n4 : B\n", untrimmed, true);
    CU_ASSERT_DOUBLE_EQUAL(t.d.scale, 1.5, 0);
    struct diff_number n = diff_flat_number(&t.d, &t.d.rows[0]);
    CU_ASSERT_EQUAL(str_cmp(t.d.rows[0].name, (struct str){"B", 1}), 0);
    CU_ASSERT_DOUBLE_EQUAL(n.old.real, 1.5, 0);
    CU_ASSERT_DOUBLE_EQUAL(n.delta.real, 2.5, 0);
    CU_ASSERT_DOUBLE_EQUAL(n.points, 100 * (4.0 / 6 - 1.0 / 4), 1e-9);
    CU_ASSERT_EQUAL(diff_total(&t.d).old, 4);
    release(&t);
}

/* --- the gate */

static void expect_grown(const char *old, const char *new, struct report_spec spec, double above,
                         const char *want)
{
    struct pair t;
    struct buf b = {0};
    size_t count;
    compare(&t, old, new, spec, false);
    struct diff_growth *grown = diff_grown(&t.d, above, &count);
    buf_puts(&b, "");
    for (size_t i = 0; i < count; i++) {
        buf_str(&b, grown[i].name);
        buf_printf(&b, " %g: %g to %g\n", grown[i].points, grown[i].old_share, grown[i].new_share);
    }
    sketch_expect_text(b.data, want);
    buf_release(&b);
    free(grown);
    release(&t);
}

static void test_gate_names_the_worst_first(void)
{
    expect_grown("cpu/ms\n10 : A M\n90 : B\n", "cpu/ms\n20 : A M\n15 : A\n65 : B\n", untrimmed, 5,
                 "A 25: 10 to 35\n"
                 "M 10: 10 to 20\n");
}

static void test_gate_takes_shares_not_values(void)
{
    /* Twice the time for twice the work. */
    expect_grown("cpu/ms\n10 : A\n90 : B\n", "cpu/ms\n20 : A\n180 : B\n", untrimmed, 0, "");
}

static void test_gate_lets_exactly_its_limit_pass(void)
{
    expect_grown("cpu/ms\n50 : A\n50 : B\n", "cpu/ms\n55 : A\n45 : B\n", untrimmed, 5, "");
    expect_grown("cpu/ms\n25 : A\n75 : B\n", "cpu/ms\n30 : A\n70 : B\n", untrimmed, 5, "");
    expect_grown("cpu/ms\n1 : A\n999 : B\n", "cpu/ms\n2 : A\n998 : B\n", untrimmed, 0.1, "");
    expect_grown("cpu/ms\n50 : A\n50 : B\n", "cpu/ms\n55 : A\n45 : B\n", untrimmed, 4.999,
                 "A 5: 50 to 55\n");
}

static void test_gate_sees_rows_that_are_not_shown(void)
{
    struct report_spec spec = untrimmed;
    spec.trim = true;
    spec.nodecount = 1;
    spec.nodefraction = 0.5;
    expect_grown("cpu/ms\n10 : A\n90 : B\n", "cpu/ms\n20 : A\n80 : B\n", spec, 5,
                 "A 10: 10 to 20\n");
}

static void test_gate_is_not_moved_by_normalize(void)
{
    struct pair t;
    size_t count;
    compare(&t, "cpu/ms\n1 : A\n9 : B\n", "cpu/ms\n10 : A\n90 : B\n", untrimmed, true);
    struct diff_growth *grown = diff_grown(&t.d, 0, &count);
    CU_ASSERT_EQUAL(count, 0);
    free(grown);
    release(&t);
}

/* --- text */

static void expect_text(struct pair *t, struct out *o, const char *want)
{
    text_diff(o, &t->d);
    sketch_expect_text(o->buf.data, want);
    buf_release(&o->buf);
    release(t);
}

static void test_text(void)
{
    struct pair t;
    struct out o = {.fd = -1};
    compare(&t, "cpu/ms\n10 : A M\n5 : B\n7 : C M\n", "cpu/ms\n30 : A M\n7 : C M\n200 : D\n",
            untrimmed, false);
    expect_text(&t, &o,
                "Total: 22ms to 237ms, +977.27%\n"
                "flat old  flat new    diff     diff%  points  cum diff\n"
                "       0     200ms  +200ms       new  +84.39    +200ms  D\n"
                "    10ms      30ms   +20ms  +200.00%  -32.80     +20ms  A\n"
                "     5ms         0    -5ms      gone  -22.73      -5ms  B\n"
                "       0         0       0        0%       0     +20ms  M\n"
                "     7ms       7ms       0        0%  -28.86         0  C\n");
}

static void test_text_by_cum(void)
{
    struct pair t;
    struct out o = {.fd = -1};
    struct report_spec spec = untrimmed;
    spec.cum_sort = true;
    compare(&t, "cpu/ms\n10 : A M\n", "cpu/ms\n30 : A M\n", spec, false);
    expect_text(&t, &o,
                "Total: 10ms to 30ms, +200.00%\n"
                "cum old  cum new   diff     diff%  points  flat diff\n"
                "   10ms     30ms  +20ms  +200.00%       0      +20ms  A\n"
                "   10ms     30ms  +20ms  +200.00%       0          0  M\n");
}

static void test_text_on_a_terminal(void)
{
    struct pair t;
    struct out o = {.fd = -1, .terminal = true, .color = true, .width = 80};
    compare(&t, "cpu/ms\n10 : A\n5 : B\n1 : C\n",
            "cpu/ms\n30 : A\n3 : B\n1 : C\n"
            "9 : std::vector<a::very::long::name::that::does::not::fit>::push_back\n",
            untrimmed, false);
    expect_text(&t, &o,
                "Total: 16ms to 43ms, +168.75%\n"
                "flat old  flat new   diff     diff%  points  cum diff\n"
                "\033[38;5;208m    10ms      30ms  +20ms  +200.00%   +7.27     +20ms  A\033[0m\n"
                "\033[38;5;208m       0       9ms   +9ms       new  +20.93      +9ms  "
                "std::vector<a::very::lon…\033[0m\n"
                "\033[38;5;33m     5ms       3ms   -2ms   -40.00%  -24.27      -2ms  B\033[0m\n"
                "\033[2m     1ms       1ms      0        0%   -3.92         0  C\033[0m\n");
}

CU_TestInfo diff_tests[] = {
    {"functions match by name", test_functions_match_by_name_not_by_index},
    {"lines and files are kept apart", test_lines_and_files_are_kept_apart},
    {"addresses match by place", test_addresses_match_by_place_in_their_binary},
    {"binaries are kept apart", test_binaries_are_kept_apart},
    {"recursion counts once in cum", test_recursion_counts_once_in_cum},
    {"sample types match by name", test_sample_types_match_by_name_in_the_finer_unit},
    {"sample and samples are the same", test_plural_sample_types_are_the_same},
    {"different measurements are refused", test_different_measurements_are_refused},
    {"largest change first", test_largest_change_first_growth_before_shrinkage},
    {"-cum orders by cum", test_cum_orders_by_cum},
    {"small changes are dropped", test_small_changes_are_dropped},
    {"a change of cum alone is kept", test_a_change_of_cum_alone_is_kept},
    {"nodecount limits rows", test_nodecount_limits_what_is_shown},
    {"drop_negative", test_drop_negative_leaves_out_what_shrank},
    {"percent and points", test_percent_and_points},
    {"percent of negative values", test_percent_of_a_negative_value_has_the_sign_of_the_change},
    {"an empty side", test_an_empty_side_has_no_shares},
    {"means are unrounded", test_means_are_unrounded_as_numbers},
    {"normalize", test_normalize_scales_old_to_the_total_of_new},
    {"gate: worst first", test_gate_names_the_worst_first},
    {"gate: shares, not values", test_gate_takes_shares_not_values},
    {"gate: exactly the limit passes", test_gate_lets_exactly_its_limit_pass},
    {"gate: rows not shown", test_gate_sees_rows_that_are_not_shown},
    {"gate: normalize changes nothing", test_gate_is_not_moved_by_normalize},
    {"text", test_text},
    {"text by cum", test_text_by_cum},
    {"text on a terminal", test_text_on_a_terminal},
    CU_TEST_INFO_NULL,
};
