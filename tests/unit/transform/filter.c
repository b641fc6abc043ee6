/* Tests of analyzer/transform/filter.h: each filter on a few stacks of a program in which main
 * calls work, which calls alloc, and idle. */
#include "analyzer/transform/filter.h"

#include "tests/unit/sketch.h"

#include <CUnit/CUnit.h>
#include <string.h>

static const char program[] = "cpu/ms\n"
                              "1 : alloc work main\n"
                              "2 : idle main\n"
                              "4 : alloc main\n";

/* What SPEC leaves of the profile TEXT must be WANT, with NOTE as the only remark (NULL: none). */
static void filtered(const char *text, struct filter_spec spec, const char *want, const char *note)
{
    struct profile *p = sketch(text);
    struct lines notes = {0};
    struct error err = {0};
    CU_ASSERT_EQUAL(filter_apply(p, &spec, &notes, &err), 0);
    sketch_expect(p, want);
    CU_ASSERT_EQUAL(notes.count, note ? 1 : 0);
    if (note && notes.count)
        CU_ASSERT_STRING_EQUAL(notes.items[0], note);
    lines_release(&notes);
    profile_free(p);
}

#define FILTERED(text, want, ...) filtered(text, (struct filter_spec){__VA_ARGS__}, want, NULL)

static void test_nothing_asked_nothing_changed(void)
{
    FILTERED(program, program, .focus = NULL);
    FILTERED(program, program, .focus = "", .ignore = "", .hide = "", .show = "", .show_from = "",
             .prune_from = "", .tagfocus = "", .tagignore = "", .tagshow = "", .taghide = "");
}

static void test_focus_keeps_samples(void)
{
    FILTERED(program, "cpu/ms\n1 : alloc work main\n", .focus = "work");
    FILTERED(program, "cpu/ms\n1 : alloc work main\n4 : alloc main\n", .focus = "^al");
    FILTERED(program, program, .focus = "main");
    FILTERED(program, "cpu/ms\n1 : alloc work main\n2 : idle main\n", .focus = "work|idle");
}

static void test_ignore_drops_samples(void)
{
    FILTERED(program, "cpu/ms\n2 : idle main\n4 : alloc main\n", .ignore = "work");
    FILTERED(program, "cpu/ms\n", .ignore = "main");
}

static void test_ignore_wins_over_focus(void)
{
    FILTERED(program, "cpu/ms\n4 : alloc main\n", .focus = "alloc", .ignore = "work");
    /* what is ignored does not count as focused on */
    filtered(program, (struct filter_spec){.focus = "alloc", .ignore = "alloc"}, "cpu/ms\n",
             "Focus expression matched no samples");
}

static void test_hide_drops_frames(void)
{
    FILTERED(program, "cpu/ms\n1 : alloc main\n2 : idle main\n4 : alloc main\n", .hide = "work");
    FILTERED(program, "cpu/ms\n1 : work\n2 : idle\n",
             .hide = "alloc|main"); /* the third is empty */
}

static void test_show_keeps_frames(void)
{
    FILTERED(program, "cpu/ms\n1 : work\n", .show = "work");
    FILTERED(program, "cpu/ms\n1 : work main\n2 : main\n4 : main\n", .show = "work|main");
    FILTERED(program, "cpu/ms\n1 : work\n", .show = "work|main", .hide = "main");
}

static void test_show_from_cuts_the_roots_side(void)
{
    FILTERED(program, "cpu/ms\n1 : alloc work\n", .show_from = "work");
    /* the highest match counts when there are several */
    FILTERED("cpu/ms\n1 : work alloc work main\n", "cpu/ms\n1 : work alloc work\n",
             .show_from = "work");
}

static void test_prune_from_cuts_the_leafs_side(void)
{
    FILTERED(program, "cpu/ms\n1 : work main\n2 : idle main\n4 : alloc main\n",
             .prune_from = "work");
    /* the lowest match counts when there are several */
    FILTERED("cpu/ms\n1 : alloc work work main\n", "cpu/ms\n1 : work work main\n",
             .prune_from = "work");
}

static void test_names_are_functions_files_and_binaries(void)
{
    static const char text[] =
        "cpu/ms\n1 : f@lib/x.c\n2 : x!/bin/y\n4 : 0x10!/lib/z.so\n8 : 0x20\n";
    FILTERED(text, "cpu/ms\n1 : f@lib/x.c\n", .focus = "lib/x\\.c$");
    FILTERED(text, "cpu/ms\n2 : x!/bin/y\n", .focus = "bin");
    FILTERED(text, "cpu/ms\n4 : 0x10!/lib/z.so\n", .focus = "\\.so");
    FILTERED(text, "cpu/ms\n1 : f@lib/x.c\n2 : x!/bin/y\n8 : 0x20\n", .ignore = "\\.so");
}

static void test_inlined_lines_are_filtered_one_by_one(void)
{
    static const char text[] = "cpu/ms\n1 : a+b+c main\n";
    FILTERED(text, "cpu/ms\n1 : a+c main\n", .hide = "b");
    FILTERED(text, "cpu/ms\n1 : a+b\n", .show = "a$|b");
    FILTERED(text, "cpu/ms\n1 : a+b\n", .show_from = "b");
    FILTERED(text, "cpu/ms\n1 : b+c main\n", .prune_from = "b");
    FILTERED(text, text, .focus = "b");
    FILTERED(text, "cpu/ms\n", .ignore = "b");
}

/* A binary stands for all of its lines. */
static void test_binary_hides_and_shows_whole_locations(void)
{
    static const char text[] = "cpu/ms\n1 : a+b!libc main!prog\n";
    FILTERED(text, "cpu/ms\n1 : main!prog\n", .hide = "libc");
    FILTERED(text, "cpu/ms\n1 : a+b!libc\n", .show = "libc");
    FILTERED(text, "cpu/ms\n1 : a+b!libc\n", .show_from = "libc");
}

static void test_stacks_without_frames(void)
{
    FILTERED("cpu/ms\n1 :\n2 : a\n4 : b\n", "cpu/ms\n2 : a\n", .ignore = "b");
    FILTERED("cpu/ms\n1 :\n2 : a\n", "cpu/ms\n2 : a\n", .show_from = "a");
    FILTERED("cpu/ms\n1 : ; k=v\n2 : a\n", "cpu/ms\n1 : ; k=v\n", .tagfocus = "k=v");
}

static const char tagged[] = "cpu/ms\n"
                             "1 : main ; color=red size=#10:kb\n"
                             "2 : main ; color=blue size=#20:kb\n"
                             "4 : main\n";

static void test_tagfocus_keeps_samples(void)
{
    FILTERED(tagged, "cpu/ms\n1 : main ; color=red size=#10:kb\n", .tagfocus = "color=red");
    FILTERED(tagged, "cpu/ms\n2 : main ; color=blue size=#20:kb\n", .tagfocus = "olor:b");
}

static void test_tagignore_drops_samples(void)
{
    FILTERED(tagged, "cpu/ms\n2 : main ; color=blue size=#20:kb\n4 : main\n",
             .tagignore = "color=red");
    FILTERED(tagged, "cpu/ms\n1 : main ; color=red size=#10:kb\n", .tagfocus = "color=red|blue",
             .tagignore = "color=blue");
}

static void test_tagshow_and_taghide_drop_labels(void)
{
    FILTERED(tagged, "cpu/ms\n1 : main ; color=red\n2 : main ; color=blue\n4 : main\n",
             .tagshow = "color");
    FILTERED(tagged, "cpu/ms\n1 : main ; size=#10:kb\n2 : main ; size=#20:kb\n4 : main\n",
             .taghide = "^c");
    FILTERED(tagged, "cpu/ms\n1 : main\n2 : main\n4 : main\n", .tagshow = "color",
             .taghide = "color|nothing");
}

/* The tag filters look at what the filters by name have left, the stack filters at what those. */
static void test_filters_work_together(void)
{
    FILTERED("cpu/ms\n"
             "1 : leaf alloc work main ; k=a\n"
             "2 : leaf alloc work main ; k=b\n"
             "4 : leaf alloc main ; k=a\n",
             "cpu/ms\n1 : alloc work\n", .focus = "work", .show_from = "work", .tagfocus = "k=a",
             .taghide = "k", .prune_from = "alloc");
}

static void test_no_match_is_remarked_on(void)
{
    filtered(program, (struct filter_spec){.focus = "zzz"}, "cpu/ms\n",
             "Focus expression matched no samples");
    filtered(program, (struct filter_spec){.ignore = "zzz"}, program,
             "Ignore expression matched no samples");
    filtered(program, (struct filter_spec){.hide = "zzz"}, program,
             "Hide expression matched no samples");
    filtered(program, (struct filter_spec){.show = "zzz"}, "cpu/ms\n",
             "Show expression matched no samples");
    filtered(program, (struct filter_spec){.show_from = "zzz"}, "cpu/ms\n",
             "ShowFrom expression matched no samples");
    filtered(program, (struct filter_spec){.tagfocus = "zzz"}, "cpu/ms\n",
             "TagFocus expression matched no samples");
    filtered(program, (struct filter_spec){.tagignore = "zzz"}, program,
             "TagIgnore expression matched no samples");
    filtered(tagged, (struct filter_spec){.tagshow = "zzz"},
             "cpu/ms\n1 : main\n2 : main\n4 : main\n", "TagShow expression matched no samples");
    filtered(tagged, (struct filter_spec){.taghide = "zzz"}, tagged,
             "TagHide expression matched no samples");
    filtered(program, (struct filter_spec){.prune_from = "zzz"}, program, NULL);
}

static void refused(struct filter_spec spec, const char *part)
{
    struct profile *p = sketch(program);
    struct error err = {0};
    struct lines notes = {0};
    CU_ASSERT_EQUAL(filter_apply(p, &spec, &notes, &err), -1);
    CU_ASSERT_EQUAL(err.kind, ERROR_USAGE);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, part));
    lines_release(&notes);
    profile_free(p);
}

static void test_bad_patterns_name_their_option(void)
{
    refused((struct filter_spec){.focus = "("}, "focus");
    refused((struct filter_spec){.ignore = "("}, "ignore");
    refused((struct filter_spec){.hide = "("}, "hide");
    refused((struct filter_spec){.show = "("}, "show");
    refused((struct filter_spec){.show_from = "("}, "show_from");
    refused((struct filter_spec){.prune_from = "("}, "prune_from");
    refused((struct filter_spec){.tagfocus = "("}, "tagfocus");
    refused((struct filter_spec){.tagignore = "k=("}, "tagignore");
    refused((struct filter_spec){.tagshow = "("}, "tagshow");
    refused((struct filter_spec){.taghide = "("}, "taghide");
    refused((struct filter_spec){.focus = "(?=x)"}, "focus"); /* RE2 has no lookahead */
}

CU_TestInfo filter_tests[] = {
    {"nothing asked, nothing changed", test_nothing_asked_nothing_changed},
    {"focus keeps samples", test_focus_keeps_samples},
    {"ignore drops samples", test_ignore_drops_samples},
    {"ignore wins over focus", test_ignore_wins_over_focus},
    {"hide drops frames", test_hide_drops_frames},
    {"show keeps frames", test_show_keeps_frames},
    {"show_from cuts the root's side", test_show_from_cuts_the_roots_side},
    {"prune_from cuts the leaf's side", test_prune_from_cuts_the_leafs_side},
    {"names are functions, files, binaries", test_names_are_functions_files_and_binaries},
    {"inlined lines are filtered one by one", test_inlined_lines_are_filtered_one_by_one},
    {"a binary stands for whole locations", test_binary_hides_and_shows_whole_locations},
    {"stacks without frames", test_stacks_without_frames},
    {"tagfocus keeps samples", test_tagfocus_keeps_samples},
    {"tagignore drops samples", test_tagignore_drops_samples},
    {"tagshow and taghide drop labels", test_tagshow_and_taghide_drop_labels},
    {"filters work together", test_filters_work_together},
    {"no match is remarked on", test_no_match_is_remarked_on},
    {"bad patterns name their option", test_bad_patterns_name_their_option},
    CU_TEST_INFO_NULL,
};
