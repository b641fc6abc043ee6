/* Tests of analyzer/profile/clone.h: what is done to a clone is not seen in the original. */
#include "analyzer/profile/clone.h"

#include "analyzer/transform/compact.h"
#include "analyzer/transform/filter.h"
#include "analyzer/transform/tagroot.h"
#include "tests/unit/sketch.h"

#include <CUnit/CUnit.h>

static const char program[] = "cpu/ms\n"
                              "1 : alloc work main ; color=red\n"
                              "2 : idle main ; color=blue\n"
                              "4 : alloc main\n";

/* What a clone is after SPEC must be WANT, and the original as it was. */
static void cloned(struct filter_spec spec, const char *want)
{
    struct profile *p = sketch(program), *c = profile_clone(p);
    struct lines notes = {0};
    struct error err = {0};
    CU_ASSERT_EQUAL(filter_apply(c, &spec, &notes, &err), 0);
    sketch_expect(c, want);
    sketch_expect(p, program);
    lines_release(&notes);
    profile_free(c);
    sketch_expect(p, program);
    profile_free(p);
}

static void test_a_clone_is_equal(void)
{
    cloned((struct filter_spec){0}, program);
}

static void test_filters_leave_the_original(void)
{
    cloned((struct filter_spec){.focus = "work"}, "cpu/ms\n1 : alloc work main ; color=red\n");
    cloned((struct filter_spec){.hide = "main|work"},
           "cpu/ms\n1 : alloc ; color=red\n2 : idle ; color=blue\n4 : alloc\n");
    cloned((struct filter_spec){.show_from = "work"}, "cpu/ms\n1 : alloc work ; color=red\n");
    cloned((struct filter_spec){.taghide = "color"},
           "cpu/ms\n1 : alloc work main\n2 : idle main\n4 : alloc main\n");
}

static void test_new_frames_and_strings_are_the_clones(void)
{
    struct profile *p = sketch(program), *c = profile_clone(p);
    size_t strings = p->strings.count, frames = p->frame_count;
    struct lines notes = {0};
    tagroot_apply(c, &(struct tagroot_spec){.root = "color"}, "", &notes);
    CU_ASSERT_EQUAL(p->frame_count, frames);
    CU_ASSERT_TRUE(c->frame_count > frames);
    profile_intern(c, "only here");
    CU_ASSERT_EQUAL(p->strings.count, strings);
    sketch_expect(p, program);
    lines_release(&notes);
    profile_free(c);
    profile_free(p);
}

static void test_compacting_leaves_the_original(void)
{
    struct profile *p = sketch(program);
    struct profile *c = profile_compact(profile_clone(p));
    sketch_expect(c, program);
    sketch_expect(p, program);
    profile_free(c);
    profile_free(p);
}

static void test_clones_of_clones(void)
{
    struct profile *p = sketch(program), *c = profile_clone(p);
    struct filter_spec spec = {.hide = "main"};
    struct lines notes = {0};
    CU_ASSERT_EQUAL(filter_apply(c, &spec, &notes, NULL), 0);
    struct profile *d = profile_clone(c);
    spec = (struct filter_spec){.focus = "idle"};
    CU_ASSERT_EQUAL(filter_apply(d, &spec, &notes, NULL), 0);
    sketch_expect(d, "cpu/ms\n2 : idle ; color=blue\n");
    sketch_expect(c, "cpu/ms\n1 : alloc work ; color=red\n2 : idle ; color=blue\n4 : alloc\n");
    sketch_expect(p, program);
    lines_release(&notes);
    profile_free(d);
    profile_free(c);
    profile_free(p);
}

static void test_strings_outlive_the_rest(void)
{
    struct profile *p = sketch(program), *c = profile_clone(p);
    struct str ours = profile_str(c, profile_intern(c, "only in the clone"));
    struct str theirs = profile_str(c, profile_intern(c, "alloc"));
    profile_own(c, COLUMNS_ALL & ~(unsigned)COLUMNS_LABELS);
    profile_keep_strings(c);
    CU_ASSERT_EQUAL(c->sample_count + c->location_count + c->function_count, 0);
    CU_ASSERT_PTR_NULL(c->frames);
    CU_ASSERT_TRUE(str_is(ours, "only in the clone"));
    CU_ASSERT_TRUE(str_is(theirs, "alloc"));
    sketch_expect(p, program);
    profile_free(c);
    profile_free(p);
}

CU_TestInfo clone_tests[] = {
    {"a clone is equal", test_a_clone_is_equal},
    {"filters leave the original", test_filters_leave_the_original},
    {"new frames and strings are the clone's", test_new_frames_and_strings_are_the_clones},
    {"compacting leaves the original", test_compacting_leaves_the_original},
    {"clones of clones", test_clones_of_clones},
    {"strings outlive the rest", test_strings_outlive_the_rest},
    CU_TEST_INFO_NULL,
};
