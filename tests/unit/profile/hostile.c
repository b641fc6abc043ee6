/* Tests of input that means harm, or has come to it: analyzer/profile/decode.h, source/, and
 * proto/inflate.h behind it. tests/run-hostile has what only shows in a whole command. */
#include "analyzer/profile/decode.h"
#include "analyzer/transform/compact.h"
#include "analyzer/transform/merge.h"
#include "proto/inflate.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/message.h"

#include <CUnit/CUnit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

static struct profile *read_bytes(const void *data, size_t len, struct error *err)
{
    *err = (struct error){0};
    struct source *s = source_open_memory("input.pb", data, len);
    struct profile *p = profile_read(s, NULL, NULL, err);
    source_close(s);
    return p;
}

/* DATA must be read or else refused as bad data, in one line that begins with the file's name.
 * What is read must survive every report. True if it was read. */
static bool survives(const void *data, size_t len)
{
    struct error err;
    struct profile *p = read_bytes(data, len, &err);
    if (p) {
        fuzz_check_model(p);
        fuzz_reports(p, fuzz_bits(data, len));
        profile_free(p);
        return true;
    }
    bool named = err.kind == ERROR_DATA && strncmp(err.text, "input.pb: ", 10) == 0 &&
                 !strchr(err.text, '\n') && err.text[10];
    CU_ASSERT(named);
    return false;
}

static void refused(const struct buf *b, const char *part)
{
    struct error err;
    struct profile *p = read_bytes(b->data, b->len, &err);
    CU_ASSERT_PTR_NULL(p);
    CU_ASSERT_EQUAL(err.kind, ERROR_DATA);
    CU_ASSERT_PTR_NULL(strchr(err.text, '\n'));
    bool said = strncmp(err.text, "input.pb: ", 10) == 0 && strstr(err.text, part);
    CU_ASSERT(said);
    if (!said)
        fprintf(stderr, "\nshould say '%s': %s\n", part, p ? "(accepted)" : err.text);
    profile_free(p);
}

static void accepted(const struct buf *b)
{
    struct error err;
    struct profile *p = read_bytes(b->data, b->len, &err);
    CU_ASSERT_PTR_NOT_NULL(p);
    if (!p)
        fprintf(stderr, "\n%s\n", err.text);
    profile_free(p);
    CU_ASSERT(survives(b->data, b->len));
}

/* --- defects of profile.proto, one row each */

static const struct hostile_case {
    const char *name, *bytes, *part; /* part NULL: accepted */
} cases[] = {
#define REFUSED(name, bytes, part) {name, bytes, part},
#define ACCEPTED(name, bytes) {name, bytes, NULL},
#include "tests/unit/profile/hostile_cases.h"
#undef REFUSED
#undef ACCEPTED
};

/* With HOSTILE_KEEP=DIR each input is kept there, to see what other programs make of it. */
static void keep(const struct hostile_case *c, const struct buf *b)
{
    const char *dir = getenv("HOSTILE_KEEP");
    if (!dir)
        return;
    struct buf path = {0};
    buf_printf(&path, "%s/%03d-%s-%s.pb", dir, (int)(c - cases), c->part ? "refused" : "accepted",
               c->name);
    for (size_t i = strlen(dir) + 1; i < path.len; i++)
        if (path.data[i] == ' ' || path.data[i] == '/')
            path.data[i] = '_';
    FILE *f = fopen(path.data, "wb");
    if (f) {
        fwrite(b->data, 1, b->len, f);
        fclose(f);
    }
    buf_release(&path);
}

/* CUnit's tests take no argument: the row is the one with the running test's name. */
static void run_case(void)
{
    const struct hostile_case *c = cases;
    while (strcmp(c->name, CU_get_current_test()->pName) != 0)
        c++;
    struct buf b = {0};
    size_t mark = message_write(&b, c->bytes);
    keep(c, &b);
    if (!c->part) {
        accepted(&b);
    } else {
        struct error err;
        char where[40];
        snprintf(where, sizeof where, "byte %zu: ", mark);
        refused(&b, c->part);
        refused(&b, mark == NO_MARK ? "byte " : where);
        profile_free(read_bytes(b.data, b.len, &err));
    }
    buf_release(&b);
}

/* --- damage at every place */

/* The plain bytes of a small real profile. */
static void read_example(struct buf *raw, struct buf *plain, const char *path)
{
    char piece[4096];
    size_t n;
    FILE *f = fopen(path, "rb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(f);
    if (!f)
        return;
    while ((n = fread(piece, 1, sizeof piece, f)) > 0)
        buf_add(raw, piece, n);
    fclose(f);
    gzFile gz = gzopen(path, "rb");
    int got;
    while (gz && (got = gzread(gz, piece, sizeof piece)) > 0)
        buf_add(plain, piece, (size_t)got);
    gzclose(gz);
}

static const char small_profile[] = "examples/go/mutex.pb.gz";

static void test_truncated_at_every_byte(void)
{
    struct buf raw = {0}, plain = {0};
    read_example(&raw, &plain, small_profile);
    for (size_t len = 0; len < raw.len; len++)
        CU_ASSERT_FALSE(survives(raw.data, len));
    size_t good = 0;
    for (size_t len = 0; len < plain.len; len++)
        good += survives(plain.data, len);
    /* Cut between two fields that nothing depends on, a profile is a shorter one. */
    CU_ASSERT(good < 10);
    CU_ASSERT(survives(raw.data, raw.len));
    CU_ASSERT(survives(plain.data, plain.len));
    buf_release(&raw);
    buf_release(&plain);
}

static size_t flip_every_bit(struct buf *b)
{
    size_t good = 0;
    for (size_t bit = 0; bit < b->len * 8; bit++) {
        b->data[bit / 8] ^= (char)(1 << bit % 8);
        good += survives(b->data, b->len);
        b->data[bit / 8] ^= (char)(1 << bit % 8);
    }
    return good;
}

static void test_every_bit_flipped(void)
{
    struct buf raw = {0}, plain = {0};
    read_example(&raw, &plain, small_profile);
    size_t good = flip_every_bit(&plain);
    CU_ASSERT(good > plain.len); /* numbers and letters may be any */
    CU_ASSERT(good < plain.len * 7);
    buf_release(&raw);
    buf_release(&plain);
}

static void test_every_bit_of_gzip_flipped(void)
{
    struct buf raw = {0}, plain = {0};
    read_example(&raw, &plain, small_profile);
    /* The header's time, flags and system may be any; the checksum knows all else. */
    CU_ASSERT(flip_every_bit(&raw) < 10 * 8);
    buf_release(&raw);
    buf_release(&plain);
}

static void test_truncated_legacy_at_every_byte(void)
{
    static const char *const paths[] = {"tests/data/contention.txt", "tests/data/gocount.txt",
                                        "tests/data/growth.txt",     "tests/data/heap-sampled.txt",
                                        "tests/data/java-heap.txt",  "tests/data/maps-brief.txt",
                                        "tests/data/threadz.txt"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct buf raw = {0}, plain = {0};
        read_example(&raw, &plain, paths[i]);
        for (size_t len = 0; len < raw.len; len++)
            survives(raw.data, len);
        CU_ASSERT(survives(raw.data, raw.len));
        flip_every_bit(&raw);
        buf_release(&raw);
        buf_release(&plain);
    }
}

static void test_truncated_legacy_cpu_at_every_byte(void)
{
    struct buf raw = {0}, plain = {0};
    read_example(&raw, &plain, "examples/cpp/cpu.prof");
    for (size_t len = 0; len < raw.len; len += len < 400 ? 1 : 37)
        survives(raw.data, len);
    CU_ASSERT(survives(raw.data, raw.len));
    buf_release(&raw);
    buf_release(&plain);
}

/* --- compression */

static void good_profile(struct buf *b)
{
    message_write(b, GOOD);
}

/* Adds DATA as one gzip member. */
static void add_member(struct buf *out, const void *data, size_t len)
{
    z_stream z = {0};
    deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
    size_t room = deflateBound(&z, len);
    unsigned char *packed = malloc(room);
    z.next_in = (unsigned char *)data;
    z.avail_in = (uInt)len;
    z.next_out = packed;
    z.avail_out = (uInt)room;
    CU_ASSERT_EQUAL(deflate(&z, Z_FINISH), Z_STREAM_END);
    buf_add(out, (char *)packed, room - z.avail_out);
    deflateEnd(&z);
    free(packed);
}

static void test_gzip_members_are_joined(void)
{
    struct buf plain = {0}, file = {0};
    good_profile(&plain);
    add_member(&file, plain.data, 10);
    add_member(&file, "", 0);
    add_member(&file, plain.data + 10, plain.len - 10);
    add_member(&file, "", 0);
    accepted(&file);
    buf_release(&plain);
    buf_release(&file);
}

static void test_gzip_with_garbage_behind_it(void)
{
    static const char *const garbage[] = {"x", "garbage", "\x1f", "\x1f\x8b", "\x1f\x8b\x08"};
    struct buf plain = {0}, file = {0};
    good_profile(&plain);
    for (size_t i = 0; i < sizeof garbage / sizeof *garbage; i++) {
        buf_clear(&file);
        add_member(&file, plain.data, plain.len);
        buf_puts(&file, garbage[i]);
        refused(&file, "gzip");
    }
    buf_clear(&file);
    add_member(&file, plain.data, plain.len);
    buf_pad(&file, '\0', 512); /* padding of a tape is garbage, too */
    refused(&file, "gzip");
    buf_release(&plain);
    buf_release(&file);
}

static void test_gzip_with_bad_checksum(void)
{
    struct buf plain = {0}, file = {0};
    good_profile(&plain);
    add_member(&file, plain.data, plain.len);
    file.data[file.len - 8] ^= 1;
    refused(&file, "gzip data is damaged (incorrect data check)");
    file.data[file.len - 8] ^= 1;
    file.data[file.len - 4] ^= 1;
    refused(&file, "gzip data is damaged (incorrect length check)");
    buf_release(&plain);
    buf_release(&file);
}

static void test_gzip_in_gzip(void)
{
    struct buf plain = {0}, once = {0}, twice = {0};
    good_profile(&plain);
    add_member(&once, plain.data, plain.len);
    add_member(&twice, once.data, once.len);
    refused(&twice, "byte 0: ");
    buf_release(&plain);
    buf_release(&once);
    buf_release(&twice);
}

static void test_empty_input(void)
{
    struct buf file = {0};
    buf_puts(&file, "");
    refused(&file, "it is empty");
    add_member(&file, "", 0);
    refused(&file, "it is empty");
    buf_release(&file);
}

/* GOOD as `zstd -19 --no-check` makes it; tests may run where there is no zstd. */
static const char zstd_frame[] =
    "28b52ffd204715020072840f12a06f388a14a7fa51a6a83af1f5e508d28904f349012d9575406c03cc770a08e05822"
    "89e3ff8e1cffc1d64e7efc0d1b2deab4f4f12faa1cff81c2f11f2500";

static void test_zstd(void)
{
    struct buf frame = {0}, text = {0}, broken = {0};
    buf_printf(&text, "=%s", zstd_frame);
    message_write(&frame, text.data);
    accepted(&frame);

    for (size_t len = 4; len < frame.len; len++) {
        buf_clear(&broken);
        buf_add(&broken, frame.data, len);
        refused(&broken, "zstd data is cut short");
    }
    flip_every_bit(&frame);

    buf_clear(&broken);
    buf_add(&broken, frame.data, frame.len);
    buf_puts(&broken, "garbage");
    refused(&broken, "zstd data is damaged");
    buf_release(&broken);
    buf_release(&frame);
    buf_release(&text);
}

/* Found by a fuzzer: asked for more behind damage, zstd goes on as if nothing had happened. */
static void test_zstd_is_not_read_behind_damage(void)
{
    struct buf frame = {0};
    message_write(
        &frame, "=28b52ffd0000000000800000000000000000000000100000000000000000000900000031ff0000");
    refused(&frame, "zstd data is damaged");
    struct source *s = source_open_memory("input.zst", frame.data, frame.len);
    struct inflate *in = inflate_new(source_read, s);
    char piece[4096];
    const char *why = "";
    while (inflate_read(in, piece, sizeof piece, &why) > 0)
        continue;
    for (int i = 0; i < 3; i++) {
        why = "";
        CU_ASSERT_EQUAL(inflate_read(in, piece, sizeof piece, &why), -1);
        CU_ASSERT_PTR_NOT_NULL(strstr(why, "zstd data is damaged"));
    }
    inflate_free(in);
    source_close(s);
    buf_release(&frame);
}

/* --- time: what takes forever if the work grows with the square of the size */

enum { MANY = 100000, MOST_SECONDS = 15 };

/* Reads B and merges it with itself, within a time in which nobody would do it step by step. */
static void takes_no_time(const struct buf *b)
{
    clock_t began = clock();
    struct error err;
    struct merger *m = merger_new();
    for (int i = 0; i < 2; i++) {
        struct profile *p = read_bytes(b->data, b->len, &err);
        CU_ASSERT_PTR_NOT_NULL_FATAL(p);
        CU_ASSERT_EQUAL(merger_add(m, p, &err), 0);
    }
    struct profile *p = profile_compact(merger_finish(m));
    fuzz_check_model(p);
    profile_free(p);
    CU_ASSERT((clock() - began) / CLOCKS_PER_SEC < MOST_SECONDS);
}

static void test_many_labels_in_a_sample(void)
{
    struct buf file = {0}, sample = {0}, label = {0};
    message_write(&file, TYPES TABLES);
    message_write(&sample, "1:1 2:10 ");
    for (int i = 0; i < MANY; i++) {
        buf_printf(&label, "6:'key %d' ", MANY - i);
        message_write(&file, label.data);
        buf_clear(&label);
        buf_printf(&label, "3:{1:%d 2:1} ", 5 + i);
        message_write(&sample, label.data);
        buf_clear(&label);
    }
    buf_putc(&file, 0x12);
    message_varint(&file, sample.len);
    buf_add(&file, sample.data, sample.len);
    takes_no_time(&file);
    buf_release(&file);
    buf_release(&sample);
    buf_release(&label);
}

static void test_many_comments(void)
{
    struct buf file = {0}, comment = {0};
    message_write(&file, GOOD);
    for (int i = 0; i < 2 * MANY; i++) {
        buf_printf(&comment, "6:'comment %d' 13:%d ", i, 5 + i);
        message_write(&file, comment.data);
        buf_clear(&comment);
    }
    takes_no_time(&file);
    buf_release(&file);
    buf_release(&comment);
}

/* Ids that a careless hash would put into one place. */
static void test_ids_that_are_multiples(void)
{
    for (int shift = 12; shift <= 44; shift += 16) {
        struct buf file = {0}, b = {0};
        message_write(&file, TYPES MAPPING FUNCTION STRINGS);
        for (uint64_t i = 1; i <= MANY; i++) {
            unsigned long long id = i << shift;
            buf_printf(&b, "4:{1:%llu 4:{1:1}} 2:{1:%llu 2:1} ", id, id);
            message_write(&file, b.data);
            buf_clear(&b);
        }
        takes_no_time(&file);
        buf_release(&file);
        buf_release(&b);
    }
}

/* --- size */

/* A profile whose fields are cut by the edges of the reader's chunks, with a string larger than
 * several of them. */
static void test_fields_across_chunks(void)
{
    struct buf large = {0}, file = {0};
    message_write(&large, TYPES SAMPLE MAPPING LOCATION FUNCTION STRINGS);
    buf_putc(&large, 0x32);
    size_t len = 3 << 20;
    message_varint(&large, len);
    uint32_t random = 1;
    for (size_t i = 0; i < len; i++) {
        random = random * 1664525 + 1013904223; /* so that it does not shrink away */
        buf_putc(&large, (char)('a' + (random >> 24) % 26));
    }
    message_write(&large, "5:{1:2 2:5} 4:{1:2 4:{1:2}} ");
    for (int i = 0; i < 200000; i++)
        message_write(&large, "2:{1:2 2:10} ");
    struct error err;
    struct profile *p = read_bytes(large.data, large.len, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(p);
    CU_ASSERT_EQUAL(p->sample_count, 200001);
    CU_ASSERT_EQUAL(profile_str(p, p->functions[1].name).len, len);
    profile_free(p);

    add_member(&file, large.data, large.len);
    p = read_bytes(file.data, file.len, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(p);
    CU_ASSERT_EQUAL(p->sample_count, 200001);
    profile_free(p);

    /* The offset of what is wrong is right, however far behind. */
    char where[80];
    snprintf(where, sizeof where, "byte %zu: a sample names location 9", large.len);
    message_write(&large, "2:{1:9 2:10} ");
    refused(&large, where);
    buf_clear(&file);
    add_member(&file, large.data, large.len);
    refused(&file, where);
    buf_release(&large);
    buf_release(&file);
}

CU_TestInfo hostile_tests[] = {
#define REFUSED(name, bytes, part) {name, run_case},
#define ACCEPTED(name, bytes) {name, run_case},
#include "tests/unit/profile/hostile_cases.h"
#undef REFUSED
#undef ACCEPTED
    {"truncated at every byte", test_truncated_at_every_byte},
    {"every bit flipped", test_every_bit_flipped},
    {"every bit of gzip flipped", test_every_bit_of_gzip_flipped},
    {"legacy: truncated at every byte, every bit flipped", test_truncated_legacy_at_every_byte},
    {"legacy: CPU profile truncated", test_truncated_legacy_cpu_at_every_byte},
    {"gzip: members are joined", test_gzip_members_are_joined},
    {"gzip: garbage behind it", test_gzip_with_garbage_behind_it},
    {"gzip: bad checksum, bad length", test_gzip_with_bad_checksum},
    {"gzip: in gzip", test_gzip_in_gzip},
    {"empty input, empty gzip", test_empty_input},
    {"zstd: good, cut, damaged, garbage behind it", test_zstd},
    {"zstd: not read behind damage", test_zstd_is_not_read_behind_damage},
    {"many labels in a sample", test_many_labels_in_a_sample},
    {"many comments", test_many_comments},
    {"ids that are multiples of a power of two", test_ids_that_are_multiples},
    {"fields across chunks", test_fields_across_chunks},
    CU_TEST_INFO_NULL,
};
