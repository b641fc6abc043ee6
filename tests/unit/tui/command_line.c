/* Tests of tui/command_line.h, analyzer/cli/command_text.h, and of analyzer/transform/step.h. */
#include "tui/command_line.h"

#include "analyzer/cli/command_text.h"
#include "analyzer/cli/options.h"
#include "tests/unit/sketch.h"
#include "tui/clipboard.h"

#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>

/* The command line of VIEW after STEPS, "focus=a" and the like up to a NULL, with OPTIONS, which
 * are a name and a value in turn. */
static void expect(enum view_id view, const char *const *options, const char *const *steps,
                   const char *want)
{
    struct config cfg;
    struct steps stack = {0};
    struct buf got = {0};
    config_init(&cfg);
    string_list_add(&cfg.source.sources, "a b.pb.gz");
    for (; options && *options; options += 2)
        CU_ASSERT_EQUAL(option_set(&cfg, option_find(options[0]), options[1], NULL), 0);
    for (; steps && *steps; steps++) {
        struct step step = {0};
        CU_ASSERT_EQUAL(step_parse(&step, *steps, NULL), 0);
        steps_push(&stack, step.kind, step.text);
    }
    struct command_line_view of = {
        .id = view, .function = {"f(x)", 4}, .by_cum = cfg.report.cum_sort};
    command_line_add(&got, &of, &cfg, &stack);
    sketch_expect_text(got.data, want);
    buf_release(&got);
    steps_release(&stack);
    config_release(&cfg);
}

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})

static void test_views_and_options(void)
{
    expect(VIEW_TOP, NULL, NULL, "cpprof top -trim=false 'a b.pb.gz'");
    expect(VIEW_PEEK, NULL, NULL, "cpprof peek '^f\\(x\\)$' 'a b.pb.gz'");
    expect(VIEW_SOURCE, LIST("focus", "it's", "sort", "cum", "unit", "ms"), NULL,
           "cpprof list -unit=ms '-focus=it'\\''s' '^f\\(x\\)$' 'a b.pb.gz'");
    expect(VIEW_TOP,
           LIST("granularity", "lines", "sort", "cum", "divide_by", "0.1", "mean", "true"), NULL,
           "cpprof top -mean -divide_by=0.10000000000000001 -lines -cum -trim=false 'a b.pb.gz'");
    expect(VIEW_FLAME, LIST("diff_base", "old.pb.gz"), NULL,
           "cpprof flame -diff_base=old.pb.gz 'a b.pb.gz'");
    expect(VIEW_TOP, LIST("diff_base", "old.pb.gz"), NULL,
           "cpprof diff -trim=false old.pb.gz 'a b.pb.gz'");
}

/* Filters that pprof would apply in this order are options; what comes too late, or twice, and all
 * behind it, is a step. */
static void test_steps(void)
{
    expect(VIEW_LABELS, NULL, LIST("focus=a", "hide=b", "tagfocus=k=c"),
           "cpprof tags -focus=a -hide=b -tagfocus=k=c 'a b.pb.gz'");
    expect(VIEW_LABELS, NULL, LIST("hide=b", "focus=a", "ignore=c"),
           "cpprof tags -hide=b -then=focus=a -then=ignore=c 'a b.pb.gz'");
    expect(VIEW_LABELS, NULL, LIST("focus=a", "focus=b"),
           "cpprof tags -focus=a -then=focus=b 'a b.pb.gz'");
    expect(VIEW_LABELS, LIST("prune_from", "p"), LIST("focus=a"),
           "cpprof tags -prune_from=p -then=focus=a 'a b.pb.gz'");
    expect(VIEW_LABELS, NULL, LIST("charge=a", "collapse_recursion", "collapse_recursion"),
           "cpprof tags -hide=a -collapse_recursion -then=collapse_recursion 'a b.pb.gz'");
    expect(VIEW_LABELS, LIST("tagroot", "a"), LIST("focus=x", "tagroot=b", "tagroot=c"),
           "cpprof tags -focus=x -tagroot=c,b,a 'a b.pb.gz'");
}

static void test_unknown_step(void)
{
    struct step step;
    struct error err;
    CU_ASSERT_EQUAL(step_parse(&step, "focus", &err), 0);
    CU_ASSERT_STRING_EQUAL(step.text, "");
    CU_ASSERT_EQUAL(step_parse(&step, "show=a=b", &err), 0);
    CU_ASSERT_EQUAL(step.kind, STEP_SHOW);
    CU_ASSERT_STRING_EQUAL(step.text, "a=b");
    CU_ASSERT_EQUAL(step_parse(&step, "foc=a", &err), -1);
    CU_ASSERT_EQUAL(err.kind, ERROR_USAGE);
}

static void test_clipboard(void)
{
    static const char *const cases[][2] = {
        {"", "\033]52;c;\a"},
        {"a", "\033]52;c;YQ==\a"},
        {"ab", "\033]52;c;YWI=\a"},
        {"abc\xff", "\033]52;c;YWJj/w==\a"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf got = {0};
        clipboard_sequence(&got, (struct str){cases[i][0], strlen(cases[i][0])});
        CU_ASSERT_STRING_EQUAL(got.data, cases[i][1]);
        buf_release(&got);
    }
    struct buf got = {0};
    char *much = calloc(60000, 1);
    clipboard_sequence(&got, (struct str){much, 60000});
    CU_ASSERT_EQUAL(got.len, 0);
    free(much);
}

CU_TestInfo command_line_tests[] = {
    {"views and options", test_views_and_options},
    {"steps", test_steps},
    {"unknown step", test_unknown_step},
    {"clipboard", test_clipboard},
    CU_TEST_INFO_NULL,
};
