/* Tests of analyzer/transform/prune.h and aggregate.h. */
#include "analyzer/transform/prune.h"

#include "analyzer/transform/aggregate.h"
#include "tests/unit/sketch.h"

#include <CUnit/CUnit.h>

/* --- frames a profile calls uninteresting */

static void pruned(const char *text, const char *drop, const char *keep, const char *want)
{
    struct profile *p = sketch(text);
    p->drop_frames = profile_intern(p, drop);
    p->keep_frames = profile_intern(p, keep);
    prune_uninteresting(p);
    sketch_expect(p, want);
    profile_free(p);
}

static void test_dropped_frames_take_what_they_called_along(void)
{
    pruned("n/count\n1 : lock malloc new work main\n", "malloc|new", "",
           "n/count\n1 : work main\n");
    pruned("n/count\n1 : work malloc main\n", "malloc", "", "n/count\n1 : main\n");
    pruned("n/count\n1 : malloc main\n", "", "", "n/count\n1 : malloc main\n");
}

static void test_patterns_match_whole_names(void)
{
    pruned("n/count\n1 : mallocate main\n2 : my_malloc main\n4 : malloc main\n", "malloc", "",
           "n/count\n1 : mallocate main\n2 : my_malloc main\n4 : main\n");
}

static void test_keep_frames_are_exceptions(void)
{
    pruned("n/count\n1 : malloc_hook main\n2 : malloc main\n", "malloc.*", "malloc_hook",
           "n/count\n1 : malloc_hook main\n2 : main\n");
    pruned("n/count\n1 : malloc_hook main\n", "malloc.*", "malloc",
           "n/count\n1 : main\n"); /* keep matches whole names, too */
}

/* What begins a thread may match without the stack being emptied. */
static void test_nothing_is_dropped_at_the_root(void)
{
    pruned("n/count\n1 : malloc start\n2 : malloc work start\n3 : start\n", "malloc|start", "",
           "n/count\n1 : malloc start\n2 : work start\n3 : start\n");
}

static void test_arguments_are_no_part_of_a_name(void)
{
    pruned("n/count\n"
           "1 : operator~new(unsigned~long) main\n"
           "2 : .entry(int) main\n"
           "4 : (anonymous~namespace)::f(int) main\n"
           "8 : Less::operator()(int)~const main\n"
           "16 : g(int)::h main\n",
           "operator new|entry|\\(anonymous namespace\\)::f|Less::operator\\(\\)|g", "",
           "n/count\n1 : main\n2 : main\n4 : main\n8 : main\n16 : main\n");
}

static void test_inlined_frames_are_dropped_alone(void)
{
    pruned("n/count\n1 : lock malloc+work main\n", "malloc", "", "n/count\n1 : work main\n");
    pruned("n/count\n1 : work+malloc main\n", "malloc", "", "n/count\n1 : main\n");
    pruned("n/count\n1 : a+malloc+b+malloc+c main\n", "malloc", "", "n/count\n1 : c main\n");
}

static void test_bad_patterns_are_ignored(void)
{
    static const char text[] = "n/count\n1 : malloc main\n";
    pruned(text, "malloc(", "", text);
    pruned(text, "malloc", "(", text);
    pruned(text, "", "malloc", text);
}

static void test_prune_from_keeps_the_frame(void)
{
    struct profile *p = sketch("n/count\n1 : c b a\n2 : b c b a\n4 : c+b+x a\n8 : c\n");
    struct regex *re = regex_compile("^b$", "prune_from", NULL);
    prune_from(p, re);
    sketch_expect(p, "n/count\n1 : b a\n2 : b c b a\n4 : b+x a\n8 : c\n");
    regex_free(re);
    profile_free(p);
}

/* --- granularity */

static void aggregated(struct aggregate_spec spec, const char *want)
{
    struct profile *p = sketch("n/count\n1 : 0x10=in@in.c:5:2+f@f.c:7:9!prog 0x20!prog\n");
    aggregate_apply(p, &spec);
    sketch_expect(p, want);
    profile_free(p);
}

static void test_granularities(void)
{
    aggregated((struct aggregate_spec){.granularity = GRANULARITY_FUNCTIONS},
               "n/count\n1 : in+f!prog 0x0!prog\n");
    aggregated((struct aggregate_spec){.granularity = GRANULARITY_FILEFUNCTIONS},
               "n/count\n1 : in@in.c+f@f.c!prog 0x0!prog\n");
    aggregated((struct aggregate_spec){.granularity = GRANULARITY_FILES},
               "n/count\n1 : @in.c+@f.c!prog 0x0!prog\n");
    aggregated((struct aggregate_spec){.granularity = GRANULARITY_LINES},
               "n/count\n1 : in@in.c:5+f@f.c:7!prog 0x0!prog\n");
    aggregated((struct aggregate_spec){.granularity = GRANULARITY_ADDRESSES},
               "n/count\n1 : 0x10=in@in.c:5:2+f@f.c:7:9!prog 0x20!prog\n");
}

static void test_noinlines_charges_the_caller(void)
{
    aggregated((struct aggregate_spec){.granularity = GRANULARITY_FUNCTIONS, .noinlines = true},
               "n/count\n1 : f!prog 0x0!prog\n");
    aggregated((struct aggregate_spec){.granularity = GRANULARITY_ADDRESSES, .noinlines = true},
               "n/count\n1 : 0x10=f@f.c:7!prog 0x20!prog\n");
}

static void test_columns_stay_only_when_asked_for(void)
{
    aggregated((struct aggregate_spec){.granularity = GRANULARITY_LINES, .showcolumns = true},
               "n/count\n1 : in@in.c:5:2+f@f.c:7:9!prog 0x0!prog\n");
    aggregated((struct aggregate_spec){.granularity = GRANULARITY_FUNCTIONS, .showcolumns = true},
               "n/count\n1 : in+f!prog 0x0!prog\n");
    aggregated((struct aggregate_spec){.granularity = GRANULARITY_ADDRESSES,
                                       .noinlines = true,
                                       .showcolumns = true},
               "n/count\n1 : 0x10=f@f.c:7:9!prog 0x20!prog\n");
}

static void test_mappings_say_what_is_left(void)
{
    struct profile *p = sketch("n/count\n1 : in@in.c:5+f@f.c:7!prog\n");
    struct aggregate_spec spec = {.granularity = GRANULARITY_FILES, .noinlines = true};
    aggregate_apply(p, &spec);
    CU_ASSERT_TRUE(p->mappings[0].has_filenames);
    CU_ASSERT_FALSE(p->mappings[0].has_functions);
    CU_ASSERT_FALSE(p->mappings[0].has_line_numbers);
    CU_ASSERT_FALSE(p->mappings[0].has_inline_frames);
    profile_free(p);
}

CU_TestInfo prune_tests[] = {
    {"dropped frames take what they called", test_dropped_frames_take_what_they_called_along},
    {"patterns match whole names", test_patterns_match_whole_names},
    {"keep_frames are exceptions", test_keep_frames_are_exceptions},
    {"nothing is dropped at the root", test_nothing_is_dropped_at_the_root},
    {"arguments are no part of a name", test_arguments_are_no_part_of_a_name},
    {"inlined frames are dropped alone", test_inlined_frames_are_dropped_alone},
    {"bad patterns are ignored", test_bad_patterns_are_ignored},
    {"prune_from keeps the frame", test_prune_from_keeps_the_frame},
    {"granularities", test_granularities},
    {"noinlines charges the caller", test_noinlines_charges_the_caller},
    {"columns stay only when asked for", test_columns_stay_only_when_asked_for},
    {"mappings say what is left", test_mappings_say_what_is_left},
    CU_TEST_INFO_NULL,
};
