/* Tests of analyzer/report and of analyzer/render/text.h: rows, the lines above them, units;
 * printed as they are on a pipe. Stacks are written leaf first. */
#include "analyzer/report/report.h"

#include "analyzer/render/text.h"
#include "tests/unit/sketch.h"

#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* SPEC with what is not set as it is when nothing is asked. */
static struct report_spec with_defaults(struct report_spec spec, bool trim)
{
    spec.sample_index = spec.sample_index ? spec.sample_index : "";
    spec.unit = spec.unit ? spec.unit : "minimum";
    spec.divide_by = spec.divide_by != 0 ? spec.divide_by : 1;
    spec.trim = trim;
    return spec;
}

#define SPEC(...) with_defaults((struct report_spec){__VA_ARGS__}, true)
#define UNTRIMMED(...) with_defaults((struct report_spec){__VA_ARGS__}, false)

enum kind { TOP, TREE, TRACES, TAGS, COMMENTS, HEADER };

static void render(struct out *o, struct report *r, enum kind kind, struct regex *only)
{
    struct error err = {0};
    if (kind == TOP) {
        struct top t;
        top_init(&t, r);
        text_top(o, r, &t);
        top_release(&t);
    } else if (kind == TREE) {
        struct tree t;
        CU_ASSERT_EQUAL(tree_init(&t, r, only, &err), 0);
        text_tree(o, r, &t);
        tree_release(&t);
    } else if (kind == TRACES) {
        struct traces t;
        traces_init(&t, r);
        text_traces(o, r, &t);
        traces_release(&t);
    } else if (kind == TAGS) {
        struct tags t;
        tags_init(&t, r, false);
        text_tags(o, r, &t);
        tags_release(&t);
    } else if (kind == COMMENTS) {
        text_comments(o, r->p);
    } else {
        struct lines header = {0};
        report_profile_header(&header, r);
        for (size_t i = 0; i < header.count; i++)
            out_printf(o, "%s\n", header.items[i]);
        lines_release(&header);
    }
}

/* The report on P, which it frees, must be WANT; with FILTER in the header, if it is not NULL. */
static void reported_on(struct profile *p, struct report_spec spec, enum kind kind,
                        const char *only_names, const char *filter, const char *want)
{
    struct report r;
    struct out o;
    struct error err = {0};
    struct regex *only = only_names ? regex_compile(only_names, "argument", &err) : NULL;
    out_init_fd(&o, -1);
    CU_ASSERT_EQUAL_FATAL(report_init(&r, p, &spec, NULL, &err), 0);
    if (filter)
        lines_add(&r.filters, "%s", filter);
    render(&o, &r, kind, only);
    sketch_expect_text(o.buf.data ? o.buf.data : "", want);
    out_abandon(&o);
    report_release(&r);
    regex_free(only);
    profile_free(p);
}

static void reported(const char *text, struct report_spec spec, enum kind kind, const char *want)
{
    reported_on(sketch(text), spec, kind, NULL, NULL, want);
}

/* --- top */

static const char program[] = "n/count cpu/ms\n"
                              "1 600 : hot work main\n"
                              "2 300 : warm work main\n"
                              "3 95 : cool main\n"
                              "4 5 : cold cool main\n";

static void test_top(void)
{
    reported(program, SPEC(.nodefraction = 0.005), TOP,
             "Type: cpu\n"
             "Showing nodes accounting for 1000ms, 100% of 1000ms total\n"
             "      flat  flat%   sum%        cum   cum%\n"
             "     600ms 60.00% 60.00%      600ms 60.00%  hot\n"
             "     300ms 30.00% 90.00%      300ms 30.00%  warm\n"
             "      95ms  9.50% 99.50%      100ms 10.00%  cool\n"
             "       5ms   0.5%   100%        5ms   0.5%  cold\n"
             "         0     0%   100%     1000ms   100%  main\n"
             "         0     0%   100%      900ms 90.00%  work\n");
}

static void test_top_trimmed(void)
{
    reported(program, SPEC(.nodefraction = 0.2, .cum_sort = true, .nodecount = 2), TOP,
             "Type: cpu\n"
             "Showing nodes accounting for 0, 0% of 1000ms total\n"
             "Dropped 2 nodes (cum <= 200ms)\n"
             "Showing top 2 nodes out of 4\n"
             "      flat  flat%   sum%        cum   cum%\n"
             "         0     0%     0%     1000ms   100%  main\n"
             "         0     0%     0%      900ms 90.00%  work\n");
    reported(program, UNTRIMMED(.nodefraction = 0.2, .nodecount = 2), TOP,
             "Type: cpu\n"
             "Showing nodes accounting for 1000ms, 100% of 1000ms total\n"
             "      flat  flat%   sum%        cum   cum%\n"
             "     600ms 60.00% 60.00%      600ms 60.00%  hot\n"
             "     300ms 30.00% 90.00%      300ms 30.00%  warm\n"
             "      95ms  9.50% 99.50%      100ms 10.00%  cool\n"
             "       5ms   0.5%   100%        5ms   0.5%  cold\n"
             "         0     0%   100%     1000ms   100%  main\n"
             "         0     0%   100%      900ms 90.00%  work\n");
}

static void test_top_of_another_value(void)
{
    reported(program, SPEC(.sample_index = "n", .nodecount = 1, .compact_labels = true), TOP,
             "Showing nodes accounting for 4, 40.00% of 10 total\n"
             "Showing top 1 nodes out of 6\n"
             "      flat  flat%   sum%        cum   cum%\n"
             "         4 40.00% 40.00%          4 40.00%  cold\n");
}

static void test_top_of_means(void)
{
    reported("n/count delay/ns\n2 5000 : a\n4 4000 : b\n", SPEC(.mean = true), TOP,
             "Type: mean_delay\n"
             "Showing nodes accounting for 3.50us, 233.33% of 1.50us total\n"
             "      flat  flat%   sum%        cum   cum%\n"
             "    2.50us 166.67% 166.67%     2.50us 166.67%  a\n"
             "       1us 66.67% 233.33%        1us 66.67%  b\n");
}

static void test_top_divided(void)
{
    reported("n/count\n10 : a\n5 : b\n", SPEC(.divide_by = 2.5), TOP,
             "Type: n\n"
             "Showing nodes accounting for 6, 100% of 6 total\n"
             "      flat  flat%   sum%        cum   cum%\n"
             "         4 66.67% 66.67%          4 66.67%  a\n"
             "         2 33.33%   100%          2 33.33%  b\n");
}

static void test_top_marks_inlined_functions(void)
{
    reported("n/count\n1 : in+f main\n2 : part+g main\n4 : part main\n", SPEC(), TOP,
             "Type: n\n"
             "Showing nodes accounting for 7, 100% of 7 total\n"
             "      flat  flat%   sum%        cum   cum%\n"
             "         6 85.71% 85.71%          6 85.71%  part (partial-inline)\n"
             "         1 14.29%   100%          1 14.29%  in (inline)\n"
             "         0     0%   100%          1 14.29%  f\n"
             "         0     0%   100%          2 28.57%  g\n"
             "         0     0%   100%          7   100%  main\n");
}

/* The total is of sizes, so that the shares of a difference mean something. */
static void test_top_of_negative_values(void)
{
    reported("n/count\n-3 : a\n1 : b\n", SPEC(), TOP,
             "Type: n\n"
             "Showing nodes accounting for -2, 50.00% of 4 total\n"
             "      flat  flat%   sum%        cum   cum%\n"
             "        -3 75.00% 75.00%         -3 75.00%  a\n"
             "         1 25.00% 50.00%          1 25.00%  b\n");
    reported("n/count\n-3 : a\n1 : b\n", SPEC(.drop_negative = true), TOP,
             "Type: n\n"
             "Showing nodes accounting for 1, 25.00% of 4 total\n"
             "      flat  flat%   sum%        cum   cum%\n"
             "         1 25.00% 25.00%          1 25.00%  b\n");
}

static void test_total_of_a_diff_base(void)
{
    reported("n/count\n-8 : a ; pprof::base=true\n10 : a\n", SPEC(), TOP,
             "Type: n\n"
             "Showing nodes accounting for 2, 25.00% of 8 total\n"
             "      flat  flat%   sum%        cum   cum%\n"
             "         2 25.00% 25.00%          2 25.00%  a\n");
}

static void test_top_of_nothing(void)
{
    reported("n/count\n", SPEC(), TOP,
             "Type: n\n"
             "Showing nodes accounting for 0, 0% of 0 total\n"
             "      flat  flat%   sum%        cum   cum%\n");
}

/* --- tree */

#define BAR "----------------------------------------------------------+-------------\n"
#define TREE_HEAD                                                                                  \
    BAR "      flat  flat%   sum%        cum   cum%   calls calls% + context \t \t \n" BAR

static void test_tree(void)
{
    reported("n/count\n3 : b a main\n1 : c+a main\n", SPEC(), TREE,
             "Type: n\n"
             "Showing nodes accounting for 4, 100% of 4 total\n" TREE_HEAD
             "                                                 3   100% |   a\n"
             "         3 75.00% 75.00%          3 75.00%                | b\n" BAR
             "                                                 1   100% |   a (inline)\n"
             "         1 25.00%   100%          1 25.00%                | c\n" BAR
             "                                                 4   100% |   main\n"
             "         0     0%   100%          4   100%                | a\n"
             "                                                 3 75.00% |   b\n"
             "                                                 1 25.00% |   c (inline)\n" BAR
             "         0     0%   100%          4   100%                | main\n"
             "                                                 4   100% |   a\n" BAR);
}

static void test_peek_shows_what_matches(void)
{
    reported_on(sketch("n/count\n3 : b a main\n1 : c a main\n"), UNTRIMMED(), TREE, "^b", NULL,
                "Type: n\n"
                "Showing nodes accounting for 4, 100% of 4 total\n" TREE_HEAD
                "                                                 3   100% |   a\n"
                "         3 75.00% 75.00%          3 75.00%                | b\n" BAR);
}

static void test_peek_of_nothing_is_refused(void)
{
    struct profile *p = sketch("n/count\n3 : b a main\n");
    struct report r;
    struct tree t;
    struct error err = {0};
    struct report_spec spec = SPEC();
    struct regex *only = regex_compile("zzz", "argument", &err);
    CU_ASSERT_EQUAL(report_init(&r, p, &spec, NULL, &err), 0);
    CU_ASSERT_EQUAL(tree_init(&t, &r, only, &err), -1);
    CU_ASSERT_EQUAL(err.kind, ERROR_DATA);
    CU_ASSERT_STRING_EQUAL(err.text, "no function matches \"zzz\"");
    tree_release(&t);
    report_release(&r);
    regex_free(only);
    profile_free(p);
}

static void test_tree_of_nothing(void)
{
    reported("n/count\n", SPEC(), TREE,
             "Type: n\n"
             "Showing nodes accounting for 0, 0% of 0 total\n" BAR
             "      flat  flat%   sum%        cum   cum%   calls calls% + context \t \t \n");
}

/* --- traces, tags, comments */

#define TRACE_BAR "-----------+-------------------------------------------------------\n"

static void test_traces(void)
{
    reported("n/count\n"
             "3 : b@b.c:7+a main ; z=1 color=red color=blue size=#2048:bytes size=#1:bytes\n"
             "0 : a\n"
             "1 :\n",
             SPEC(), TRACES,
             "Type: n\n" TRACE_BAR "         z:  1\n" /* sorted as written, blanks first */
             "     color:  red blue\n"
             "      size:  2kB 1B\n"
             "         3   b b.c:7 (inline)\n"
             "             a\n"
             "             main\n" TRACE_BAR "         0   a\n" TRACE_BAR);
}

static void test_tags(void)
{
    reported("n/count\n"
             "3 : a ; color=red size=#2048:bytes\n"
             "5 : a ; color=blue size=#2048:bytes\n"
             "2 : a\n",
             SPEC(), TAGS,
             " color: Total 8 of 10 (80.00%)\n"
             "        5 (50.00%): blue\n"
             "        3 (30.00%): red\n"
             "\n"
             " size: Total 8 of 10 (80.00%)\n"
             "       8 (80.00%): 2kB\n"
             "\n");
    reported("n/count\n1 : a\n", SPEC(), TAGS, "");
}

static void test_comments(void)
{
    struct profile *p = sketch("n/count\n1 : a\n");
    profile_add_comment(p, profile_intern(p, "one"));
    profile_add_comment(p, profile_intern(p, "# two"));
    reported_on(p, SPEC(), COMMENTS, NULL, NULL, "one\n# two\n");
}

/* --- the lines above the rows */

static void test_header(void)
{
    struct profile *p = sketch("cpu/ns\n500000000 : a!/usr/bin/prog\n");
    setenv("TZ", "UTC", 1);
    tzset();
    p->mappings[0].build_id = profile_intern(p, "abc123");
    profile_add_comment(p, profile_intern(p, "a remark"));
    profile_add_comment(p, profile_intern(p, "# not shown"));
    p->doc_url = profile_intern(p, "https://example.org/doc");
    p->time_nanos = 1700000000123456789;
    p->duration_nanos = 2000000000;
    reported_on(p, SPEC(), HEADER, NULL, NULL,
                "File: prog\n"
                "Build ID: abc123\n"
                "a remark\n"
                "Type: cpu\n"
                "Doc: https://example.org/doc\n"
                "Time: 2023-11-14 22:13:20 UTC\n"
                "Duration: 2s, Total samples = 500ms (25.00%)\n");
}

/* Only times have a ratio; where there is none the line ends in a blank. */
static void test_duration_of_what_is_no_time(void)
{
    struct profile *p = sketch("n/count\n5 : a\n");
    p->duration_nanos = 1500000;
    reported_on(p, SPEC(), HEADER, NULL, NULL, "Type: n\nDuration: 1.50ms, Total samples = 5 \n");
    p = sketch("t/ns\n0 : a\n");
    p->duration_nanos = 1500000;
    reported_on(p, SPEC(), HEADER, NULL, NULL, "Type: t\nDuration: 1.50ms, Total samples = 0 \n");
}

static void test_times_before_1970(void)
{
    struct profile *p = sketch("n/count\n5 : a\n");
    setenv("TZ", "UTC", 1);
    tzset();
    p->time_nanos = -1;
    reported_on(p, SPEC(), HEADER, NULL, NULL, "Type: n\nTime: 1969-12-31 23:59:59 UTC\n");
}

static void test_filters_are_cut_at_80_bytes(void)
{
#define FORTY "focus=abcdefghijklmnopqrstuvwxyz01234567"
    reported_on(sketch("n/count\n1 : a\n"), SPEC(), TOP, NULL, FORTY FORTY,
                "Type: n\n"
                "Active filters:\n"
                "   " FORTY FORTY "\n"
                "Showing nodes accounting for 1, 100% of 1 total\n"
                "      flat  flat%   sum%        cum   cum%\n"
                "         1   100%   100%          1   100%  a\n");
    reported_on(sketch("n/count\n1 : a\n"), SPEC(.compact_labels = true), TOP, NULL,
                FORTY FORTY "!",
                "Active filters:\n"
                "   " FORTY FORTY "…\n"
                "Showing nodes accounting for 1, 100% of 1 total\n"
                "      flat  flat%   sum%        cum   cum%\n"
                "         1   100%   100%          1   100%  a\n");
}

static void test_one_dropped_node_is_no_plural(void)
{
    reported("n/count\n99 : a\n1 : b\n", SPEC(.nodefraction = 0.05), TOP,
             "Type: n\n"
             "Showing nodes accounting for 99, 99.00% of 100 total\n"
             "Dropped 1 node (cum <= 5)\n"
             "      flat  flat%   sum%        cum   cum%\n"
             "        99 99.00% 99.00%         99 99.00%  a\n");
}

/* --- units */

static void unit_is(const char *text, struct report_spec spec, bool integers, const char *want)
{
    struct profile *p = sketch(text);
    struct report r;
    struct top t;
    CU_ASSERT_EQUAL_FATAL(report_init(&r, p, &spec, NULL, NULL), 0);
    const char *asked = r.output_unit;
    top_init(&t, &r);
    r.output_unit = asked; /* top chose one for text; choose again */
    report_select_unit(&r, t.trimmed.graph, integers);
    CU_ASSERT_STRING_EQUAL(r.output_unit, want);
    top_release(&t);
    report_release(&r);
    profile_free(p);
}

static void test_unit_follows_the_least_value(void)
{
    unit_is("t/ns\n1 : a\n50 : b\n", SPEC(), false, "ns");
    unit_is("t/ns\n20000 : a\n5000000 : b\n", SPEC(), false, "ms"); /* 0.02ms */
    unit_is("t/ns\n20000 : a\n5000000 : b\n", SPEC(), true, "us");
    unit_is("t/ns\n60000 : a\n5000000 : b\n", SPEC(), false, "us");
    unit_is("t/ns\n0 : a\n5000000 : b\n", SPEC(), false, "ms");
    unit_is("s/bytes\n1 : a\n5000 : b\n", SPEC(), false, "B");
    unit_is("s/bytes\n100 : a\n50000 : b\n", SPEC(), false, "kB");
    unit_is("n/count\n1 : a\n", SPEC(), false, "count");
    unit_is("t/ns\n20000000 : a\n", SPEC(.divide_by = 1000), false, "us");
}

static void test_unit_that_is_asked_for(void)
{
    unit_is("t/ns\n1 : a\n", SPEC(.unit = "hrs"), false, "hrs");
    unit_is("t/ns\n1 : a\n", SPEC(.unit = "auto"), false, "auto");
}

/* --- what cannot be reported on */

static void refused(const char *text, struct report_spec spec, enum error_kind kind,
                    const char *part)
{
    struct profile *p = sketch(text);
    struct report r;
    struct error err = {0};
    CU_ASSERT_EQUAL(report_init(&r, p, &spec, NULL, &err), -1);
    CU_ASSERT_EQUAL(err.kind, kind);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, part));
    report_release(&r);
    profile_free(p);
}

static void test_refusals(void)
{
    refused("n/count\n", SPEC(.sample_index = "cpu"), ERROR_USAGE, "no sample type");
    struct report_spec by_zero = SPEC();
    by_zero.divide_by = 0;
    refused("n/count\n", by_zero, ERROR_USAGE, "divide_by");
    refused(" \n", SPEC(), ERROR_DATA, "no samples");
}

CU_TestInfo report_tests[] = {
    {"top", test_top},
    {"top: trimmed", test_top_trimmed},
    {"top: another value", test_top_of_another_value},
    {"top: means", test_top_of_means},
    {"top: divided", test_top_divided},
    {"top: inlined functions", test_top_marks_inlined_functions},
    {"top: negative values", test_top_of_negative_values},
    {"top: total of a diff base", test_total_of_a_diff_base},
    {"top: nothing", test_top_of_nothing},
    {"tree", test_tree},
    {"tree: nothing", test_tree_of_nothing},
    {"peek shows what matches", test_peek_shows_what_matches},
    {"peek of nothing", test_peek_of_nothing_is_refused},
    {"traces", test_traces},
    {"tags", test_tags},
    {"comments", test_comments},
    {"header", test_header},
    {"header: duration of what is no time", test_duration_of_what_is_no_time},
    {"header: times before 1970", test_times_before_1970},
    {"header: filters are cut at 80 bytes", test_filters_are_cut_at_80_bytes},
    {"header: one dropped node", test_one_dropped_node_is_no_plural},
    {"unit: by the least value", test_unit_follows_the_least_value},
    {"unit: asked for", test_unit_that_is_asked_for},
    {"refusals", test_refusals},
    CU_TEST_INFO_NULL,
};
