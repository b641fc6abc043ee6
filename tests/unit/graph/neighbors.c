/* Tests of analyzer/graph/neighbors.h. Stacks are written leaf first. */
#include "analyzer/graph/neighbors.h"

#include "analyzer/report/tree.h"
#include "tests/unit/sketch.h"

#include <CUnit/CUnit.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void add_value(struct buf *b, struct calltree_value v)
{
    buf_printf(b, "%" PRId64, v.new);
    if (v.old)
        buf_printf(b, "(%" PRId64 ")", v.old);
}

static void add_side(struct buf *b, const struct nodes *nodes, const struct neighbor *items,
                     size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buf_putc(b, i ? ' ' : '[');
        buf_str(b, nodes->names[items[i].node]);
        buf_puts(b, items[i].inlined ? "/inline=" : "=");
        add_value(b, items[i].weight);
    }
    buf_puts(b, count ? "]" : "[]");
}

/* "callers flat/cum callees" of FUNCTION. */
static void around(const char *function, const char *text, const char *want)
{
    struct profile *p = sketch(text);
    struct nodes nodes;
    struct neighbors n;
    struct buf b = {0};
    nodes_init(&nodes, p, &(struct nodes_spec){0});
    nodes_name_all(&nodes);
    bool *at = nodes_named(&nodes, (struct str){function, strlen(function)});
    CU_ASSERT_PTR_NOT_NULL_FATAL(at);
    neighbors_init(&n, &nodes, 0, at);
    add_side(&b, &nodes, n.callers, n.caller_count);
    buf_putc(&b, ' ');
    add_value(&b, n.flat);
    buf_putc(&b, '/');
    add_value(&b, n.cum);
    buf_putc(&b, ' ');
    add_side(&b, &nodes, n.callees, n.callee_count);
    sketch_expect_text(b.data, want);
    buf_release(&b);
    free(at);
    neighbors_release(&n);
    nodes_release(&nodes);
    profile_free(p);
}

static void test_callers_and_callees(void)
{
    static const char text[] = "n/count\n1 : c f a main\n2 : d f b main\n4 : f main\n8 : d main\n";
    around("f", text, "[main=4 b=2 a=1] 4/7 [d=2 c=1]");
    around("main", text, "[] 0/15 [d=8 f=4 b=2 a=1]");
    around("d", text, "[main=8 f=2] 10/10 []");
    around("a", "n/count\n0 : a main\n", "[] 0/0 []");
}

static void test_recursion_counts_once(void)
{
    around("f", "n/count\n1 : c f b f b f a\n2 : f f a\n", "[a=3 b=1] 2/3 [b=1 c=1]");
    around("f", "n/count\n1 : f f f\n", "[] 1/1 []");
}

static void test_inlined_calls(void)
{
    static const char text[] = "n/count\n1 : d c+b+a main\n";
    around("a", text, "[main=1] 0/1 [b/inline=1]");
    around("b", text, "[a/inline=1] 0/1 [c/inline=1]");
    around("c", text, "[b/inline=1] 0/1 [d=1]");
    around("b", "n/count\n1 : b+a\n2 : b a\n", "[a=3] 3/3 []");
    around("b", "n/count\n1 : b+a+b main\n", "[a/inline=1 main=1] 1/1 [a/inline=1]");
}

static void test_both_sides(void)
{
    around("f", "n/count\n3 : a f main\n-2 : b f main ; pprof::base=true\n-1 : f other\n",
           "[main=3(2) other=0(1)] 0(1)/3(3) [a=3 b=0(2)]");
}

/* The same calls as the whole graph has. */
static void test_same_as_the_graph(void)
{
    static const char text[] = "n/count\n7 : c f a+x main\n2 : d+f b f main\n4 : f x main\n"
                               "8 : d main\n3 : x+d f f main\n9 : main main x\n1 : x\n";
    struct report_spec spec = {
        .sample_index = "", .divide_by = 1, .unit = "minimum", .source_path = "", .trim_path = ""};
    struct profile *p = sketch(text);
    struct lines notes = {0};
    struct report r;
    struct tree t;
    CU_ASSERT_EQUAL_FATAL(report_init(&r, p, &spec, &notes, NULL), 0);
    CU_ASSERT_EQUAL_FATAL(tree_init(&t, &r, NULL, NULL), 0);
    CU_ASSERT_EQUAL(t.count, 7);
    for (size_t i = 0; i < t.count; i++) {
        const struct tree_row *row = &t.rows[i];
        struct neighbors n;
        bool *at = nodes_named(&t.nodes, row->name);
        neighbors_init(&n, &t.nodes, 0, at);
        CU_ASSERT_EQUAL(n.flat.new, row->flat);
        CU_ASSERT_EQUAL(n.cum.new, row->cum);
        CU_ASSERT_EQUAL_FATAL(n.caller_count, row->caller_count);
        CU_ASSERT_EQUAL_FATAL(n.callee_count, row->callee_count);
        for (size_t k = 0; k < n.caller_count + n.callee_count; k++) {
            bool up = k < n.caller_count;
            const struct neighbor *got = up ? &n.callers[k] : &n.callees[k - n.caller_count];
            const struct tree_call *want =
                up ? &row->callers[k] : &row->callees[k - n.caller_count];
            CU_ASSERT_EQUAL(str_cmp(t.nodes.names[got->node], want->name), 0);
            CU_ASSERT_EQUAL(got->weight.new, want->weight);
            CU_ASSERT_EQUAL(got->inlined, want->inlined);
        }
        free(at);
        neighbors_release(&n);
    }
    tree_release(&t);
    report_release(&r);
    profile_free(p);
    lines_release(&notes);
}

CU_TestInfo neighbors_tests[] = {
    {"callers and callees", test_callers_and_callees},
    {"recursion counts once", test_recursion_counts_once},
    {"inlined calls", test_inlined_calls},
    {"both sides", test_both_sides},
    {"the same as the graph", test_same_as_the_graph},
    CU_TEST_INFO_NULL,
};
