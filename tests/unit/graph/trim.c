/* Tests of analyzer/graph: trim.h and nodetags.h. Stacks are written leaf first. */
#include "analyzer/graph/trim.h"

#include "analyzer/base/buf.h"
#include "tests/unit/graph/graphtext.h"
#include "tests/unit/sketch.h"

#include <CUnit/CUnit.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct trimming {
    struct profile *p;
    struct nodes nodes;
    struct trimmed t;
};

static const struct nodetags_spec tags_spec = {.bytes_unit = "bytes", .output_unit = "minimum"};

/* What SPEC leaves of TEXT's graph; ended by trimming_end. */
static void trim(struct trimming *t, const char *text, struct trim_spec spec)
{
    struct nodes_spec nodes_spec = {0};
    spec.divisor = -1;
    spec.edges = GRAPH_ALL_EDGES;
    spec.tags = spec.visual ? &tags_spec : NULL;
    t->p = sketch(text);
    nodes_init(&t->nodes, t->p, &nodes_spec);
    nodes_name_all(&t->nodes);
    trim_graph(&t->t, &t->nodes, &spec);
}

static void trimming_end(struct trimming *t)
{
    trimmed_release(&t->t);
    nodes_release(&t->nodes);
    profile_free(t->p);
}

/* DROPPED: nodes left out for the fraction's sake, edges left out, nodes before the limit. */
static void trimmed(const char *text, struct trim_spec spec, const char *want, size_t dropped_nodes,
                    size_t dropped_edges, size_t original)
{
    struct trimming t;
    trim(&t, text, spec);
    char *got = graph_text(t.t.graph);
    sketch_expect_text(got, want);
    CU_ASSERT_EQUAL(t.t.dropped_nodes, dropped_nodes);
    CU_ASSERT_EQUAL(t.t.dropped_edges, dropped_edges);
    CU_ASSERT_EQUAL(t.t.original_count, original);
    free(got);
    trimming_end(&t);
}

static const char program[] = "n/count\n"
                              "50 : hot work main\n"
                              "30 : warm work main\n"
                              "15 : cool main\n"
                              "5 : cold cool main\n";

static void test_nothing_to_trim(void)
{
    trimmed(program, (struct trim_spec){0},
            "hot 50/50\nwarm 30/30\ncool 15/20\ncold 5/5\nmain 0/100\nwork 0/80\n"
            "main -> work 80\nwork -> hot 50\nwork -> warm 30\nmain -> cool 20\ncool -> cold 5\n",
            0, 0, 6);
}

static void test_light_nodes_go(void)
{
    trimmed(program, (struct trim_spec){.nodefraction = 0.1},
            "hot 50/50\nwarm 30/30\ncool 15/20\nmain 0/100\nwork 0/80\n"
            "main -> work 80\nwork -> hot 50\nwork -> warm 30\nmain -> cool 20\n",
            1, 0, 5);
    /* the cutoff itself is kept */
    trimmed(program, (struct trim_spec){.nodefraction = 0.2},
            "hot 50/50\nwarm 30/30\ncool 15/20\nmain 0/100\nwork 0/80\n"
            "main -> work 80\nwork -> hot 50\nwork -> warm 30\nmain -> cool 20\n",
            1, 0, 5);
}

static void test_nodecount_keeps_the_first(void)
{
    trimmed(program, (struct trim_spec){.nodecount = 2}, "hot 50/50\nwarm 30/30\n", 0, 0, 6);
    trimmed(program, (struct trim_spec){.nodecount = 2, .cum_sort = true},
            "main 0/100\nwork 0/80\nmain -> work 80\n", 0, 0, 6);
    trimmed(program, (struct trim_spec){.nodecount = 3, .cum_sort = true},
            "main 0/100\nwork 0/80\nhot 50/50\nmain -> work 80\nwork -> hot 50\n", 0, 0, 6);
    trimmed(program, (struct trim_spec){.nodecount = 100},
            "hot 50/50\nwarm 30/30\ncool 15/20\ncold 5/5\nmain 0/100\nwork 0/80\n"
            "main -> work 80\nwork -> hot 50\nwork -> warm 30\nmain -> cool 20\ncool -> cold 5\n",
            0, 0, 6);
}

/* Once work is gone, main calls hot across it. */
static void test_edges_across_dropped_nodes(void)
{
    trimmed("n/count\n50 : hot work main\n20 : main\n", (struct trim_spec){.nodecount = 2},
            "hot 50/50\nmain 20/70\nmain -> hot 50 residual\n", 0, 0, 3);
}

static void test_light_edges_go(void)
{
    trimmed(program, (struct trim_spec){.edgefraction = 0.25},
            "hot 50/50\nwarm 30/30\ncool 15/20\ncold 5/5\nmain 0/100\nwork 0/80\n"
            "main -> work 80\nwork -> hot 50\nwork -> warm 30\n",
            0, 2, 6);
}

static void test_negative_nodes_weigh_by_size(void)
{
    trimmed("n/count\n-90 : a main\n100 : b main\n3 : c main\n",
            (struct trim_spec){.nodefraction = 0.5},
            "b 100/100\na -90/-90\nmain 0/13\n"
            "main -> b 100\nmain -> a -90\n",
            1, 0, 3);
}

static void test_call_tree_is_cut(void)
{
    struct trim_spec spec = {.call_tree = true, .nodefraction = 0.1};
    trimmed("n/count\n50 : leaf a main\n5 : leaf b main\n45 : a main\n", spec,
            "leaf 50/50\na 45/95\nmain 0/100\nmain -> a 95\na -> leaf 50\n", 2, 0, 3);
    /* children of a node that goes hang off its parent */
    spec = (struct trim_spec){.call_tree = true, .nodecount = 2};
    trimmed("n/count\n50 : leaf mid main\n40 : main\n", spec,
            "leaf 50/50\nmain 40/90\nmain -> leaf 50 residual\n", 0, 0, 3);
}

/* --- pictures */

static void test_picture_is_ordered_by_entropy(void)
{
    trimmed("n/count\n4 : x hub mid1 r1\n4 : y hub mid2 r2\n", (struct trim_spec){.visual = true},
            "hub 0/8\nx 4/4\ny 4/4\nr1 0/4\nr2 0/4\nmid1 0/4\nmid2 0/4\n"
            "hub -> x 4\nhub -> y 4\nmid1 -> hub 4\nmid2 -> hub 4\nr1 -> mid1 4\nr2 -> mid2 4\n",
            0, 0, 7);
}

/* a reaches c through b as well, so what passes over x says nothing new. */
static void test_redundant_edges_go(void)
{
    static const char text[] = "n/count\n1 : c x a\n50 : c b a\n49 : b a\n";
    trimmed(text, (struct trim_spec){.nodefraction = 0.02},
            "c 51/51\nb 49/99\na 0/100\na -> b 99\nb -> c 50\na -> c 1 residual\n", 1, 0, 3);
    trimmed(text, (struct trim_spec){.nodefraction = 0.02, .visual = true},
            "b 49/99\nc 51/51\na 0/100\na -> b 99\nb -> c 50\n", 1, 0, 3);
}

/* A real call stays, and with it every heavier edge, whatever other ways there are. */
static void test_real_calls_are_not_redundant(void)
{
    trimmed("n/count\n1 : c a\n50 : c b a\n49 : b a\n", (struct trim_spec){.visual = true},
            "b 49/99\nc 51/51\na 0/100\na -> b 99\nb -> c 50\na -> c 1\n", 0, 0, 3);
    trimmed("n/count\n5 : c x a\n50 : c b a\n40 : b a\n6 : d a\n2 : c d a\n",
            (struct trim_spec){.visual = true, .nodefraction = 0.06},
            "a 0/103\nc 57/57\nb 40/90\nd 6/8\n"
            "a -> b 90\nb -> c 50\na -> d 8\na -> c 5 residual\nd -> c 2\n",
            1, 0, 4);
}

/* Each node's tags: "NODE [FLAT/CUM NAME]...", text tags before numbers, heaviest cum first. */
static void add_tags(struct buf *b, struct nodetag *tags, size_t count)
{
    nodetags_sort(tags, count, false);
    for (size_t i = 0; i < count; i++) {
        buf_printf(b, " [%" PRId64 "/%" PRId64 " ", nodetag_flat(&tags[i]), nodetag_cum(&tags[i]));
        buf_str(b, tags[i].name);
        buf_putc(b, ']');
    }
}

static void tagged(const char *text, struct trim_spec spec, const char *want)
{
    struct trimming t;
    struct buf b = {0};
    spec.visual = true;
    trim(&t, text, spec);
    const struct graph *g = t.t.graph;
    for (size_t i = 0; i < g->count; i++) {
        struct node_tags *of = &t.t.tags->of[g->order[i]];
        buf_str(&b, graph_name(g, g->order[i]));
        add_tags(&b, of->texts, of->text_count);
        for (size_t k = 0; k < of->group_count; k++)
            add_tags(&b, of->groups[k].tags, of->groups[k].count);
        buf_putc(&b, '\n');
    }
    sketch_expect_text(b.data, want);
    buf_release(&b);
    trimming_end(&t);
}

static void test_text_tags_collapse_into_one_per_sample(void)
{
    tagged("n/count\n1 : b a ; k=v j=u\n2 : b a ; j=u k=v\n4 : b a ; k=w\n8 : b a\n",
           (struct trim_spec){0}, "b [4/4 k:w] [3/3 j:u\\nk:v]\na [0/4 k:w] [0/3 j:u\\nk:v]\n");
}

static void test_bytes_hang_off_the_text(void)
{
    tagged("n/count\n1 : a ; bytes=#16:bytes\n2 : a ; bytes=#2048:bytes k=v\n4 : a ; size=#3:kb\n",
           (struct trim_spec){0}, "a [2/2 k:v] [1/1 16B] [2/2 2kB]\n");
}

static void test_tags_of_recursive_nodes_count_once(void)
{
    tagged("n/count\n1 : a b a ; k=v\n", (struct trim_spec){0}, "a [1/1 k:v]\nb [0/1 k:v]\n");
}

static void test_diff_base_is_no_tag(void)
{
    tagged("n/count\n1 : a ; pprof::base=true k=v\n", (struct trim_spec){0}, "a [1/1 k:v]\n");
}

static void test_light_tags_go(void)
{
    tagged("n/count\n1 : a ; k=light\n99 : a ; k=heavy\n", (struct trim_spec){.nodefraction = 0.1},
           "a [99/99 k:heavy]\n");
}

/* A node with tags takes the place of several. */
static void test_tags_count_against_the_limit(void)
{
    static const char text[] = "n/count\n9 : a ; k=1\n8 : a ; k=2\n7 : a ; k=3\n6 : b\n5 : c\n";
    trimmed(text, (struct trim_spec){.visual = true, .nodecount = 4}, "a 24/24\n", 0, 0, 3);
    trimmed(text, (struct trim_spec){.visual = true, .nodecount = 5}, "a 24/24\nb 6/6\n", 0, 0, 3);
    trimmed(text, (struct trim_spec){.nodecount = 2}, "a 24/24\nb 6/6\n", 0, 0, 3);
}

CU_TestInfo trim_tests[] = {
    {"nothing to trim", test_nothing_to_trim},
    {"light nodes go", test_light_nodes_go},
    {"nodecount keeps the first", test_nodecount_keeps_the_first},
    {"edges across dropped nodes", test_edges_across_dropped_nodes},
    {"light edges go", test_light_edges_go},
    {"negative nodes weigh by size", test_negative_nodes_weigh_by_size},
    {"a call tree is cut", test_call_tree_is_cut},
    {"a picture is ordered by entropy", test_picture_is_ordered_by_entropy},
    {"redundant edges go", test_redundant_edges_go},
    {"real calls are not redundant", test_real_calls_are_not_redundant},
    {"text tags collapse", test_text_tags_collapse_into_one_per_sample},
    {"bytes hang off the text", test_bytes_hang_off_the_text},
    {"tags of recursive nodes count once", test_tags_of_recursive_nodes_count_once},
    {"a diff base is no tag", test_diff_base_is_no_tag},
    {"light tags go", test_light_tags_go},
    {"tags count against the limit", test_tags_count_against_the_limit},
    CU_TEST_INFO_NULL,
};
