/* Tests of analyzer/graph/calltree.h. Stacks are written leaf first. */
#include "analyzer/graph/calltree.h"

#include "tests/unit/sketch.h"

#include <CUnit/CUnit.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void add_side(struct buf *b, struct calltree_value v)
{
    buf_printf(b, "%" PRId64, v.new);
    if (v.old)
        buf_printf(b, "(%" PRId64 ")", v.old);
}

/* A line per cell: a dot per level, name, flat/cum; what was before in parentheses. */
static char *tree_text(const struct calltree *t, const struct nodes *n)
{
    struct buf b = {0};
    for (size_t i = 0; i < t->count; i++) {
        const struct calltree_cell *c = &t->cells[i];
        buf_pad(&b, '.', c->depth);
        if (c->merged)
            buf_printf(&b, "+%u", c->merged);
        else if (c->node == NO_INDEX)
            buf_puts(&b, "all");
        else
            buf_str(&b, n->names[c->node]);
        buf_puts(&b, c->inlined ? " inline " : " ");
        add_side(&b, c->flat);
        buf_putc(&b, '/');
        add_side(&b, c->cum);
        buf_putc(&b, '\n');
    }
    return buf_detach(&b);
}

/* What holds for every tree: cells are in preorder, and flat is cum less the children's. */
static void check_shape(const struct calltree *t)
{
    for (uint32_t i = 0; i < t->count; i++) {
        const struct calltree_cell *c = &t->cells[i];
        CU_ASSERT_FATAL(c->end > i && c->end <= t->count);
        CU_ASSERT(i ? t->cells[c->parent].depth + 1 == c->depth : c->parent == NO_INDEX);
        struct calltree_value below = c->flat;
        for (uint32_t k = i + 1; k < c->end; k = t->cells[k].end) {
            CU_ASSERT_EQUAL(t->cells[k].parent, i);
            below.old += t->cells[k].cum.old;
            below.new += t->cells[k].cum.new;
        }
        CU_ASSERT_EQUAL(below.old, c->cum.old);
        CU_ASSERT(below.new == c->cum.new || c->cum.new == INT64_MAX);
    }
}

/* FUNCTION NULL: the tree of everything. */
static void planted_at(const char *text, const char *function, bool inverted,
                       struct calltree_limits limits, const char *want)
{
    struct profile *p = sketch(text);
    struct nodes n;
    struct nodes_spec spec = {0};
    nodes_init(&n, p, &spec);
    nodes_name_all(&n);
    struct calltree t;
    if (function) {
        bool *at = nodes_named(&n, (struct str){function, strlen(function)});
        CU_ASSERT_PTR_NOT_NULL_FATAL(at);
        calltree_init_at(&t, &n, 0, inverted, at, &limits);
        free(at);
    } else {
        calltree_init(&t, &n, 0, inverted, &limits);
    }
    check_shape(&t);
    char *got = tree_text(&t, &n);
    sketch_expect_text(got, want);
    free(got);
    calltree_release(&t);
    nodes_release(&n);
    profile_free(p);
}

static void planted(const char *text, bool inverted, struct calltree_limits limits,
                    const char *want)
{
    planted_at(text, NULL, inverted, limits, want);
}

static void callees_of(const char *function, const char *text, const char *want)
{
    planted_at(text, function, false, (struct calltree_limits){0}, want);
}

static void callers_of(const char *function, const char *text, const char *want)
{
    planted_at(text, function, true, (struct calltree_limits){0}, want);
}

static void grown(const char *text, const char *want)
{
    planted(text, false, (struct calltree_limits){0}, want);
}

static void test_sums_from_root_to_leaf(void)
{
    grown("n/count\n1 : c a main\n2 : b a main\n4 : a main\n8 : d main\n",
          "all 0/15\n.main 0/15\n..d 8/8\n..a 4/7\n...b 2/2\n...c 1/1\n");
    grown("n/count\n", "all 0/0\n");
    grown("n/count\n0 : a main\n", "all 0/0\n");
    grown("n/count\n5 :\n1 : a\n", "all 5/6\n.a 1/1\n");
}

static void test_equal_stacks_are_one(void)
{
    grown("n/count\n1 : a main ; k=x\n2 : a main ; k=y\n4 : a main\n",
          "all 0/7\n.main 0/7\n..a 7/7\n");
}

static void test_recursion_stays_a_tree(void)
{
    grown("n/count\n1 : f f f\n2 : f f\n4 : f g f\n", "all 0/7\n.f 0/7\n..g 0/4\n...f 4/4\n"
                                                      "..f 2/3\n...f 1/1\n");
}

static void test_inlined_frames(void)
{
    grown("n/count\n1 : c+b+a main\n", "all 0/1\n.main 0/1\n..a 0/1\n...b inline 0/1\n"
                                       "....c inline 1/1\n");
    /* called once as well */
    grown("n/count\n1 : b+a\n2 : b a\n", "all 0/3\n.a 0/3\n..b 3/3\n");
    grown("n/count\n2 : b a\n1 : b+a\n", "all 0/3\n.a 0/3\n..b 3/3\n");
    grown("n/count\n1 : x c+b+a\n2 : y c+b+a\n",
          "all 0/3\n.a 0/3\n..b inline 0/3\n...c inline 0/3\n....y 2/2\n....x 1/1\n");
}

static void test_heaviest_first_then_by_name(void)
{
    grown("n/count\n2 : b\n2 : a\n3 : c\n1 : d\n", "all 0/8\n.c 3/3\n.a 2/2\n.b 2/2\n.d 1/1\n");
}

static void test_leaves_first(void)
{
    planted("n/count\n1 : c a main\n2 : c b main\n4 : a main\n", true, (struct calltree_limits){0},
            "all 0/7\n.a 0/4\n..main 4/4\n.c 0/3\n..b 0/2\n...main 2/2\n..a 0/1\n...main 1/1\n");
    planted("n/count\n1 : c+b+a main\n", true, (struct calltree_limits){0},
            "all 0/1\n.c inline 0/1\n..b inline 0/1\n...a 0/1\n....main 1/1\n");
}

static void test_both_sides_are_kept(void)
{
    grown("n/count\n3 : a main\n-2 : a main ; pprof::base=true\n-4 : b main ; pprof::base=true\n8 "
          ": c main\n",
          "all 0/11(6)\n.main 0/11(6)\n..c 8/8\n..a 3(2)/3(2)\n..b 0(4)/0(4)\n");
    /* what is the same in both is not gone */
    grown("n/count\n3 : a\n-3 : a ; pprof::base=true\n", "all 0/3(3)\n.a 3(3)/3(3)\n");
}

static void test_the_heaviest_are_kept(void)
{
    static const char text[] = "n/count\n10 : a main\n1 : b main\n2 : c main\n9 : e d\n3 : f d\n";
    planted(text, false, (struct calltree_limits){.cells = 5},
            "all 0/25\n.main 0/13\n..a 10/10\n..+2 3/3\n.d 0/12\n..e 9/9\n..+1 3/3\n");
    planted(text, false, (struct calltree_limits){.cells = 1}, "all 0/25\n.+2 25/25\n");
    planted(text, false, (struct calltree_limits){.cells = 2},
            "all 0/25\n.main 0/13\n..+3 13/13\n.+1 12/12\n");
    planted("n/count\n-5 : a main\n6 : b main\n7 : c main\n", false,
            (struct calltree_limits){.cells = 3},
            "all 0/13(5)\n.main 0/13(5)\n..c 7/7\n..+2 6(5)/6(5)\n");
}

static void test_names_have_a_limit(void)
{
    planted("n/count\n9 : long_name main\n8 : x main\n7 : x y\n", false,
            (struct calltree_limits){.text = 8},
            "all 0/24\n.main 0/17\n..x 8/8\n..+1 9/9\n.y 0/7\n..x 7/7\n");
}

static void test_near_callers_go_first_from_the_leaves(void)
{
    /* by weight alone all of b would come before a */
    planted("n/count\n10 : b f e d c\n4 : a z\n", true, (struct calltree_limits){.cells = 4},
            "all 0/14\n.b 0/10\n..f 0/10\n...+1 10/10\n.a 0/4\n..+1 4/4\n");
}

static void test_values_do_not_wrap(void)
{
    grown("n/count\n9223372036854775807 : a main\n5 : b main\n-9223372036854775808 : c\n",
          "all 0/9223372036854775807(9223372036854775807)\n"
          ".c 0(9223372036854775807)/0(9223372036854775807)\n"
          ".main 0/9223372036854775807\n..a 9223372036854775807/9223372036854775807\n..b 5/5\n");
}

/* Many more stacks than cells, in random order: the sums hold, and nothing lighter than what was
 * left out is in the tree. */
static void test_many_stacks(void)
{
    struct buf b = {0};
    uint32_t random = 1;
    buf_puts(&b, "n/count\n");
    for (int i = 0; i < 20000; i++) {
        buf_printf(&b, "%d :", i % 97 + 1);
        for (int depth = 0; depth < 7; depth++) {
            random = random * 1664525 + 1013904223;
            buf_printf(&b, " f%u", random >> 24 & 31);
        }
        buf_puts(&b, " main\n");
    }
    struct profile *p = sketch(b.data);
    struct nodes n;
    struct nodes_spec spec = {0};
    nodes_init(&n, p, &spec);
    nodes_name_all(&n);
    for (int inverted = 0; inverted < 2; inverted++) {
        struct calltree t;
        calltree_init(&t, &n, 0, inverted, &(struct calltree_limits){.cells = 500});
        check_shape(&t);
        int64_t total = 0;
        size_t cells = 0;
        for (size_t i = 0; i < p->sample_count; i++)
            total += p->values[0][i];
        for (size_t i = 0; i < t.count; i++)
            cells += !t.cells[i].merged;
        CU_ASSERT_EQUAL(t.cells[0].cum.new, total);
        CU_ASSERT_EQUAL(cells, 500);
        calltree_release(&t);
    }
    nodes_release(&n);
    profile_free(p);
    buf_release(&b);
}

static void test_around_a_function(void)
{
    static const char text[] = "n/count\n1 : c f a main\n2 : d f b main\n4 : f main\n8 : d main\n";
    callees_of("f", text, "all 4/7\n.d 2/2\n.c 1/1\n");
    callers_of("f", text, "all 0/7\n.main 4/4\n.b 0/2\n..main 2/2\n.a 0/1\n..main 1/1\n");
    callees_of("main", text,
               "all 0/15\n.d 8/8\n.f 4/4\n.b 0/2\n..f 0/2\n...d 2/2\n.a 0/1\n..f 0/1\n...c 1/1\n");
    callers_of("main", text, "all 15/15\n");
}

static void test_around_recursion(void)
{
    static const char text[] = "n/count\n1 : c f b f a\n2 : f f a\n";
    callees_of("f", text, "all 0/3\n.f 2/2\n.b 0/1\n..f 0/1\n...c 1/1\n");
    callers_of("f", text, "all 0/3\n.a 3/3\n");
}

static void test_around_inlined_frames(void)
{
    static const char text[] = "n/count\n1 : d c+b+a main\n";
    callees_of("a", text, "all 0/1\n.b inline 0/1\n..c inline 0/1\n...d 1/1\n");
    callees_of("b", text, "all 0/1\n.c inline 0/1\n..d 1/1\n");
    callees_of("c", text, "all 0/1\n.d 1/1\n");
    callers_of("a", text, "all 0/1\n.main 1/1\n");
    callers_of("b", text, "all 0/1\n.a 0/1\n..main 1/1\n");
    callers_of("c", text, "all 0/1\n.b inline 0/1\n..a 0/1\n...main 1/1\n");
    /* in one location and inlined into itself */
    callees_of("b", "n/count\n1 : b+a+b main\n", "all 0/1\n.a inline 0/1\n..b inline 1/1\n");
    callers_of("b", "n/count\n1 : b+a+b main\n", "all 0/1\n.main 1/1\n");
}

static void test_around_with_both_sides(void)
{
    static const char text[] = "n/count\n3 : a f main\n-2 : b f main ; pprof::base=true\n";
    callees_of("f", text, "all 0/3(2)\n.a 3/3\n.b 0(2)/0(2)\n");
    callers_of("f", text, "all 0/3(2)\n.main 3(2)/3(2)\n");
}

static void shares(const char *text, const char *name, int64_t old, int64_t new, size_t cells)
{
    struct profile *p = sketch(text);
    struct nodes n;
    struct calltree t;
    size_t count;
    nodes_init(&n, p, &(struct nodes_spec){0});
    nodes_name_all(&n);
    calltree_init(&t, &n, 0, false, &(struct calltree_limits){0});
    bool *at = nodes_named(&n, (struct str){name, strlen(name)});
    struct calltree_value v = calltree_share(&t, 0, at, &count);
    CU_ASSERT_EQUAL(v.old, old);
    CU_ASSERT_EQUAL(v.new, new);
    CU_ASSERT_EQUAL(count, cells);
    free(at);
    calltree_release(&t);
    nodes_release(&n);
    profile_free(p);
}

static void test_share_of_a_function(void)
{
    shares("n/count\n1 : c f b f a\n2 : f f a\n4 : f\n8 : a\n-3 : f x\n", "f", 3, 7, 5);
    shares("n/count\n1 : c f b f a\n2 : f f a\n4 : f\n8 : a\n", "a", 0, 11, 1);
}

CU_TestInfo calltree_tests[] = {
    {"sums from root to leaf", test_sums_from_root_to_leaf},
    {"equal stacks are one", test_equal_stacks_are_one},
    {"recursion stays a tree", test_recursion_stays_a_tree},
    {"inlined frames", test_inlined_frames},
    {"heaviest first, then by name", test_heaviest_first_then_by_name},
    {"leaves first", test_leaves_first},
    {"both sides are kept", test_both_sides_are_kept},
    {"the heaviest are kept", test_the_heaviest_are_kept},
    {"names have a limit", test_names_have_a_limit},
    {"near callers go first from the leaves", test_near_callers_go_first_from_the_leaves},
    {"values do not wrap", test_values_do_not_wrap},
    {"many stacks", test_many_stacks},
    {"around a function", test_around_a_function},
    {"around recursion", test_around_recursion},
    {"around inlined frames", test_around_inlined_frames},
    {"around with both sides", test_around_with_both_sides},
    {"share of a function", test_share_of_a_function},
    CU_TEST_INFO_NULL,
};
