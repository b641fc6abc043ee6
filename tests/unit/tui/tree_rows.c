/* Tests of tui/tree_rows.h and cell_paths.h. Stacks are written leaf first. */
#include "tui/tree_rows.h"

#include "tests/unit/sketch.h"
#include "tui/cell_paths.h"

#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>

/* A profile with the tree of its calls; ended by wood_end. */
struct wood {
    struct profile *p;
    struct nodes nodes;
    struct calltree tree;
};

static void wood_init(struct wood *w, const char *text)
{
    w->p = sketch(text);
    nodes_init(&w->nodes, w->p, &(struct nodes_spec){0});
    nodes_name_all(&w->nodes);
    calltree_init(&w->tree, &w->nodes, 0, false, &(struct calltree_limits){0});
}

static void wood_end(struct wood *w)
{
    calltree_release(&w->tree);
    nodes_release(&w->nodes);
    profile_free(w->p);
}

static uint32_t cell_called(const struct wood *w, const char *name)
{
    return cell_named(&w->tree, &w->nodes, 0, (struct str){name, strlen(name)});
}

/* A line per row: a dot per level, - if it is open, + if it could be, the name. */
static void rows_are(const struct tree_rows *t, const struct wood *w, const char *want)
{
    struct buf b = {0};
    buf_puts(&b, "");
    for (size_t i = 0; i < t->count; i++) {
        uint32_t cell = t->cells[i];
        buf_pad(&b, '.', t->levels[cell]);
        buf_puts(&b, t->open[cell] ? "-" : tree_rows_can_open(t, cell) ? "+" : "");
        buf_str(&b, w->nodes.names[w->tree.cells[cell].node]);
        buf_putc(&b, '\n');
    }
    sketch_expect_text(b.data, want);
    buf_release(&b);
}

static const char shop[] = "n/count\n9 : hot serve main\n4 : slow serve main\n3 : x idle main\n"
                           "2 : gc\n1 : serve main\n";

static void test_opening_and_closing(void)
{
    struct wood w;
    struct tree_rows t = {0};
    wood_init(&w, shop);
    tree_rows_set(&t, &w.tree, &w.nodes);
    rows_are(&t, &w, ".+main\n.gc\n");
    tree_rows_open(&t, cell_called(&w, "main"), true);
    rows_are(&t, &w, ".-main\n..+serve\n..+idle\n.gc\n");
    tree_rows_open(&t, cell_called(&w, "idle"), true);
    rows_are(&t, &w, ".-main\n..+serve\n..-idle\n..x\n.gc\n");
    tree_rows_open(&t, cell_called(&w, "x"), true);
    CU_ASSERT_FALSE(t.open[cell_called(&w, "x")]);
    tree_rows_open(&t, cell_called(&w, "main"), false);
    rows_are(&t, &w, ".+main\n.gc\n");
    tree_rows_open_all(&t, cell_called(&w, "main"), true);
    rows_are(&t, &w, ".-main\n..-serve\n...hot\n...slow\n..-idle\n..x\n.gc\n");
    tree_rows_open_all(&t, cell_called(&w, "serve"), false);
    rows_are(&t, &w, ".-main\n..+serve\n..-idle\n..x\n.gc\n");
    tree_rows_release(&t);
    wood_end(&w);
}

static void test_the_hottest_path(void)
{
    struct wood w;
    struct tree_rows t = {0};
    wood_init(&w, shop);
    tree_rows_set(&t, &w.tree, &w.nodes);
    CU_ASSERT_EQUAL(tree_rows_open_hottest(&t, cell_called(&w, "main")), cell_called(&w, "hot"));
    rows_are(&t, &w, ".-main\n..-serve\n...hot\n...slow\n..+idle\n.gc\n");
    tree_rows_release(&t);
    wood_end(&w);
    /* it ends where more is spent than further down */
    wood_init(&w, "n/count\n5 : b a main\n6 : a main\n");
    tree_rows_set(&t, &w.tree, &w.nodes);
    CU_ASSERT_EQUAL(tree_rows_open_hottest(&t, 1), cell_called(&w, "a"));
    rows_are(&t, &w, "-main\n+a\n");
    tree_rows_release(&t);
    wood_end(&w);
}

static void test_showing_a_cell_opens_its_callers(void)
{
    struct wood w;
    struct tree_rows t = {0};
    wood_init(&w, shop);
    tree_rows_set(&t, &w.tree, &w.nodes);
    CU_ASSERT_EQUAL(tree_rows_show(&t, cell_called(&w, "slow")), 3);
    rows_are(&t, &w, ".-main\n..-serve\n...hot\n...slow\n..+idle\n.gc\n");
    CU_ASSERT_EQUAL(tree_rows_show(&t, cell_called(&w, "gc")), 5);
    tree_rows_release(&t);
    wood_end(&w);
}

static void test_branches(void)
{
    struct wood w;
    struct tree_rows t = {0};
    wood_init(&w, shop);
    tree_rows_set(&t, &w.tree, &w.nodes);
    CU_ASSERT(tree_rows_is_branch(&t, cell_called(&w, "main")));
    CU_ASSERT_FALSE(tree_rows_is_last(&t, cell_called(&w, "main")));
    CU_ASSERT(tree_rows_is_last(&t, cell_called(&w, "gc")));
    CU_ASSERT_FALSE(tree_rows_is_branch(&t, cell_called(&w, "x")));
    CU_ASSERT(tree_rows_is_last(&t, cell_called(&w, "x")));
    tree_rows_release(&t);
    wood_end(&w);
}

/* Names and not places decide what stays open in the next tree. */
static void test_open_cells_stay_open(void)
{
    struct wood w, next;
    struct tree_rows t = {0};
    wood_init(&w, shop);
    tree_rows_set(&t, &w.tree, &w.nodes);
    tree_rows_open(&t, cell_called(&w, "main"), true);
    tree_rows_open(&t, cell_called(&w, "serve"), true);
    wood_end(&w); /* what the rows were of may be gone */
    wood_init(&next, "n/count\n1 : slow serve main\n7 : x idle main\n9 : y serve\n");
    tree_rows_set(&t, &next.tree, &next.nodes);
    rows_are(&t, &next, ".+serve\n.-main\n..+idle\n..-serve\n..slow\n");
    tree_rows_release(&t);
    wood_end(&next);
}

static void test_a_tree_of_nothing(void)
{
    struct wood w;
    struct tree_rows t = {0};
    wood_init(&w, "n/count\n");
    tree_rows_set(&t, &w.tree, &w.nodes);
    CU_ASSERT_EQUAL(t.count, 0);
    tree_rows_release(&t);
    wood_end(&w);
}

static void test_paths(void)
{
    struct wood w;
    wood_init(&w, "n/count\n1 : b a\n2 : a b\n3 : b b\n4 : ab\n");
    uint64_t *paths = cell_paths_new(&w.tree, &w.nodes);
    for (uint32_t i = 0; i < w.tree.count; i++)
        CU_ASSERT_EQUAL(cell_paths_find(paths, w.tree.count, paths[i]), i);
    CU_ASSERT_EQUAL(cell_paths_find(paths, w.tree.count, 12345), NO_INDEX);
    free(paths);
    /* the heaviest of those with a name */
    uint32_t b = cell_called(&w, "b");
    CU_ASSERT_EQUAL(w.tree.cells[b].cum.new, 5);
    CU_ASSERT_EQUAL(cell_named(&w.tree, &w.nodes, cell_called(&w, "ab"), (struct str){"b", 1}),
                    NO_INDEX);
    CU_ASSERT_EQUAL(cell_called(&w, "c"), NO_INDEX);
    wood_end(&w);
}

CU_TestInfo tree_rows_tests[] = {
    {"opening and closing", test_opening_and_closing},
    {"the hottest path", test_the_hottest_path},
    {"showing a cell opens its callers", test_showing_a_cell_opens_its_callers},
    {"branches", test_branches},
    {"open cells stay open", test_open_cells_stay_open},
    {"a tree of nothing", test_a_tree_of_nothing},
    {"paths", test_paths},
    CU_TEST_INFO_NULL,
};
