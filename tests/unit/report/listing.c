/* Tests of analyzer/report/listing.h, printed by analyzer/render/text_listing.h. */
#include "analyzer/report/listing.h"

#include "analyzer/render/text_listing.h"
#include "tests/unit/sketch.h"

#include <CUnit/CUnit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A source of 40 lines, "line 1" to "line 40", in a directory of its own. */
static char root[] = "/tmp/listing-XXXXXX";

static void begin(void)
{
    char path[100];
    strcpy(root, "/tmp/listing-XXXXXX");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(root));
    snprintf(path, sizeof path, "%s/a.c", root);
    FILE *f = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(f);
    for (int i = 1; i <= 40; i++)
        fprintf(f, "%sline %d\n", i == 12 ? "\t" : "", i);
    fclose(f);
}

static void end(void)
{
    char path[100];
    snprintf(path, sizeof path, "%s/a.c", root);
    CU_ASSERT_EQUAL(unlink(path), 0);
    CU_ASSERT_EQUAL(rmdir(root), 0);
}

enum { PIPE = 0, TERMINAL = 1 };

/* What `list REGEX` prints for P, or the sentence of its failure; the caller frees it. */
static char *listed(struct profile *p, const char *regex, struct report_spec spec, int to)
{
    struct error err = {0};
    struct report r;
    struct listing l;
    struct out o;
    spec.sample_index = "";
    spec.unit = "minimum";
    spec.divide_by = 1;
    spec.source_path = root;
    spec.trim_path = "";
    struct regex *only = regex_compile(regex, "argument", &err);
    CU_ASSERT_EQUAL_FATAL(report_init(&r, p, &spec, NULL, &err), 0);
    out_init_fd(&o, -1);
    o.terminal = o.color = to == TERMINAL;
    o.width = to == TERMINAL ? 60 : 0;
    char *text;
    if (listing_init(&l, &r, only, &err) == 0) {
        text_listing(&o, &r, &l);
        text = buf_detach(&o.buf);
    } else {
        text = strdup(err.text);
    }
    listing_release(&l);
    out_abandon(&o);
    report_release(&r);
    regex_free(only);
    return text;
}

static void expect(const char *text, const char *regex, struct report_spec spec, const char *want)
{
    struct profile *p = sketch(text);
    char *got = listed(p, regex, spec, PIPE);
    sketch_expect_text(got, want);
    free(got);
    profile_free(p);
}

static void test_lines_around_samples(void)
{
    begin();
    expect("cpu/ms\n"
           "10 : f@a.c:10 main@a.c:30\n"
           "5 : f@a.c:12 main@a.c:30\n"
           "1 : g@a.c:20 f@a.c:12 main@a.c:30\n",
           "^f$", (struct report_spec){0},
           "Total: 16ms\n"
           "ROUTINE ======================== f in a.c\n"
           "      15ms       16ms (flat, cum)   100% of Total\n"
           "         .          .      5:line 5\n"
           "         .          .      6:line 6\n"
           "         .          .      7:line 7\n"
           "         .          .      8:line 8\n"
           "         .          .      9:line 9\n"
           "      10ms       10ms     10:line 10\n"
           "         .          .     11:line 11\n"
           "       5ms        6ms     12:\tline 12\n"
           "         .          .     13:line 13\n"
           "         .          .     14:line 14\n"
           "         .          .     15:line 15\n"
           "         .          .     16:line 16\n"
           "         .          .     17:line 17\n");
    end();
}

/* No lines before the first and behind the last; a line that is not known; one that is not there.
 */
static void test_ends_of_the_file(void)
{
    begin();
    expect("cpu/ms\n1 : f@a.c\n", "f", (struct report_spec){0},
           "Total: 1ms\n"
           "ROUTINE ======================== f in a.c\n"
           "       1ms        1ms (flat, cum)   100% of Total\n"
           "         .          .      1:line 1\n"
           "         .          .      2:line 2\n"
           "         .          .      3:line 3\n"
           "         .          .      4:line 4\n"
           "         .          .      5:line 5\n");
    expect("cpu/ms\n1 : f@a.c:39\n2 : f@a.c:1000000000000\n", "f", (struct report_spec){0},
           "Total: 3ms\n"
           "ROUTINE ======================== f in a.c\n"
           "       3ms        3ms (flat, cum)   100% of Total\n"
           "         .          .     34:line 34\n"
           "         .          .     35:line 35\n"
           "         .          .     36:line 36\n"
           "         .          .     37:line 37\n"
           "         .          .     38:line 38\n"
           "       1ms        1ms     39:line 39\n"
           "         .          .     40:line 40\n");
    end();
}

/* A function that says where it begins is shown from there, and in the order of lines, whatever
 * comes first in the profile. */
static void test_begins_at_the_function(void)
{
    begin();
    struct profile *p = sketch("cpu/ms\n1 : f@a.c:12\n1 : f@a.c:3\n");
    for (size_t i = 0; i < p->function_count; i++)
        p->functions[i].start_line = 11;
    char *got = listed(p, "f", (struct report_spec){0}, PIPE);
    CU_ASSERT_PTR_NOT_NULL(strstr(got, "100% of Total\n         .          .     11:line 11\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(got, "     17:line 17\n"));
    free(got);
    profile_free(p);
    end();
}

static void test_several_files(void)
{
    char want[1000];
    begin();
    snprintf(want, sizeof want,
             "Total: 10ms\n"
             "ROUTINE ======================== f in /nonexistent/c.c\n"
             "       4ms        4ms (flat, cum) 40.00%% of Total\n"
             " Error: open /nonexistent/c.c: no such file or directory\n"
             "ROUTINE ======================== f in b.c\n"
             "       3ms        3ms (flat, cum) 30.00%% of Total\n"
             " Error: could not find file b.c on path %s\n"
             "No source information for g\n",
             root);
    expect("cpu/ms\n3 : f@b.c:1\n3 : f@/nonexistent/c.c:1\n1 : f@/nonexistent/c.c:2\n3 : g\n", ".",
           (struct report_spec){0}, want);
    end();
}

static void test_nothing_matches(void)
{
    expect("cpu/ms\n1 : f@b.c:1\n", "g", (struct report_spec){0}, "no function matches \"g\"");
    expect("cpu/ms\n-1 : f@b.c:1\n", "f", (struct report_spec){.drop_negative = true},
           "no function matches \"f\"");
}

static void test_terminal(void)
{
    begin();
    struct profile *p = sketch("cpu/ms\n990 : f@a.c:12\n9 : f@a.c:8\n20 : f@a.c:9\n");
    char *got = listed(p, "f", (struct report_spec){0}, TERMINAL);
    CU_ASSERT_PTR_NOT_NULL(
        strstr(got, "\033[1;31m     990ms      990ms     12:   line 12\033[0m\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(got, "\033[33m      20ms       20ms      9:line 9\033[0m\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(got, "\n       9ms        9ms      8:line 8\n"));
    free(got);
    profile_free(p);
    end();
}

CU_TestInfo listing_tests[] = {
    {"lines around samples", test_lines_around_samples},
    {"ends of the file", test_ends_of_the_file},
    {"begins at the function", test_begins_at_the_function},
    {"several files", test_several_files},
    {"nothing matches", test_nothing_matches},
    {"on a terminal", test_terminal},
    CU_TEST_INFO_NULL,
};
