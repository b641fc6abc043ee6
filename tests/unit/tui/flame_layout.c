/* Tests of tui/flame_layout.h. Stacks are written leaf first. */
#include "tui/flame_layout.h"

#include "tests/unit/sketch.h"

#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>

/* A tree and its layout; ended by fire_end. */
struct fire {
    struct profile *p;
    struct nodes nodes;
    struct calltree tree;
    struct flame_layout l;
};

static void fire_init(struct fire *f, const char *text, size_t cells)
{
    f->p = sketch(text);
    nodes_init(&f->nodes, f->p, &(struct nodes_spec){0});
    nodes_name_all(&f->nodes);
    calltree_init(&f->tree, &f->nodes, 0, false, &(struct calltree_limits){.cells = cells});
}

static void fire_end(struct fire *f)
{
    flame_layout_release(&f->l);
    calltree_release(&f->tree);
    nodes_release(&f->nodes);
    profile_free(f->p);
}

static uint32_t cell_called(const struct fire *f, const char *name)
{
    for (uint32_t i = 0; i < f->tree.count; i++) {
        uint32_t node = f->tree.cells[i].node;
        if (node != NO_INDEX && strcmp(f->nodes.names[node].ptr, name) == 0)
            return i;
    }
    return NO_INDEX;
}

/* A line per row: "column+columns name", or "column+columns *merged=weight". */
static void add_layout(struct buf *b, const struct fire *f)
{
    for (size_t row = 0; row < f->l.row_count; row++) {
        for (size_t i = f->l.rows[row]; i < f->l.rows[row + 1]; i++) {
            const struct flame_box *box = &f->l.boxes[i];
            uint32_t node = f->tree.cells[box->cell].node;
            if (i > f->l.rows[row])
                buf_putc(b, ' ');
            buf_printf(b, "%d+%d ", box->col, box->cols);
            if (box->merged)
                buf_printf(b, "*%u=%d", box->merged, (int)box->cum.new);
            else
                buf_puts(b, node == NO_INDEX ? "all" : f->nodes.names[node].ptr);
        }
        buf_putc(b, '\n');
    }
}

static void laid_out(const char *text, const char *zoom, int cols, size_t cells, const char *want)
{
    struct fire f;
    struct buf b = {0};
    fire_init(&f, text, cells);
    flame_layout_init(&f.l, &f.tree, zoom ? cell_called(&f, zoom) : 0, cols);
    add_layout(&b, &f);
    sketch_expect_text(b.data, want);
    buf_release(&b);
    fire_end(&f);
}

static void test_widths_are_shares(void)
{
    laid_out("n/count\n5 : a main\n3 : b main\n2 : main\n", NULL, 20, 0,
             "0+20 all\n0+20 main\n0+10 a 10+6 b\n");
    laid_out("n/count\n1 : a\n1 : b\n1 : c\n", NULL, 10, 0, "0+10 all\n0+3 a 3+4 b 7+3 c\n");
    laid_out("n/count\n", NULL, 10, 0, "0+10 all\n");
}

static void test_narrow_ones_become_one(void)
{
    static const char text[] = "n/count\n80 : a\n10 : b\n5 : c\n3 : x d\n2 : e\n";
    laid_out(text, NULL, 20, 0, "0+20 all\n0+16 a 16+2 b 18+2 *3=10\n");
    laid_out(text, NULL, 10, 0, "0+10 all\n0+8 a 8+2 *4=20\n");
    /* all of them are too narrow, and are not lost */
    laid_out("n/count\n1 : a\n1 : b\n1 : c\n", NULL, 2, 0, "0+2 all\n0+2 *3=3\n");
    laid_out("n/count\n998 : a\n1 : b\n1 : c\n", NULL, 10, 0, "0+10 all\n0+9 a 9+1 *2=2\n");
}

static void test_a_single_one_stays_itself(void)
{
    laid_out("n/count\n99 : a\n1 : d c b\n", NULL, 10, 0, "0+10 all\n0+9 a 9+1 b\n9+1 c\n9+1 d\n");
    laid_out("n/count\n99 : a main\n1 : c b main\n", NULL, 1, 0, "0+1 all\n0+1 main\n0+1 *2=100\n");
}

static void test_what_the_tree_left_out(void)
{
    laid_out("n/count\n50 : a\n30 : b\n20 : c\n", NULL, 10, 2, "0+10 all\n0+5 a 5+5 *2=50\n");
    laid_out("n/count\n50 : a\n30 : b\n1 : c\n1 : d\n1 : e\n", NULL, 12, 3,
             "0+12 all\n0+7 a 7+4 b 11+1 *3=3\n");
    /* they count among those that are too narrow */
    laid_out("n/count\n900 : a\n30 : b\n1 : c\n1 : d\n1 : e\n", NULL, 10, 3,
             "0+10 all\n0+9 a 9+1 *4=33\n");
}

static void test_zoomed(void)
{
    static const char text[] = "n/count\n60 : a main\n30 : c b main\n10 : d b main\n";
    laid_out(text, "b", 12, 0, "0+12 all\n0+12 main\n0+12 b\n0+9 c 9+3 d\n");
    laid_out(text, "d", 12, 0, "0+12 all\n0+12 main\n0+12 b\n0+12 d\n");
}

static void test_both_sides_make_width(void)
{
    laid_out("n/count\n5 : a\n-5 : b ; pprof::base=true\n", NULL, 10, 0, "0+10 all\n0+5 a 5+5 b\n");
}

static void test_the_box_of_a_cell(void)
{
    struct fire f;
    fire_init(&f, "n/count\n80 : a\n10 : y b\n5 : c\n3 : x d\n2 : e\n", 0);
    flame_layout_init(&f.l, &f.tree, 0, 20);
    /* all; a, b, three merged; y */
    CU_ASSERT_EQUAL(f.l.box_count, 5);
    static const struct {
        const char *name;
        size_t box;
    } want[] = {{"a", 1}, {"b", 2}, {"c", 3}, {"d", 3}, {"x", 3}, {"e", 3}, {"y", 4}};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        CU_ASSERT_EQUAL(flame_layout_find(&f.l, &f.tree, cell_called(&f, want[i].name)),
                        want[i].box);
    CU_ASSERT_EQUAL(flame_layout_find(&f.l, &f.tree, 0), 0);
    CU_ASSERT_EQUAL(flame_layout_row(&f.l, 0), 0);
    CU_ASSERT_EQUAL(flame_layout_row(&f.l, 3), 1);
    CU_ASSERT_EQUAL(flame_layout_row(&f.l, 4), 2);
    CU_ASSERT_EQUAL(flame_layout_at(&f.l, 1, 0), 1);
    CU_ASSERT_EQUAL(flame_layout_at(&f.l, 1, 19), 3);
    CU_ASSERT_EQUAL(flame_layout_at(&f.l, 2, 0), SIZE_MAX);
    CU_ASSERT_EQUAL(flame_layout_at(&f.l, 9, 0), SIZE_MAX);
    fire_end(&f);
    /* of what is not below the zoomed one, the nearest caller that is to be seen */
    fire_init(&f, "n/count\n8 : a main\n2 : b main\n", 0);
    flame_layout_init(&f.l, &f.tree, cell_called(&f, "a"), 20);
    CU_ASSERT_EQUAL(flame_layout_find(&f.l, &f.tree, cell_called(&f, "b")), 1);
    fire_end(&f);
}

/* What holds for every layout: boxes lie in that of their caller, side by side, each cell in one.
 */
static void check(const struct fire *f)
{
    for (size_t row = 1; row < f->l.row_count; row++) {
        for (size_t i = f->l.rows[row]; i < f->l.rows[row + 1]; i++) {
            const struct flame_box *b = &f->l.boxes[i];
            size_t up = flame_layout_find(&f->l, &f->tree, f->tree.cells[b->cell].parent);
            const struct flame_box *above = &f->l.boxes[up];
            CU_ASSERT(b->cols >= 1);
            CU_ASSERT(b->col >= above->col && b->col + b->cols <= above->col + above->cols);
            CU_ASSERT(i == f->l.rows[row] || b[-1].col + b[-1].cols <= b->col);
            CU_ASSERT_EQUAL(flame_layout_find(&f->l, &f->tree, b->cell), i);
            CU_ASSERT_EQUAL(flame_layout_at(&f->l, row, b->col), i);
        }
    }
}

static void test_many_shapes(void)
{
    unsigned random = 1;
    for (int round = 0; round < 60; round++) {
        struct fire f;
        struct buf text = {0};
        buf_puts(&text, "n/count\n");
        for (int i = 0; i < 40; i++) {
            random = random * 1103515245 + 12345;
            buf_printf(&text, "%u :", 1 + (random >> 16) % (1 + (unsigned)round * 20));
            for (unsigned k = 0; k < (random >> 8) % 7; k++)
                buf_printf(&text, " f%u", (random >> (k * 3)) % 5);
            buf_puts(&text, " main\n");
        }
        fire_init(&f, text.data, round % 3 ? 0 : 12);
        for (int cols = 1; cols < 60; cols += 7) {
            flame_layout_init(&f.l, &f.tree, (uint32_t)(random >> 4) % (uint32_t)f.tree.count,
                              cols);
            check(&f);
            flame_layout_release(&f.l);
        }
        fire_end(&f);
        buf_release(&text);
    }
}

CU_TestInfo flame_layout_tests[] = {
    {"widths are shares", test_widths_are_shares},
    {"narrow ones become one", test_narrow_ones_become_one},
    {"a single one stays itself", test_a_single_one_stays_itself},
    {"what the tree left out", test_what_the_tree_left_out},
    {"zoomed", test_zoomed},
    {"both sides make width", test_both_sides_make_width},
    {"the box of a cell", test_the_box_of_a_cell},
    {"many shapes", test_many_shapes},
    CU_TEST_INFO_NULL,
};
