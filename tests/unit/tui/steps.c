/* Tests of tui/steps.h. Stacks are written leaf first. */
#include "tui/steps.h"

#include "tests/unit/sketch.h"

#include <CUnit/CUnit.h>
#include <stdlib.h>

static void shown(const struct steps *s, const char *want)
{
    struct buf b = {0};
    buf_puts(&b, "");
    steps_show(&b, s, " > ");
    CU_ASSERT_STRING_EQUAL(b.data, want);
    buf_release(&b);
}

static void test_undo_and_redo(void)
{
    struct steps s = {0};
    CU_ASSERT_FALSE(steps_undo(&s));
    CU_ASSERT_FALSE(steps_redo(&s));
    steps_push(&s, STEP_FOCUS, "a");
    steps_push(&s, STEP_COLLAPSE_RECURSION, "");
    shown(&s, "focus=a > collapse_recursion");
    CU_ASSERT_TRUE(steps_undo(&s));
    shown(&s, "focus=a");
    CU_ASSERT_TRUE(steps_redo(&s));
    shown(&s, "focus=a > collapse_recursion");
    steps_undo(&s);
    steps_undo(&s);
    shown(&s, "");
    steps_push(&s, STEP_HIDE, "b"); /* what was undone is gone */
    CU_ASSERT_FALSE(steps_redo(&s));
    shown(&s, "hide=b");
    steps_release(&s);
}

static void test_a_copy_has_what_is_in_force(void)
{
    struct steps s = {0};
    steps_push(&s, STEP_FOCUS, "a");
    steps_push(&s, STEP_FOCUS, "b");
    steps_undo(&s);
    struct steps copy = steps_copy(&s);
    steps_release(&s);
    shown(&copy, "focus=a");
    CU_ASSERT_EQUAL(copy.stored, 1);
    steps_release(&copy);
}

/* Applies KIND with TEXT to FROM, which must become WANT. */
static void becomes(const char *from, enum step_kind kind, const char *text, const char *want)
{
    struct profile *p = sketch(from);
    struct lines notes = {0};
    struct error err = {0};
    struct step step = {kind, (char *)text};
    CU_ASSERT_EQUAL(step_apply(p, &step, "minimum", &notes, &err), 0);
    sketch_expect(p, want);
    profile_free(p);
    lines_release(&notes);
}

static void test_steps_are_applied(void)
{
    static const char two[] = "n/count\n1 : read parse main\n2 : write main ; color=red\n";
    becomes(two, STEP_FOCUS, "parse", "n/count\n1 : read parse main\n");
    becomes(two, STEP_IGNORE, "parse", "n/count\n2 : write main ; color=red\n");
    becomes(two, STEP_CHARGE, "^read$", "n/count\n1 : parse main\n2 : write main ; color=red\n");
    becomes(two, STEP_PRUNE_FROM, "parse", "n/count\n1 : parse main\n2 : write main ; color=red\n");
    becomes(two, STEP_TAGFOCUS, "color=red", "n/count\n2 : write main ; color=red\n");
    becomes("n/count\n1 : f f main\n", STEP_COLLAPSE_RECURSION, "", "n/count\n1 : f main\n");
}

static void test_a_bad_pattern_is_refused(void)
{
    struct profile *p = sketch("n/count\n1 : a\n");
    struct lines notes = {0};
    struct error err = {0};
    struct step step = {STEP_FOCUS, (char *)"("};
    CU_ASSERT_EQUAL(step_apply(p, &step, "minimum", &notes, &err), -1);
    CU_ASSERT_EQUAL(err.kind, ERROR_USAGE);
    profile_free(p);
    lines_release(&notes);
}

static void test_a_quoted_name_matches_itself_alone(void)
{
    static const char two[] = "n/count\n1 : m.(*T[a|b]).f~$1 main\n2 : m.(*T[a|b]).f~$12 main\n";
    struct buf b = {0};
    step_quote(&b, (struct str){"m.(*T[a|b]).f $1", 16});
    becomes(two, STEP_FOCUS, b.data, "n/count\n1 : m.(*T[a|b]).f~$1 main\n");
    buf_release(&b);
}

static void test_every_kind_has_a_name(void)
{
    for (enum step_kind kind = 0; kind < STEP_KIND_COUNT; kind++)
        CU_ASSERT_TRUE(step_name(kind) && step_option(kind));
}

CU_TestInfo steps_tests[] = {
    {"undo and redo", test_undo_and_redo},
    {"a copy", test_a_copy_has_what_is_in_force},
    {"steps are applied", test_steps_are_applied},
    {"a bad pattern", test_a_bad_pattern_is_refused},
    {"a quoted name", test_a_quoted_name_matches_itself_alone},
    {"names of kinds", test_every_kind_has_a_name},
    CU_TEST_INFO_NULL,
};
