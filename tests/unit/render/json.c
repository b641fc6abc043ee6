/* Tests of analyzer/render/json.h, json_writer.h and csv.h, and of the numbers in them. */
#include "analyzer/render/json.h"

#include "analyzer/render/csv.h"
#include "analyzer/render/json_writer.h"
#include "tests/unit/sketch.h"

#include <CUnit/CUnit.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- tokens */

static void expect_string(const char *s, size_t len, const char *want)
{
    struct out o = {.fd = -1};
    struct json j = {.out = &o};
    json_str(&j, (struct str){s, len});
    sketch_expect_text(o.buf.data, want);
    buf_release(&o.buf);
}

#define STRING(s, want) expect_string(s, sizeof(s) - 1, want)

static void test_strings_are_escaped(void)
{
    STRING("", "\"\"");
    STRING("a \"b\" \\c/ <d>", "\"a \\\"b\\\" \\\\c/ <d>\"");
    STRING("\b\f\n\r\t\0\x1b\x7f", "\"\\b\\f\\n\\r\\t\\u0000\\u001b\\u007f\"");
    STRING("=1+1", "\"=1+1\"");
}

static void test_characters_stay_and_c1_controls_are_escaped(void)
{
    STRING("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", "\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\"");
    STRING("\xC2\x80\xC2\x9B\xC2\xA0", "\"\\u0080\\u009b\xC2\xA0\"");
    STRING("\xE2\x80\xA8\xE2\x80\xA9\xE2\x80\xA7", "\"\\u2028\\u2029\xE2\x80\xA7\"");
}

#define FFFD "\xEF\xBF\xBD"

static void test_what_is_not_utf8_becomes_fffd(void)
{
    STRING("a\xFFz", "\"a" FFFD "z\"");
    STRING("\x80", "\"" FFFD "\"");
    STRING("\xC3", "\"" FFFD "\"");                            /* cut */
    STRING("\xC3(", "\"" FFFD "(\"");                          /* no continuation */
    STRING("\xC0\xAF", "\"" FFFD FFFD "\"");                   /* overlong '/' */
    STRING("\xE0\x80\xAF", "\"" FFFD FFFD FFFD "\"");          /* the same in three */
    STRING("\xED\xA0\x80", "\"" FFFD FFFD FFFD "\"");          /* a surrogate */
    STRING("\xF4\x90\x80\x80", "\"" FFFD FFFD FFFD FFFD "\""); /* beyond U+10FFFF */
    STRING("\xF0\x9F\x98\"", "\"" FFFD FFFD FFFD "\\\"\"");
}

static void test_layout(void)
{
    struct out o = {.fd = -1};
    struct json j = {.out = &o};
    json_open_lines(&j, '{');
    json_key(&j, "a");
    json_int(&j, INT64_MIN);
    json_key(&j, "b");
    json_open_lines(&j, '[');
    json_open(&j, '[');
    json_none(&j);
    json_float(&j, 0.5);
    json_close(&j);
    json_puts(&j, "x");
    json_close(&j);
    json_key(&j, "c");
    json_open_lines(&j, '[');
    json_close(&j);
    json_close(&j);
    sketch_expect_text(o.buf.data, "{\n"
                                   "  \"a\": -9223372036854775808,\n"
                                   "  \"b\": [\n"
                                   "    [null, 0.5],\n"
                                   "    \"x\"\n"
                                   "  ],\n"
                                   "  \"c\": []\n"
                                   "}\n");
    buf_release(&o.buf);
}

static void expect_real(double v, const char *want)
{
    struct out o = {.fd = -1};
    struct json j = {.out = &o};
    json_float(&j, v);
    sketch_expect_text(o.buf.data, want);
    buf_release(&o.buf);
}

static void test_reals_come_back_exactly(void)
{
    expect_real(0.1, "0.1");
    expect_real(1.0 / 3, "0.3333333333333333");
    expect_real(-2.5, "-2.5");
    expect_real(1e300, "1e+300");
    expect_real(NAN, "null");
    expect_real(-INFINITY, "null");
}

/* --- numbers of a report */

static const struct report_spec plain = {
    .sample_index = "", .divide_by = 1, .unit = "minimum", .compact_labels = true};

static void expect_number(const char *sample_unit, struct report_spec spec, int64_t sum,
                          int64_t divisor, const char *want)
{
    struct report r = {.spec = &spec, .sample_unit = sample_unit};
    struct buf b = {0};
    number_write(&b, number_of(&r, sum, divisor));
    buf_printf(&b, " %s", number_unit(&r));
    sketch_expect_text(b.data, want);
    buf_release(&b);
}

static void test_values_are_the_profiles_own(void)
{
    struct report_spec automatic = plain;
    automatic.unit = "auto";
    expect_number("nanoseconds", plain, INT64_MAX, 0, "9223372036854775807 nanoseconds");
    expect_number("bytes", automatic, 1536, 0, "1536 bytes");
}

static void test_quotients_are_unrounded(void)
{
    struct report_spec spec = plain;
    expect_number("bytes", spec, 7, 2, "3.5 bytes");
    spec.divide_by = 49;
    expect_number("bytes", spec, 49, 0, "1 bytes"); /* 49 * (1 / 49.) would not be 1 */
    expect_number("bytes", spec, 7, 2, "0.07142857142857142 bytes");
    spec.divide_by = -2; /* left aside, as in text */
    expect_number("bytes", spec, 7, 0, "7 bytes");
}

static void test_a_unit_asked_for_by_name_is_used(void)
{
    struct report_spec spec = plain;
    spec.unit = "ms";
    expect_number("nanoseconds", spec, 12345678, 0, "12.345678 ms");
    expect_number("seconds", spec, 2, 0, "2000 ms");
    expect_number("milliseconds", spec, 3, 0, "3 milliseconds"); /* it is that */
    expect_number("bytes", spec, 3, 0, "3 bytes");               /* it cannot be that */
    expect_number("widgets", spec, 3, 0, "3 widgets");
    spec.unit = "nonsense";
    expect_number("nanoseconds", spec, 3, 0, "3 nanoseconds");
}

/* --- whole reports */

struct made {
    struct profile *p;
    struct report_spec spec;
    struct report r;
    struct out o;
};

static void make(struct made *m, const char *text, struct report_spec spec)
{
    struct error err = {0};
    *m = (struct made){.p = sketch(text), .spec = spec, .o = {.fd = -1}};
    CU_ASSERT_EQUAL_FATAL(report_init(&m->r, m->p, &m->spec, NULL, &err), 0);
}

static void expect_made(struct made *m, const char *want)
{
    sketch_expect_text(m->o.buf.data, want);
    buf_release(&m->o.buf);
    report_release(&m->r);
    profile_free(m->p);
}

static const char *const small = "cpu/ms\n"
                                 "10 : A M ; color=red size=#64:kb\n"
                                 "5 : B+A M ; color=red\n";

#define HEADER(report, type, unit, total)                                                          \
    "{\n  \"report\": \"" report "\",\n  \"file\": \"\",\n  \"build_id\": \"\",\n"                 \
    "  \"comments\": [],\n  \"doc_url\": \"\",\n  \"time\": null,\n  \"duration_nanos\": 0,\n"     \
    "  \"type\": \"" type "\",\n  \"unit\": \"" unit "\",\n  \"total\": " total ",\n"              \
    "  \"filters\": [],\n"

static void test_top(void)
{
    struct made m;
    struct top t;
    make(&m, small, plain);
    top_init(&t, &m.r);
    json_top(&m.o, &m.r, &t);
    csv_top(&m.o, &m.r, &t);
    top_release(&t);
    expect_made(
        &m, HEADER("top", "cpu", "ms",
                   "15") "  \"nodes\": 3,\n"
                         "  \"dropped_nodes\": 0,\n"
                         "  \"rows\": [\n"
                         "    {\"name\": \"A\", \"flat\": 10, \"cum\": 15, \"inline\": \"\"},\n"
                         "    {\"name\": \"B\", \"flat\": 5, \"cum\": 5, \"inline\": \"inline\"},\n"
                         "    {\"name\": \"M\", \"flat\": 0, \"cum\": 15, \"inline\": \"\"}\n"
                         "  ]\n"
                         "}\n"
                         "name,flat,cum,unit,inline\n"
                         "A,10,15,ms,\n"
                         "B,5,5,ms,inline\n"
                         "M,0,15,ms,\n");
}

static void test_top_of_means(void)
{
    struct made m;
    struct top t;
    struct report_spec spec = plain;
    spec.mean = true;
    make(&m, "n/count size/bytes\n2 5 : A M\n4 2 : B M\n", spec);
    top_init(&t, &m.r);
    csv_top(&m.o, &m.r, &t);
    CU_ASSERT_DOUBLE_EQUAL(number_total(&m.r).real, 7.0 / 6, 0);
    top_release(&t);
    expect_made(&m, "name,flat,cum,unit,inline\n"
                    "A,2.5,2.5,bytes,\n"
                    "B,0.5,0.5,bytes,\n"
                    "M,0,1.1666666666666667,bytes,\n");
}

static void test_tree(void)
{
    struct made m;
    struct tree t;
    struct error err = {0};
    make(&m, small, plain);
    CU_ASSERT_EQUAL(tree_init(&t, &m.r, NULL, &err), 0);
    json_tree(&m.o, &m.r, &t);
    csv_tree(&m.o, &m.r, &t);
    tree_release(&t);
    expect_made(
        &m,
        HEADER(
            "tree", "cpu", "ms",
            "15") "  \"nodes\": 3,\n"
                  "  \"dropped_nodes\": 0,\n"
                  "  \"dropped_edges\": 0,\n"
                  "  \"rows\": [\n"
                  "    {\"name\": \"A\", \"flat\": 10, \"cum\": 15, \"callers\": [{\"name\": "
                  "\"M\", "
                  "\"weight\": 15, \"inline\": \"\"}], \"callees\": [{\"name\": \"B\", \"weight\": "
                  "5, "
                  "\"inline\": \"inline\"}]},\n"
                  "    {\"name\": \"B\", \"flat\": 5, \"cum\": 5, \"callers\": [{\"name\": \"A\", "
                  "\"weight\": 5, \"inline\": \"inline\"}], \"callees\": []},\n"
                  "    {\"name\": \"M\", \"flat\": 0, \"cum\": 15, \"callers\": [], \"callees\": "
                  "[{\"name\": \"A\", \"weight\": 15, \"inline\": \"\"}]}\n"
                  "  ]\n"
                  "}\n"
                  "name,relation,other,flat,cum,weight,unit,inline\n"
                  "A,caller,M,,,15,ms,\n"
                  "A,self,,10,15,,ms,\n"
                  "A,callee,B,,,5,ms,inline\n"
                  "B,caller,A,,,5,ms,inline\n"
                  "B,self,,5,5,,ms,\n"
                  "M,self,,0,15,,ms,\n"
                  "M,callee,A,,,15,ms,\n");
}

static void test_peek_says_what_was_looked_for(void)
{
    struct made m;
    struct tree t;
    struct error err = {0};
    struct regex *only = regex_compile("^B\"?", "argument", &err);
    make(&m, small, plain);
    CU_ASSERT_EQUAL(tree_init(&t, &m.r, only, &err), 0);
    json_tree(&m.o, &m.r, &t);
    tree_release(&t);
    regex_free(only);
    expect_made(
        &m,
        HEADER(
            "peek", "cpu", "ms",
            "15") "  \"regex\": \"^B\\\"?\",\n"
                  "  \"nodes\": 3,\n"
                  "  \"dropped_nodes\": 0,\n"
                  "  \"dropped_edges\": 0,\n"
                  "  \"rows\": [\n"
                  "    {\"name\": \"B\", \"flat\": 5, \"cum\": 5, \"callers\": [{\"name\": \"A\", "
                  "\"weight\": 5, \"inline\": \"inline\"}], \"callees\": []}\n"
                  "  ]\n"
                  "}\n");
}

static void test_traces(void)
{
    struct made m;
    struct traces t;
    make(&m, small, plain);
    traces_init(&t, &m.r);
    json_traces(&m.o, &m.r, &t);
    traces_release(&t);
    traces_init(&t, &m.r);
    csv_traces(&m.o, &m.r, &t);
    traces_release(&t);
    expect_made(
        &m,
        HEADER(
            "traces", "cpu", "ms",
            "15") "  \"samples\": [\n"
                  "    {\"value\": 10, \"labels\": [{\"key\": \"color\", \"value\": \"red\"}, "
                  "{\"key\": \"size\", \"value\": 64, \"unit\": \"kb\"}], \"stack\": [{\"name\": "
                  "\"A\", \"inline\": \"\"}, {\"name\": \"M\", \"inline\": \"\"}]},\n"
                  "    {\"value\": 5, \"labels\": [{\"key\": \"color\", \"value\": \"red\"}], "
                  "\"stack\": [{\"name\": \"B\", \"inline\": \"inline\"}, {\"name\": \"A\", "
                  "\"inline\": \"\"}, {\"name\": \"M\", \"inline\": \"\"}]}\n"
                  "  ]\n"
                  "}\n"
                  "trace,kind,name,value,unit\n"
                  "1,sample,cpu,10,ms\n"
                  "1,label,color,red,\n"
                  "1,number,size,64,kb\n"
                  "1,frame,A,,\n"
                  "1,frame,M,,\n"
                  "2,sample,cpu,5,ms\n"
                  "2,label,color,red,\n"
                  "2,inline,B,,\n"
                  "2,frame,A,,\n"
                  "2,frame,M,,\n");
}

static void test_tags_keep_numbers_apart(void)
{
    /* As text both sizes are "1.00kB", and 1024 is like the text "1024". */
    struct made m;
    struct tags t;
    make(&m,
         "cpu/ms\n"
         "9 : A ; size=#1024:bytes\n"
         "5 : A ; size=#1025:bytes\n"
         "3 : A ; size=1024~bytes\n",
         plain);
    tags_init(&t, &m.r, true);
    json_tags(&m.o, &m.r, &t);
    csv_tags(&m.o, &m.r, &t);
    tags_release(&t);
    expect_made(&m, HEADER("tags", "cpu", "ms",
                           "17") "  \"keys\": [\n"
                                 "    {\"key\": \"size\", \"total\": 17, \"values\": [\n"
                                 "        {\"value\": 1024, \"unit\": \"bytes\", \"weight\": 9},\n"
                                 "        {\"value\": 1025, \"unit\": \"bytes\", \"weight\": 5},\n"
                                 "        {\"value\": \"1024 bytes\", \"weight\": 3}\n"
                                 "      ]}\n"
                                 "  ]\n"
                                 "}\n"
                                 "key,kind,value,value_unit,weight,unit\n"
                                 "size,number,1024,bytes,9,ms\n"
                                 "size,number,1025,bytes,5,ms\n"
                                 "size,label,1024 bytes,,3,ms\n");
}

static void test_csv_quotes_what_would_break_a_row(void)
{
    static const char *const names[] = {"a,b", "say \"hi\"", "two\nlines", "cr\r", "=1+1", " x "};
    struct made m;
    struct top t;
    make(&m, "cpu/ms\n", plain);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        strid name = profile_intern(m.p, names[i]);
        uint32_t f = profile_add_function(m.p, (struct function){.name = name});
        uint32_t l = profile_add_location(m.p, (struct location){.mapping = NO_INDEX},
                                          &(struct line){.function = f}, 1);
        int64_t value = 9 - (int64_t)i;
        profile_add_sample(m.p, profile_add_stack(m.p, &l, 1), 0, &value);
    }
    top_init(&t, &m.r);
    csv_top(&m.o, &m.r, &t);
    top_release(&t);
    expect_made(&m, "name,flat,cum,unit,inline\n"
                    "\"a,b\",9,9,ms,\n"
                    "\"say \"\"hi\"\"\",8,8,ms,\n"
                    "\"two\nlines\",7,7,ms,\n"
                    "\"cr\r\",6,6,ms,\n"
                    "=1+1,5,5,ms,\n"
                    " x ,4,4,ms,\n");
}

static void test_csv_shows_controls_on_a_terminal(void)
{
    struct made m;
    struct top t;
    make(&m, "cpu/ms\n1 : \033[2J\n", plain);
    m.o.terminal = true;
    top_init(&t, &m.r);
    csv_top(&m.o, &m.r, &t);
    top_release(&t);
    expect_made(&m, "name,flat,cum,unit,inline\n^[[2J,1,1,ms,\n");
}

CU_TestInfo json_tests[] = {
    {"strings are escaped", test_strings_are_escaped},
    {"characters stay", test_characters_stay_and_c1_controls_are_escaped},
    {"bytes that are not UTF-8", test_what_is_not_utf8_becomes_fffd},
    {"layout", test_layout},
    {"reals come back exactly", test_reals_come_back_exactly},
    {"values are the profile's own", test_values_are_the_profiles_own},
    {"quotients are unrounded", test_quotients_are_unrounded},
    {"a unit asked for by name", test_a_unit_asked_for_by_name_is_used},
    {"top", test_top},
    {"top of means", test_top_of_means},
    {"tree", test_tree},
    {"peek", test_peek_says_what_was_looked_for},
    {"traces", test_traces},
    {"tags keep numbers apart", test_tags_keep_numbers_apart},
    {"csv: quotes", test_csv_quotes_what_would_break_a_row},
    {"csv: controls on a terminal", test_csv_shows_controls_on_a_terminal},
    CU_TEST_INFO_NULL,
};
