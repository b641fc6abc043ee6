/* Tests of analyzer/profile/legacy.h: every format once as it should be, and every defect that is
 * refused. Profiles are compared as text:
 *
 *     type/unit ...                          the sample types
 *     VALUE ... : LOCATION ... bytes=N       a sample; N is its block size, if it has one
 *     @ADDRESS MAPPING NAME FILE:LINE        a location; MAPPING is 0 for none
 *     START-LIMIT OFFSET FILE BUILD_ID       a mapping
 */
#include "analyzer/profile/legacy.h"

#include "analyzer/base/buf.h"

#include <CUnit/CUnit.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- helpers */

static void add_sample(struct buf *b, const struct profile *p, size_t i)
{
    for (size_t t = 0; t < p->sample_type_count; t++)
        buf_printf(b, "%" PRId64 " ", p->values[t][i]);
    buf_putc(b, ':');
    struct stack s = p->stacks[p->sample_stack[i]];
    for (size_t f = s.first; f < s.first + s.count; f++)
        buf_printf(b, " %" PRIu32, p->frames[f] + 1);
    struct labelset labels = p->labelsets[p->sample_labels[i]];
    for (size_t l = labels.first; l < labels.first + labels.count; l++)
        buf_printf(b, " %s=%" PRId64, profile_str(p, p->labels[l].key).ptr, p->labels[l].number);
    buf_putc(b, '\n');
}

static void add_location(struct buf *b, const struct profile *p, const struct location *l)
{
    buf_printf(b, "@%" PRIx64 " %" PRIu32, l->address, l->mapping == NO_INDEX ? 0 : l->mapping + 1);
    for (size_t n = l->first_line; n < l->first_line + l->line_count; n++) {
        const struct function *f = &p->functions[p->lines[n].function];
        buf_printf(b, " %s %s:%" PRId64, profile_str(p, f->name).ptr,
                   profile_str(p, f->filename).ptr, p->lines[n].line);
    }
    buf_putc(b, '\n');
}

static char *describe(const struct profile *p)
{
    struct buf b = {0};
    for (size_t t = 0; t < p->sample_type_count; t++)
        buf_printf(&b, "%s%s/%s", t ? " " : "", profile_str(p, p->sample_types[t].type).ptr,
                   profile_str(p, p->sample_types[t].unit).ptr);
    buf_putc(&b, '\n');
    for (size_t i = 0; i < p->sample_count; i++)
        add_sample(&b, p, i);
    for (size_t i = 0; i < p->location_count; i++)
        add_location(&b, p, &p->locations[i]);
    for (size_t i = 0; i < p->mapping_count; i++) {
        const struct mapping *m = &p->mappings[i];
        buf_printf(&b, "%" PRIx64 "-%" PRIx64 " %" PRIx64 " %s %s\n", m->start, m->limit, m->offset,
                   profile_str(p, m->file).ptr, profile_str(p, m->build_id).ptr);
    }
    return buf_detach(&b);
}

/* The profile in the LEN bytes at DATA has to be WANT; the caller frees it. */
static struct profile *accept_bytes(const char *data, size_t len, const char *want)
{
    struct error err = {0};
    struct profile *p = legacy_parse(data, len, &err);
    if (!p) {
        fprintf(stderr, "\nrefused: %s\n", err.text);
        CU_FAIL_FATAL("refused");
        abort(); /* CUnit has left the test by now; linters cannot know */
    }
    char *got = describe(p);
    CU_ASSERT_STRING_EQUAL(got, want);
    if (strcmp(got, want) != 0)
        fprintf(stderr, "\nwanted:\n%sgot:\n%s", want, got);
    free(got);
    return p;
}

static void accept_text(const char *text, const char *want)
{
    profile_free(accept_bytes(text, strlen(text), want));
}

static void refuse_bytes(const char *data, size_t len, enum error_kind kind, const char *why)
{
    struct error err = {0};
    struct profile *p = legacy_parse(data, len, &err);
    CU_ASSERT_PTR_NULL(p);
    profile_free(p);
    CU_ASSERT_EQUAL(err.kind, kind);
    CU_ASSERT_STRING_EQUAL(err.text, why);
    if (strcmp(err.text, why) != 0)
        fprintf(stderr, "\nwanted: %s\ngot:    %s\n", why, err.text);
}

static void refuse(const char *text, const char *why)
{
    refuse_bytes(text, strlen(text), ERROR_DATA, why);
}

static void not_recognized(const char *text)
{
    refuse_bytes(text, strlen(text), ERROR_NONE, "unrecognized profile format");
}

/* BEFORE, COUNT times C, AFTER. */
static char *padded(const char *before, char c, size_t count, const char *after)
{
    struct buf b = {0};
    buf_puts(&b, before);
    buf_pad(&b, c, count);
    buf_puts(&b, after);
    return buf_detach(&b);
}

/* --- any format */

static void test_nothing_is_no_profile(void)
{
    refuse_bytes(NULL, 0, ERROR_NONE, "unrecognized profile format");
}

static void test_some_text_is_no_profile(void)
{
    not_recognized("hello\nworld\n");
}

static void test_line_too_long(void)
{
    char *text = padded("", 'x', 65536, "\n");
    refuse(text, "line 1 is too long for a legacy profile (bufio.Scanner: token too long)");
    free(text);
}

static void test_longest_line(void)
{
    char *text = padded("heap profile: 0: 0 [0: 0] @ growthz\n", ' ', 65535, "\n1: 2 [0: 0] @\n");
    accept_text(text, "objects/count space/bytes\n1 2 : bytes=2\n");
    free(text);
}

static void test_shown_text_is_escaped_and_shortened(void)
{
    refuse("goroutine profile: total 1\n\x1b[31m\xc3\xa9\n",
           "line 2: malformed sample of a counting profile '\\x1b[31m\\xc3\\xa9'");
    refuse("goroutine profile: total 1\n"
           "0123456789012345678901234567890123456789012345678901234567890123456789012345678901\n",
           "line 2: malformed sample of a counting profile "
           "'0123456789012345678901234567890123456789012345678901234567890123456789012...'");
}

/* --- CPU */

struct words {
    struct buf bytes;
    size_t size;
    bool big_endian;
};

static void put_words(struct words *w, size_t count, const uint64_t *words)
{
    for (size_t i = 0; i < count; i++)
        for (size_t b = 0; b < w->size; b++)
            buf_putc(&w->bytes, (char)(words[i] >> 8 * (w->big_endian ? w->size - 1 - b : b)));
}

#define PUT(w, ...)                                                                                \
    put_words(w, sizeof((uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t), (uint64_t[]){__VA_ARGS__})

static void accept_words(struct words *w, const char *want)
{
    struct profile *p = accept_bytes(w->bytes.data, w->bytes.len, want);
    CU_ASSERT_EQUAL(p->period, 10000000);
    CU_ASSERT_STRING_EQUAL(profile_str(p, p->period_type.type).ptr, "cpu");
    CU_ASSERT_STRING_EQUAL(profile_str(p, p->period_type.unit).ptr, "nanoseconds");
    CU_ASSERT_STRING_EQUAL(profile_str(p, p->drop_frames).ptr,
                           "ProfileData::Add|ProfileData::prof_handler|CpuProfiler::prof_handler|"
                           "__pthread_sighandler|__restore");
    profile_free(p);
    buf_release(&w->bytes);
}

static void refuse_words(struct words *w, const char *why)
{
    refuse_bytes(w->bytes.data, w->bytes.len, ERROR_DATA, why);
    buf_release(&w->bytes);
}

static void test_cpu_in_all_word_sizes_and_byte_orders(void)
{
    for (int kind = 0; kind < 4; kind++) {
        struct words w = {.size = kind & 1 ? 8 : 4, .big_endian = kind & 2};
        PUT(&w, 0, 3, 0, 10000, 0);
        PUT(&w, 2, 2, 0x401000, 0x402001);
        PUT(&w, 1, 1, 0x401000);
        PUT(&w, 5, 0);
        PUT(&w, 0, 1, 0);
        buf_puts(&w.bytes, "00400000-00500000 r-xp 00000000 08:02 7 /bin/p\n");
        accept_words(&w, "samples/count cpu/nanoseconds\n"
                         "2 20000000 : 1 2\n1 10000000 : 1\n5 50000000 :\n"
                         "@401000 1\n@402000 1\n400000-500000 0 /bin/p \n");
    }
}

static void test_cpu_without_end_marker(void)
{
    struct words w = {.size = 8};
    PUT(&w, 0, 3, 0, 10000, 0);
    PUT(&w, 1, 1, 0x10);
    accept_words(&w, "samples/count cpu/nanoseconds\n1 10000000 : 1\n@10 1\n"
                     "0-ffffffffffffffff 0  \n");
}

/* Of a single stack, both frames behind the leaf are common to all stacks. */
static void test_cpu_signal_handler_frames_are_dropped(void)
{
    struct words w = {.size = 8};
    PUT(&w, 0, 3, 0, 10000, 0);
    PUT(&w, 1, 4, 0x10, 0x21, 0x31, 0x41);
    PUT(&w, 1, 4, 0x11, 0x21, 0x31, 0x41);
    PUT(&w, 1, 3, 0x12, 0x21, 0x31);
    PUT(&w, 0, 1, 0);
    accept_words(&w, "samples/count cpu/nanoseconds\n"
                     "1 10000000 : 1 2\n1 10000000 : 3 2\n1 10000000 : 4\n"
                     "@10 1\n@40 1\n@11 1\n@12 1\n0-ffffffffffffffff 0  \n");
}

static void test_cpu_one_stack_in_32_may_lack_the_handler(void)
{
    struct words w = {.size = 4};
    struct buf want = {0};
    PUT(&w, 0, 3, 0, 10000, 0);
    PUT(&w, 1, 2, 0x10, 0x31);
    buf_puts(&want, "samples/count cpu/nanoseconds\n1 10000000 : 1 2\n");
    for (int i = 0; i < 31; i++) {
        PUT(&w, 1, 2, 0x10, 0x21);
        buf_puts(&want, "1 10000000 : 1\n");
    }
    buf_puts(&want, "@10 1\n@30 1\n0-ffffffffffffffff 0  \n");
    accept_words(&w, want.data);
    buf_release(&want);
}

/* The double leaf is in the table still, for it was used when locations were numbered. */
static void test_cpu_double_leaf_is_dropped(void)
{
    struct words w = {.size = 8};
    PUT(&w, 0, 3, 0, 10000, 0);
    PUT(&w, 1, 3, 0x10, 0x10, 0x21);
    PUT(&w, 1, 1, 0x10);
    PUT(&w, 0, 1, 0);
    accept_words(&w, "samples/count cpu/nanoseconds\n1 10000000 : 1 3\n1 10000000 : 1\n"
                     "@10 1\n@f 1\n@20 1\n0-ffffffffffffffff 0  \n");
}

static void test_cpu_java(void)
{
    struct words w = {.size = 8};
    PUT(&w, 0, 3, 1, 10000, 0);
    PUT(&w, 1, 3, 3, 4, 3);
    PUT(&w, 0, 1, 0);
    buf_puts(&w.bytes, "0x3 a.B.run (B.java:7)\n0x4 GC\n0x5 not.Used (N.java:1)\n");
    accept_words(&w, "samples/count cpu/nanoseconds\n1 10000000 : 1 2 1\n"
                     "@0 0 a.B.run B.java:7\n@0 0 GC :0\n");
}

static void test_cpu_cut_off_in_a_header_is_not_recognized(void)
{
    struct words w = {.size = 4};
    PUT(&w, 0, 3, 0, 10000);
    refuse_bytes(w.bytes.data, w.bytes.len, ERROR_NONE, "unrecognized profile format");
    buf_release(&w.bytes);
}

static void test_cpu_period_zero_is_not_recognized(void)
{
    struct words w = {.size = 4};
    PUT(&w, 0, 3, 0, 0, 0);
    refuse_bytes(w.bytes.data, w.bytes.len, ERROR_NONE, "unrecognized profile format");
    buf_release(&w.bytes);
}

static void test_cpu_cut_off_between_count_and_depth(void)
{
    struct words w = {.size = 8};
    PUT(&w, 0, 3, 0, 10000, 0);
    PUT(&w, 1, 1, 0x10, 1);
    refuse_words(&w, "CPU profile: stack 1, at byte 64, is cut off");
}

static void test_cpu_depth_beyond_the_end(void)
{
    struct words w = {.size = 8};
    PUT(&w, 0, 3, 0, 10000, 0);
    PUT(&w, 1, UINT64_MAX, 0x10);
    refuse_words(&w, "CPU profile: stack 0, at byte 40, has 18446744073709551615 addresses, "
                     "but only 8 bytes follow");
}

static void test_cpu_line_of_the_memory_map_too_long(void)
{
    struct words w = {.size = 8};
    PUT(&w, 0, 3, 0, 10000, 0, 0, 1, 0);
    buf_puts(&w.bytes, "400000-500000 r-xp 0 0:0 0 /bin/p\n");
    buf_pad(&w.bytes, 'x', 70000);
    refuse_words(&w, "line 2 is too long for a legacy profile (bufio.Scanner: token too long)");
}

/* --- heap */

static void test_heap_without_sampling(void)
{
    const char *text = "heap profile: 3: 112 [ 3: 112] @ heapprofile\n"
                       "# a comment\n"
                       "  2:  96 [ 2:  96] @ 0x401001 0x402001\r\n"
                       "  1:  16 [ 1:  16] @ 0x401001\n"
                       "\n"
                       "MAPPED_LIBRARIES:\n"
                       "00400000-00500000 r-xp 00000000 08:02 7 /bin/p\n";
    struct profile *p = accept_bytes(text, strlen(text),
                                     "objects/count space/bytes\n"
                                     "2 96 : 1 2 bytes=48\n1 16 : 1 bytes=16\n"
                                     "@401000 1\n@402000 1\n400000-500000 0 /bin/p \n");
    CU_ASSERT_EQUAL(p->period, 1);
    CU_ASSERT(str_starts(profile_str(p, p->drop_frames), "calloc|cfree|malloc|"));
    CU_ASSERT_STRING_EQUAL(profile_str(p, p->keep_frames).ptr,
                           "runtime\\.panic|runtime\\.reflectcall|runtime\\.call[0-9]*");
    profile_free(p);
}

static void test_heap_sampled_is_scaled(void)
{
    accept_text("heap profile: 1: 524288 [ 1: 524288] @ heap_v2/524288\n"
                "1: 524288 [ 1: 524288] @\n2: 2 [2: 2] @\n0: 0 [0: 0] @\n",
                "objects/count space/bytes\n1 829411 : bytes=524288\n"
                "1048577 1048577 : bytes=1\n0 0 : bytes=0\n");
}

static void test_heap_go_period_is_halved(void)
{
    const char *text = "heap profile: 1: 2 [3: 4] @ heap/1048576\n1: 524288 [ 2: 1048576] @ 0x2\n";
    struct profile *p = accept_bytes(text, strlen(text),
                                     "alloc_objects/count alloc_space/bytes "
                                     "inuse_objects/count inuse_space/bytes\n"
                                     "3 1658822 1 829411 : 1 bytes=524288\n"
                                     "@1 1\n0-ffffffffffffffff 0  \n");
    CU_ASSERT_EQUAL(p->period, 524288);
    profile_free(p);
}

static void test_heap_growth_and_fragmentation(void)
{
    accept_text("x heap profile:1:2[ 3:4] @ growthz\n -1: -100 [ 0: 0 ] @ \n",
                "objects/count space/bytes\n-1 -100 : bytes=100\n");
    accept_text("heap profile: 1: 2 [3: 4] @ fragmentationz\n1: 3 [0: 0] @\n",
                "objects/count space/bytes\n1 3 : bytes=3\n");
}

static void test_heap_block_of_the_smallest_number(void)
{
    accept_text("heap profile: 0: 0 [0: 0] @ growth\n-1: -9223372036854775808 [0: 0] @\n",
                "objects/count space/bytes\n"
                "-1 -9223372036854775808 : bytes=-9223372036854775808\n");
}

static void test_heap_of_unknown_kind(void)
{
    refuse("heap profile: 1: 2 [3: 4] @ heapless\n",
           "line 1: unknown kind of heap profile 'heapless'");
}

static void test_heap_period_out_of_range(void)
{
    refuse("heap profile: 1: 2 [3: 4] @ heap_v2/9223372036854775808\n",
           "line 1: heap profile with a sampling period out of range: '9223372036854775808'");
}

static void test_heap_sample_without_brackets(void)
{
    refuse("heap profile: 1: 2 [3: 4] @ heap_v2/1\n\n1: 2 @ 0x1\n",
           "line 3: malformed heap sample '1: 2 @ 0x1'");
}

static void test_heap_sample_out_of_range(void)
{
    refuse("heap profile: 1: 2 [3: 4] @ heap_v2/1\n1: 9223372036854775808 [0: 0] @\n",
           "line 2: heap sample with a number out of range: '1: 9223372036854775808 [0: 0] @'");
}

static void test_heap_bytes_without_objects(void)
{
    refuse("heap profile: 1: 2 [3: 4] @ heap_v2/1\n1: 1 [0: 5] @\n",
           "line 2: heap sample with bytes, but without objects: '1: 1 [0: 5] @'");
}

static void test_heap_address_too_large(void)
{
    refuse("heap profile: 1: 2 [3: 4] @ heap_v2/1\n1: 1 [1: 1] @ 0x10000000000000000\n",
           "line 2: heap sample with an address of more than 64 bits: "
           "'1: 1 [1: 1] @ 0x10000000000000000'");
}

/* --- counting profiles of Go */

static void test_gocount(void)
{
    const char *text = "# comment\n\ngoroutine profile: total 3\n"
                       "2 @ 0x11 0x21\n#\t0x10\tmain.f+0x10\tf.go:1\n\n010 @ 0x21\n";
    struct profile *p = accept_bytes(text, strlen(text),
                                     "goroutine/count\n2 : 1 2\n8 : 2\n@10 1\n@20 1\n"
                                     "0-ffffffffffffffff 0  \n");
    CU_ASSERT_EQUAL(p->period, 1);
    CU_ASSERT_STRING_EQUAL(profile_str(p, p->period_type.type).ptr, "goroutine");
    profile_free(p);
}

static void test_gocount_with_memory_map(void)
{
    accept_text("threadcreate profile: total 1\n1 @ 0x401001\n--- x\nskipped\n--- Memory map: ---\n"
                "400000-500000: /bin/p\n",
                "threadcreate/count\n1 : 1\n@401000 1\n400000-500000 0 /bin/p \n");
}

static void test_gocount_header_with_more_behind_it(void)
{
    not_recognized("goroutine profile: total 3 \n1 @ 0x1\n");
}

static void test_gocount_sample_without_address(void)
{
    refuse("goroutine profile: total 3\n1 @\n",
           "line 2: malformed sample of a counting profile '1 @'");
}

static void test_gocount_sample_with_space_behind_it(void)
{
    refuse("goroutine profile: total 3\n1 @ 0x1 \n",
           "line 2: malformed sample of a counting profile '1 @ 0x1 '");
}

static void test_gocount_bad_octal_count(void)
{
    refuse("goroutine profile: total 3\n08 @ 0x1\n",
           "line 2: malformed sample of a counting profile '08 @ 0x1'");
}

static void test_gocount_address_too_large(void)
{
    refuse("goroutine profile: total 3\n1 @ 0x1ffffffffffffffff\n",
           "line 2: malformed sample of a counting profile '1 @ 0x1ffffffffffffffff'");
}

/* --- threads */

static void test_threadz(void)
{
    accept_text("--- threadz 1 ---\n\n"
                "--- Thread 7f79 (name: main/14) stack: ---\n"
                "  PC: 0x401000 0x402001: main\n  0x403001\n"
                "--- Thread 7f7a (name: a/b/15) stack: ---\n  [same as previous thread]\n"
                "--- Thread 7f7b (name: w/16) stack: ---\n  0x402000 0x402000 0x403001\n"
                "--- Memory map: ---\n  400000-500000: /bin/p\n",
                "thread/count\n2 : 1 2 3\n1 : 2 3\n@401000 1\n@402000 1\n@403000 1\n@401fff 1\n"
                "400000-500000 0 /bin/p \n");
}

static void test_threadz_without_stacks(void)
{
    accept_text("--- threadz 1 ---\n---- no stack trace for 3 threads ---\n", "thread/count\n");
}

static void test_threadz_without_memory_map(void)
{
    refuse("--- threadz 1 ---\n--- Thread 1 (name: a/1) stack: ---\n 0x1\n",
           "line 3: neither a thread nor a memory map: '0x1'");
}

static void test_threadz_thread_without_name(void)
{
    refuse("--- threadz 1 ---\n--- Thread 1 stack: ---\n 0x1\n--- Memory map: ---\n",
           "line 2: neither a thread nor a memory map: '--- Thread 1 stack: ---'");
}

static void test_threadz_address_too_large(void)
{
    refuse("--- Thread 1 (name: a/1) stack: ---\n 0x10000000000000000\n--- Memory map: ---\n",
           "line 2: stack with an address of more than 64 bits: '0x10000000000000000'");
}

/* --- contention */

static void test_contention(void)
{
    const char *text = "--- contentionz 1 ---\ncycles/second = 2000000000\n"
                       "sampling period = 100\nms since reset = 5\ndiscarded samples = 0\n"
                       "   40 3 @ 0x401001\n--- Memory map: ---\n400000-500000: /bin/p\n";
    struct profile *p = accept_bytes(text, strlen(text),
                                     "contentions/count delay/nanoseconds\n300 2000 : 1\n"
                                     "@401000 1\n400000-500000 0 /bin/p \n");
    CU_ASSERT_EQUAL(p->period, 100);
    CU_ASSERT_EQUAL(p->duration_nanos, 5000000);
    CU_ASSERT(str_starts(profile_str(p, p->drop_frames), "RecordLockProfileData|"));
    CU_ASSERT_STRING_EQUAL(profile_str(p, p->keep_frames).ptr, "");
    profile_free(p);
}

static void test_contention_of_go(void)
{
    accept_text(
        "--- mutex:\ncycles/second=1000000000\nsampling period=2\n7 1 @ 0x11 0x21\n#\t0x10\n",
        "contentions/count delay/nanoseconds\n2 14 : 1 2\n@10 1\n@20 1\n"
        "0-ffffffffffffffff 0  \n");
}

static void test_contention_numbers_without_space_are_split(void)
{
    accept_text("--- contention:\n123 @\n", "contentions/count delay/nanoseconds\n3 12 :\n");
}

static void test_contention_delay_out_of_range_becomes_the_smallest(void)
{
    accept_text("--- contention:\ncycles/second = 1\n9223372036854775807 1 @\n",
                "contentions/count delay/nanoseconds\n1 -9223372036854775808 :\n");
}

static void test_contention_unknown_attribute(void)
{
    refuse("--- contentionz 1 ---\ncolour = red\n",
           "line 2: unknown attribute of a contention profile: 'colour'");
}

static void test_contention_attribute_is_no_number(void)
{
    refuse("--- contentionz 1 ---\nsampling period = 1__0\n",
           "line 2: attribute that should be a number: '1__0'");
}

static void test_contention_malformed_sample(void)
{
    refuse("--- mutex:\n1 x 2 @ 0x1\n", "line 2: malformed contention sample '1 x 2 @ 0x1'");
}

static void test_contention_number_out_of_range(void)
{
    refuse("--- mutex:\n1 9223372036854775808 @ 0x1\n",
           "line 2: contention sample with a number out of range: '1 9223372036854775808 @ 0x1'");
}

/* --- Java */

static void test_java_heap(void)
{
    accept_text("--- heapz 1 ---\nformat = java\nresolution = bytes\n"
                "  1048576 2 @ 0x3 0x4 0x5\n"
                "  0x3 a.B.run  (B.java:7)\n  0x4 lib (/usr/lib/libjvm.so)\n"
                "  0x5 generated stub/JIT\n  0x9 unused\n",
                "inuse_objects/count inuse_space/bytes\n3 1658822 : 1 2 3 bytes=524288\n"
                "@0 0 a.B.run  B.java:7\n@0 0 lib libjvm.so:0\n@0 0 STUB :0\n");
}

/* The first description of a function names its file. A
 * location without description has no name. */
static void test_java_contention(void)
{
    const char *text = "--- contentionz 1 ---\nformat = java\nresolution = microseconds\n"
                       "sampling period = 10\nms since reset = 2\n"
                       "7 2 @ 0x1 0x2 0x3\n0x1 f (A.java:1)\n0x2 f (B.java:-2)";
    struct profile *p = accept_bytes(text, strlen(text),
                                     "contentions/count delay/microseconds\n20 70 : 1 2 3\n"
                                     "@0 0 f A.java:1\n@0 0 f A.java:0\n@0 1\n"
                                     "0-ffffffffffffffff 0  \n");
    CU_ASSERT_EQUAL(p->period, 10);
    CU_ASSERT_EQUAL(p->duration_nanos, 2000000);
    profile_free(p);
}

static void test_java_of_another_format(void)
{
    refuse("--- heapz 1 ---\nformat = cpp\n",
           "line 2: unknown attribute of a Java profile: 'format = cpp'");
}

static void test_java_attribute_is_no_number(void)
{
    refuse("--- contentionz 1 ---\nformat = java\nsampling period = often\n",
           "line 3: attribute that should be a number: 'sampling period = often'");
}

static void test_java_without_resolution(void)
{
    refuse("--- heapz 1 ---\nformat = java\n1 1 @ 0x1\n",
           "line 3: Java sample, but no attribute \"resolution\" before it: '1 1 @ 0x1'");
}

static void test_java_heap_without_objects(void)
{
    refuse("--- heapz 1 ---\nformat = java\nresolution = bytes\n1 0 @ 0x1\n",
           "line 4: Java heap sample without objects: '1 0 @ 0x1'");
}

static void test_java_bad_octal_number(void)
{
    refuse("--- heapz 1 ---\nformat = java\nresolution = bytes\n1 09 @ 0x1\n",
           "line 4: Java sample with a bad number: '1 09 @ 0x1'");
}

static void test_java_address_too_large(void)
{
    refuse("--- heapz 1 ---\nformat = java\nresolution = bytes\n1 1 @ 0x10000000000000000\n",
           "line 4: Java sample with an address of more than 64 bits: '1 1 @ 0x10000000000000000'");
}

static void test_java_location_too_large(void)
{
    refuse("--- heapz 1 ---\nresolution = bytes\n1 1 @ 0x1\n0x10000000000000000 f\n",
           "line 4: location with more than 64 bits: '0x10000000000000000 f'");
}

/* --- memory maps */

/* MAP behind a profile with one sample of the addresses ADDRESSES has to give WANT. */
static void accept_map(const char *addresses, const char *map, const char *want)
{
    struct buf text = {0}, all = {0};
    buf_printf(&text, "x profile: total 1\n1 @ %s\n--- Memory map: ---\n%s", addresses, map);
    buf_printf(&all, "x/count\n%s", want);
    accept_text(text.data, all.data);
    buf_release(&text);
    buf_release(&all);
}

static void test_map_forms(void)
{
    accept_map("0x11", "10-20 r-xp 00000000 08:02 7    /a\n", "1 : 1\n@10 1\n10-20 0 /a \n");
    accept_map("0x11", "  0x10 0x20: /a (@4) BEEF\n", "1 : 1\n@10 1\n10-20 4 /a BEEF\n");
    accept_map("0x11", "I0812 f.cc:12] 10-20 /a", "1 : 1\n@10 1\n10-20 0 /a \n");
    accept_map("0x11", "1020 00:00 0 /a\n", "1 : 1\n@10 2\n102-0 0 /a \n0-ffffffffffffffff 0  \n");
}

static void test_map_entries_that_are_no_mappings(void)
{
    accept_map("0x11",
               "10-20 rw-p 00000000 08:02 7 /data\nwhat is this?\n"
               "10000000000000000-20000000000000000: /large\n10-20 /a\n",
               "1 : 1\n@10 1\n10-20 0 /a \n");
}

static void test_map_attributes(void)
{
    accept_map("0x11", "bin = /a\nbi=/wrong\nbin=/late\nlib=$bin/l\n10-20 $bin\n30-40 $lib$x\n",
               "1 : 1\n@10 1\n10-20 0 /a \n30-40 0 /a/l$x \n");
}

static void test_map_neighbours_are_joined(void)
{
    accept_map("0x11", "10-20 /a (@10)\n20-30 /a (@20)\n30-40 /a (@99)\n40-50 /b\n",
               "1 : 1\n@10 1\n10-30 10 /a \n30-40 99 /a \n40-50 0 /b \n");
}

static void test_map_program_comes_first(void)
{
    accept_map("0x11", "10-20 /libc.so.6\n30-40 [vdso]\n50-60 /bin/p\n",
               "1 : 1\n@10 3\n50-60 0 /bin/p \n30-40 0 [vdso] \n10-20 0 /libc.so.6 \n");
}

static void test_map_huge_pages_are_dropped(void)
{
    accept_map("0x11", "08-10 /anon_hugepage\n10-20 /bin/p\n", "1 : 1\n@10 1\n10-20 0 /bin/p \n");
}

static void test_map_program_start_is_corrected(void)
{
    accept_map("0x400011", "401000-402000 /bin/p (@1000)\n",
               "1 : 1\n@400010 1\n400000-402000 0 /bin/p \n");
}

static void test_map_first_part_is_added(void)
{
    accept_map("0x5011 0x3011", "6000-7000 /bin/p (@1000)\n",
               "1 : 1 2\n@5010 1\n@3010 2\n5000-7000 0 /bin/p \n0-ffffffffffffffff 0  \n");
}

static void test_map_address_zero_has_no_mapping(void)
{
    accept_map("0x1 0x11", "0-20 /a\n", "1 : 1 2\n@0 0\n@10 1\n0-20 0 /a \n");
}

static void test_map_values_too_long(void)
{
    struct buf text = {0};
    buf_puts(&text, "x profile: total 1\n1 @ 0x1\n--- Memory map: ---\nv=");
    buf_pad(&text, 'v', 60000);
    buf_puts(&text, "\n");
    for (int i = 0; i < 1000; i++)
        buf_puts(&text, "$v ");
    refuse(text.data, "line 5: memory map with too long $values: '$v $v $v $v $v $v $v $v $v $v $v "
                      "$v $v $v $v $v $v $v $v $v $v $v $v $v $...'");
    buf_release(&text);
}

CU_TestInfo legacy_tests[] = {
    {"nothing is no profile", test_nothing_is_no_profile},
    {"some text is no profile", test_some_text_is_no_profile},
    {"line too long", test_line_too_long},
    {"longest line", test_longest_line},
    {"shown text is escaped and shortened", test_shown_text_is_escaped_and_shortened},
    {"cpu: all word sizes and byte orders", test_cpu_in_all_word_sizes_and_byte_orders},
    {"cpu: no end marker", test_cpu_without_end_marker},
    {"cpu: signal handler frames are dropped", test_cpu_signal_handler_frames_are_dropped},
    {"cpu: one stack in 32 may lack the handler", test_cpu_one_stack_in_32_may_lack_the_handler},
    {"cpu: double leaf is dropped", test_cpu_double_leaf_is_dropped},
    {"cpu: java", test_cpu_java},
    {"cpu: cut off in the header", test_cpu_cut_off_in_a_header_is_not_recognized},
    {"cpu: period zero", test_cpu_period_zero_is_not_recognized},
    {"cpu: cut off between count and depth", test_cpu_cut_off_between_count_and_depth},
    {"cpu: depth beyond the end", test_cpu_depth_beyond_the_end},
    {"cpu: line of the memory map too long", test_cpu_line_of_the_memory_map_too_long},
    {"heap: without sampling", test_heap_without_sampling},
    {"heap: sampled is scaled", test_heap_sampled_is_scaled},
    {"heap: Go's period is halved", test_heap_go_period_is_halved},
    {"heap: growth and fragmentation", test_heap_growth_and_fragmentation},
    {"heap: block of the smallest number", test_heap_block_of_the_smallest_number},
    {"heap: unknown kind", test_heap_of_unknown_kind},
    {"heap: period out of range", test_heap_period_out_of_range},
    {"heap: sample without brackets", test_heap_sample_without_brackets},
    {"heap: sample out of range", test_heap_sample_out_of_range},
    {"heap: bytes without objects", test_heap_bytes_without_objects},
    {"heap: address too large", test_heap_address_too_large},
    {"go count", test_gocount},
    {"go count: memory map", test_gocount_with_memory_map},
    {"go count: header with more behind it", test_gocount_header_with_more_behind_it},
    {"go count: sample without address", test_gocount_sample_without_address},
    {"go count: sample with space behind it", test_gocount_sample_with_space_behind_it},
    {"go count: bad octal count", test_gocount_bad_octal_count},
    {"go count: address too large", test_gocount_address_too_large},
    {"threadz", test_threadz},
    {"threadz: without stacks", test_threadz_without_stacks},
    {"threadz: without memory map", test_threadz_without_memory_map},
    {"threadz: thread without name", test_threadz_thread_without_name},
    {"threadz: address too large", test_threadz_address_too_large},
    {"contention", test_contention},
    {"contention: of Go", test_contention_of_go},
    {"contention: numbers without space", test_contention_numbers_without_space_are_split},
    {"contention: delay out of range", test_contention_delay_out_of_range_becomes_the_smallest},
    {"contention: unknown attribute", test_contention_unknown_attribute},
    {"contention: attribute is no number", test_contention_attribute_is_no_number},
    {"contention: malformed sample", test_contention_malformed_sample},
    {"contention: number out of range", test_contention_number_out_of_range},
    {"java: heap", test_java_heap},
    {"java: contention", test_java_contention},
    {"java: another format", test_java_of_another_format},
    {"java: attribute is no number", test_java_attribute_is_no_number},
    {"java: no resolution", test_java_without_resolution},
    {"java: heap without objects", test_java_heap_without_objects},
    {"java: bad octal number", test_java_bad_octal_number},
    {"java: address too large", test_java_address_too_large},
    {"java: location too large", test_java_location_too_large},
    {"map: forms", test_map_forms},
    {"map: entries that are no mappings", test_map_entries_that_are_no_mappings},
    {"map: attributes", test_map_attributes},
    {"map: neighbours are joined", test_map_neighbours_are_joined},
    {"map: program comes first", test_map_program_comes_first},
    {"map: huge pages are dropped", test_map_huge_pages_are_dropped},
    {"map: program start is corrected", test_map_program_start_is_corrected},
    {"map: first part is added", test_map_first_part_is_added},
    {"map: address zero has no mapping", test_map_address_zero_has_no_mapping},
    {"map: values too long", test_map_values_too_long},
    CU_TEST_INFO_NULL,
};
