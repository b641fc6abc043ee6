/* Tests of tui/assembly_rows.h and analyzer/report/hosts.h. */
#include "tui/assembly_rows.h"

#include "analyzer/report/hosts.h"
#include "tests/unit/sketch.h"

#include <CUnit/CUnit.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define WAVES "!tests/data/waves/waves-x86_64"

/* The waves program, where it was linked to be; wave and square are inlined into sum. */
#define SUM(cost) cost " : 0x2011c9=wave@waves.c:11+sum@waves.c:19" WAVES " 0x20123c=_start" WAVES
#define SQUARE(cost)                                                                               \
    cost " : 0x2011cc=square@waves.c:6+wave@waves.c:11+sum@waves.c:19" WAVES                       \
         " 0x20123c=_start" WAVES

struct side {
    struct profile *p;
    struct report_spec spec;
    struct report r;
};

static void side_init(struct side *s, const char *text, const char *source_path)
{
    *s = (struct side){.p = sketch(text),
                       .spec = {.sample_index = "",
                                .unit = "minimum",
                                .divide_by = 1,
                                .source_path = source_path,
                                .trim_path = ""}};
    if (s->p->mapping_count) {
        s->p->mappings[0].start = 0x201000;
        s->p->mappings[0].limit = 0x202000;
        s->p->mappings[0].offset = 0;
    }
    CU_ASSERT_EQUAL_FATAL(report_init(&s->r, s->p, &s->spec, NULL, NULL), 0);
}

static void side_release(struct side *s)
{
    report_release(&s->r);
    profile_free(s->p);
}

struct looked {
    struct side sides[2];
    struct assembly_rows *rows;
    struct error err;
};

/* Looks at FUNCTION in SYMBOLS of the sketches NEW and OLD (or NULL). */
static void look(struct looked *l, const char *new, const char *old, const char *function,
                 const char *symbols, const char *source_path)
{
    static const struct codefiles_spec att = {.syntax = DISASM_ATT};
    struct assembly_question question = {regex_compile(function, "function", NULL),
                                         regex_compile(symbols, "function", NULL), &att};
    *l = (struct looked){0};
    side_init(&l->sides[0], new, source_path);
    if (old)
        side_init(&l->sides[1], old, source_path);
    l->rows = assembly_rows_new(&l->sides[0].r, old ? &l->sides[1].r : NULL, &question, &l->err);
    regex_free(question.function);
    regex_free(question.symbols);
}

static void release(struct looked *l)
{
    assembly_rows_free(l->rows);
    side_release(&l->sides[0]);
    if (l->sides[1].p)
        side_release(&l->sides[1]);
}

/* The rows up to the first instruction at or behind LAST. */
static char *show(const struct looked *l, uint64_t last)
{
    struct buf b = {0};
    const struct assembly_rows *a = l->rows;
    buf_puts(&b, a ? "" : l->err.text);
    for (size_t i = 0; a && i < a->count; i++) {
        const struct assembly_row_shown *row = &a->rows[i];
        if (row->kind == ASSEMBLY_INSTRUCTION && row->address >= last)
            break;
        if (row->kind == ASSEMBLY_SOURCE) {
            for (uint32_t k = row->call_count; k-- > 0;) {
                const struct assembly_call *call = &a->calls[row->first_call + k];
                buf_str(&b, call->function);
                buf_printf(&b, "%s:%" PRId64 "%s", call->asked ? "*" : "", call->line,
                           k ? " > " : " | ");
            }
        } else if (row->kind != ASSEMBLY_PROBLEM) {
            buf_printf(&b, "%s%" PRIx64 " %" PRId64 ">%" PRId64 " %" PRId64 ">%" PRId64 " ",
                       row->kind == ASSEMBLY_INSTRUCTION ? "  " : "", row->address, row->flat.old,
                       row->flat.new, row->cum.old, row->cum.new);
        }
        buf_str(&b, row->text);
        buf_puts(&b, "\n");
    }
    return buf_detach(&b);
}

static void expect(const struct looked *l, uint64_t last, const char *want)
{
    char *got = show(l, last);
    sketch_expect_text(got, want);
    free(got);
}

static void test_source_between_instructions(void)
{
    struct looked l;
    look(&l, "cpu/ms\n" SUM("50") "\n" SQUARE("20"), NULL, "^sum$", "^sum$", "tests/data/waves");
    expect(&l, 0x2011d3,
           "2011b0 0>70 0>70 sum\n"
           "sum*:18 | for (long i = 0; i < count; i++)\n"
           "  2011b0 0>0 0>0 testq  %rsi, %rsi\n"
           "  2011b3 0>0 0>0 jle    0x2011ee <sum+0x3e>\n"
           "  2011b5 0>0 0>0 xorl   %ecx, %ecx\n"
           "  2011b7 0>0 0>0 xorl   %r9d, %r9d\n"
           "  2011ba 0>0 0>0 nopw   (%rax, %rax)\n"
           "sum*:19 | all += wave(numbers[i], count);\n"
           "  2011c0 0>0 0>0 movq   (%rdi, %rcx, 8), %r8\n"
           "sum*:19 > wave:11 | long up = square(n % height);\n"
           "  2011c4 0>0 0>0 movq   %r8, %rax\n"
           "  2011c7 0>0 0>0 cqto\n"
           "  2011c9 0>50 0>50 idivq  %rsi\n"
           "sum*:19 > wave:11 > square:6 | return n * n;\n"
           "  2011cc 0>20 0>20 imulq  %rdx, %rdx\n"
           "sum*:19 > wave:12 | return n & 1 ? -up : up;\n"
           "  2011d0 0>0 0>0 movq   %rdx, %rax\n");
    CU_ASSERT_EQUAL_FATAL(l.rows->hottest_count, 2);
    CU_ASSERT_EQUAL(l.rows->rows[l.rows->hottest[0]].address, 0x2011c9);
    /* From a line to its hottest instruction, and back. */
    size_t at = assembly_rows_find(l.rows, 19);
    CU_ASSERT_EQUAL_FATAL(at, l.rows->hottest[0]);
    CU_ASSERT_EQUAL(assembly_rows_place(l.rows, at)->line, 19);
    at = assembly_rows_find(l.rows, 18);
    CU_ASSERT_EQUAL(l.rows->rows[at].address, 0x2011b0);
    CU_ASSERT_EQUAL(assembly_rows_find(l.rows, 11), SIZE_MAX);
    release(&l);
}

/* A function that was inlined is shown in those it was inlined into. */
static void test_inlined_function(void)
{
    struct looked l;
    struct profile *p = sketch("cpu/ms\n" SUM("50") "\n" SQUARE("20") "\n1 : sum\n3 : other\n");
    struct regex *only = regex_compile("^(wave|square)$", "function", NULL);
    size_t count;
    strid *hosts = hosts_find(p, only, &count);
    CU_ASSERT_EQUAL_FATAL(count, 1);
    CU_ASSERT_STRING_EQUAL(profile_str(p, hosts[0]).ptr, "sum");
    free(hosts);
    regex_free(only);
    only = regex_compile("nothing", "function", NULL);
    free(hosts_find(p, only, &count));
    CU_ASSERT_EQUAL(count, 0);
    regex_free(only);
    profile_free(p);

    look(&l, "cpu/ms\n" SUM("50") "\n" SQUARE("20"), NULL, "^square$", "^sum$", "tests/data/waves");
    CU_ASSERT_PTR_NOT_NULL_FATAL(l.rows);
    CU_ASSERT_EQUAL_FATAL(l.rows->hottest_count, 1);
    size_t hot = l.rows->hottest[0];
    CU_ASSERT_EQUAL(l.rows->rows[hot].address, 0x2011cc);
    CU_ASSERT_EQUAL(assembly_rows_find(l.rows, 6), hot);
    const struct assembly_call *place = assembly_rows_place(l.rows, hot);
    CU_ASSERT_EQUAL(place->line, 6);
    CU_ASSERT_STRING_EQUAL(place->function.ptr, "square");
    release(&l);
}

static void test_old_and_new(void)
{
    struct looked l;
    look(&l, "cpu/ms\n" SUM("50"), "cpu/ms\n" SQUARE("20"), "^sum$", "^sum$", "tests/data/waves");
    char *got = show(&l, 0x2011d0);
    CU_ASSERT_PTR_NOT_NULL(strstr(got, "2011b0 20>50 20>50 sum\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(got, "  2011c9 0>50 0>50 idivq  %rsi\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(got, "  2011cc 20>0 20>0 imulq  %rdx, %rdx\n"));
    free(got);
    release(&l);
    look(&l, "cpu/ms\n1 : 0x201210=_start" WAVES, "cpu/ms\n" SQUARE("20"), "^sum$", "^sum$",
         "tests/data/waves");
    expect(&l, 0x2011b3,
           "2011b0 20>0 20>0 sum\n"
           "sum*:18 | for (long i = 0; i < count; i++)\n"
           "  2011b0 0>0 0>0 testq  %rsi, %rsi\n");
    release(&l);
}

static void test_what_is_missing(void)
{
    struct looked l;
    look(&l, "cpu/ms\n" SUM("50"), NULL, "^sum$", "^sum$", "/nowhere");
    char *got = show(&l, 0x2011b3);
    sketch_expect_text(got, "2011b0 0>50 0>50 sum\n"
                            "could not find file ././waves.c on path /nowhere\n"
                            "sum*:18 | \n"
                            "  2011b0 0>0 0>0 testq  %rsi, %rsi\n");
    free(got);
    release(&l);
    look(&l, "cpu/ms\n1 : 0x10=f!gone", NULL, "^f$", "^f$", "/nowhere");
    CU_ASSERT_PTR_NULL(l.rows);
    CU_ASSERT_PTR_NOT_NULL(strstr(l.err.text, "gone"));
    release(&l);
    look(&l, "cpu/ms\n" SUM("50"), NULL, "^f$", "^f$", "/nowhere");
    expect(&l, 0, "no symbol with samples matches \"^f$\"");
    release(&l);
}

CU_TestInfo assembly_rows_tests[] = {
    {"source between instructions", test_source_between_instructions},
    {"inlined function", test_inlined_function},
    {"old and new", test_old_and_new},
    {"what is missing", test_what_is_missing},
    CU_TEST_INFO_NULL,
};
