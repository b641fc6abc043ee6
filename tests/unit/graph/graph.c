/* Tests of analyzer/graph: graph.h, nodes.h, order.h and weights.h.
 * Stacks are written leaf first. */
#include "analyzer/graph/graph.h"

#include "analyzer/base/buf.h"
#include "analyzer/graph/order.h"
#include "analyzer/graph/weights.h"
#include "tests/unit/graph/graphtext.h"
#include "tests/unit/sketch.h"

#include <CUnit/CUnit.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A profile, its nodes and a graph of them; ended by drawing_end. */
struct drawing {
    struct profile *p;
    struct nodes nodes;
    struct graph *g;
};

static void draw(struct drawing *d, const char *text, struct graph_spec spec)
{
    struct nodes_spec nodes_spec = {0};
    d->p = sketch(text);
    nodes_init(&d->nodes, d->p, &nodes_spec);
    nodes_name_all(&d->nodes);
    d->g = graph_new(&d->nodes, &spec);
}

static void drawing_end(struct drawing *d)
{
    graph_free(d->g);
    nodes_release(&d->nodes);
    profile_free(d->p);
}

/* The drawing, in the order of flat, must be WANT as graph_text has it. */
static void drawing_is(struct drawing *d, const char *want)
{
    order_nodes(d->g, ORDER_FLAT);
    char *got = graph_text(d->g);
    sketch_expect_text(got, want);
    free(got);
}

static void graphed(const char *text, struct graph_spec spec, const char *want)
{
    struct drawing d;
    draw(&d, text, spec);
    if (!spec.call_tree)
        graph_set_edges(d.g, GRAPH_ALL_EDGES, NULL);
    drawing_is(&d, want);
    drawing_end(&d);
}

#define ALL ((struct graph_spec){.divisor = -1})

static void test_flat_cum_and_edges(void)
{
    graphed("n/count\n1 : alloc work main\n2 : work main\n4 : idle main\n", ALL,
            "idle 4/4\nwork 2/3\nalloc 1/1\nmain 0/7\n"
            "main -> idle 4\nmain -> work 3\nwork -> alloc 1\n");
}

static void test_recursion_is_counted_once(void)
{
    graphed("n/count\n1 : a b a\n", ALL, "a 1/1\nb 0/1\na -> b 1\nb -> a 1\n");
    graphed("n/count\n5 : b a b a b a\n", ALL, "b 5/5\na 0/5\na -> b 5\nb -> a 5\n");
    graphed("n/count\n3 : a a a main\n", ALL, "a 3/3\nmain 0/3\nmain -> a 3\n"); /* no a -> a */
}

static void test_samples_of_one_stack_are_added_up(void)
{
    graphed("n/count\n1 : a ; k=x\n2 : a ; k=y\n4 : a\n", ALL, "a 7/7\n");
    graphed("n/count\n3 : a ; k=x\n-3 : a\n1 : b\n", ALL, "b 1/1\n");
}

static void test_samples_without_a_value_have_no_nodes(void)
{
    graphed("n/count t/ms\n1 0 : a\n0 2 : b\n", ALL, "a 1/1\n");
    graphed("n/count t/ms\n1 0 : a\n0 2 : b\n", (struct graph_spec){.value = 1, .divisor = -1},
            "b 2/2\n");
}

static void test_empty_stacks_count_nowhere(void)
{
    graphed("n/count\n5 :\n1 : a\n", ALL, "a 1/1\n");
    graphed("n/count\n", ALL, "");
}

static void test_inlined_calls_are_marked(void)
{
    graphed("n/count\n1 : c+b+a main\n", ALL,
            "c 1/1\na 0/1\nb 0/1\nmain 0/1\n"
            "a -> b 1 inline\nb -> c 1 inline\nmain -> a 1\n");
    /* called once as well: the edge is not only inlined */
    graphed("n/count\n1 : b+a\n2 : b a\n", ALL, "b 3/3\na 0/3\na -> b 3\n");
}

static void test_edges_only_where_something_is_inlined(void)
{
    struct drawing d;
    draw(&d, "n/count\n1 : b+a main\n2 : b main\n4 : c main\n", ALL);
    drawing_is(&d, "c 4/4\nb 3/3\na 0/1\nmain 0/7\n"); /* none were asked for */
    graph_set_edges(d.g, GRAPH_INLINED_EDGES, NULL);
    drawing_is(&d, "c 4/4\nb 3/3\na 0/1\nmain 0/7\nmain -> b 2\na -> b 1 inline\n");
    drawing_end(&d);
}

static void test_drop_negative(void)
{
    static const char text[] = "n/count\n-1 : a main\n3 : b main\n-2 : c x\n4 : d x\n";
    struct graph_spec spec = ALL;
    graphed(text, spec,
            "d 4/4\nb 3/3\nc -2/-2\na -1/-1\nmain 0/2\nx 0/2\n"
            "x -> d 4\nmain -> b 3\nx -> c -2\nmain -> a -1\n");
    spec.drop_negative = true;
    graphed(text, spec, "d 4/4\nb 3/3\nmain 0/2\nx 0/2\nx -> d 4\nmain -> b 3\n");
}

/* Sorted by the sums, as pprof does. */
static void test_means(void)
{
    struct graph_spec spec = {.value = 1, .divisor = 0};
    graphed("n/count t/ms\n2 10 : b a\n3 11 : c a\n0 7 : d a\n", spec,
            "c 3/3\nb 5/5\nd 7/7\na 0/5\na -> c 3\na -> b 5\na -> d 7\n");
}

/* Nodes are kept by the first letter of their names here. */
static void kept(const char *text, const char *letters, const char *want)
{
    struct drawing d;
    bool keep[20] = {false};
    draw(&d, text, ALL);
    for (size_t i = 0; i < d.nodes.count; i++)
        keep[i] = strchr(letters, d.nodes.names[i].ptr[0]) != NULL;
    graph_set_edges(d.g, GRAPH_ALL_EDGES, keep);
    drawing_is(&d, want);
    drawing_end(&d);
}

static void test_edges_across_what_is_left_out_are_residual(void)
{
    kept("n/count\n1 : c b a\n", "ac", "c 1/1\na 0/1\na -> c 1 residual\n");
    /* a leaf that is left out takes its flat value along */
    kept("n/count\n1 : c b a\n", "ab", "a 0/1\nb 0/1\na -> b 1\n");
    kept("n/count\n1 : c b a\n2 : c a\n", "ac", "c 3/3\na 0/3\na -> c 3 residual\n");
    kept("n/count\n1 : c b a\n", "bc", "c 1/1\nb 0/1\nb -> c 1\n");
    kept("n/count\n1 : c b a\n", "", "");
    /* a calls itself across b: no edge */
    kept("n/count\n1 : a b a\n", "a", "a 1/1\n");
}

static void test_call_tree_keeps_paths_apart(void)
{
    struct graph_spec spec = {.divisor = -1, .call_tree = true};
    graphed("n/count\n1 : leaf a main\n2 : leaf b main\n4 : a\n", spec,
            "a 4/4\nleaf 2/2\nleaf 1/1\na 0/1\nb 0/2\nmain 0/3\n"
            "b -> leaf 2\nmain -> b 2\na -> leaf 1\nmain -> a 1\n");
    graphed("n/count\n1 : a a a\n", spec, "a 1/1\na 0/1\na 0/1\na -> a 1\na -> a 1\n");
}

static void test_graph_child(void)
{
    struct drawing d;
    draw(&d, "n/count\n1 : b a\n2 : b\n", (struct graph_spec){.divisor = -1, .call_tree = true});
    const struct graph *g = d.g;
    uint32_t b = d.nodes.of[d.nodes.first[0]], a = d.nodes.of[d.nodes.first[1]];
    uint32_t root_a = graph_child(g, NO_INDEX, a), root_b = graph_child(g, NO_INDEX, b);
    CU_ASSERT_EQUAL_FATAL(g->node_count, 3);
    CU_ASSERT_EQUAL(g->node[root_b].flat, 2);
    CU_ASSERT_EQUAL(g->node[graph_child(g, root_a, b)].flat, 1);
    CU_ASSERT_EQUAL(graph_child(g, root_a, a), NO_INDEX);
    CU_ASSERT_EQUAL(graph_child(g, root_b, a), NO_INDEX);
    drawing_end(&d);
}

/* --- orders */

static void ordered(const char *text, enum node_order by, const char *want)
{
    struct drawing d;
    struct buf b = {0};
    draw(&d, text, ALL);
    graph_set_edges(d.g, GRAPH_ALL_EDGES, NULL);
    order_nodes(d.g, by);
    for (size_t i = 0; i < d.g->count; i++)
        buf_printf(&b, "%s%s", i ? " " : "", graph_name(d.g, d.g->order[i]).ptr);
    sketch_expect_text(b.data, want);
    buf_release(&b);
    drawing_end(&d);
}

static void test_order_by_flat_and_cum(void)
{
    static const char text[] = "n/count\n3 : b a\n-4 : d\n2 : c\n3 : e\n1 : a\n";
    ordered(text, ORDER_FLAT, "d b e c a");
    ordered(text, ORDER_CUM, "a d b e c");
    /* the name decides before the other value does */
    ordered("n/count\n1 : z1 y\n5 : y z2\n1 : z0\n", ORDER_FLAT, "y z0 z1 z2");
}

/* mid has one way in and one way out, hub has two of each. */
static void test_order_by_entropy(void)
{
    ordered("n/count\n4 : x hub mid1 r1\n4 : y hub mid2 r2\n", ORDER_ENTROPY,
            "hub x y r1 r2 mid1 mid2");
}

static void test_entropy_score(void)
{
    struct drawing d;
    draw(&d, "n/count\n4 : x hub a\n4 : y hub b\n8 : hub a\n", ALL);
    graph_set_edges(d.g, GRAPH_ALL_EDGES, NULL);
    for (size_t i = 0; i < d.g->count; i++) {
        uint32_t n = d.g->order[i];
        if (strcmp(graph_name(d.g, n).ptr, "hub") == 0) {
            /* in: 12 and 4 of 16; out: 4 and 4, and 8 of its own, of 16 */
            double in = -0.75 * log2(0.75) - 0.25 * log2(0.25), out = 1.5;
            CU_ASSERT_EQUAL(order_entropy(d.g, n), (int64_t)((in + out) * 16) + 8);
        }
        if (strcmp(graph_name(d.g, n).ptr, "x") == 0)
            CU_ASSERT_EQUAL(order_entropy(d.g, n), 4 + 4); /* in: 0, a leaf counts 1 */
    }
    drawing_end(&d);
}

/* --- nodes */

static void named(const char *text, struct nodes_spec spec, const char *want)
{
    struct profile *p = sketch(text);
    struct nodes nodes;
    nodes_init(&nodes, p, &spec);
    nodes_name_all(&nodes);
    struct buf b = {0};
    for (size_t i = 0; i < nodes.count; i++)
        buf_printf(&b, "%s%s", i ? "|" : "", nodes.names[i].ptr);
    sketch_expect_text(b.data, want);
    buf_release(&b);
    nodes_release(&nodes);
    profile_free(p);
}

#define NAMED(text, want, ...)                                                                     \
    named("n/count\n1 : " text "\n", (struct nodes_spec){__VA_ARGS__}, want)

static void test_names_of_nodes(void)
{
    NAMED("f", "f", .objects = false);
    NAMED("f@a.c", "f a.c", .objects = false);
    NAMED("f@a.c:7", "f a.c:7", .objects = false);
    NAMED("f@a.c:7:3", "f a.c:7:3", .objects = false);
    NAMED("f@:7", "f :7", .objects = false);
    NAMED("0x10=f@a.c:7", "0000000000000010 f a.c:7", .objects = false);
    NAMED("0x10!/lib/x.so", "0000000000000010 [x.so]", .objects = false);
    NAMED("0x10", "0000000000000010 <unknown>", .objects = false);
    NAMED("0x0", "<unknown>", .objects = false);
    NAMED("@a.c:7", "a.c:7", .objects = false);
    NAMED("b+a", "b|a", .objects = false);
}

static void test_files_are_trimmed_and_cleaned(void)
{
    NAMED("f@/src//x/../a.c", "f /src/a.c", .trim_path = "");
    NAMED("f@/src/x/a.c", "f x/a.c", .trim_path = "/src");
    NAMED("f@/old/proj/a.c", "f a.c", .source_path = "/home/proj");
    NAMED("f@/src/./x/a.c", "f /src/x/a.c", .trim_path = "/src", .raw_files = true);
}

static void test_what_is_one_node(void)
{
    NAMED("f@a.c f@./a.c f@b.c", "f a.c|f b.c", .objects = false);
    NAMED("f!x f!y", "f", .objects = false);
    NAMED("f!x f!y", "f|f", .objects = true);
    NAMED("0x0!x 0x0!y", "[x]|[y]", .objects = false);
}

static void test_weights(void)
{
    struct profile *p = sketch("n/count t/ms\n1 10 : a ; k=v\n2 20 : a\n0 0 : b\n3 0 : c\n"
                               "1 5 : d\n-1 -5 : d ; k=v\n");
    struct weight *w = weights_by_stack(p, 1, 0);
    CU_ASSERT_EQUAL(w[0].value, 30);
    CU_ASSERT_EQUAL(w[0].divisor, 3);
    CU_ASSERT_FALSE(w[1].counts);
    CU_ASSERT_TRUE(w[2].counts); /* for its divisor's sake */
    CU_ASSERT_TRUE(w[3].counts); /* adds up to nothing, but was there */
    CU_ASSERT_EQUAL(w[3].value, 0);
    free(w);
    w = weights_by_stack(p, 1, -1);
    CU_ASSERT_FALSE(w[2].counts);
    free(w);
    profile_free(p);
}

CU_TestInfo graph_tests[] = {
    {"flat, cum and edges", test_flat_cum_and_edges},
    {"recursion is counted once", test_recursion_is_counted_once},
    {"samples of one stack are added up", test_samples_of_one_stack_are_added_up},
    {"samples without a value have no nodes", test_samples_without_a_value_have_no_nodes},
    {"empty stacks count nowhere", test_empty_stacks_count_nowhere},
    {"inlined calls are marked", test_inlined_calls_are_marked},
    {"edges only where something is inlined", test_edges_only_where_something_is_inlined},
    {"drop_negative", test_drop_negative},
    {"means", test_means},
    {"residual edges", test_edges_across_what_is_left_out_are_residual},
    {"call_tree keeps paths apart", test_call_tree_keeps_paths_apart},
    {"graph_child", test_graph_child},
    {"order by flat and cum", test_order_by_flat_and_cum},
    {"order by entropy", test_order_by_entropy},
    {"entropy score", test_entropy_score},
    {"names of nodes", test_names_of_nodes},
    {"files are trimmed and cleaned", test_files_are_trimmed_and_cleaned},
    {"what is one node", test_what_is_one_node},
    {"weights", test_weights},
    CU_TEST_INFO_NULL,
};
