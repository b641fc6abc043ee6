/* Tests of analyzer/base/buf.h and lines.h. */
#include "analyzer/base/buf.h"

#include "analyzer/base/lines.h"

#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>

static void test_pieces_add_up(void)
{
    struct buf b = {0};
    buf_puts(&b, "one");
    buf_putc(&b, ' ');
    buf_add(&b, "two!", 3);
    buf_str(&b, (struct str){" three", 6});
    buf_pad(&b, '.', 3);
    buf_printf(&b, "%d-%s", 42, "x");
    CU_ASSERT_STRING_EQUAL(b.data, "one two three...42-x");
    CU_ASSERT_EQUAL(b.len, strlen(b.data));
    buf_release(&b);
    CU_ASSERT_PTR_NULL(b.data);
    CU_ASSERT_EQUAL(b.len, 0);
}

static void test_any_byte_is_kept(void)
{
    struct buf b = {0};
    buf_add(&b, "a\0b", 3);
    buf_putc(&b, '\0');
    CU_ASSERT_EQUAL(b.len, 4);
    CU_ASSERT_EQUAL(memcmp(b.data, "a\0b\0", 5), 0);
    buf_release(&b);
}

static void test_adding_nothing_makes_a_string(void)
{
    struct buf b = {0};
    buf_add(&b, NULL, 0);
    CU_ASSERT(b.data && !*b.data);
    buf_release(&b);
}

static void test_clear_starts_anew(void)
{
    struct buf b = {0};
    buf_clear(&b); /* of nothing */
    CU_ASSERT_EQUAL(b.len, 0);
    buf_puts(&b, "before");
    buf_clear(&b);
    CU_ASSERT_STRING_EQUAL(b.data, "");
    buf_puts(&b, "after");
    CU_ASSERT_STRING_EQUAL(b.data, "after");
    buf_release(&b);
}

/* The text is formatted a second time when it does not fit. */
static void test_printf_of_any_length(void)
{
    char text[400];
    for (size_t len = 0; len < sizeof text; len++) {
        memset(text, 'a' + (int)(len % 26), len);
        text[len] = '\0';
        struct buf b = {0};
        buf_puts(&b, "x");
        buf_printf(&b, "%s%d", text, 7);
        CU_ASSERT_EQUAL(b.len, len + 2);
        CU_ASSERT_EQUAL(strlen(b.data), len + 2);
        CU_ASSERT_EQUAL(b.data[len + 1], '7');
        buf_release(&b);
    }
}

static void test_right_counts_characters(void)
{
    static const struct {
        const char *text;
        size_t width;
        const char *want;
    } cases[] = {
        {"ab", 5, "   ab"}, {"ab", 2, "ab"},       {"ab", 1, "ab"}, {"", 3, "   "},
        {"é", 3, "  é"},    {"日本", 4, "  日本"}, {"ab", 0, "ab"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf b = {0};
        buf_right(&b, cases[i].text, strlen(cases[i].text), cases[i].width);
        CU_ASSERT_STRING_EQUAL(b.data, cases[i].want);
        buf_release(&b);
    }
}

static void test_detach_gives_the_string_away(void)
{
    struct buf b = {0};
    char *s = buf_detach(&b);
    CU_ASSERT_STRING_EQUAL(s, "");
    free(s);
    buf_puts(&b, "mine");
    s = buf_detach(&b);
    CU_ASSERT_STRING_EQUAL(s, "mine");
    CU_ASSERT_PTR_NULL(b.data);
    free(s);
}

static void test_lines_keep_their_order(void)
{
    struct lines l = {0};
    char want[20];
    for (int i = 0; i < 100; i++)
        lines_add(&l, "line %d", i);
    CU_ASSERT_EQUAL(l.count, 100);
    for (int i = 0; i < 100; i++) {
        snprintf(want, sizeof want, "line %d", i);
        CU_ASSERT_STRING_EQUAL(l.items[i], want);
    }
    lines_release(&l);
    CU_ASSERT_EQUAL(l.count, 0);
    lines_add(NULL, "nobody reads %s", "this");
}

CU_TestInfo buf_tests[] = {
    {"pieces add up", test_pieces_add_up},
    {"any byte is kept", test_any_byte_is_kept},
    {"adding nothing makes a string", test_adding_nothing_makes_a_string},
    {"buf_clear starts anew", test_clear_starts_anew},
    {"buf_printf of any length", test_printf_of_any_length},
    {"buf_right counts characters", test_right_counts_characters},
    {"buf_detach gives the string away", test_detach_gives_the_string_away},
    {"lines keep their order", test_lines_keep_their_order},
    CU_TEST_INFO_NULL,
};
