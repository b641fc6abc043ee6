/* Tests of analyzer/transform/merge.h. */
#include "analyzer/transform/merge.h"
#include "analyzer/transform/compact.h"

#include "tests/unit/sketch.h"

#include <CUnit/CUnit.h>
#include <string.h>

/* The merged profile; the caller frees it. */
static struct profile *merge_two(struct profile *a, struct profile *b)
{
    struct error err = {0};
    struct merger *m = merger_new();
    CU_ASSERT_EQUAL(merger_add(m, a, &err), 0);
    CU_ASSERT_EQUAL(merger_add(m, b, &err), 0);
    CU_ASSERT_STRING_EQUAL(err.text, "");
    return merger_finish(m);
}

static void merged(const char *a, const char *b, const char *want)
{
    struct profile *p = merge_two(sketch(a), sketch(b));
    sketch_expect(p, want);
    profile_free(p);
}

static void test_nothing_added(void)
{
    CU_ASSERT_PTR_NULL(merger_finish(merger_new()));
    merger_free(NULL);
}

static void test_single_profile_stays_as_it_was(void)
{
    struct merger *m = merger_new();
    struct profile *p = sketch("n/count\n0 : A\n1 : B\n1 : B\n");
    CU_ASSERT_EQUAL(merger_add(m, p, NULL), 0);
    CU_ASSERT_PTR_EQUAL(merger_finish(m), p);
    sketch_expect(p, "n/count\n0 : A\n1 : B\n1 : B\n");
    profile_free(p);
}

static void test_equal_things_are_one(void)
{
    struct profile *p = merge_two(sketch("n/count t/ms\n1 10 : B@b.c:3 A ; k=v\n2 20 : C A\n"),
                                  sketch("n/count t/ms\n4 40 : D A\n8 80 : B@b.c:3 A ; k=v\n"));
    sketch_expect(p, "n/count t/ms\n9 90 : B@b.c:3 A ; k=v\n2 20 : C A\n4 40 : D A\n");
    CU_ASSERT_EQUAL(p->function_count, 4);
    CU_ASSERT_EQUAL(p->location_count, 4);
    CU_ASSERT_EQUAL(p->stack_count, 3);
    profile_free(p);
}

static void test_what_differs_stays_apart(void)
{
    merged("n/count\n1 : A@a.c:1 ; k=v\n",
           "n/count\n2 : A@a.c:2 ; k=v\n4 : A@b.c:1 ; k=v\n"
           "8 : A@a.c:1 ; k=w\n16 : A@a.c:1 ; k=#1\n"
           "32 : A@a.c:1\n64 : A@a.c:1+B ; k=v\n",
           "n/count\n1 : A@a.c:1 ; k=v\n2 : A@a.c:2 ; k=v\n4 : A@b.c:1 ; k=v\n8 : A@a.c:1 ; k=w\n"
           "16 : A@a.c:1 ; k=#1\n32 : A@a.c:1\n64 : A@a.c:1+B ; k=v\n");
}

static void test_samples_without_a_value_are_left_behind(void)
{
    struct profile *p = merge_two(sketch("n/count t/ms\n0 0 : X\n1 5 : A\n0 1 : B\n"),
                                  sketch("n/count t/ms\n-1 -5 : A\n2 2 : C\n0 0 : Y\n"));
    sketch_expect(p, "n/count t/ms\n0 1 : B\n2 2 : C\n");
    CU_ASSERT_EQUAL(p->location_count, 2);
    CU_ASSERT_EQUAL(p->function_count, 2);
    profile_free(p);
}

/* The main binary is the first mapping, whether samples use it or not. */
static void test_first_mapping_stays_first(void)
{
    struct profile *p =
        merge_two(sketch("n/count\n0 : X!main\n1 : A!lib\n"), sketch("n/count\n1 : B!other\n"));
    CU_ASSERT_EQUAL_FATAL(p->mapping_count, 3);
    CU_ASSERT_STRING_EQUAL(profile_str(p, p->mappings[0].file).ptr, "main");
    CU_ASSERT_STRING_EQUAL(profile_str(p, p->mappings[1].file).ptr, "lib");
    profile_free(p);
}

/* One sample at ADDRESS in a mapping from START on, which holds SIZE bytes of FILE from OFFSET. */
static struct profile *loaded(uint64_t start, uint64_t size, uint64_t offset, const char *file,
                              const char *build_id, uint64_t address)
{
    struct profile *p = sketch("n/count\n");
    uint32_t mapping =
        profile_add_mapping(p, (struct mapping){.start = start,
                                                .limit = start + size,
                                                .offset = offset,
                                                .file = profile_intern(p, file),
                                                .build_id = profile_intern(p, build_id)});
    uint32_t frame =
        profile_add_location(p, (struct location){.mapping = mapping, .address = address}, NULL, 0);
    int64_t value = 1;
    profile_add_sample(p, profile_add_stack(p, &frame, 1), 0, &value);
    return p;
}

static void mappings_are(struct profile *a, struct profile *b, size_t mappings, size_t samples)
{
    struct profile *p = merge_two(a, b);
    CU_ASSERT_EQUAL(p->mapping_count, mappings);
    CU_ASSERT_EQUAL(p->sample_count, samples);
    CU_ASSERT_EQUAL(p->location_count, samples);
    profile_free(p);
}

static void test_mappings_are_equal_wherever_they_are_loaded(void)
{
    mappings_are(loaded(0x400000, 0x1000, 0, "prog", "", 0x400010),
                 loaded(0x7f0000, 0x1000, 0, "prog", "", 0x7f0010), 1, 1);
    /* the build id decides, not the name */
    mappings_are(loaded(0x400000, 0x1000, 0, "prog", "abc", 0x400010),
                 loaded(0x7f0000, 0x1000, 0, "copy", "abc", 0x7f0010), 1, 1);
    mappings_are(loaded(0x400000, 0x1000, 0, "prog", "abc", 0x400010),
                 loaded(0x7f0000, 0x1000, 0, "prog", "def", 0x7f0010), 2, 2);
    /* sizes count in pages */
    mappings_are(loaded(0x400000, 0xF01, 0, "prog", "", 0x400010),
                 loaded(0x400000, 0x1000, 0, "prog", "", 0x400010), 1, 1);
    mappings_are(loaded(0x400000, 0x1000, 0, "prog", "", 0x400010),
                 loaded(0x400000, 0x1001, 0, "prog", "", 0x400010), 2, 2);
    mappings_are(loaded(0x400000, 0x1000, 0, "prog", "", 0x400010),
                 loaded(0x400000, 0x1000, 0x1000, "prog", "", 0x400010), 2, 2);
}

static void test_addresses_are_moved_to_the_first_mapping(void)
{
    struct profile *p = merge_two(loaded(0x400000, 0x1000, 0, "prog", "", 0x400010),
                                  loaded(0x7f0000, 0x1000, 0, "prog", "", 0x7f0020));
    CU_ASSERT_EQUAL_FATAL(p->location_count, 2);
    CU_ASSERT_EQUAL(p->locations[0].address, 0x400010);
    CU_ASSERT_EQUAL(p->locations[1].address, 0x400020);
    profile_free(p);
}

static void test_headers(void)
{
    struct profile *a = sketch("n/count\n1 : A\n"), *b = sketch("n/count\n1 : A\n");
    a->time_nanos = 2000;
    a->duration_nanos = 30;
    a->period = 10;
    profile_add_comment(a, profile_intern(a, "first"));
    profile_add_comment(a, profile_intern(a, "both"));
    b->time_nanos = 1000;
    b->duration_nanos = 12;
    b->period = 100;
    profile_add_comment(b, profile_intern(b, "both"));
    profile_add_comment(b, profile_intern(b, "second"));
    b->default_sample_type = profile_intern(b, "n");
    b->doc_url = profile_intern(b, "https://b");
    struct profile *p = merge_two(a, b);
    CU_ASSERT_EQUAL(p->time_nanos, 1000);
    CU_ASSERT_EQUAL(p->duration_nanos, 42);
    CU_ASSERT_EQUAL(p->period, 100);
    CU_ASSERT_EQUAL_FATAL(p->comment_count, 3);
    CU_ASSERT_STRING_EQUAL(profile_str(p, p->comments[0]).ptr, "first");
    CU_ASSERT_STRING_EQUAL(profile_str(p, p->comments[1]).ptr, "both");
    CU_ASSERT_STRING_EQUAL(profile_str(p, p->comments[2]).ptr, "second");
    CU_ASSERT_STRING_EQUAL(profile_str(p, p->default_sample_type).ptr, "n");
    CU_ASSERT_STRING_EQUAL(profile_str(p, p->doc_url).ptr, "https://b");
    profile_free(p);
}

static void test_sample_types_both_have(void)
{
    merged("a/count b/ms c/count\n1 2 3 : A\n", "c/count d/count b/ms\n30 40 20 : A\n",
           "b/ms c/count\n22 33 : A\n");
    merged("a/count b/ms\n1 0 : A\n1 5 : B\n", "b/ms\n7 : C\n", "b/ms\n5 : B\n7 : C\n");
}

static void test_types_named_twice_are_dropped(void)
{
    merged("a/count b/ms a/count\n1 2 3 : A\n", "b/ms\n20 : A\n", "b/ms\n22 : A\n");
}

static void test_units_become_the_finer_ones(void)
{
    merged("t/ms s/bytes\n3 2048 : A\n", "t/us s/kb\n5 4 : A\n", "t/us s/bytes\n3005 6144 : A\n");
    merged("t/us\n5 : A\n", "t/ms\n3 : A\n", "t/us\n3005 : A\n");
}

static void incompatible(struct profile *a, struct profile *b, const char *part)
{
    struct error err = {0};
    struct merger *m = merger_new();
    CU_ASSERT_EQUAL(merger_add(m, a, &err), 0);
    CU_ASSERT_EQUAL(merger_add(m, b, &err), -1);
    CU_ASSERT_EQUAL(err.kind, ERROR_DATA);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, part));
    struct profile *p = merger_finish(m);
    sketch_expect(p, "t/ms\n1 : A\n"); /* as before */
    profile_free(p);
}

static void test_incompatible_profiles(void)
{
    incompatible(sketch("t/ms\n1 : A\n"), sketch("u/ms\n1 : A\n"), "no sample type in common");
    incompatible(sketch("t/ms\n1 : A\n"), sketch("t/bytes\n1 : A\n"), "t/ms and t/bytes");
    incompatible(sketch("t/ms\n1 : A\n"), sketch("t/ms t/ms\n1 1 : A\n"),
                 "no sample types that can be told apart");
    struct profile *b = sketch("t/ms\n1 : A\n");
    b->period_type.type = profile_intern(b, "space");
    incompatible(sketch("t/ms\n1 : A\n"), b, "measure different things");
}

static void test_many_profiles(void)
{
    struct merger *m = merger_new();
    for (int i = 0; i < 200; i++) {
        struct error err = {0};
        CU_ASSERT_EQUAL(merger_add(m, sketch("n/count\n1 : B A ; k=v\n2 : C A\n"), &err), 0);
    }
    struct profile *p = merger_finish(m);
    sketch_expect(p, "n/count\n200 : B A ; k=v\n400 : C A\n");
    CU_ASSERT_EQUAL(p->frame_count, 4);
    profile_free(p);
}

static void test_compact(void)
{
    struct profile *p = sketch("n/count\n0 : X\n1 : B A\n2 : C A\n4 : B A\n-2 : C A\n");
    p = profile_compact(p);
    sketch_expect(p, "n/count\n5 : B A\n");
    CU_ASSERT_EQUAL(p->location_count, 2);
    CU_ASSERT_EQUAL(p->function_count, 2);
    CU_ASSERT_EQUAL(p->locations[0].id, 1);
    profile_free(p);
}

/* Aggregation makes locations equal that were not; then their stacks are, and their samples. */
static void test_compact_unifies_what_became_equal(void)
{
    struct profile *p = sketch("n/count\n1 : B@b.c:1 A\n2 : B@b.c:2 A\n");
    p->lines[0].line = p->lines[1].line = p->lines[2].line = 0;
    p = profile_compact(p);
    sketch_expect(p, "n/count\n3 : B@b.c A\n");
    CU_ASSERT_EQUAL(p->location_count, 2);
    profile_free(p);
}

CU_TestInfo merge_tests[] = {
    {"nothing added", test_nothing_added},
    {"a single profile stays as it was", test_single_profile_stays_as_it_was},
    {"equal things are one", test_equal_things_are_one},
    {"what differs stays apart", test_what_differs_stays_apart},
    {"samples without a value are left behind", test_samples_without_a_value_are_left_behind},
    {"the first mapping stays first", test_first_mapping_stays_first},
    {"mappings are equal wherever loaded", test_mappings_are_equal_wherever_they_are_loaded},
    {"addresses are moved", test_addresses_are_moved_to_the_first_mapping},
    {"headers", test_headers},
    {"sample types both have", test_sample_types_both_have},
    {"types named twice are dropped", test_types_named_twice_are_dropped},
    {"units become the finer ones", test_units_become_the_finer_ones},
    {"incompatible profiles", test_incompatible_profiles},
    {"many profiles", test_many_profiles},
    {"profile_compact", test_compact},
    {"profile_compact unifies", test_compact_unifies_what_became_equal},
    CU_TEST_INFO_NULL,
};
