/* Tests of tui/flame_pane.h, flame_frame.h and marks.h. Stacks are written leaf first. */
#include "tui/flame_pane.h"

#include "tests/unit/sketch.h"
#include "tui/cell_paths.h"
#include "tui/flame_frame.h"
#include "tui/search.h"

#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>

/* A profile and the pane it is shown in; ended by window_end. */
struct window {
    struct profile *p;
    struct nodes nodes;
    struct calltree tree;
    uint8_t *hues;
    struct flame_pane pane;
    struct marks marks;
    struct canvas canvas;
};

static void fill(struct window *w, const char *text, bool two_sides)
{
    w->p = sketch(text);
    nodes_init(&w->nodes, w->p, &(struct nodes_spec){0});
    nodes_name_all(&w->nodes);
    calltree_init(&w->tree, &w->nodes, 0, false, &(struct calltree_limits){0});
    w->hues = flame_hues_new(&w->nodes, &w->tree);
    nodes_keep_names(&w->nodes); /* nothing else is drawn from */
    struct flame_source source = {.tree = &w->tree,
                                  .nodes = &w->nodes,
                                  .hues = w->hues,
                                  .root = {"all", 3},
                                  .two_sides = two_sides};
    flame_pane_set(&w->pane, &source);
    marks_move(&w->marks, &w->nodes);
}

static void empty(struct window *w)
{
    free(w->hues);
    calltree_release(&w->tree);
    nodes_release(&w->nodes);
    profile_free(w->p);
}

static void window_init(struct window *w, const char *text, int rows, int cols)
{
    *w = (struct window){.canvas = {.ascii = true}};
    fill(w, text, false);
    canvas_resize(&w->canvas, rows, cols);
}

static void window_end(struct window *w)
{
    flame_pane_release(&w->pane);
    marks_release(&w->marks);
    canvas_release(&w->canvas);
    empty(w);
}

static void draw(struct window *w)
{
    canvas_clear(&w->canvas);
    flame_pane_draw(&w->pane, &w->canvas, (struct rect){0, 0, w->canvas.rows, w->canvas.cols}, true,
                    &w->marks, NULL);
}

static void looks_like(struct window *w, const char *want)
{
    struct buf b = {0};
    draw(w);
    for (int row = 0; row < w->canvas.rows; row++) {
        canvas_row_text(&b, &w->canvas, row);
        buf_putc(&b, '\n');
    }
    sketch_expect_text(b.data, want);
    buf_release(&b);
}

static void is_on(const struct window *w, const char *name)
{
    CU_ASSERT_STRING_EQUAL(flame_pane_name(&w->pane, w->pane.chosen).ptr, name);
}

static void go_to(struct window *w, const char *name)
{
    flame_pane_go(&w->pane, cell_named(&w->tree, &w->nodes, 0, (struct str){name, strlen(name)}));
}

static const char shop[] = "n/count\n10 : hot serve main\n4 : slow serve main\n3 : idle main\n"
                           "1 : p main\n1 : q main\n1 : gc\n";

static void test_drawing(void)
{
    struct window w;
    window_init(&w, shop, 4, 20);
    looks_like(&w, "|all\n|main              |\n|serve        |  |~\n|hot      |sl~\n");
    window_end(&w);
}

static void test_moving(void)
{
    struct window w;
    window_init(&w, shop, 4, 20);
    draw(&w);
    is_on(&w, "all");
    CU_ASSERT_FALSE(flame_pane_move(&w.pane, FLAME_OUT));
    CU_ASSERT(flame_pane_move(&w.pane, FLAME_IN));
    is_on(&w, "main");
    CU_ASSERT(flame_pane_move(&w.pane, FLAME_AFTER));
    is_on(&w, "gc");
    CU_ASSERT_FALSE(flame_pane_move(&w.pane, FLAME_AFTER));
    CU_ASSERT_FALSE(flame_pane_move(&w.pane, FLAME_IN));
    CU_ASSERT(flame_pane_move(&w.pane, FLAME_BEFORE));
    CU_ASSERT(flame_pane_move(&w.pane, FLAME_END));
    is_on(&w, "hot");
    CU_ASSERT(flame_pane_move(&w.pane, FLAME_AFTER));
    is_on(&w, "slow");
    CU_ASSERT(flame_pane_move(&w.pane, FLAME_OUT));
    is_on(&w, "serve");
    CU_ASSERT(flame_pane_move(&w.pane, FLAME_PAGE_OUT));
    is_on(&w, "all");
    CU_ASSERT_FALSE(flame_pane_move(&w.pane, FLAME_START));
    window_end(&w);
}

static void story_is(struct window *w, const char *title, const char *cum)
{
    struct report_spec spec = {
        .sample_index = "", .divide_by = 1, .unit = "minimum", .source_path = "", .trim_path = ""};
    struct report r;
    struct lines notes = {0};
    struct flame_story story;
    CU_ASSERT_EQUAL_FATAL(report_init(&r, w->p, &spec, &notes, NULL), 0);
    struct amounts a = {.r = &r, .total = {0, r.total}};
    flame_pane_story(&w->pane, &a, &story);
    CU_ASSERT_STRING_EQUAL(story.title.data, title);
    CU_ASSERT_STRING_EQUAL(story.cum.data, cum);
    flame_story_release(&story);
    report_release(&r);
    lines_release(&notes);
}

static void test_stories(void)
{
    struct window w;
    window_init(&w, shop, 4, 20);
    draw(&w);
    story_is(&w, "all", "20 (100%)");
    go_to(&w, "slow");
    story_is(&w, "slow", "4 (20.00%)  28.57% of its caller");
    go_to(&w, "idle");
    flame_pane_move(&w.pane, FLAME_AFTER);
    story_is(&w, "2 more: p 5.00%, q 5.00%", "2 (10.00%)  10.53% of its caller");
    CU_ASSERT_EQUAL(flame_pane_chosen(&w.pane).len, 0);
    /* one that is too narrow can be gone to all the same */
    go_to(&w, "q");
    story_is(&w, "q (too narrow, among 2 more: Enter zooms in)", "1 (5.00%)  5.26% of its caller");
    CU_ASSERT_STRING_EQUAL(flame_pane_chosen(&w.pane).ptr, "q");
    window_end(&w);
}

static void test_zooming(void)
{
    struct window w;
    window_init(&w, shop, 4, 20);
    draw(&w);
    CU_ASSERT_FALSE(flame_pane_zoom_back(&w.pane));
    CU_ASSERT_FALSE(flame_pane_zoom(&w.pane)); /* of all there is no more */
    go_to(&w, "serve");
    CU_ASSERT(flame_pane_zoom(&w.pane));
    CU_ASSERT_FALSE(flame_pane_zoom(&w.pane));
    looks_like(&w, "|all\n|main\n|serve\n|hot          |slow\n");
    /* from what is around it, the way leads back to it */
    CU_ASSERT(flame_pane_move(&w.pane, FLAME_OUT));
    is_on(&w, "main");
    CU_ASSERT_FALSE(flame_pane_move(&w.pane, FLAME_AFTER));
    CU_ASSERT(flame_pane_move(&w.pane, FLAME_IN));
    is_on(&w, "serve");
    go_to(&w, "main");
    CU_ASSERT(flame_pane_zoom(&w.pane));
    looks_like(&w, "|all\n|main\n|serve         |  |~\n|hot       |sl~\n");
    CU_ASSERT(flame_pane_zoom_back(&w.pane));
    CU_ASSERT(flame_pane_zoom_back(&w.pane));
    CU_ASSERT_FALSE(flame_pane_zoom_back(&w.pane));
    CU_ASSERT_FALSE(flame_pane_zoom_reset(&w.pane));
    /* several: to what called them */
    go_to(&w, "idle");
    draw(&w);
    flame_pane_move(&w.pane, FLAME_AFTER);
    CU_ASSERT(flame_pane_zoom(&w.pane));
    CU_ASSERT_STRING_EQUAL(flame_pane_name(&w.pane, w.pane.zoom).ptr, "main");
    /* what is not below it ends the zoom */
    go_to(&w, "gc");
    CU_ASSERT_EQUAL(w.pane.zoom, 0);
    window_end(&w);
}

static void test_a_new_model(void)
{
    struct window w;
    window_init(&w, shop, 4, 20);
    draw(&w);
    go_to(&w, "serve");
    flame_pane_zoom(&w.pane);
    go_to(&w, "slow");
    marks_toggle(&w.marks, (struct str){"slow", 4});
    struct window old = w;
    fill(&w, "n/count\n9 : gc\n1 : slow serve main\n2 : x main\n", false);
    empty(&old);
    is_on(&w, "slow");
    CU_ASSERT_STRING_EQUAL(flame_pane_name(&w.pane, w.pane.zoom).ptr, "serve");
    looks_like(&w, "|all\n|main\n|serve\n|slow\n");
    CU_ASSERT(w.marks.same != NULL);
    old = w;
    fill(&w, "n/count\n9 : gc\n", false);
    empty(&old);
    is_on(&w, "all");
    CU_ASSERT_EQUAL(w.pane.zoom, 0);
    CU_ASSERT(w.marks.same == NULL);
    window_end(&w);
}

/* The cursor was on several cells; in the new tree there is not even what called them. */
static void test_several_that_are_gone(void)
{
    struct window w;
    window_init(&w, shop, 4, 20);
    draw(&w);
    go_to(&w, "idle");
    flame_pane_move(&w.pane, FLAME_AFTER);
    struct window old = w;
    fill(&w, "n/count\n9 : gc\n", false);
    empty(&old);
    is_on(&w, "all");
    CU_ASSERT_FALSE(flame_pane_zoom(&w.pane));
    CU_ASSERT_EQUAL(w.pane.zoom, 0);
    window_end(&w);
}

static void test_scrolling(void)
{
    struct window w;
    window_init(&w, "n/count\n1 : h g f e d c b a\n", 3, 10);
    looks_like(&w, "|all\n|a\n|b\n");
    flame_pane_scroll(&w.pane, true);
    looks_like(&w, "|c\n|d\n|e\n");
    is_on(&w, "c");
    flame_pane_scroll(&w.pane, true);
    flame_pane_scroll(&w.pane, true);
    looks_like(&w, "|f\n|g\n|h\n");
    flame_pane_scroll(&w.pane, false);
    looks_like(&w, "|c\n|d\n|e\n");
    is_on(&w, "e");
    flame_pane_move(&w.pane, FLAME_START);
    looks_like(&w, "|all\n|a\n|b\n");
    w.pane.source.upwards = w.pane.source.skips_root = true;
    looks_like(&w, "|c\n|b\n|a\n");
    window_end(&w);
}

static void test_clicking(void)
{
    struct window w;
    window_init(&w, shop, 5, 20);
    draw(&w);
    CU_ASSERT(flame_pane_click(&w.pane, 3, 11));
    is_on(&w, "slow");
    CU_ASSERT_FALSE(flame_pane_click(&w.pane, 3, 19));
    CU_ASSERT_FALSE(flame_pane_click(&w.pane, 4, 0));
    CU_ASSERT_FALSE(flame_pane_click(&w.pane, 9, 0));
    is_on(&w, "slow");
    window_end(&w);
}

static void marks_are(struct window *w, const char *want)
{
    struct buf b = {0};
    buf_puts(&b, "");
    flame_frame_marks(&b, &w->pane, &w->marks);
    CU_ASSERT_STRING_EQUAL(b.data, want);
    buf_release(&b);
}

static void test_marks(void)
{
    struct window w;
    struct error err;
    struct search *search = search_new("^S", &err), *other = search_new("slo", &err);
    window_init(&w, "n/count\n6 : slow serve main\n4 : serve x main\n10 : Slow\n", 5, 20);
    draw(&w);
    marks_are(&w, "");
    marks_search(&w.marks, search);
    marks_are(&w, "found 50.00% in 1 cell");
    marks_search(&w.marks, other);
    marks_are(&w, "found 80.00% in 2 cells");
    marks_toggle(&w.marks, (struct str){"serve", 5});
    marks_are(&w, "found 80.00% in 2 cells  # 50.00% in 2 cells");
    marks_search(&w.marks, NULL);
    go_to(&w, "main");
    flame_pane_zoom(&w.pane);
    marks_are(&w, "# 100% in 2 cells");
    uint32_t serve = w.tree.cells[w.pane.zoom + 1].node;
    CU_ASSERT_EQUAL(marks_style(&w.marks, serve, STYLE(ROLE_CELL)).role, ROLE_MATCH);
    CU_ASSERT_EQUAL(marks_style(&w.marks, NO_INDEX, STYLE(ROLE_CELL)).role, ROLE_CELL);
    marks_toggle(&w.marks, (struct str){"serve", 5});
    marks_are(&w, "");
    search_free(search);
    search_free(other);
    window_end(&w);
}

static void test_two_sides(void)
{
    struct window w;
    window_init(&w, "n/count\n1 : x\n", 3, 60);
    struct window old = w;
    fill(&w, "n/count\n30 : a\n-20 : a\n10 : b\n-15 : c\n-25 : d\n25 : d\n", true);
    empty(&old);
    looks_like(&w, "|+8.3% all\n|+50% a                 |d                      |-c    |+b\n\n");
    CU_ASSERT_EQUAL(w.canvas.cells[60].style.role, ROLE_CHANGE_CELL);
    CU_ASSERT(w.canvas.cells[60].style.shade > CHANGE_MOST / 2);
    CU_ASSERT_EQUAL(w.canvas.cells[60 + 30].style.shade, CHANGE_MOST / 2);
    CU_ASSERT_EQUAL(w.canvas.cells[60 + 50].style.shade, 0);
    window_end(&w);
}

CU_TestInfo flame_pane_tests[] = {
    {"drawing", test_drawing},
    {"moving", test_moving},
    {"several that are gone", test_several_that_are_gone},
    {"stories", test_stories},
    {"zooming", test_zooming},
    {"a new model", test_a_new_model},
    {"scrolling", test_scrolling},
    {"clicking", test_clicking},
    {"marks", test_marks},
    {"two sides", test_two_sides},
    CU_TEST_INFO_NULL,
};
