/* Tests of tui/canvas.h, colors.h and prompt.h: what stands where, without a terminal. */
#include "tui/canvas.h"

#include "tui/colors.h"
#include "tui/keys.h"
#include "tui/prompt.h"
#include "tui/search.h"

#include <CUnit/CUnit.h>
#include <locale.h>
#include <string.h>

static struct str str_of(const char *s)
{
    return (struct str){s, strlen(s)};
}

static void row_is(const struct canvas *c, int row, const char *want)
{
    struct buf b = {0};
    buf_puts(&b, "");
    canvas_row_text(&b, c, row);
    CU_ASSERT_STRING_EQUAL(b.data, want);
    if (strcmp(b.data, want) != 0)
        fprintf(stderr, "row is \"%s\", not \"%s\"\n", b.data, want);
    buf_release(&b);
}

/* S put into LIMIT columns of a row of ten. */
static void put_is(const char *s, int limit, bool ascii, const char *want)
{
    struct canvas c = {.ascii = ascii};
    canvas_resize(&c, 1, 10);
    canvas_put(&c, 0, 0, limit, str_of(s), STYLE(ROLE_PLAIN));
    row_is(&c, 0, want);
    canvas_release(&c);
}

static void test_widths(void)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    CU_ASSERT_EQUAL(text_columns(str_of("abc")), 3);
    CU_ASSERT_EQUAL(text_columns(str_of("漢字")), 4);
    CU_ASSERT_EQUAL(text_columns(str_of("e\xcc\x81")), 1);
    CU_ASSERT_EQUAL(text_columns(str_of("\033[1m")), 4); /* shown, not sent */
    CU_ASSERT_EQUAL(text_columns(str_of("\xff\xfe")), 2);
    CU_ASSERT_EQUAL(text_columns((struct str){NULL, 0}), 0);
}

static void test_what_does_not_fit_is_cut(void)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    put_is("abcdef", 6, false, "abcdef");
    put_is("abcdef", 5, false, "abcd…");
    put_is("abcdef", 5, true, "abcd~");
    put_is("漢字漢字", 8, false, "漢字漢字");
    put_is("漢字漢字", 7, false, "漢字漢…");
    put_is("漢字漢字", 6, false, "漢字…"); /* half a character is none */
    put_is("abc", 0, false, "");
    put_is("abc", -3, false, "");
}

static void test_nothing_is_sent_that_is_no_picture(void)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    put_is("a\033[b", 9, false, "a␛[b");
    put_is("a\tb", 9, false, "a␉b");
    put_is("a\xff", 9, false, "a\xef\xbf\xbd");
    put_is("a\xe2\x80\xae"
           "b",
           9, false,
           "a\xef\xbf\xbd"
           "b"); /* turns text around */
    put_is("é\033", 9, true, "??");
    put_is("e\xcc\x81x", 9, false, "e\xcc\x81x");
}

static void test_a_wide_character_loses_both_halves(void)
{
    struct canvas c = {0};
    setlocale(LC_CTYPE, "C.UTF-8");
    canvas_resize(&c, 1, 10);
    canvas_puts(&c, 0, 0, 10, "漢字", STYLE(ROLE_PLAIN));
    canvas_puts(&c, 0, 1, 2, "ab", STYLE(ROLE_PLAIN));
    row_is(&c, 0, " ab");
    canvas_release(&c);
}

static void test_nothing_is_put_outside(void)
{
    struct canvas c = {0};
    canvas_resize(&c, 2, 4);
    canvas_puts(&c, 5, 0, 4, "abc", STYLE(ROLE_PLAIN));
    canvas_puts(&c, -1, 0, 4, "abc", STYLE(ROLE_PLAIN));
    canvas_puts(&c, 0, -2, 9, "abcdefgh", STYLE(ROLE_PLAIN));
    canvas_fill(&c, (struct rect){1, 2, 7, 7}, STYLE(ROLE_BAR));
    canvas_box(&c, (struct rect){1, 1, 9, 9}, STYLE(ROLE_BAR));
    canvas_bar(&c, 9, 9, 9, 2, STYLE(ROLE_BAR));
    row_is(&c, 0, "cdef");
    canvas_release(&c);
}

static void test_matches_are_pointed_out(void)
{
    struct canvas c = {0};
    struct error err;
    struct search *s = search_new("o[a-z]", &err);
    size_t begin, end;
    canvas_resize(&c, 1, 20);
    canvas_put_found(&c, 0, 0, 20, str_of("Foo dog OK"), STYLE(ROLE_PLAIN), s);
    for (int i = 0; i < 20; i++)
        CU_ASSERT_EQUAL(c.cells[i].style.role == ROLE_MATCH,
                        i == 1 || i == 2 || i == 5 || i == 6 || i == 8 || i == 9);
    CU_ASSERT_FALSE(search_find(NULL, str_of("x"), 0, &begin, &end));
    search_free(s);
    s = search_new("o+b*", &err); /* all of it */
    canvas_put_found(&c, 0, 0, 20, str_of("foobboo"), STYLE(ROLE_PLAIN), s);
    for (int i = 0; i < 7; i++)
        CU_ASSERT_EQUAL(c.cells[i].style.role == ROLE_MATCH, i > 0);
    search_free(s);
    s = search_new("O[A-Z]", &err); /* capitals mean what they are */
    CU_ASSERT_FALSE(search_match(s, str_of("Foo dog")));
    CU_ASSERT_TRUE(search_match(s, str_of("OK")));
    search_free(s);
    CU_ASSERT_PTR_NULL(search_new("(", &err));
    canvas_release(&c);
}

static void test_bars(void)
{
    struct canvas c = {0};
    canvas_resize(&c, 1, 10);
    canvas_bar(&c, 0, 0, 4, 0.5, STYLE(ROLE_PLAIN));
    row_is(&c, 0, "██");
    canvas_clear(&c);
    canvas_bar(&c, 0, 0, 4, 0.59, STYLE(ROLE_PLAIN));
    row_is(&c, 0, "██▍");
    c.ascii = true;
    canvas_clear(&c);
    canvas_bar(&c, 0, 0, 4, 7, STYLE(ROLE_PLAIN));
    row_is(&c, 0, "####");
    canvas_release(&c);
}

/* Whatever a role is, its colours exist. */
static void test_colors(void)
{
    for (int role = 0; role < ROLE_COUNT; role++) {
        for (int shade = 0; shade < 256; shade++) {
            struct style style = {.role = (uint8_t)role, .shade = (uint8_t)shade};
            struct look none = color_look(style, DEPTH_NONE), few = color_look(style, DEPTH_8);
            struct look many = color_look(style, DEPTH_256);
            CU_ASSERT_TRUE(none.fg == COLOR_DEFAULT && none.bg == COLOR_DEFAULT);
            CU_ASSERT_TRUE(few.fg >= -1 && few.fg < 8 && few.bg >= -1 && few.bg < 8);
            CU_ASSERT_TRUE(many.fg >= -1 && many.fg < 256 && many.bg >= -1 && many.bg < 256);
        }
    }
}

static void press(struct prompt *p, const char *keys)
{
    for (; *keys; keys++)
        prompt_key(p, (unsigned char)*keys);
}

static void test_a_line_is_edited(void)
{
    struct prompt p;
    struct lines past = {0};
    lines_add(&past, "first");
    lines_add(&past, "second");
    prompt_open(&p, "/", "proposed", &past);
    press(&p, "ab c");
    CU_ASSERT_STRING_EQUAL(p.text.data, "ab c"); /* the first letter took the proposal's place */
    prompt_key(&p, KEY_CTRL('W'));
    CU_ASSERT_STRING_EQUAL(p.text.data, "ab ");
    prompt_key(&p, KEY_CTRL('A'));
    prompt_key(&p, 0x6F22);
    CU_ASSERT_STRING_EQUAL(p.text.data, "漢ab ");
    prompt_key(&p, KEY_ERASE);
    prompt_key(&p, KEY_REMOVE);
    CU_ASSERT_STRING_EQUAL(p.text.data, "b ");
    prompt_key(&p, KEY_ARROW_UP);
    CU_ASSERT_STRING_EQUAL(p.text.data, "second");
    prompt_key(&p, KEY_ARROW_UP);
    prompt_key(&p, KEY_ARROW_UP);
    CU_ASSERT_STRING_EQUAL(p.text.data, "first");
    prompt_key(&p, KEY_ARROW_DOWN);
    prompt_key(&p, KEY_ARROW_DOWN);
    CU_ASSERT_STRING_EQUAL(p.text.data, "b ");
    CU_ASSERT_EQUAL(prompt_key(&p, KEY_RETURN), PROMPT_ENTERED);
    prompt_release(&p);
    prompt_open(&p, "/", "proposed", &past);
    prompt_key(&p, KEY_TO_END); /* takes it over */
    press(&p, "!");
    CU_ASSERT_STRING_EQUAL(p.text.data, "proposed!");
    prompt_key(&p, KEY_CTRL('U'));
    CU_ASSERT_EQUAL(prompt_key(&p, KEY_ERASE), PROMPT_LEFT);
    prompt_release(&p);
    lines_release(&past);
}

CU_TestInfo canvas_tests[] = {
    {"widths", test_widths},
    {"what does not fit is cut", test_what_does_not_fit_is_cut},
    {"nothing is sent that is no picture", test_nothing_is_sent_that_is_no_picture},
    {"a wide character loses both halves", test_a_wide_character_loses_both_halves},
    {"nothing is put outside", test_nothing_is_put_outside},
    {"matches are pointed out", test_matches_are_pointed_out},
    {"bars", test_bars},
    {"colours", test_colors},
    {"a line is edited", test_a_line_is_edited},
    CU_TEST_INFO_NULL,
};
