/* Tests of analyzer/profile/profile.h and tagunits.h. */
#include "analyzer/profile/profile.h"

#include "analyzer/profile/tagunits.h"
#include "tests/unit/sketch.h"

#include <CUnit/CUnit.h>
#include <string.h>

/* The tests' own tool: what goes in comes out. */
static void test_sketch_and_back(void)
{
    static const char text[] = "cpu/ms space/bytes\n"
                               "1 -2 : A B@b.c C@c.c:7 D@d.c:7:9 ; k=v\n"
                               "3 0 : X+Y@y.c:2+Z 0x10 0x20=A!libc.so 0x30!libc.so\n"
                               "5 6 : ; key=text size=#64:kb n=#-3\n";
    struct profile *p = sketch(text);
    sketch_expect(p, "cpu/ms space/bytes\n"
                     "1 -2 : A B@b.c C@c.c:7 D@d.c:7:9 ; k=v\n"
                     "3 0 : X+Y@y.c:2+Z 0x10 0x20=A!libc.so 0x30!libc.so\n"
                     "5 6 : ; key=text n=#-3 size=#64:kb\n");
    profile_free(p);
}

static void test_equal_stacks_are_one(void)
{
    struct profile *p = sketch("cpu/ms\n1 : A B\n2 : B A\n3 : A B\n4 : A\n5 :\n6 :\n");
    CU_ASSERT_EQUAL(p->stack_count, 4);
    CU_ASSERT_EQUAL(p->sample_stack[0], p->sample_stack[2]);
    CU_ASSERT_NOT_EQUAL(p->sample_stack[0], p->sample_stack[1]);
    CU_ASSERT_EQUAL(p->sample_stack[4], p->sample_stack[5]);
    CU_ASSERT_EQUAL(p->frame_count, 5);
    profile_free(p);
}

static void test_many_stacks_are_told_apart(void)
{
    enum { COUNT = 3000 };
    struct profile *p = profile_new();
    uint32_t stacks[COUNT];
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < COUNT; i++) {
            uint32_t frames[] = {i, i / 7, 3};
            uint32_t stack = profile_add_stack(p, frames, 3);
            if (round)
                CU_ASSERT_EQUAL(stack, stacks[i]);
            stacks[i] = stack;
        }
    }
    CU_ASSERT_EQUAL(p->stack_count, COUNT);
    profile_free(p);
}

/* Transforms change stacks in place and then have the index forgotten. */
static void test_forgotten_index_is_made_anew(void)
{
    struct profile *p = sketch("cpu/ms\n1 : A B\n2 : C B\n");
    p->stacks[0].count = 1; /* now just A */
    profile_forget_stack_index(p);
    uint32_t a = 0, ab[] = {0, 1};
    CU_ASSERT_EQUAL(profile_add_stack(p, &a, 1), 0);
    CU_ASSERT_EQUAL(profile_add_stack(p, ab, 2), 2);
    profile_free(p);
}

static void test_labels_are_put_in_order(void)
{
    struct profile *p = sketch("cpu/ms\n1 : A ; z=#1 b=2 a=y n=#5:ms b=1 z=#3 a=x\n");
    sketch_expect(p, "cpu/ms\n1 : A ; a=y a=x b=2 b=1 n=#5:ms z=#1 z=#3\n");
    profile_free(p);
}

static void test_equal_label_sets_are_one(void)
{
    struct profile *p =
        sketch("cpu/ms\n1 : A ; a=1 b=2\n2 : A ; b=2 a=1\n3 : A\n4 : A ; a=1\n5 : A ; a=#1\n");
    CU_ASSERT_EQUAL(p->labelset_count, 4);
    CU_ASSERT_EQUAL(p->sample_labels[0], p->sample_labels[1]);
    CU_ASSERT_EQUAL(p->sample_labels[2], 0);
    CU_ASSERT_NOT_EQUAL(p->sample_labels[3], p->sample_labels[4]);
    profile_free(p);
}

static void test_keep_samples(void)
{
    struct profile *p = sketch("n/count t/ms\n1 10 : A\n2 20 : B ; k=v\n3 30 : C\n4 40 : D\n");
    static const bool keep[] = {false, true, false, true};
    profile_keep_samples(p, keep);
    sketch_expect(p, "n/count t/ms\n2 20 : B ; k=v\n4 40 : D\n");
    static const bool none[] = {false, false};
    profile_keep_samples(p, none);
    sketch_expect(p, "n/count t/ms\n");
    profile_free(p);
}

static void test_ids_are_given_where_there_are_none(void)
{
    struct profile *p = profile_new();
    uint32_t first = profile_add_mapping(p, (struct mapping){0});
    uint32_t second = profile_add_mapping(p, (struct mapping){.id = 77});
    CU_ASSERT_EQUAL(p->mappings[first].id, 1);
    CU_ASSERT_EQUAL(p->mappings[second].id, 77);
    profile_add_location(p, (struct location){.mapping = NO_INDEX}, NULL, 0);
    CU_ASSERT_EQUAL(p->locations[0].id, 1);
    profile_free(p);
}

/* --- which value is shown */

static void test_sample_index_finds_types(void)
{
    struct profile *p = sketch("objects/count space/bytes alloc_space/bytes 7/count\n");
    struct error err = {0};
    CU_ASSERT_EQUAL(profile_sample_index(p, "space", &err), 1);
    CU_ASSERT_EQUAL(profile_sample_index(p, "alloc_space", &err), 2);
    CU_ASSERT_EQUAL(profile_sample_index(p, "2", &err), 2);
    CU_ASSERT_EQUAL(profile_sample_index(p, "+1", &err), 1);
    CU_ASSERT_EQUAL(profile_sample_index(p, "inuse_objects", &err), 0);
    CU_ASSERT_EQUAL(profile_sample_index(p, "inuse_space", &err), 1);
    CU_ASSERT_EQUAL(err.kind, ERROR_NONE);
    profile_free(p);
}

static void test_sample_index_default(void)
{
    struct profile *p = sketch("objects/count space/bytes\n");
    CU_ASSERT_EQUAL(profile_sample_index(p, "", NULL), 1);
    CU_ASSERT_EQUAL(profile_sample_index(p, NULL, NULL), 1);
    p->default_sample_type = profile_intern(p, "objects");
    CU_ASSERT_EQUAL(profile_sample_index(p, "", NULL), 0);
    p->default_sample_type = profile_intern(p, "no such type");
    CU_ASSERT_EQUAL(profile_sample_index(p, "", NULL), 1);
    profile_free(p);
}

static void no_type(const char *sample_index, const char *want)
{
    struct profile *p = sketch("alloc_objects/count alloc_space/bytes\n");
    struct error err = {0};
    CU_ASSERT_EQUAL(profile_sample_index(p, sample_index, &err), -1);
    CU_ASSERT_EQUAL(err.kind, ERROR_USAGE);
    sketch_expect_text(err.text, want);
    profile_free(p);
}

static void test_sample_index_refuses(void)
{
    no_type("2", "sample_index 2 is outside the range [0..1]");
    no_type("-1", "sample_index -1 is outside the range [0..1]");
    no_type("alloc_spac", "no sample type \"alloc_spac\" in this profile; did you mean "
                          "\"alloc_space\"? (it has: alloc_objects, alloc_space)");
    no_type("cpu", "no sample type \"cpu\" in this profile; it has: alloc_objects, alloc_space");
    no_type(" 1", "no sample type \" 1\" in this profile; it has: alloc_objects, alloc_space");
    no_type("99999999999999999999", "no sample type \"99999999999999999999\" in this profile; it "
                                    "has: alloc_objects, alloc_space");
}

/* --- units of labels */

static void expect_unit(const char *samples, const char *key, const char *unit)
{
    struct profile *p = sketch(samples);
    struct tagunits t;
    tagunits_init(&t, p, NULL);
    CU_ASSERT_STRING_EQUAL(tagunits_get(&t, p, profile_intern(p, key)), unit);
    tagunits_release(&t);
    profile_free(p);
}

static void test_units_of_labels(void)
{
    expect_unit("n/count\n1 : A ; size=#1:kb\n", "size", "kb");
    expect_unit("n/count\n1 : A ; size=#1\n2 : A ; size=#2:kb\n", "size", "kb");
    expect_unit("n/count\n1 : A ; size=#1:mb\n2 : A ; size=#2:kb\n", "size", "mb");
    expect_unit("n/count\n1 : A ; size=#1\n", "size", "size"); /* the key itself */
    expect_unit("n/count\n1 : A ; request=#1\n", "request", "bytes");
    expect_unit("n/count\n1 : A ; alignment=#1\n", "alignment", "bytes");
    expect_unit("n/count\n1 : A ; size=big\n", "size", "");
    expect_unit("n/count\n1 : A ; size=big\n", "no such key", "");
}

static void test_units_that_clash_are_remarked_on(void)
{
    struct profile *p = sketch("n/count\n"
                               "1 : A ; size=#1:kb t=#1:ms\n"
                               "2 : A ; size=#2:mb\n"
                               "3 : A ; size=#2:bytes t=#2:ms\n"
                               "4 : A ; size=#3:mb\n");
    struct tagunits t;
    struct lines notes = {0};
    tagunits_init(&t, p, &notes);
    CU_ASSERT_EQUAL_FATAL(notes.count, 1);
    CU_ASSERT_STRING_EQUAL(notes.items[0],
                           "For tag size used unit kb, also encountered unit(s) bytes, mb");
    lines_release(&notes);
    tagunits_release(&t);
    profile_free(p);
}

CU_TestInfo profile_tests[] = {
    {"a sketch and back", test_sketch_and_back},
    {"equal stacks are one", test_equal_stacks_are_one},
    {"many stacks are told apart", test_many_stacks_are_told_apart},
    {"a forgotten index is made anew", test_forgotten_index_is_made_anew},
    {"labels are put in order", test_labels_are_put_in_order},
    {"equal label sets are one", test_equal_label_sets_are_one},
    {"profile_keep_samples", test_keep_samples},
    {"ids are given where there are none", test_ids_are_given_where_there_are_none},
    {"sample_index finds types", test_sample_index_finds_types},
    {"sample_index: the default", test_sample_index_default},
    {"sample_index refuses", test_sample_index_refuses},
    {"units of labels", test_units_of_labels},
    {"units that clash are remarked on", test_units_that_clash_are_remarked_on},
    CU_TEST_INFO_NULL,
};
