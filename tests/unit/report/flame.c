/* Tests of analyzer/report/flame.h and of render/: flame.h, flame_data.h, hue.h. */
#include "analyzer/report/flame.h"

#include "analyzer/render/flame.h"
#include "analyzer/render/flame_data.h"
#include "tests/unit/sketch.h"

#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>

/* A profile and its flame graph; ended by burn_end. */
struct fire {
    struct profile *p;
    struct report_spec spec;
    struct report r;
    struct flame f;
};

static void burn(struct fire *fire, const char *text, struct flame_spec spec)
{
    struct lines notes = {0};
    *fire = (struct fire){.spec = {.sample_index = "",
                                   .divide_by = 1,
                                   .unit = "minimum",
                                   .source_path = "",
                                   .trim_path = ""}};
    fire->p = sketch(text);
    CU_ASSERT_EQUAL_FATAL(report_init(&fire->r, fire->p, &fire->spec, &notes, NULL), 0);
    CU_ASSERT_EQUAL_FATAL(flame_init(&fire->f, &fire->r, &spec, NULL), 0);
    lines_release(&notes);
}

static void burn_end(struct fire *fire)
{
    flame_release(&fire->f);
    report_release(&fire->r);
    profile_free(fire->p);
}

static void header_is(const char *text, struct flame_spec spec, const char *want)
{
    struct fire fire;
    struct buf b = {0};
    burn(&fire, text, spec);
    buf_puts(&b, "");
    for (size_t i = 0; i < fire.f.header.count; i++)
        buf_printf(&b, "%s\n", fire.f.header.items[i]);
    sketch_expect_text(b.data, want);
    buf_release(&b);
    burn_end(&fire);
}

static void test_header(void)
{
    struct flame_spec spec = {.old = "a.pb.gz", .new = "b.pb.gz"};
    header_is("cpu/ms\n5 : a!shop\n", spec, "File: shop\nType: cpu\n");
    header_is("cpu/ms\n5 : a\n-4 : a ; pprof::base=true\n", spec,
              "Old: a.pb.gz\nNew: b.pb.gz\nType: cpu\nTotal: 4ms to 5ms, +25.00%\n");
    spec.limits.cells = 2;
    header_is("cpu/ms\n6 : a\n3 : b\n1 : c\n", spec,
              "Type: cpu\nIn cells too small to be told apart: 4ms, 40.00%\n");
}

static void test_totals_of_both_sides(void)
{
    struct fire fire;
    burn(&fire, "cpu/ms\n5 : a\n-3 : a ; pprof::base=true\n", (struct flame_spec){0});
    CU_ASSERT(fire.f.has_old);
    CU_ASSERT_EQUAL(fire.f.total.old, 3);
    CU_ASSERT_EQUAL(fire.f.total.new, 5);
    burn_end(&fire);
    burn(&fire, "cpu/ms\n5 : a\n", (struct flame_spec){0});
    CU_ASSERT_FALSE(fire.f.has_old);
    CU_ASSERT_EQUAL(fire.f.inverse.count, 0);
    burn_end(&fire);
    burn(&fire, "cpu/ms\n5 : a main\n", (struct flame_spec){.only_inverse = true});
    CU_ASSERT_EQUAL(fire.f.tree.count, 0);
    CU_ASSERT_EQUAL(fire.f.inverse.count, 3);
    burn_end(&fire);
}

static void test_means_are_refused(void)
{
    struct report_spec spec = {.sample_index = "", .divide_by = 1, .unit = "minimum", .mean = true};
    struct profile *p = sketch("n/count cpu/ms\n1 5 : a\n");
    struct report r;
    struct flame f;
    struct lines notes = {0};
    struct error err = {0};
    CU_ASSERT_EQUAL_FATAL(report_init(&r, p, &spec, &notes, NULL), 0);
    CU_ASSERT_EQUAL(flame_init(&f, &r, &(struct flame_spec){0}, &err), -1);
    CU_ASSERT_EQUAL(err.kind, ERROR_USAGE);
    flame_release(&f);
    report_release(&r);
    profile_free(p);
    lines_release(&notes);
}

/* What the scripts get, less the colours. */
static void data_is(const char *text, const char *want)
{
    struct fire fire;
    struct flame_names names;
    struct flame_colors colors = {.count = 0};
    struct out o;
    burn(&fire, text, (struct flame_spec){.inverse = true});
    out_init_fd(&o, -1);
    flame_names_init(&names, &fire.f);
    for (size_t i = 0; i < names.count; i++)
        names.colors[i] = 0;
    flame_data(&o, &fire.r, &fire.f, &names, &colors);
    sketch_expect_text(o.buf.data, want);
    flame_names_release(&names);
    out_abandon(&o);
    burn_end(&fire);
}

static void test_data_for_scripts(void)
{
    data_is("n/count\n30 : b+a main\n20 : c main\n",
            "{\"base\":0,\"scale\":10,\"units\":[[1,\"\"]],\"total\":[0,5],"
            "\"names\":[\"main\",\"a\",\"b\",\"c\"],\"hues\":[0,0,0,0],\"colors\":[],"
            "\"cells\":[0,0,5,0,0,5,0,2,3,2,5,3,0,6,2],"
            "\"inverse\":[0,0,5,0,5,3,0,2,3,3,0,3,0,6,2,0,0,2]}\n");
    data_is("n/count\n3 : a\n-2 : b ; pprof::base=true\n",
            "{\"base\":1,\"scale\":1,\"units\":[[1,\"\"]],\"total\":[2,3],"
            "\"names\":[\"a\",\"b\"],\"hues\":[0,0],\"colors\":[],"
            "\"cells\":[0,0,3,2,1,0,3,0,0,2,0,2],\"inverse\":[0,0,3,2,1,0,3,0,0,2,0,2]}\n");
}

static void test_data_of_the_largest_values(void)
{
    data_is("n/count\n-9223372036854775808 : a\n-5 : a ; k=v\n9223372036854775807 : b\n",
            "{\"base\":1,\"scale\":9.223372036854776e+18,\"units\":[[1,\"\"]],\"total\":[1,1],"
            "\"names\":[\"a\",\"b\"],\"hues\":[0,0],\"colors\":[],"
            "\"cells\":[0,0,1,1,1,0,0,1,0,2,1,0],\"inverse\":[0,0,1,1,1,0,0,1,0,2,1,0]}\n");
}

static void test_units_for_scripts(void)
{
    struct fire fire;
    struct out o;
    struct flame_names names;
    struct flame_colors colors = {.count = 0};
    burn(&fire, "cpu/ms\n3 : a\n", (struct flame_spec){0});
    out_init_fd(&o, -1);
    flame_names_init(&names, &fire.f);
    flame_data(&o, &fire.r, &fire.f, &names, &colors);
    CU_ASSERT(strstr(o.buf.data, "\"units\":[[1e-06,\"ns\"],[0.001,\"us\"],[1,\"ms\"],[1000,\"s\"],"
                                 "[3600000,\"hrs\"]]") != NULL);
    flame_names_release(&names);
    out_abandon(&o);
    burn_end(&fire);
}

static const char hostile[] = "n/count\n"
                              "5 : </script><script>alert(1)</script> <!--<script> ]]>\n"
                              "3 : a\"b&c'd \xFF\xFE \xEF\xBF\xBF \xE2\x80\xA8 \x1B[31m\n";

/* How often WHAT is in TEXT. */
static int count_of(const char *text, const char *what)
{
    int count = 0;
    for (const char *at = text; (at = strstr(at, what)) != NULL; at++)
        count++;
    return count;
}

static void test_names_cannot_break_out(void)
{
    struct fire fire;
    struct out page, picture, tame_page, tame_picture;
    struct flame_spec spec = {.inverse = true};
    out_init_fd(&page, -1);
    out_init_fd(&picture, -1);
    burn(&fire, hostile, spec);
    flame_html(&page, &fire.r, &fire.f, PALETTE_COLORBLIND);
    flame_svg(&picture, &fire.r, &fire.f, PALETTE_COLORBLIND);
    burn_end(&fire);
    out_init_fd(&tame_page, -1);
    out_init_fd(&tame_picture, -1);
    burn(&fire, "n/count\n5 : a b!x c\n3 : d e f g h\n", spec);
    flame_html(&tame_page, &fire.r, &fire.f, PALETTE_COLORBLIND);
    flame_svg(&tame_picture, &fire.r, &fire.f, PALETTE_COLORBLIND);
    burn_end(&fire);
    /* as many of what ends something as where all names are tame */
    static const char *const ends[] = {"</", "<!", "]]>", "<script", "\x1B", "\xFF"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        int more = strcmp(ends[i], "<script") == 0; /* harmless in data */
        CU_ASSERT(count_of(page.buf.data, ends[i]) <= count_of(tame_page.buf.data, ends[i]) + more);
        CU_ASSERT(count_of(picture.buf.data, ends[i]) <=
                  count_of(tame_picture.buf.data, ends[i]) + more);
    }
    CU_ASSERT(strstr(page.buf.data, "\xE2\x80\xA8") == NULL);
    out_abandon(&page);
    out_abandon(&picture);
    out_abandon(&tame_page);
    out_abandon(&tame_picture);
}

static void package_is(const char *name, const char *want)
{
    struct str got = hue_package((struct str){name, strlen(name)});
    CU_ASSERT_EQUAL(got.len, strlen(want));
    CU_ASSERT(memcmp(got.ptr, want, got.len) == 0);
}

static void test_packages(void)
{
    package_is("runtime.mallocgc", "runtime");
    package_is("main.(*shop).checkout", "main");
    package_is("main.(*shop).answer.func1", "main");
    package_is("github.com/a/b.v2/c.F[go.shape.int]", "github.com/a/b.v2/c");
    package_is("encoding/json.(*decodeState).value", "encoding/json");
    package_is("std::vector<int, std::allocator<int> >::push_back(int&&)", "std");
    package_is("<alloc::vec::Vec<T> as core::ops::Drop>::drop", "alloc");
    package_is("operator new(unsigned long)", "");
    package_is("java.util.HashMap.put", "java.util");
    package_is("malloc", "");
    package_is("", "");
    package_is("<", "");
}

static void test_colours_are_of_packages(void)
{
    struct str none = {"", 0}, libc = {"libc.so.6", 9};
    unsigned a = hue_of((struct str){"runtime.mallocgc", 16}, none);
    unsigned b = hue_of((struct str){"runtime.newobject", 17}, none);
    unsigned c = hue_of((struct str){"malloc", 6}, libc), d = hue_of((struct str){"free", 4}, libc);
    CU_ASSERT_EQUAL(a / HUE_SHADES, b / HUE_SHADES);
    CU_ASSERT_EQUAL(c / HUE_SHADES, d / HUE_SHADES);
    for (unsigned i = 0; i < HUE_COUNT; i++) {
        struct rgb hue = hue_color(i, false), grey = hue_color(i, true);
        CU_ASSERT(hue.r + hue.g + hue.b > 3 * 150); /* black text has to be read on it */
        CU_ASSERT(grey.r == grey.g && grey.g == grey.b);
    }
}

CU_TestInfo flame_tests[] = {
    {"header", test_header},
    {"totals of both sides", test_totals_of_both_sides},
    {"means are refused", test_means_are_refused},
    {"data for scripts", test_data_for_scripts},
    {"data of the largest values", test_data_of_the_largest_values},
    {"units for scripts", test_units_for_scripts},
    {"names cannot break out", test_names_cannot_break_out},
    {"packages", test_packages},
    {"colours are of packages", test_colours_are_of_packages},
    CU_TEST_INFO_NULL,
};
