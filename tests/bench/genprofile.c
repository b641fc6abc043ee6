/*
 * genprofile: writes a large, realistic, deterministic profile.proto for the benchmarks.
 *
 *     genprofile SAMPLES FUNCTIONS SEED OUT.pb.gz [DRAW]
 *
 * Every sample is the stack of one node of a random call tree (calltree.h), drawn Zipf-like: a few
 * stacks are hot, hundreds of thousands appear once or twice, and all share their callers as real
 * stacks do. DRAW changes the samples and keeps the program, for profiles of "the same program on
 * another day". The same arguments give the same bytes everywhere.
 *
 * What was made is printed as key=value pairs on one line, for tests/bench/run. The wire format is
 * written by hand so that a fault in cpprof's own encoder cannot hide in its benchmark.
 */
#include "calltree.h"
#include "names.h"
#include "rng.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum {
    MAX_NODES = 600000,
    NODES_PER_SAMPLE = 3, /* until MAX_NODES: small profiles come from small programs */
    N_ENDPOINTS = 64,
    N_THREADS = 160,
    PERIOD_NS = 10000000,
    BLOCK = 1 << 18,
};
enum { TOPIC_LINE = 200, TOPIC_ENDPOINT }; /* of calltree_hash */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

__attribute__((noreturn, format(printf, 1, 2))) static void die(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("genprofile: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(1);
}

static void *alloc(size_t count, size_t size)
{
    void *p = calloc(count, size);
    if (!p)
        die("out of memory");
    return p;
}

/* ---- wire format ---- */

struct buf {
    unsigned char *data;
    size_t len, cap;
};

static void put_bytes(struct buf *buf, const void *data, size_t len)
{
    if (len == 0)
        return; /* DATA may be NULL */
    if (buf->cap - buf->len < len) {
        buf->cap = (buf->len + len) * 2;
        buf->data = realloc(buf->data, buf->cap);
        if (!buf->data)
            die("out of memory");
    }
    memcpy(buf->data + buf->len, data, len);
    buf->len += len;
}

static void put_varint(struct buf *buf, uint64_t value)
{
    unsigned char bytes[10];
    size_t n = 0;
    for (; value >= 0x80; value >>= 7)
        bytes[n++] = (unsigned char)(value | 0x80);
    bytes[n++] = (unsigned char)value;
    put_bytes(buf, bytes, n);
}

/* proto3 leaves out zeros. */
static void put_field(struct buf *buf, unsigned field, uint64_t value)
{
    if (value) {
        put_varint(buf, field << 3);
        put_varint(buf, value);
    }
}

static void put_block(struct buf *buf, unsigned field, const void *data, size_t len)
{
    put_varint(buf, field << 3 | 2);
    put_varint(buf, len);
    put_bytes(buf, data, len);
}

/* Writes INNER as a message or packed field and empties it for the next one. */
static void put_message(struct buf *buf, unsigned field, struct buf *inner)
{
    put_block(buf, field, inner->data, inner->len);
    inner->len = 0;
}

/* ---- gzip ---- */

struct stream {
    FILE *file;
    z_stream zip;
    uint64_t inflated;
    unsigned char out[1 << 15];
};

static void stream_open(struct stream *stream, const char *path)
{
    memset(stream, 0, sizeof(*stream));
    stream->file = fopen(path, "wb");
    if (!stream->file)
        die("%s: %s", path, strerror(errno));
    if (deflateInit2(&stream->zip, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        die("out of memory");
}

static void stream_deflate(struct stream *stream, int flush)
{
    do {
        stream->zip.next_out = stream->out;
        stream->zip.avail_out = sizeof(stream->out);
        deflate(&stream->zip, flush);
        size_t len = sizeof(stream->out) - stream->zip.avail_out;
        if (fwrite(stream->out, 1, len, stream->file) != len)
            die("cannot write: %s", strerror(errno));
    } while (stream->zip.avail_out == 0);
}

/* Writes BUF and empties it. */
static void stream_write(struct stream *stream, struct buf *buf)
{
    stream->zip.next_in = buf->data;
    stream->zip.avail_in = (uInt)buf->len;
    stream->inflated += buf->len;
    stream_deflate(stream, Z_NO_FLUSH);
    buf->len = 0;
}

static void stream_close(struct stream *stream)
{
    stream_deflate(stream, Z_FINISH);
    deflateEnd(&stream->zip);
    if (fclose(stream->file))
        die("cannot write: %s", strerror(errno));
}

/* ---- the tables: strings, mappings, locations, functions ---- */

/* One mapping for each language, and one for the C library. */
static const struct {
    uint64_t start, limit;
    const char *file, *build_id;
} mappings[] = {
    {0x400000, 0x40000000, "/opt/acme/bin/acme-server", "8c1d5f0a7be24936d1e0fa5b6c7d8e9f01234567"},
    {0x7f2a40000000, 0x7f2a60000000, "/opt/acme/lib/libacme-go.so",
     "44f0ab1296e87c5d3b2a19088f7e6d5c4b3a2910"},
    {0x7f2a80000000, 0x7f2aa0000000, "/opt/acme/lib/libacme_rs.so",
     "d27a6e5b4c3f201918e7d6c5b4a39281706f5e4d"},
    {0x7f2ac0000000, 0x7f2ac0200000, "/usr/lib/x86_64-linux-gnu/libc.so.6",
     "58c3cb19ffa1d2e3405162738495a6b7c8d9eafb"},
};

/* Strings whose index in the file is known beforehand. */
enum {
    STR_EMPTY,
    STR_SAMPLES,
    STR_COUNT,
    STR_CPU,
    STR_NANOSECONDS,
    STR_ENDPOINT,
    STR_THREAD,
    STR_PAYLOAD,
    STR_BYTES,
    STR_FIXED
};
static const char *const fixed_strings[STR_FIXED] = {
    "", "samples", "count", "cpu", "nanoseconds", "endpoint", "thread", "payload", "bytes",
};

struct tables {
    const struct calltree *tree;
    struct buf strings, mappings, locations, functions; /* fields of Profile, ready to write */
    struct buf message;                                 /* scratch */
    uint32_t n_strings, n_functions;
    uint32_t *function_id; /* by number in the tree; 0 when no location has it */
    uint32_t *class_file;  /* string by class; 0 when not written */
    uint32_t endpoints[N_ENDPOINTS], threads[N_THREADS];
};

static uint32_t add_string(struct tables *tables, const char *text)
{
    put_block(&tables->strings, 6, text, strlen(text));
    return tables->n_strings++;
}

static uint32_t start_line(const struct tables *tables, uint32_t function)
{
    return 20 + (uint32_t)(calltree_hash(tables->tree, function, TOPIC_LINE) % 1500);
}

/* The id of FUNCTION, which is written when first asked for. */
static uint32_t function_id(struct tables *tables, uint32_t function)
{
    if (tables->function_id[function])
        return tables->function_id[function];

    struct name name;
    uint32_t no_class = 0;
    names_of_function(tables->tree, function, &name);
    uint32_t text = add_string(tables, name.text), system = text;
    uint32_t *file =
        name.in_class ? &tables->class_file[names_class(tables->tree, function)] : &no_class;
    if (strcmp(name.text, name.system) != 0)
        system = add_string(tables, name.system);
    if (!*file)
        *file = add_string(tables, name.file);

    uint32_t id = ++tables->n_functions;
    put_field(&tables->message, 1, id);
    put_field(&tables->message, 2, text);
    put_field(&tables->message, 3, system);
    put_field(&tables->message, 4, *file);
    put_field(&tables->message, 5, start_line(tables, function));
    put_message(&tables->functions, 5, &tables->message);
    return tables->function_id[function] = id;
}

static void put_line(struct tables *tables, struct buf *line, uint32_t function, uint32_t offset)
{
    uint32_t id = function_id(tables, function);
    put_field(line, 1, id);
    put_field(line, 2, start_line(tables, function) + offset);
}

static void add_location(struct tables *tables, uint32_t index)
{
    const struct location *loc = &tables->tree->locations[index];
    enum language language = calltree_language(tables->tree, loc->function);
    struct name name;
    struct buf message = {0}, line = {0};

    names_of_function(tables->tree, loc->function, &name);
    uint32_t mapping = name.in_libc ? (uint32_t)COUNT(mappings) - 1 : (uint32_t)language;
    put_field(&message, 1, index + 1);
    put_field(&message, 2, mapping + 1);
    put_field(&message, 3,
              mappings[mapping].start + 0x1000 + loc->function * 0x400ull + loc->site * 0x9bull);
    for (uint32_t i = 0; i < loc->n_inlined; i++) {
        put_line(tables, &line, calltree_inlined(tables->tree, loc, i), 1 + i);
        put_message(&message, 4, &line);
    }
    put_line(tables, &line, loc->function, 3 + 7 * loc->site);
    put_message(&message, 4, &line);
    put_message(&tables->locations, 4, &message);
    free(message.data);
    free(line.data);
}

static void add_mappings(struct tables *tables)
{
    for (size_t i = 0; i < COUNT(mappings); i++) {
        put_field(&tables->message, 1, i + 1);
        put_field(&tables->message, 2, mappings[i].start);
        put_field(&tables->message, 3, mappings[i].limit);
        put_field(&tables->message, 5, add_string(tables, mappings[i].file));
        put_field(&tables->message, 6, add_string(tables, mappings[i].build_id));
        for (unsigned field = 7; field <= 10; field++) /* has functions, files, lines, inlining */
            put_field(&tables->message, field, 1);
        put_message(&tables->mappings, 3, &tables->message);
    }
}

static void tables_init(struct tables *tables, const struct calltree *tree)
{
    char text[64];

    memset(tables, 0, sizeof(*tables));
    tables->tree = tree;
    tables->function_id = alloc(tree->n_functions, sizeof(uint32_t));
    tables->class_file = alloc(names_class_count(tree), sizeof(uint32_t));
    for (int i = 0; i < STR_FIXED; i++)
        add_string(tables, fixed_strings[i]);
    for (unsigned i = 0; i < N_ENDPOINTS; i++) {
        names_endpoint(text, sizeof(text), i);
        tables->endpoints[i] = add_string(tables, text);
    }
    for (unsigned i = 0; i < N_THREADS; i++) {
        snprintf(text, sizeof(text), "worker-%03u", i);
        tables->threads[i] = add_string(tables, text);
    }
    add_mappings(tables);
    for (uint32_t i = 0; i < tree->n_locations; i++)
        add_location(tables, i);
}

static void tables_release(struct tables *tables)
{
    free(tables->strings.data);
    free(tables->mappings.data);
    free(tables->locations.data);
    free(tables->functions.data);
    free(tables->message.data);
    free(tables->function_id);
    free(tables->class_file);
}

/* ---- samples ---- */

struct draw {
    struct rng rng;
    uint32_t *ranked; /* nodes, hottest first; chosen by the seed, not by the draw */
    uint32_t n;
    uint64_t root;        /* for rng_zipf */
    unsigned char *drawn; /* by node */
    uint64_t n_frames;
};

static bool is_ordinary(const struct calltree *tree, uint32_t node)
{
    return tree->depths[node] > CALLTREE_MEAN_FRAMES - 10 &&
           tree->depths[node] < CALLTREE_MEAN_FRAMES + 10;
}

static void draw_init(struct draw *draw, const struct calltree *tree, uint64_t number)
{
    struct rng rng = {tree->seed ^ 1};

    memset(draw, 0, sizeof(*draw));
    draw->n = tree->n_nodes - 1;
    draw->root = rng_fourth_root(draw->n);
    draw->rng.state = rng_mix(tree->seed + number) ^ 2;
    draw->drawn = alloc(tree->n_nodes, 1);
    draw->ranked = alloc(draw->n, sizeof(*draw->ranked));
    for (uint32_t i = 0; i < draw->n; i++) { /* node 0 has no frames */
        uint32_t j = rng_below(&rng, i + 1);
        draw->ranked[i] = draw->ranked[j];
        draw->ranked[j] = i + 1;
    }
    /* A few hot stacks decide the mean depth of the samples, so those are of ordinary depth. */
    for (uint32_t i = 0; i < draw->n / 100; i++) {
        uint32_t j = i;
        for (int tries = 0; tries < 20 && !is_ordinary(tree, draw->ranked[j]); tries++)
            j = i + rng_below(&rng, draw->n - i);
        uint32_t node = draw->ranked[i];
        draw->ranked[i] = draw->ranked[j];
        draw->ranked[j] = node;
    }
}

static void draw_release(struct draw *draw)
{
    free(draw->ranked);
    free(draw->drawn);
}

static void put_label(struct buf *sample, struct buf *label, uint32_t key, uint32_t text,
                      uint64_t number, uint32_t unit)
{
    put_field(label, 1, key);
    put_field(label, 2, text);
    put_field(label, 3, number);
    put_field(label, 4, unit);
    put_message(sample, 3, label);
}

/* Writes one Sample message to SAMPLE; INNER is scratch. */
static void put_sample(struct draw *draw, const struct tables *tables, struct buf *sample,
                       struct buf *inner)
{
    const struct calltree *tree = tables->tree;
    struct rng *rng = &draw->rng;
    uint32_t leaf = draw->ranked[rng_zipf(rng, draw->n, draw->root)];

    draw->drawn[leaf] = 1;
    for (uint32_t node = leaf; node; node = tree->nodes[node].parent) {
        put_varint(inner, tree->nodes[node].location + 1);
        draw->n_frames++;
    }
    put_message(sample, 1, inner);

    uint32_t count = rng_percent(rng, 80) ? 1 : 1 + rng_below(rng, 20);
    put_varint(inner, count);
    put_varint(inner, (uint64_t)count * PERIOD_NS);
    put_message(sample, 2, inner);

    /* A stack mostly serves one endpoint, on any thread. */
    uint32_t endpoint = rng_percent(rng, 75)
                            ? calltree_hash(tree, leaf, TOPIC_ENDPOINT) % N_ENDPOINTS
                            : rng_below(rng, N_ENDPOINTS);
    uint32_t thread = rng_below(rng, N_THREADS);
    uint64_t payload = (1ull + rng_below(rng, 16)) << rng_below(rng, 16);
    put_label(sample, inner, STR_ENDPOINT, tables->endpoints[endpoint], 0, 0);
    put_label(sample, inner, STR_THREAD, tables->threads[thread], 0, 0);
    put_label(sample, inner, STR_PAYLOAD, 0, payload, STR_BYTES);
}

static int compare_hashes(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Stacks that differ; two nodes of the tree may be the same stack. */
static uint32_t distinct_stacks(const struct draw *draw, const struct calltree *tree)
{
    uint64_t *hashes = alloc(tree->n_nodes, sizeof(*hashes));
    uint32_t n = 0, distinct = 0;

    for (uint32_t i = 1; i < tree->n_nodes; i++) /* parents come first */
        hashes[i] = rng_mix(hashes[tree->nodes[i].parent] + tree->nodes[i].location + 1);
    for (uint32_t i = 1; i < tree->n_nodes; i++)
        if (draw->drawn[i])
            hashes[n++] = hashes[i];
    qsort(hashes, n, sizeof(*hashes), compare_hashes);
    for (uint32_t i = 0; i < n; i++)
        distinct += i == 0 || hashes[i] != hashes[i - 1];
    free(hashes);
    return distinct;
}

/* ---- the file ---- */

static void put_value_type(struct buf *out, struct buf *inner, unsigned field, uint32_t type,
                           uint32_t unit)
{
    put_field(inner, 1, type);
    put_field(inner, 2, unit);
    put_message(out, field, inner);
}

/* Writes the whole profile, fields in upstream's order: strings last of what has a size. */
static void write_profile(struct stream *stream, struct tables *tables, struct draw *draw,
                          uint32_t n_samples)
{
    struct buf out = {0}, inner = {0}, sample = {0};

    put_value_type(&out, &inner, 1, STR_SAMPLES, STR_COUNT);
    put_value_type(&out, &inner, 1, STR_CPU, STR_NANOSECONDS);
    for (uint32_t i = 0; i < n_samples; i++) {
        put_sample(draw, tables, &sample, &inner);
        put_message(&out, 2, &sample);
        if (out.len > BLOCK)
            stream_write(stream, &out);
    }
    stream_write(stream, &out);
    stream_write(stream, &tables->mappings);
    stream_write(stream, &tables->locations);
    stream_write(stream, &tables->functions);
    stream_write(stream, &tables->strings);
    put_field(&out, 9, 1700000000000000000u);                 /* time */
    put_field(&out, 10, n_samples * (uint64_t)PERIOD_NS / 4); /* duration */
    put_value_type(&out, &inner, 11, STR_CPU, STR_NANOSECONDS);
    put_field(&out, 12, PERIOD_NS);
    stream_write(stream, &out);
    free(out.data);
    free(inner.data);
    free(sample.data);
}

static uint64_t parse_number(const char *text, const char *what, uint64_t min, uint64_t max)
{
    char *end;
    unsigned long long value = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || value < min || value > max)
        die("%s: want a number from %llu to %llu, not %s", what, (unsigned long long)min,
            (unsigned long long)max, text);
    return value;
}

int main(int argc, char **argv)
{
    if (argc < 5 || argc > 6) {
        fputs("usage: genprofile SAMPLES FUNCTIONS SEED OUT.pb.gz [DRAW]\n", stderr);
        return 2;
    }
    uint32_t n_samples = (uint32_t)parse_number(argv[1], "SAMPLES", 100, 100000000);
    uint32_t n_functions = (uint32_t)parse_number(argv[2], "FUNCTIONS", 60, 200000);
    uint64_t seed = parse_number(argv[3], "SEED", 0, UINT32_MAX);
    uint64_t number = argc > 5 ? parse_number(argv[5], "DRAW", 0, UINT32_MAX) : 0;
    uint32_t n_nodes =
        n_samples < MAX_NODES / NODES_PER_SAMPLE ? n_samples * NODES_PER_SAMPLE : MAX_NODES;
    struct calltree tree;
    struct tables tables;
    struct draw draw;
    struct stream stream;

    if (calltree_init(&tree, n_functions, n_nodes, seed) < 0)
        die("out of memory");
    tables_init(&tables, &tree);
    draw_init(&draw, &tree, number);
    stream_open(&stream, argv[4]);
    write_profile(&stream, &tables, &draw, n_samples);
    stream_close(&stream);
    printf("samples=%u frames=%llu inflated=%llu gzip=%llu stacks=%u locations=%u functions=%u\n",
           n_samples, (unsigned long long)draw.n_frames, (unsigned long long)stream.inflated,
           (unsigned long long)stream.zip.total_out, distinct_stacks(&draw, &tree),
           tree.n_locations, tables.n_functions);
    draw_release(&draw);
    tables_release(&tables);
    calltree_release(&tree);
    return 0;
}
