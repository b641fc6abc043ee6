/* Tests of analyzer/report/weblist.h and codelines.h, and of the page that render/weblist_html.h
 * makes of them. */
#include "analyzer/report/weblist.h"

#include "analyzer/render/weblist_html.h"
#include "tests/unit/sketch.h"

#include <CUnit/CUnit.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define WAVES "tests/data/waves/waves-x86_64"

struct listed {
    struct profile *p;
    struct report_spec spec;
    struct report r;
    struct weblist w;
    struct error err;
    int rc;
};

/* `weblist REGEX` of the sketch TEXT, whose first mapping shows the waves program where it was
 * linked to be. */
static void list(struct listed *l, const char *text, const char *regex)
{
    static const struct codefiles_spec att = {.syntax = DISASM_ATT};
    *l = (struct listed){.p = sketch(text),
                         .spec = {.sample_index = "",
                                  .unit = "minimum",
                                  .divide_by = 1,
                                  .source_path = "tests/data/waves",
                                  .trim_path = ""}};
    if (l->p->mapping_count) {
        l->p->mappings[0].start = 0x201000;
        l->p->mappings[0].limit = 0x202000;
        l->p->mappings[0].offset = 0;
    }
    struct regex *only = regex_compile(regex, "argument", &l->err);
    CU_ASSERT_EQUAL_FATAL(report_init(&l->r, l->p, &l->spec, NULL, &l->err), 0);
    l->rc = weblist_init(&l->w, &l->r, only, &att, &l->err);
    regex_free(only);
}

static void release(struct listed *l)
{
    weblist_release(&l->w);
    report_release(&l->r);
    profile_free(l->p);
}

static void add_calls(struct buf *b, const struct weblist *w, const struct codelines_use *use)
{
    for (uint32_t i = 0; i < use->call_count; i++) {
        const struct codelines_call *call = &w->code.calls[use->first_call + i];
        buf_str(b, strtab_get(&w->code.strings, call->file));
        buf_printf(b, ":%" PRId64 " ", call->line);
    }
}

/* Functions, those lines of them that instructions come from, and the instructions. */
static void expect(struct listed *l, const char *want)
{
    struct buf b = {0};
    struct weblist_line line;
    buf_puts(&b, l->rc ? l->err.text : "");
    for (size_t i = 0; l->rc == 0 && i < l->w.count; i++) {
        const struct weblist_function *f = &l->w.functions[i];
        buf_str(&b, f->name);
        buf_puts(&b, " in ");
        buf_str(&b, f->file);
        buf_printf(&b, " %" PRId64 " %" PRId64 " [%" PRId64 ",%" PRId64 ")\n", f->flat, f->cum,
                   f->first, f->end);
        for (int64_t n = f->first; n < f->end; n++) {
            if (!weblist_line(f, n, &line) || !line.hit)
                continue;
            buf_printf(&b, " %" PRId64 ": %" PRId64 " %" PRId64 " #%zu\n", n, line.hit->flat,
                       line.hit->cum, line.hit->rank);
            for (size_t k = 0; k < line.hit->use_count; k++) {
                const struct codelines_use *use = &line.hit->uses[k];
                const struct codelines_instruction *at = &l->w.code.instructions[use->instruction];
                buf_puts(&b, "  ");
                add_calls(&b, &l->w, use);
                buf_printf(&b, "%" PRIx64 " %" PRId64 " %" PRId64 " ", at->address, at->flat,
                           at->cum);
                buf_str(&b, strtab_get(&l->w.code.strings, at->text));
                buf_putc(&b, '\n');
            }
        }
    }
    sketch_expect_text(b.data, want);
    buf_release(&b);
    release(l);
}

/* Two functions inlined into one another, and their caller. */
#define AT_WAVES "!" WAVES
#define PROFILE                                                                                    \
    "cpu/ms\n"                                                                                     \
    "50 : 0x2011c9=wave@waves.c:11+sum@waves.c:19" AT_WAVES " 0x20123c=_start@waves.c:32" AT_WAVES \
    "\n20 : 0x2011cc=square@waves.c:6+wave@waves.c:11+sum@waves.c:19" AT_WAVES                     \
    " 0x20123c=_start@waves.c:32" AT_WAVES "\n"

static void test_inlined(void)
{
    struct listed l;
    list(&l, PROFILE, "^square$");
    expect(&l, "square in waves.c 20 20 [1,12)\n"
               " 6: 20 20 #1\n"
               "  2011cc 20 20 imulq  %rdx, %rdx\n");
    list(&l, PROFILE, "^wave$");
    expect(&l, "wave in waves.c 70 70 [6,18)\n"
               " 11: 70 70 #1\n"
               "  2011c4 0 0 movq   %r8, %rax\n"
               "  2011c7 0 0 cqto\n"
               "  2011c9 50 50 idivq  %rsi\n"
               "  ././waves.c:6 2011cc 20 20 imulq  %rdx, %rdx\n"
               " 12: 0 0 #0\n"
               "  2011d0 0 0 movq   %rdx, %rax\n"
               "  2011d3 0 0 negq   %rax\n"
               "  2011d6 0 0 testb  $1, %r8b\n"
               "  2011da 0 0 cmoveq %rdx, %rax\n");
}

/* What calls inlined functions shows them under its own lines, with the calls that lead there. */
static void test_calls(void)
{
    struct listed l;
    struct weblist_line line;
    list(&l, PROFILE, "^sum$");
    CU_ASSERT_EQUAL_FATAL(l.w.count, 1);
    CU_ASSERT_TRUE(weblist_line(&l.w.functions[0], 19, &line));
    CU_ASSERT_PTR_NOT_NULL_FATAL(line.hit);
    CU_ASSERT_EQUAL(line.hit->flat, 70);
    CU_ASSERT_EQUAL(str_cmp(line.text, (struct str){"        all += wave(numbers[i], count);", 39}),
                    0);
    const struct codelines_use *square = NULL;
    for (size_t i = 0; i < line.hit->use_count; i++)
        if (l.w.code.instructions[line.hit->uses[i].instruction].address == 0x2011cc)
            square = &line.hit->uses[i];
    CU_ASSERT_PTR_NOT_NULL_FATAL(square);
    CU_ASSERT_EQUAL_FATAL(square->call_count, 2);
    const struct codelines_call *calls = &l.w.code.calls[square->first_call];
    CU_ASSERT_EQUAL(calls[0].line, 11);
    CU_ASSERT_EQUAL(calls[1].line, 6);
    struct str text = weblist_call_text(&l.w, &calls[1]);
    CU_ASSERT_EQUAL(str_cmp(text, (struct str){"return n * n;", 13}), 0);
    release(&l);
}

static void test_other_ways_to_ask(void)
{
    static const char *const ways[] = {"waves\\.c", "waves-x86_64", "0x20123c"};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct listed l;
        list(&l, PROFILE, ways[i]);
        CU_ASSERT_EQUAL(l.rc, 0);
        bool found = false;
        for (size_t k = 0; l.rc == 0 && k < l.w.count; k++)
            found |= strcmp(l.w.functions[k].name.ptr, "_start") == 0;
        CU_ASSERT_TRUE(found);
        release(&l);
    }
    struct listed l;
    list(&l, PROFILE, "nothing");
    expect(&l, "no function with samples matches \"nothing\"");
}

/* Without a binary the profile's own lines stand in. */
static void test_no_binary(void)
{
    struct listed l;
    list(&l,
         "cpu/ms\n"
         "5 : 0x10=square@./waves.c:6+wave@/proc/self/cwd/waves.c:11 f@waves.c:900\n"
         "2 : 0x20=wave@waves.c:12!gone f@waves.c:900\n",
         "wave|f");
    CU_ASSERT_EQUAL(l.w.code.problems.count, 1);
    expect(&l, "square in waves.c 5 5 [1,9)\n"
               " 6: 5 5 #1\n"
               "  10 5 5 \n"
               "wave in waves.c 7 7 [9,18)\n"
               " 11: 5 5 #2\n"
               "  ./waves.c:6 10 5 5 \n"
               " 12: 2 2 #3\n"
               "  20 2 2 \n"
               "f in waves.c 0 7 [895,906)\n"
               " 900: 0 7 #4\n"
               "  0 0 7 \n");
}

/* Line 0 collects what has no line, or one that cannot be. */
static void test_lines_nobody_knows(void)
{
    struct listed l;
    list(&l, "cpu/ms\n1 : 0x10=f@b.c\n2 : 0x20=f@b.c:9000000000\n", "f");
    expect(&l, "f in b.c 3 3 [0,6)\n"
               " 0: 3 3 #1\n"
               "  10 1 1 \n"
               "  20 2 2 \n");
}

static char *page(const char *text, const char *regex)
{
    struct listed l;
    struct out o;
    list(&l, text, regex);
    CU_ASSERT_EQUAL_FATAL(l.rc, 0);
    out_init_fd(&o, -1);
    weblist_html(&o, &l.r, &l.w);
    char *html = buf_detach(&o.buf);
    out_abandon(&o);
    release(&l);
    return html;
}

static void test_page(void)
{
    char *html = page(PROFILE, "sum");
    CU_ASSERT_PTR_NOT_NULL(strstr(html, "<title>Source of waves-x86_64</title>"));
    CU_ASSERT_PTR_NOT_NULL(strstr(
        html, "<div class=l id=h1 role=button tabindex=0 aria-expanded=false><b>19</b>"
              "<i class=f9>70ms</i><i class=c9>70ms</i><code>        all += wave(numbers[i], "
              "count);</code></div>\n"
              "<div class=a hidden>\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(html,
                                  "<div class=\"k d0\"><code>long up = square(n % height);</code>"
                                  "<u>waves.c:11</u></div>\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(html, "<div class=\"n d2\"><i class=f8>20ms</i><i class=c8>20ms"
                                        "</i><b>2011cc</b><code>imulq  %rdx, %rdx</code>"
                                        "<u>waves.c:6</u></div>\n"));
    CU_ASSERT_PTR_NULL(strstr(html, "{{"));
    CU_ASSERT_PTR_NULL(strstr(html, "http://"));
    CU_ASSERT_PTR_NULL(strstr(html, "https://"));
    CU_ASSERT_PTR_NULL(strstr(html, "style="));
    free(html);
}

static void test_page_is_not_left(void)
{
    char *html = page("cpu/<script>\n1 : <script>x@<b>'\"&.c:1!</title><script>\n", "script");
    const char *body = strstr(html, "<body>");
    const char *script = body ? strstr(body, "<script>") : NULL;
    CU_ASSERT_PTR_NOT_NULL(script);
    if (script) {
        CU_ASSERT_PTR_NULL(strstr(script + 1, "<script>")); /* our own, once */
        CU_ASSERT_PTR_NULL(strstr(body, "<b>'"));
        CU_ASSERT_PTR_NOT_NULL(strstr(body, "&lt;script&gt;x"));
    }
    free(html);
}

CU_TestInfo weblist_tests[] = {
    {"inlined functions", test_inlined},
    {"calls", test_calls},
    {"other ways to ask", test_other_ways_to_ask},
    {"no binary", test_no_binary},
    {"lines nobody knows", test_lines_nobody_knows},
    {"page", test_page},
    {"page is not left", test_page_is_not_left},
    CU_TEST_INFO_NULL,
};
