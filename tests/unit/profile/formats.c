/* Tests of the table of formats (analyzer/profile/formats.h), of JSON that is none of them
 * (jsontree.h), and of what conversions lose (analyzer/report/losses.h). */
#include "analyzer/profile/formats.h"

#include "analyzer/base/buf.h"
#include "analyzer/profile/profile.h"
#include "analyzer/render/convert.h"
#include "analyzer/report/losses.h"
#include "tests/unit/formattext.h"
#include "tests/unit/sketch.h"

#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>

static void test_table_is_sound(void)
{
    for (enum file_format f = FILE_UNKNOWN + 1; f < FILE_FORMAT_COUNT; f++) {
        const struct format *row = &file_formats[f];
        CU_ASSERT_TRUE(format_name(f) && *format_name(f));
        CU_ASSERT_TRUE(format_help(f) && *format_help(f));
        CU_ASSERT_EQUAL(!row->knows_text, !row->read_text);
        CU_ASSERT_EQUAL(!row->knows_json, !row->read_json);
        CU_ASSERT_TRUE(f == FILE_PROTO || row->read_text || row->read_json);
        CU_ASSERT_EQUAL(!format_writers[f], !row->extensions[0]);
        CU_ASSERT_PTR_NULL(row->extensions[3]);
        CU_ASSERT_EQUAL(!row->value_type, (row->holds & HOLDS_UNITS) || !format_writers[f]);
        for (enum file_format other = FILE_UNKNOWN + 1; other < f; other++)
            CU_ASSERT_STRING_NOT_EQUAL(format_name(f), format_name(other));
    }
}

static void test_names_say_the_format(void)
{
    struct error err = {0};
    CU_ASSERT_EQUAL(format_by_name("x.pb.gz", &err), FILE_PROTO);
    CU_ASSERT_EQUAL(format_by_name("/a.b/x.folded", &err), FILE_FOLDED);
    CU_ASSERT_EQUAL(format_by_name("x.speedscope.json", &err), FILE_SPEEDSCOPE);
    CU_ASSERT_EQUAL(format_by_name("x.firefox.json", &err), FILE_FIREFOX);
    CU_ASSERT_EQUAL(format_by_name("x.cpuprofile", &err), FILE_CPUPROFILE);
    static const char *const others[] = {"x.json", "folded", ".folded", "", "xfolded", "x.txt"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        CU_ASSERT_EQUAL(format_by_name(others[i], &err), FILE_UNKNOWN);
    CU_ASSERT_EQUAL(err.kind, ERROR_USAGE);
}

static void test_other_json(void)
{
    format_expect_error("{}", "it is JSON, but of no format that is known here (speedscope, "
                              "firefox, cpuprofile)");
    format_expect_error(" {\"a\": [1, 2", "line 1, column 12: bad JSON: ']' expected near end of "
                                          "file");
    format_expect_error("{\"a\": 1e999}", "line 1, column 11: bad JSON: real number overflow near "
                                          "'1e999'");
    format_expect_error("{\"a\": NaN}", "line 1, column 9: bad JSON: invalid token near 'NaN'");
    format_expect_error("{\n\"a\": 99999999999999999999}",
                        "line 2, column 25: bad JSON: too big integer near "
                        "'99999999999999999999'");
}

static void test_deep_json(void)
{
    struct buf b = {0};
    struct error err = {0};
    buf_puts(&b, "{\"nodes\":");
    for (int i = 0; i < 100000; i++)
        buf_putc(&b, '[');
    CU_ASSERT_PTR_NULL(format_parse((struct str){b.data, b.len}, &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "maximum parsing depth"));
    buf_release(&b);
}

/* A few megabytes that libjansson would take gigabytes for. */
static void test_json_bomb(void)
{
    struct buf b = {0};
    struct error err = {0};
    buf_puts(&b, "{\"nodes\":[");
    for (int i = 0; i < 20 << 20; i++)
        buf_puts(&b, "[],");
    CU_ASSERT_PTR_NULL(format_parse((struct str){b.data, b.len}, &err));
    CU_ASSERT_STRING_EQUAL(err.text, "it is JSON that would take 7.1 GB of memory");
    buf_release(&b);
}

static void expect_losses(enum file_format f, size_t value, const char *sketched, const char *want)
{
    struct lines notes = {0};
    struct buf all = {0};
    struct profile *p = sketch(sketched);
    losses_note(&notes, p, f, value);
    for (size_t i = 0; i < notes.count; i++)
        buf_printf(&all, "%s\n", notes.items[i]);
    sketch_expect_text(all.data ? all.data : "", want);
    buf_release(&all);
    lines_release(&notes);
    profile_free(p);
}

static void test_nothing_is_lost(void)
{
    expect_losses(FILE_FOLDED, 0, "samples/count\n1 : a b\n", "");
    expect_losses(FILE_SPEEDSCOPE, 0, "cpu/nanoseconds space/bytes\n1 2 : a@f.c:3 b\n", "");
    expect_losses(FILE_CPUPROFILE, 1, "samples/count cpu/nanoseconds\n1 2000 : a@f.c b\n", "");
    expect_losses(FILE_FIREFOX, 0, "x/y z/w\n1 -2 : 0x10=a@f.c:3+c!lib b ; comm=x tid=#7\n", "");
    expect_losses(FILE_PROTO, 0, "x/y z/w\n1 -2 : 0x10=a@f.c:3+c!lib b ; color=red\n", "");
}

static void test_losses_are_said(void)
{
    expect_losses(FILE_FOLDED, 1, "samples/count cpu/ns\n1 -2 : 0x10=a@f.c:3+c!lib b ; color=red\n",
                  "folded has no place for: labels; other sample types; the type and unit of the "
                  "values; values below zero; source files; line numbers; marks of inlined frames; "
                  "addresses; binaries and build ids\n");
    expect_losses(FILE_SPEEDSCOPE, 0, "cpu/ns\n1 : a ; comm=x\n",
                  "speedscope has no place for: labels; units but those of counts, sizes and "
                  "times\n");
    expect_losses(FILE_FIREFOX, 0, "cpu/ns\n1 : a ; comm=x color=red\n1 :\n",
                  "firefox has no place for: labels other than comm, tid, process and pid\n");
    expect_losses(FILE_CPUPROFILE, 1, "x/count delay/nanoseconds\n1 1500 : a\n",
                  "cpuprofile has no place for: other sample types; the type and unit of the "
                  "values; fractions of a microsecond\n");
}

CU_TestInfo formats_tests[] = {
    {"table is sound", test_table_is_sound},
    {"names say the format", test_names_say_the_format},
    {"other JSON", test_other_json},
    {"deep JSON", test_deep_json},
    {"JSON bomb", test_json_bomb},
    {"nothing is lost", test_nothing_is_lost},
    {"losses are said", test_losses_are_said},
    CU_TEST_INFO_NULL,
};
