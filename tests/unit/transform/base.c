/* Tests of analyzer/transform/base.h. */
#include "analyzer/transform/base.h"

#include "analyzer/profile/clone.h"
#include "tests/unit/sketch.h"

#include <CUnit/CUnit.h>
#include <stdlib.h>

static struct profile *difference(bool mark)
{
    struct error err = {0};
    struct profile *p = base_subtract(sketch("a/count b/ms\n1 5 : A B ; k=x\n2 2 : C\n"),
                                      sketch("a/count b/ms\n4 3 : A B ; k=x\n1 1 : D\n"),
                                      &(struct base_spec){.mark = mark}, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(p);
    return p;
}

static void test_sides_apart_again(void)
{
    struct profile *p = difference(true);
    base_keep_side(p, BASE_NEW);
    sketch_expect(p, "a/count b/ms\n1 5 : A B ; k=x\n2 2 : C\n");
    profile_free(p);
    p = difference(true);
    base_keep_side(p, BASE_OLD);
    sketch_expect(p, "a/count b/ms\n4 3 : A B ; k=x\n1 1 : D\n");
    profile_free(p);
}

/* Without marks nothing can be told apart: all of it is new. */
static void test_not_marked(void)
{
    struct profile *p = difference(false);
    CU_ASSERT_PTR_NULL(base_marks(p));
    base_keep_side(p, BASE_NEW);
    CU_ASSERT_EQUAL(p->sample_count, 3);
    base_keep_side(p, BASE_OLD);
    CU_ASSERT_EQUAL(p->sample_count, 0);
    profile_free(p);
}

/* What both have in equal measure is gone, as if there had never been marks. */
static void test_unmarked(void)
{
    static const char now[] = "a/count b/ms\n1 5 : A B ; k=x\n2 2 : C\n7 1 : D\n",
                      then[] = "a/count b/ms\n4 3 : A B ; k=x\n2 2 : C\n1 1 : E\n";
    struct error err = {0};
    struct profile *both =
        base_subtract(sketch(now), sketch(then), &(struct base_spec){.mark = true}, &err);
    struct profile *p = base_unmark(profile_clone(both));
    sketch_expect(p, "a/count b/ms\n-3 2 : A B ; k=x\n7 1 : D\n-1 -1 : E\n");
    CU_ASSERT_EQUAL(p->location_count, 4);
    CU_ASSERT_EQUAL(both->sample_count, 6);
    profile_free(p);
    profile_free(both);
}

CU_TestInfo base_tests[] = {
    {"unmarked", test_unmarked},
    {"sides apart again", test_sides_apart_again},
    {"not marked", test_not_marked},
    CU_TEST_INFO_NULL,
};
