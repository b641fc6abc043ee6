/* Tests of analyzer/render: markup.h, page.h and the assets. */
#include "analyzer/render/page.h"

#include "analyzer/render/markup.h"
#include "assets.h"
#include "tests/unit/sketch.h"

#include <CUnit/CUnit.h>
#include <string.h>

static void escaped(const char *text, size_t len, const char *want)
{
    struct buf b = {0};
    buf_puts(&b, "");
    markup_add(&b, (struct str){text, len});
    sketch_expect_text(b.data, want);
    buf_release(&b);
}

static void test_markup_cannot_be_left(void)
{
    escaped("main", 4, "main");
    escaped("</script><b a=\"x\" c='y'>&amp;", 29,
            "&lt;/script&gt;&lt;b a=&quot;x&quot; c=&#39;y&#39;&gt;&amp;amp;");
    escaped("a\nb\tc", 5, "a\nb\tc");
    escaped("é…", strlen("é…"), "é…");
}

static void test_markup_is_text(void)
{
    escaped("a\0b\033[1m\r", 8, "a␀b␛[1m␍");
    escaped("\x7F\xC2\x9B|", 4, "␡␡|");
    escaped("\xFF\xE2\x80|", 4, "���|");
    escaped("\xEF\xBF\xBF\xEF\xBF\xBE", 6, "��");
    escaped("\xED\xA0\x80", 3, "���"); /* half of a surrogate pair */
}

static void add_number(struct out *o, const void *context)
{
    out_printf(o, "%d", *(const int *)context);
}

static void test_parts_are_filled_in(void)
{
    static const int seven = 7;
    struct out o;
    out_init_fd(&o, -1);
    const struct page_part parts[] = {
        {"a", .text = "{{b}}"}, {"b", .add = add_number, .context = &seven}, {"ab", .text = ""}};
    page_write(&o, "<{{a}}|{{b}}{{b}}|{{ab}}>{", parts, 3);
    sketch_expect_text(o.buf.data, "<{{b}}|77|>{");
    out_abandon(&o);
}

static void test_assets_are_whole(void)
{
    CU_ASSERT(strncmp(asset_theme_css, "/* Colours", 10) == 0);
    CU_ASSERT(strstr(asset_theme_css, "\"DejaVu Sans Mono\"") != NULL);
    CU_ASSERT_STRING_EQUAL(asset_theme_css + strlen(asset_theme_css) - 3, " }\n");
    CU_ASSERT_EQUAL(strlen(asset_theme_css_sha256), strlen("sha256-") + 44);
}

CU_TestInfo page_tests[] = {
    {"markup cannot be left", test_markup_cannot_be_left},
    {"markup is text", test_markup_is_text},
    {"parts are filled in", test_parts_are_filled_in},
    {"assets are whole", test_assets_are_whole},
    CU_TEST_INFO_NULL,
};
