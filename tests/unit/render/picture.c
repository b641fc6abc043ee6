/* Tests of what lies between DOT and a picture: dot_text.h, svg.h, picture.h. Graphviz itself is
 * run by tests/run-pictures. */
#include "analyzer/render/picture.h"

#include "analyzer/render/dot_text.h"
#include "analyzer/render/svg.h"
#include "assets.h"
#include "tests/unit/sketch.h"

#include <CUnit/CUnit.h>
#include <math.h>
#include <string.h>

static struct str text(const char *s)
{
    return (struct str){s, strlen(s)};
}

static void escaped(const char *s, size_t most, const char *want)
{
    struct buf b = {0};
    dot_text_add(&b, text(s), most);
    sketch_expect_text(buf_view(&b).ptr, want);
    buf_release(&b);
}

static void test_dot_strings_cannot_be_left(void)
{
    escaped("main", 0, "main");
    escaped("a\"]; b [x=\"", 0, "a\\\"]; b [x=\\\"");
    escaped("\\", 0, "\\\\");
    escaped("\\\"", 0, "\\\\\\\"");
    escaped("\\N\\G", 0, "\\\\N\\\\G");
    escaped("two\nlines\n", 0, "two\\llines\\l");
}

static void test_dot_text_is_cut_between_characters(void)
{
    escaped("abcdef", 6, "abcdef");
    escaped("abcdefg", 6, "abcdef…");
    escaped("abcd€fg", 6, "abcd…");
    escaped("abcd€fg", 7, "abcd€…");
    escaped("\"\"\"\"", 2, "\\\"\\\"…");
    escaped("\x80\x80\x80\x80\x80\x80\x80\x80", 6, "\x80\x80…"); /* no character anywhere */
}

static void test_dot_lines(void)
{
    struct buf b = {0};
    dot_text_add_lines(&b, text("key:\"a\"\\nlonger:\\value\\n"), 8);
    sketch_expect_text(b.data, "key:\\\"a\\\"\\nlonger:\\\\…\\n");
    buf_release(&b);
}

static const char graphviz_svg[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n"
    "<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\"\n"
    " \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">\n"
    "<!-- Title: a&lt;b Pages: 1 -->\n"
    "<svg width=\"80pt\" height=\"44pt\"\n"
    " viewBox=\"0.00 0.00 80.00 44.00\" xmlns=\"http://www.w3.org/2000/svg\" "
    "xmlns:xlink=\"http://www.w3.org/1999/xlink\">\n"
    "<g id=\"graph0\" class=\"graph\" transform=\"scale(1 1)\">\n"
    "<title>a&lt;b</title>\n"
    "<!-- N1&#45;&gt;N2 -->\n"
    "<g id=\"node1\" class=\"node\">\n"
    "<title>N1</title>\n"
    "<g id=\"a_node1\"><a xlink:title=\"main &quot;x&quot; (1s)\">\n"
    "<text x=\"1\">main</text>\n"
    "</a>\n"
    "</g>\n"
    "</g>\n"
    "</g>\n"
    "</svg>\n";

static void test_svg_page(void)
{
    struct out o;
    struct error err = {0};
    struct buf want = {0};
    out_init_memory(&o);
    CU_ASSERT_EQUAL(svg_page(&o, text(graphviz_svg), &err), 0);
    buf_printf(&want,
               "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
               "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"100%%\" height=\"100%%\" "
               "viewBox=\"0.00 0.00 80.00 44.00\">\n"
               "<title>a&lt;b</title>\n"
               "<style><![CDATA[\n%s]]></style>\n"
               "<g id=\"viewport\">\n"
               "<g id=\"graph0\" class=\"graph\" transform=\"scale(1 1)\">\n"
               "<title>a&lt;b</title>\n"
               "<g id=\"node1\" class=\"node\">\n"
               "<title>N1</title>\n"
               "<g id=\"a_node1\"><g><title>main &quot;x&quot; (1s)</title>\n"
               "<text x=\"1\">main</text>\n"
               "</g>\n"
               "</g>\n"
               "</g>\n"
               "</g>\n"
               "</g>\n"
               "<script><![CDATA[\n%s]]></script>\n"
               "</svg>\n",
               asset_graph_css, asset_graph_js);
    sketch_expect_text(o.buf.data, want.data);
    buf_release(&want);
    out_abandon(&o);
}

/* Whatever comes from the child is looked at no further than it goes. */
static void test_svg_cut_off(void)
{
    for (size_t len = 0; len + 1 < strlen(graphviz_svg) - strlen("</svg>"); len++) {
        struct out o;
        struct error err = {0};
        out_init_memory(&o);
        CU_ASSERT_EQUAL(svg_page(&o, (struct str){graphviz_svg, len}, &err), -1);
        CU_ASSERT_EQUAL(err.kind, ERROR_DATA);
        out_abandon(&o);
    }
}

static void test_assets_fit_into_svg(void)
{
    CU_ASSERT_PTR_NULL(strstr(asset_graph_css, "]]>"));
    CU_ASSERT_PTR_NULL(strstr(asset_graph_js, "]]>"));
    CU_ASSERT_PTR_NULL(strstr(asset_graph_js, "http"));
}

static void test_advised_nodes(void)
{
    CU_ASSERT_EQUAL(picture_advised_nodes(120, 600, 60), 50);
    CU_ASSERT_EQUAL(picture_advised_nodes(5000, 20000, 60), 50);
    CU_ASSERT_EQUAL(picture_advised_nodes(3000, 100000, 60), 10);
    CU_ASSERT_EQUAL(picture_advised_nodes(3000, 561481, 5), 10);
    CU_ASSERT_EQUAL(picture_advised_nodes(80, 160, 0.05), 10);
    CU_ASSERT_EQUAL(picture_advised_nodes(1, 0, 0.01), 1);
    CU_ASSERT_EQUAL(picture_advised_nodes(0, 0, 60), 1);
    /* never more than half of what did not do */
    for (size_t nodes = 2; nodes < 100000; nodes = nodes * 3 / 2 + 1)
        for (int power = -2; power <= 6; power++)
            CU_ASSERT(picture_advised_nodes(nodes, 2 * nodes, pow(10, power)) <= nodes / 2);
}

CU_TestInfo picture_tests[] = {
    {"DOT's strings cannot be left", test_dot_strings_cannot_be_left},
    {"DOT text is cut between characters", test_dot_text_is_cut_between_characters},
    {"DOT text of several lines", test_dot_lines},
    {"SVG becomes a page", test_svg_page},
    {"SVG cut off", test_svg_cut_off},
    {"assets fit into SVG", test_assets_fit_into_svg},
    {"advised nodes", test_advised_nodes},
    CU_TEST_INFO_NULL,
};
