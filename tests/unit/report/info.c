/* Tests of analyzer/report/info.h. */
#include "analyzer/report/info.h"

#include "tests/unit/sketch.h"

#include <CUnit/CUnit.h>
#include <stdlib.h>

static void expect(struct profile *new, struct profile *old, const char *want)
{
    struct report_spec spec = {.sample_index = "", .unit = "minimum", .divide_by = 1};
    struct report of_new, of_old;
    struct info info;
    struct buf got = {0};
    CU_ASSERT_EQUAL_FATAL(report_init(&of_new, new, &spec, NULL, NULL), 0);
    if (old)
        CU_ASSERT_EQUAL_FATAL(report_init(&of_old, old, &spec, NULL, NULL), 0);
    info_init(&info);
    info_add_measurement(&info, &of_new, old ? &of_old : NULL);
    info_add_contents(&info, &of_new);
    for (size_t i = 0; i < info.count; i++) {
        buf_str(&got, info.rows[i].label);
        buf_puts(&got, info.rows[i].kind == INFO_SECTION ? "" : ": ");
        buf_str(&got, info.rows[i].text);
        buf_puts(&got, "\n");
    }
    sketch_expect_text(got.data, want);
    buf_release(&got);
    info_release(&info);
    report_release(&of_new);
    if (old)
        report_release(&of_old);
    profile_free(new);
    profile_free(old);
}

static void test_all_there_is(void)
{
    struct profile *p = sketch("samples/count cpu/ms\n"
                               "1 2000 : 0x10=A!app 0x20=B!app 0x30!libc\n"
                               "2 10 : 0x20=B!app\n");
    p->mappings[0].build_id = profile_intern(p, "abc");
    p->mappings[0].has_filenames = p->mappings[0].has_inline_frames = true;
    profile_add_mapping(p, (struct mapping){.file = profile_intern(p, "unused")});
    profile_add_comment(p, profile_intern(p, "made by hand"));
    p->time_nanos = 1000000000;
    p->duration_nanos = 1500000000;
    p->period = 10;
    p->period_type = p->sample_types[1];
    p->doc_url = profile_intern(p, "https://example.com/doc");
    expect(p, NULL,
           "Measurement\n"
           "time: 1970-01-01 00:00:01 UTC\n"
           "duration: 1.50s\n"
           "total: 2.01s\n"
           "period: 10ms of cpu\n"
           "documentation: https://example.com/doc\n"
           "Sample types\n"
           "samples: 3 (count)\n"
           "cpu: 2.01s (ms, shown)\n"
           "Contents\n"
           "samples: 2, different stacks: 2\n"
           "addresses: 3 in these stacks\n"
           "functions: 2 in the whole profile\n"
           "Binaries\n"
           "binary: app\n"
           "  build id: abc\n"
           "  symbols: names for all of 2 addresses, files, lines, inlined frames\n"
           "binary: libc\n"
           "  symbols: no names for 1 address\n"
           "others: 1, without any sample\n"
           "Comments\n"
           ": made by hand\n");
}

static void test_old_and_new(void)
{
    expect(sketch("cpu/ms\n5 : A\n"), sketch("cpu/ms\n7 : A\n"),
           "Measurement\n"
           "total: 5ms\n"
           "Sample types\n"
           "cpu: 7ms before, 5ms now, change -2ms (ms, shown)\n"
           "Contents\n"
           "samples: 1, different stacks: 1\n"
           "addresses: 1 in these stacks\n"
           "functions: 1 in the whole profile\n"
           "Binaries\n"
           "binaries: the profile names none\n");
}

CU_TestInfo info_tests[] = {
    {"all there is", test_all_there_is},
    {"old and new", test_old_and_new},
    CU_TEST_INFO_NULL,
};
