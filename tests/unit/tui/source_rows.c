/* Tests of tui/source_rows.h. */
#include "tui/source_rows.h"

#include "tests/unit/sketch.h"

#include <CUnit/CUnit.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A source of 20 lines, "line 1" to "line 20", in a directory of its own. */
static char root[40];

static void begin(void)
{
    char path[100];
    strcpy(root, "/tmp/source_rows-XXXXXX");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(root));
    snprintf(path, sizeof path, "%s/a.c", root);
    FILE *f = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(f);
    for (int i = 1; i <= 20; i++)
        fprintf(f, "line %d\n", i);
    fclose(f);
}

static void end(void)
{
    char path[100];
    snprintf(path, sizeof path, "%s/a.c", root);
    CU_ASSERT_EQUAL(unlink(path), 0);
    CU_ASSERT_EQUAL(rmdir(root), 0);
}

struct side {
    struct profile *p;
    struct report_spec spec;
    struct report r;
};

static void side_init(struct side *s, const char *text)
{
    *s = (struct side){.p = sketch(text),
                       .spec = {.sample_index = "",
                                .unit = "minimum",
                                .divide_by = 1,
                                .source_path = root,
                                .trim_path = ""}};
    CU_ASSERT_EQUAL_FATAL(report_init(&s->r, s->p, &s->spec, NULL, NULL), 0);
}

static void side_release(struct side *s)
{
    report_release(&s->r);
    profile_free(s->p);
}

static void add_value(struct buf *b, struct calltree_value v, bool both)
{
    if (both)
        buf_printf(b, "%" PRId64 ">", v.old);
    buf_printf(b, "%" PRId64 " ", v.new);
}

/* A line per row that has something to say: those without samples are left out. */
static void show(struct buf *b, const struct source_rows *s, bool both)
{
    for (size_t i = 0; i < s->count; i++) {
        const struct source_row *row = &s->rows[i];
        bool any = row->cum.old || row->cum.new;
        if (row->kind == SOURCE_LINE && !any)
            continue;
        buf_pad(b, ' ', row->kind == SOURCE_INLINED ? 2 + row->depth : 0);
        if (row->kind == SOURCE_NOTE)
            continue;
        if (row->kind != SOURCE_PROBLEM) {
            add_value(b, row->flat, both);
            add_value(b, row->cum, both);
        }
        if (row->number)
            buf_printf(b, "%" PRId64 ": ", row->number);
        buf_str(b, row->text);
        if (row->kind == SOURCE_INLINED) {
            buf_puts(b, " in ");
            buf_str(b, row->file);
        }
        buf_puts(b, "\n");
    }
    buf_puts(b, "hottest:");
    for (size_t i = 0; i < s->hottest_count; i++)
        buf_printf(b, " %" PRId64, s->rows[s->hottest[i]].number);
}

static void expect(const char *new, const char *old, const char *regex, const char *want)
{
    struct side sides[2];
    struct error err = {0};
    struct buf got = {0};
    struct regex *only = regex_compile(regex, "function", &err);
    side_init(&sides[0], new);
    if (old)
        side_init(&sides[1], old);
    struct source_rows *s = source_rows_new(&sides[0].r, old ? &sides[1].r : NULL, only, &err);
    if (s)
        show(&got, s, old);
    else
        buf_puts(&got, err.text);
    sketch_expect_text(got.data, want);
    buf_release(&got);
    source_rows_free(s);
    regex_free(only);
    side_release(&sides[0]);
    if (old)
        side_release(&sides[1]);
}

static void test_lines_by_heat(void)
{
    begin();
    expect("cpu/ms\n"
           "5 : f@a.c:7 main@a.c:20\n"
           "9 : g@a.c:2 f@a.c:8 main@a.c:20\n"
           "10 : f@a.c:12 main@a.c:20\n",
           NULL, "^f$",
           "15 24 f in a.c\n"
           "5 5 7: line 7\n"
           "0 9 8: line 8\n"
           "10 10 12: line 12\n"
           "hottest: 12 7 8");
    end();
}

/* A line's inlined calls are below it, heaviest first, each once per stack. */
static void test_inlined_frames(void)
{
    begin();
    expect("cpu/ms\n"
           "3 : k@b.h:1+h@b.h:4+f@a.c:7 main@a.c:20\n"
           "4 : h@b.h:5+f@a.c:7 main@a.c:20\n"
           "1 : g@a.c:2 h@b.h:5+f@a.c:7 h@b.h:5+f@a.c:7 main@a.c:20\n"
           "2 : f@a.c:7 main@a.c:20\n",
           NULL, "^f$",
           "2 10 f in a.c\n"
           "2 10 7: line 7\n"
           "  4 5 5: h in b.h\n"
           "  0 3 4: h in b.h\n"
           "   3 3 1: k in b.h\n"
           "hottest: 7");
    /* Seen from the inlined function its line is a line like any other. */
    expect("cpu/ms\n3 : k@b.h:1+h@a.c:4+f@a.c:7\n", NULL, "^h$",
           "0 3 h in a.c\n"
           "0 3 4: line 4\n"
           "  3 3 1: k in b.h\n"
           "hottest: 4");
    end();
}

static void test_old_and_new(void)
{
    begin();
    expect("cpu/ms\n5 : f@a.c:7\n1 : h@b.h:5+f@a.c:8\n", "cpu/ms\n2 : f@a.c:7\n4 : f@a.c:3\n", "f",
           "6>5 6>6 f in a.c\n"
           "4>0 4>0 3: line 3\n"
           "2>5 2>5 7: line 7\n"
           "0>0 0>1 8: line 8\n"
           "  0>1 0>1 5: h in b.h\n"
           "hottest: 3 7 8");
    /* What only the base has is there, too. */
    expect("cpu/ms\n5 : g@a.c:7\n", "cpu/ms\n2 : f@a.c:7\n", "^f$",
           "2>0 2>0 f in a.c\n"
           "2>0 2>0 7: line 7\n"
           "hottest: 7");
    end();
}

/* Without a source the lines are there with their numbers, and what was looked for is said. */
static void test_missing_source(void)
{
    struct buf want = {0};
    begin();
    buf_printf(&want,
               "3 3 f in x/gone.c\n"
               "could not find file x/gone.c on path %s\n"
               "1 1 7: \n"
               "2 2 9: \n"
               "hottest: 9 7",
               root);
    expect("cpu/ms\n1 : f@x/gone.c:7\n2 : f@x/gone.c:9\n", NULL, "f", want.data);
    buf_release(&want);
    expect("cpu/ms\n1 : f@a.c:70\n", NULL, "f",
           "1 1 f in a.c\n"
           "the file has no such lines: it is not the one that was compiled\n"
           "1 1 70: \n"
           "hottest: 70");
    expect("cpu/ms\n1 : f\n", NULL, "f",
           "the profile does not say where the source of f is\n"
           "hottest:");
    expect("cpu/ms\n1 : f@a.c:7\n", NULL, "nothing", "no function matches \"nothing\"");
    end();
}

static void test_finds_lines(void)
{
    struct side side;
    begin();
    side_init(&side, "cpu/ms\n1 : f@a.c:7\n1 : h@b.c:9+f@a.c:8\n");
    struct regex *only = regex_compile("^f$", "function", NULL);
    struct source_rows *s = source_rows_new(&side.r, NULL, only, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    CU_ASSERT_EQUAL(s->rows[source_rows_find(s, 8)].number, 8);
    CU_ASSERT_EQUAL(s->rows[source_rows_find(s, 9)].kind, SOURCE_LINE);
    CU_ASSERT_EQUAL(s->rows[source_rows_find(s, INT64_MAX)].number, 13);
    CU_ASSERT_EQUAL(s->rows[source_rows_find(s, INT64_MIN)].number, 2);
    source_rows_free(s);
    regex_free(only);
    side_release(&side);
    end();
}

CU_TestInfo source_rows_tests[] = {
    {"lines by heat", test_lines_by_heat}, {"inlined frames", test_inlined_frames},
    {"old and new", test_old_and_new},     {"missing source", test_missing_source},
    {"finds lines", test_finds_lines},     CU_TEST_INFO_NULL,
};
