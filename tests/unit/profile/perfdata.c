/* Tests of analyzer/profile/perfdata*.h on files made by hand; tests/run-perf has the machine's own
 * perf. */
#include "analyzer/profile/perfdata.h"
#include "analyzer/profile/perfdata_format.h"
#include "analyzer/profile/perfdata_spaces.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/perffile.h"

#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

enum { ID = 42, OTHER_ID = 43 };
#define K ((uint64_t)PERF_CONTEXT_KERNEL)
#define U ((uint64_t)PERF_CONTEXT_USER)

static struct perffile new_file(void)
{
    struct perffile f = {0};
    perffile_event(&f, PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_CLOCK, ID);
    return f;
}

/* The profile in F, which is released. */
static struct profile *parse(struct perffile *f, struct lines *notes, struct error *err)
{
    struct lines ignored = {0};
    if (!f->out.len)
        perffile_finish(f);
    *err = (struct error){0};
    struct profile *p = perfdata_parse("perf.data", (const uint8_t *)f->out.data, f->out.len, NULL,
                                       notes ? notes : &ignored, err);
    lines_release(&ignored);
    perffile_release(f);
    if (p)
        fuzz_check_model(p);
    return p;
}

static struct profile *must_parse(struct perffile *f)
{
    struct error err;
    struct profile *p = parse(f, NULL, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(p);
    return p;
}

/* Sample I as "comm:a pid:7 tid:7 | file+offset file+offset = 1 1000"; offsets are in the mapping,
 * plain addresses if there is none. */
static const char *show(const struct profile *p, size_t i)
{
    static struct buf b;
    buf_clear(&b);
    struct labelset set = p->labelsets[p->sample_labels[i]];
    for (uint32_t k = 0; k < set.count; k++) {
        struct label l = p->labels[set.first + k];
        buf_printf(&b, "%s:", profile_str(p, l.key).ptr);
        if (l.is_number)
            buf_printf(&b, "%lld ", (long long)l.number);
        else
            buf_printf(&b, "%s ", profile_str(p, l.str).ptr);
    }
    buf_putc(&b, '|');
    struct stack stack = p->stacks[p->sample_stack[i]];
    for (uint32_t k = 0; k < stack.count; k++) {
        struct location l = p->locations[p->frames[stack.first + k]];
        if (l.mapping == NO_INDEX) {
            buf_printf(&b, " %llx", (unsigned long long)l.address);
            continue;
        }
        struct mapping m = p->mappings[l.mapping];
        buf_printf(&b, " %s+%llx", profile_str(p, m.file).ptr,
                   (unsigned long long)(l.address - m.start));
    }
    buf_puts(&b, " =");
    for (size_t t = 0; t < p->sample_type_count; t++)
        buf_printf(&b, " %lld", (long long)p->values[t][i]);
    return b.data;
}

static const char *type(const struct profile *p, size_t t)
{
    static char text[200];
    snprintf(text, sizeof text, "%s/%s", profile_str(p, p->sample_types[t].type).ptr,
             profile_str(p, p->sample_types[t].unit).ptr);
    return text;
}

static void test_a_sample(void)
{
    struct perffile f = new_file();
    const uint64_t chain[] = {K, 0xffffffff81000010, 0xffffffff81000030, U, 0x400100, 0x400201};
    perffile_mmap(&f, PERFFILE_KERNEL, UINT32_MAX, 0xffffffff81000000, 0x1000, 0xffffffff81000000,
                  "[kernel.kallsyms]_text", 0);
    perffile_comm(&f, 7, 7, "prog", 0, 1);
    perffile_mmap(&f, PERFFILE_USER, 7, 0x400000, 0x1000, 0, "/bin/prog", 2);
    perffile_sample(&f, ID, PERFFILE_KERNEL, 7, 8, 3, 1000, chain, 6);
    perffile_sample(&f, ID, PERFFILE_KERNEL, 7, 8, 4, 500, chain, 6);
    struct profile *p = must_parse(&f);
    CU_ASSERT_EQUAL(p->sample_count, 1);
    CU_ASSERT_STRING_EQUAL(show(p, 0),
                           "pid:7 tid:8 | [kernel.kallsyms]_text+10 [kernel.kallsyms]_text+2f "
                           "/bin/prog+100 /bin/prog+200 = 2 1500");
    CU_ASSERT_STRING_EQUAL(type(p, 0), "samples/count");
    CU_ASSERT_STRING_EQUAL(type(p, 1), "cpu-clock/nanoseconds");
    CU_ASSERT_EQUAL(p->period, 1000);
    CU_ASSERT_EQUAL(p->duration_nanos, 1);
    CU_ASSERT_STRING_EQUAL(profile_str(p, p->mappings[0].file).ptr, "/bin/prog");
    profile_free(p);
}

static void test_a_sample_without_chain(void)
{
    struct perffile f = new_file();
    perffile_mmap(&f, PERFFILE_USER, 7, 0x1000, 0x1000, 0, "/bin/prog", 2);
    perffile_sample(&f, ID, PERFFILE_USER, 7, 7, 3, 1000, NULL, 0);
    struct profile *p = must_parse(&f);
    CU_ASSERT_STRING_EQUAL(show(p, 0), "pid:7 tid:7 | /bin/prog+234 = 1 1000");
    profile_free(p);
}

static void test_records_are_sorted(void)
{
    struct perffile f = new_file();
    const uint64_t chain[] = {U, 0x400100};
    perffile_sample(&f, ID, PERFFILE_USER, 7, 7, 30, 1000, chain, 2);
    perffile_comm(&f, 7, 7, "late", 0, 40);
    perffile_comm(&f, 7, 7, "prog", 0, 10);
    perffile_mmap(&f, PERFFILE_USER, 7, 0x400000, 0x1000, 0, "/bin/prog", 20);
    perffile_sample(&f, ID, PERFFILE_USER, 7, 7, 15, 1000, chain, 2);
    struct profile *p = must_parse(&f);
    CU_ASSERT_STRING_EQUAL(show(p, 0), "comm:prog pid:7 tid:7 | 400100 = 1 1000");
    CU_ASSERT_STRING_EQUAL(show(p, 1), "comm:prog pid:7 tid:7 | /bin/prog+100 = 1 1000");
    profile_free(p);
}

static void test_fork_and_exec(void)
{
    struct perffile f = new_file();
    const uint64_t chain[] = {U, 0x400100};
    perffile_comm(&f, 7, 7, "sh", 0, 1);
    perffile_mmap(&f, PERFFILE_USER, 7, 0x400000, 0x1000, 0, "/bin/sh", 2);
    perffile_fork(&f, 9, 7, 3);
    perffile_sample(&f, ID, PERFFILE_USER, 9, 9, 4, 1, chain, 2);
    perffile_mmap(&f, PERFFILE_USER, 7, 0x400000, 0x1000, 0, "/lib/parent", 5);
    perffile_sample(&f, ID, PERFFILE_USER, 9, 9, 6, 1, chain, 2); /* the same */
    perffile_comm(&f, 9, 9, "ls", PERFFILE_EXEC, 7);
    perffile_sample(&f, ID, PERFFILE_USER, 9, 9, 8, 1, chain, 2); /* not yet in the program */
    perffile_mmap(&f, PERFFILE_USER, 9, 0x400000, 0x1000, 0, "/bin/ls", 9);
    perffile_sample(&f, ID, PERFFILE_USER, 9, 9, 10, 1, chain, 2);
    perffile_sample(&f, ID, PERFFILE_USER, 7, 7, 11, 1, chain, 2);
    struct profile *p = must_parse(&f);
    CU_ASSERT_EQUAL(p->sample_count, 4);
    CU_ASSERT_STRING_EQUAL(show(p, 0), "comm:sh pid:9 tid:9 | /bin/sh+100 = 2 2");
    CU_ASSERT_STRING_EQUAL(show(p, 1), "comm:ls pid:9 tid:9 | /bin/sh+100 = 1 1");
    CU_ASSERT_STRING_EQUAL(show(p, 2), "comm:ls pid:9 tid:9 | /bin/ls+100 = 1 1");
    CU_ASSERT_STRING_EQUAL(show(p, 3), "comm:sh pid:7 tid:7 | /lib/parent+100 = 1 1");
    profile_free(p);
}

static void test_a_library_at_two_places(void)
{
    struct perffile f = new_file();
    const uint64_t here[] = {U, 0x7f0000000100}, there[] = {U, 0x7e0000000100};
    perffile_mmap(&f, PERFFILE_USER, 1, 0x7f0000000000, 0x1000, 0x2000, "/lib/c", 1);
    perffile_mmap(&f, PERFFILE_USER, 2, 0x7e0000000000, 0x1000, 0x2000, "/lib/c", 1);
    perffile_sample(&f, ID, PERFFILE_USER, 1, 1, 2, 1, here, 2);
    perffile_sample(&f, ID, PERFFILE_USER, 2, 2, 3, 1, there, 2);
    struct profile *p = must_parse(&f);
    CU_ASSERT_EQUAL(p->location_count, 1);
    CU_ASSERT_EQUAL(p->mapping_count, 1);
    CU_ASSERT_EQUAL(p->locations[0].address, 0x7f0000000100);
    profile_free(p);
}

static void test_code_made_just_in_time(void)
{
    struct perffile f = new_file();
    const uint64_t chain[] = {U, 0x5100};
    perffile_mmap(&f, PERFFILE_USER, 1, 0x5000, 0x1000, 0, "//anon", 1);
    perffile_mmap(&f, PERFFILE_USER, 2, 0x5000, 0x1000, 0, "//anon", 1);
    perffile_sample(&f, ID, PERFFILE_USER, 1, 1, 2, 1, chain, 2);
    perffile_sample(&f, ID, PERFFILE_USER, 2, 2, 3, 1, chain, 2);
    struct profile *p = must_parse(&f);
    CU_ASSERT_STRING_EQUAL(show(p, 0), "pid:1 tid:1 | /tmp/perf-1.map+100 = 1 1");
    CU_ASSERT_STRING_EQUAL(show(p, 1), "pid:2 tid:2 | /tmp/perf-2.map+100 = 1 1");
    profile_free(p);
}

static void test_odd_chains(void)
{
    struct perffile f = new_file();
    /* The kernel's marker among the user's addresses, one that is nobody's, and an address 0. */
    const uint64_t chain[] = {U, 0x400100, K, 0x400201, (uint64_t)-7, 0, 0x400301};
    perffile_mmap(&f, PERFFILE_KERNEL, UINT32_MAX, 0xffffffff81000000, 0x1000, 0,
                  "[kernel.kallsyms]_text", 0);
    perffile_mmap(&f, PERFFILE_USER, 7, 0x400000, 0x1000, 0, "/bin/prog", 1);
    perffile_sample(&f, ID, PERFFILE_USER, 7, 7, 3, 1, chain, 7);
    struct profile *p = must_parse(&f);
    CU_ASSERT_STRING_EQUAL(show(p, 0), "pid:7 tid:7 | /bin/prog+100 400200 400300 = 1 1");
    profile_free(p);
}

static void add_features(struct perffile *f)
{
    struct buf *b = &f->features[PERFDATA_FEATURE_BUILD_ID];
    struct buf id = {0};
    perffile_u32(&id, 7);
    for (int i = 0; i < 20; i++)
        buf_putc(&id, (char)(0xa0 + i));
    perffile_u32(&id, 0);
    buf_add(&id, "/bin/prog\0\0\0", 12);
    struct perffile one = {0};
    perffile_record(&one, PERFDATA_RECORD_BUILD_ID, PERFFILE_USER, &id);
    *b = one.records;
    buf_release(&id);
    b = &f->features[PERFDATA_FEATURE_CMDLINE];
    perffile_u32(b, 3);
    perffile_text(b, "perf");
    perffile_text(b, "record");
    perffile_text(b, "it's a program");
    b = &f->features[PERFDATA_FEATURE_SAMPLE_TIME];
    perffile_u64(b, 1000);
    perffile_u64(b, 6000);
    b = &f->features[PERFDATA_FEATURE_CLOCK_DATA];
    perffile_u32(b, 1);
    perffile_u32(b, 1);
    perffile_u64(b, 1700000000000000000);
    perffile_u64(b, 900);
}

static void check_features(struct profile *p)
{
    CU_ASSERT_STRING_EQUAL(profile_str(p, p->mappings[0].build_id).ptr,
                           "a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3");
    CU_ASSERT_EQUAL_FATAL(p->comment_count, 1);
    CU_ASSERT_STRING_EQUAL(profile_str(p, p->comments[0]).ptr, "perf record 'it'\\''s a program'");
    CU_ASSERT_EQUAL(p->duration_nanos, 5000);
    CU_ASSERT_EQUAL(p->time_nanos, 1700000000000000100);
    profile_free(p);
}

static void test_features(void)
{
    for (int pipe = 0; pipe < 2; pipe++) {
        struct perffile f = new_file();
        const uint64_t chain[] = {U, 0x400100};
        perffile_mmap(&f, PERFFILE_USER, 7, 0x400000, 0x1000, 0, "/bin/prog", 2);
        perffile_sample(&f, ID, PERFFILE_USER, 7, 7, 3000, 1, chain, 2);
        add_features(&f);
        if (pipe)
            perffile_finish_pipe(&f);
        check_features(must_parse(&f));
    }
}

static void test_two_events(void)
{
    struct perffile f = new_file();
    const uint64_t chain[] = {U, 0x400100};
    perffile_event(&f, PERF_TYPE_HARDWARE, PERF_COUNT_HW_CACHE_MISSES, OTHER_ID);
    perffile_event(&f, PERF_TYPE_SOFTWARE, PERF_COUNT_SW_DUMMY, OTHER_ID + 1);
    struct buf *b = &f.features[PERFDATA_FEATURE_EVENT_DESC];
    perffile_u32(b, 1);
    perffile_u32(b, 96);
    for (int i = 0; i < 96 / 8; i++)
        perffile_u64(b, 0);
    perffile_u32(b, 1);
    perffile_text(b, "misses:u");
    perffile_u64(b, OTHER_ID);
    perffile_sample(&f, ID, PERFFILE_USER, 7, 7, 3, 1000, chain, 2);
    perffile_sample(&f, OTHER_ID, PERFFILE_USER, 7, 7, 4, 70, chain, 2);
    struct profile *p = must_parse(&f);
    CU_ASSERT_EQUAL_FATAL(p->sample_type_count, 4);
    CU_ASSERT_STRING_EQUAL(type(p, 0), "cpu-clock_samples/count");
    CU_ASSERT_STRING_EQUAL(type(p, 1), "cpu-clock/nanoseconds");
    CU_ASSERT_STRING_EQUAL(type(p, 2), "misses:u_samples/count");
    CU_ASSERT_STRING_EQUAL(type(p, 3), "misses:u/count");
    CU_ASSERT_STRING_EQUAL(profile_str(p, p->default_sample_type).ptr, "cpu-clock");
    CU_ASSERT_STRING_EQUAL(show(p, 0), "pid:7 tid:7 | 400100 = 1 1000 1 70");
    profile_free(p);
}

static void test_compressed_records(void)
{
    struct perffile f = new_file(), inner = {.first_id = ID};
    const uint64_t chain[] = {U, 0x400100};
    perffile_mmap(&inner, PERFFILE_USER, 7, 0x400000, 0x1000, 0, "/bin/prog", 2);
    perffile_sample(&inner, ID, PERFFILE_USER, 7, 7, 3, 5, chain, 2);
    char zstd[1000];
    size_t n = ZSTD_compress(zstd, sizeof zstd, inner.records.data, inner.records.len, 1);
    perffile_release(&inner);
    /* Cut anywhere, as perf cuts its stream. */
    struct buf first = {0}, second = {0};
    buf_add(&first, zstd, n / 2);
    buf_add(&second, zstd + n / 2, n - n / 2);
    perffile_record(&f, PERFDATA_RECORD_COMPRESSED, 0, &first);
    perffile_record(&f, PERFDATA_RECORD_COMPRESSED, 0, &second);
    buf_release(&first);
    buf_release(&second);
    struct profile *p = must_parse(&f);
    CU_ASSERT_STRING_EQUAL(show(p, 0), "pid:7 tid:7 | /bin/prog+100 = 1 5");
    profile_free(p);
}

/* Without its binary a copied stack is followed by frame pointers, as far as that goes. */
static void test_copied_stacks(void)
{
    struct perffile f = {.type = PERFFILE_TYPE | PERF_SAMPLE_REGS_USER | PERF_SAMPLE_STACK_USER,
                         .registers = 1 << 6 | 1 << 7 | 1 << 8}; /* rbp, rsp, rip */
    const uint64_t registers[] = {0x7fff0010, 0x7fff0000, 0x400100};
    const uint64_t stack[] = {0, 0, 0x7fff0020, 0x400201, 0, 0};
    struct lines notes = {0};
    struct error err;
    perffile_event(&f, PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_CLOCK, ID);
    perffile_text(&f.features[PERFDATA_FEATURE_ARCH], "x86_64");
    perffile_mmap(&f, PERFFILE_USER, 7, 0x400000, 0x1000, 0, "/none/prog", 1);
    perffile_stack_sample(&f, ID, 7, 2, registers, 3, stack, sizeof stack);
    perffile_stack_sample(&f, ID, 7, 3, registers, 3, NULL, 0);
    struct profile *p = parse(&f, &notes, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(p);
    CU_ASSERT_EQUAL_FATAL(p->sample_count, 2);
    CU_ASSERT_STRING_EQUAL(show(p, 1), "pid:7 tid:7 | /none/prog+100 /none/prog+200 = 1 1");
    CU_ASSERT_EQUAL_FATAL(notes.count, 1);
    CU_ASSERT_STRING_EQUAL(notes.items[0],
                           "1 of 1 stacks end too early: 1 in binaries that are not "
                           "here (/none/prog)");
    lines_release(&notes);
    profile_free(p);
}

/* Files that were cut short, or never finished, are shown as far as they go. */
static void test_unfinished(void)
{
    const uint64_t chain[] = {U, 0x400100};
    for (int kind = 0; kind < 2; kind++) {
        struct perffile f = new_file();
        struct lines notes = {0};
        struct error err;
        perffile_sample(&f, ID, PERFFILE_USER, 7, 7, 3, 1, chain, 2);
        perffile_sample(&f, ID, PERFFILE_USER, 7, 7, 4, 1, chain, 2);
        perffile_finish(&f);
        if (kind == 0)
            memset(f.out.data + 48, 0, 8); /* size of the records */
        else
            f.out.len -= 8;
        struct profile *p = parse(&f, &notes, &err);
        CU_ASSERT_PTR_NOT_NULL_FATAL(p);
        CU_ASSERT_EQUAL(p->values[0][0], kind == 0 ? 2 : 1);
        CU_ASSERT_EQUAL_FATAL(notes.count, 1);
        CU_ASSERT_PTR_NOT_NULL(strstr(notes.items[0], "ends in the middle of its records"));
        lines_release(&notes);
        profile_free(p);
    }
}

/* --- refusals */

static void refuse(struct perffile *f, const char *words)
{
    struct error err;
    struct profile *p = parse(f, NULL, &err);
    CU_ASSERT_PTR_NULL(p);
    profile_free(p);
    if (!strstr(err.text, words))
        fprintf(stderr, "not \"%s\": %s\n", words, err.text);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, words));
    CU_ASSERT_EQUAL(err.kind, ERROR_DATA);
}

/* A file with one sample whose eight bytes at OFFSET are VALUE instead. */
static struct perffile patched(size_t offset, uint64_t value)
{
    struct perffile f = new_file();
    const uint64_t chain[] = {U, 0x400100};
    perffile_sample(&f, ID, PERFFILE_USER, 7, 7, 3, 1, chain, 2);
    perffile_finish(&f);
    memcpy(f.out.data + offset, &value, sizeof value);
    return f;
}

enum {
    AT_HEADER_SIZE = 8,
    AT_ATTR_SIZE = 16,
    AT_ATTRS = 24,
    AT_ATTRS_SIZE = 32,
    AT_DATA = 40,
    AT_FEATURES = 72,
    AT_IDS = 104,
    AT_ATTR = 112,
    AT_ATTR_IDS = AT_ATTR + 96,
    AT_RECORD = AT_ATTR + 112
};

static void test_refuses_the_other_byte_order(void)
{
    struct perffile f = patched(AT_HEADER_SIZE, 104);
    memcpy(f.out.data, PERFDATA_MAGIC_SWAPPED, 8);
    refuse(&f, "other byte order");
}

static void test_refuses_odd_headers(void)
{
    struct perffile f = patched(AT_HEADER_SIZE, 1000);
    refuse(&f, "byte 8: a header of 1000 bytes");
    f = patched(AT_ATTR_SIZE, 8);
    refuse(&f, "byte 16: events of 8 bytes");
    f = patched(AT_ATTRS, UINT64_MAX - 4);
    refuse(&f, "the events, 112 bytes from byte 18446744073709551611");
    f = patched(AT_ATTRS_SIZE, UINT64_MAX);
    refuse(&f, "the events");
    f = patched(AT_ATTRS_SIZE, 0);
    refuse(&f, "no events");
    f = patched(AT_DATA, 1ull << 60);
    refuse(&f, "the records");
    f = patched(AT_ATTR_IDS, 1ull << 60);
    refuse(&f, "ids of an event");
    f = patched(0, 0);
    f.out.len = 60;
    memcpy(f.out.data, PERFDATA_MAGIC, 8);
    refuse(&f, "header ends too early");
}

static void test_refuses_a_feature_table_that_is_not_there(void)
{
    struct perffile f = patched(AT_FEATURES, 4);
    refuse(&f, "table of its features");
}

static void test_refuses_a_feature_beyond_the_end(void)
{
    struct perffile f = patched(AT_FEATURES, 4);
    perffile_u64(&f.out, 1ull << 40);
    perffile_u64(&f.out, 8);
    refuse(&f, "bytes of feature 2");
}

static void test_refuses_a_feature_that_ends_too_early(void)
{
    static const int features[] = {PERFDATA_FEATURE_BUILD_ID,    PERFDATA_FEATURE_ARCH,
                                   PERFDATA_FEATURE_CMDLINE,     PERFDATA_FEATURE_EVENT_DESC,
                                   PERFDATA_FEATURE_SAMPLE_TIME, PERFDATA_FEATURE_CLOCK_DATA};
    for (size_t i = 0; i < sizeof features / sizeof *features; i++) {
        struct perffile f = new_file();
        perffile_comm(&f, 7, 7, "prog", 0, 1);
        perffile_u32(&f.features[features[i]], 0x7fffffff);
        refuse(&f, "ends too early");
    }
}

static void test_refuses_a_record_of_4_bytes(void)
{
    struct perffile f = patched(AT_RECORD, 4ull << 48 | PERF_RECORD_SAMPLE);
    refuse(&f, "byte 224: a record of 4 bytes");
}

static void test_refuses_a_short_sample(void)
{
    struct perffile f = new_file();
    struct buf body = {0};
    perffile_u64(&body, ID);
    perffile_record(&f, PERF_RECORD_SAMPLE, PERFFILE_USER, &body);
    buf_release(&body);
    refuse(&f, "byte 224: a sample ends too early");
}

static void test_refuses_a_chain_longer_than_its_record(void)
{
    enum { AT_COUNT = AT_RECORD + 8 + 8 * 5 };
    struct perffile f = patched(AT_COUNT, 3);
    refuse(&f, "a sample ends too early");
    f = patched(AT_COUNT, UINT64_MAX / 8 + 2);
    refuse(&f, "a sample ends too early");
}

static void test_refuses_short_records(void)
{
    static const uint32_t types[] = {PERF_RECORD_MMAP, PERF_RECORD_MMAP2, PERF_RECORD_COMM,
                                     PERF_RECORD_FORK};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        struct perffile f = new_file();
        struct buf body = {0};
        perffile_u32(&body, 7);
        perffile_record(&f, types[i], PERFFILE_USER, &body);
        buf_release(&body);
        refuse(&f, "ends too early");
    }
}

static void test_refuses_damaged_compression(void)
{
    struct perffile f = new_file();
    struct buf body = {0};
    perffile_u64(&body, 0xfd2fb528 | 0xffffffffull << 32);
    for (int i = 0; i < 20; i++)
        perffile_u64(&body, UINT64_MAX);
    perffile_record(&f, PERFDATA_RECORD_COMPRESSED, 0, &body);
    perffile_record(&f, PERFDATA_RECORD_COMPRESSED, 0, &body);
    buf_release(&body);
    refuse(&f, "compressed records are damaged");
}

static void test_survives_any_damage(void)
{
    struct perffile f = new_file();
    const uint64_t chain[] = {U, 0x400100, 0x400200};
    perffile_event(&f, PERF_TYPE_HARDWARE, PERF_COUNT_HW_CACHE_MISSES, OTHER_ID);
    perffile_comm(&f, 7, 7, "prog", 0, 1);
    perffile_mmap(&f, PERFFILE_USER, 7, 0x400000, 0x1000, 0, "/bin/prog", 2);
    perffile_fork(&f, 9, 7, 3);
    perffile_sample(&f, ID, PERFFILE_USER, 9, 9, 4, 1, chain, 3);
    perffile_sample(&f, OTHER_ID, PERFFILE_USER, 7, 7, 4, 1, chain, 3);
    add_features(&f);
    perffile_finish(&f);
    for (size_t at = 0; at < f.out.len; at++) {
        for (int kind = 0; kind < 3; kind++) {
            /* Of its own size, so that reading beyond it is found. */
            size_t len = kind == 0 ? at : f.out.len;
            uint8_t *copy = malloc(len + !len);
            memcpy(copy, f.out.data, len);
            if (kind)
                copy[at] = kind == 1 ? 0xff : copy[at] ^ 0x10;
            struct error err = {0};
            struct lines notes = {0};
            struct profile *p = perfdata_parse("perf.data", copy, len, NULL, &notes, &err);
            if (p)
                fuzz_check_model(p);
            else
                CU_ASSERT(err.kind == ERROR_DATA && !strchr(err.text, '\n'));
            profile_free(p);
            lines_release(&notes);
            free(copy);
        }
    }
    perffile_release(&f);
}

/* --- spaces, against arrays */

static void test_spaces(void)
{
    enum { SIZE = 200, SPACES = 8, STEPS = 4000 };
    uint32_t model[SPACES][SIZE], roots[SPACES] = {0}, seed = 1;
    memset(model, 0xff, sizeof model);
    struct perfdata_spaces s;
    perfdata_spaces_init(&s);
    for (uint32_t step = 0; step < STEPS; step++) {
        seed = seed * 1664525 + 1013904223;
        uint32_t which = seed >> 28 & (SPACES - 1), start = (seed >> 8) % (SIZE - 1);
        uint32_t limit = start + 1 + (seed >> 16) % 20;
        limit = limit < SIZE ? limit : SIZE;
        if (step % 16 == 15) {
            uint32_t to = (which + 1) % SPACES;
            perfdata_spaces_keep(&s);
            memcpy(model[to], model[which], sizeof model[to]);
            roots[to] = roots[which];
            continue;
        }
        roots[which] = perfdata_spaces_map(&s, roots[which], start, limit, step);
        for (uint32_t a = start; a < limit; a++)
            model[which][a] = step;
    }
    size_t wrong = 0;
    for (uint32_t which = 0; which < SPACES; which++)
        for (uint32_t a = 0; a < SIZE; a++)
            wrong += perfdata_spaces_find(&s, roots[which], a) != model[which][a];
    CU_ASSERT_EQUAL(wrong, 0);
    perfdata_spaces_release(&s);
}

CU_TestInfo perfdata_tests[] = {
    {"a sample", test_a_sample},
    {"a sample without chain", test_a_sample_without_chain},
    {"records are sorted", test_records_are_sorted},
    {"fork and exec", test_fork_and_exec},
    {"a library at two places", test_a_library_at_two_places},
    {"code made just in time", test_code_made_just_in_time},
    {"odd chains", test_odd_chains},
    {"features", test_features},
    {"two events", test_two_events},
    {"compressed records", test_compressed_records},
    {"copied stacks", test_copied_stacks},
    {"unfinished", test_unfinished},
    {"refuses the other byte order", test_refuses_the_other_byte_order},
    {"refuses odd headers", test_refuses_odd_headers},
    {"refuses a feature table that is not there", test_refuses_a_feature_table_that_is_not_there},
    {"refuses a feature beyond the end", test_refuses_a_feature_beyond_the_end},
    {"refuses a feature that ends too early", test_refuses_a_feature_that_ends_too_early},
    {"refuses a record of 4 bytes", test_refuses_a_record_of_4_bytes},
    {"refuses a short sample", test_refuses_a_short_sample},
    {"refuses a chain longer than its record", test_refuses_a_chain_longer_than_its_record},
    {"refuses short records", test_refuses_short_records},
    {"refuses damaged compression", test_refuses_damaged_compression},
    {"survives any damage", test_survives_any_damage},
    {"spaces", test_spaces},
    CU_TEST_INFO_NULL,
};
