#include "proto/deflate.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum {
    DICTIONARY = 32 * 1024, /* as far back as deflate can refer */
    BLOCK = 512 * 1024,
    BLOCK_OUT = BLOCK + BLOCK / 8 + 1024, /* more than deflateBound of a block */
    MOST_WORKERS = 8,
    LEVEL = 4, /* a tenth larger than level 9, in a third of the time */
};

struct block {
    uint8_t in[DICTIONARY + BLOCK]; /* the end of the block before, then this one */
    size_t dictionary, len;
    bool last;
    uint8_t out[BLOCK_OUT];
    size_t out_len;
    uLong crc;
    bool done; /* guarded by the lock: compressed */
    bool failed;
};

struct deflate {
    deflate_sink *sink;
    void *context;
    int rc;
    bool header_written;
    uLong crc;
    uint64_t total;

    struct block **blocks; /* a ring */
    size_t block_count;
    uint64_t filled, taken, written; /* blocks so far: submitted, begun, handed to the sink */
    pthread_t threads[MOST_WORKERS];
    size_t workers, processors;
    bool stop;
    pthread_mutex_t lock;
    pthread_cond_t changed;
};

static void compress_block(struct block *b)
{
    z_stream z = {0};
    b->crc = crc32(0, b->in + DICTIONARY, (uInt)b->len);
    b->failed = deflateInit2(&z, LEVEL, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY) != Z_OK;
    if (b->failed)
        return;
    if (b->dictionary)
        deflateSetDictionary(&z, b->in + DICTIONARY - b->dictionary, (uInt)b->dictionary);
    z.next_in = b->in + DICTIONARY;
    z.avail_in = (uInt)b->len;
    z.next_out = b->out;
    z.avail_out = BLOCK_OUT;
    /* A flush ends on a whole byte, where the next block can follow. */
    int rc = deflate(&z, b->last ? Z_FINISH : Z_SYNC_FLUSH);
    b->failed = rc != (b->last ? Z_STREAM_END : Z_OK) || z.avail_in;
    b->out_len = BLOCK_OUT - z.avail_out;
    deflateEnd(&z);
}

static void *work(void *context)
{
    struct deflate *d = context;
    pthread_mutex_lock(&d->lock);
    for (;;) {
        while (!d->stop && d->taken == d->filled)
            pthread_cond_wait(&d->changed, &d->lock);
        if (d->stop)
            break;
        struct block *b = d->blocks[d->taken++ % d->block_count];
        pthread_mutex_unlock(&d->lock);
        compress_block(b);
        pthread_mutex_lock(&d->lock);
        b->done = true;
        pthread_cond_broadcast(&d->changed);
    }
    pthread_mutex_unlock(&d->lock);
    return NULL;
}

struct deflate *deflate_new(deflate_sink *sink, void *context)
{
    cpu_set_t cpus;
    struct deflate *d = calloc(1, sizeof *d);
    if (!d)
        return NULL;
    d->sink = sink;
    d->context = context;
    d->processors = sched_getaffinity(0, sizeof cpus, &cpus) ? 1 : (size_t)CPU_COUNT(&cpus);
    if (d->processors > MOST_WORKERS)
        d->processors = MOST_WORKERS;
    d->block_count = d->processors + 2;
    d->blocks = calloc(d->block_count, sizeof *d->blocks);
    pthread_mutex_init(&d->lock, NULL);
    pthread_cond_init(&d->changed, NULL);
    if (!d->blocks || !(d->blocks[0] = calloc(1, sizeof **d->blocks))) {
        free(d->blocks);
        free(d);
        return NULL;
    }
    return d;
}

static void to_sink(struct deflate *d, const void *data, size_t len)
{
    if (!d->rc)
        d->rc = d->sink(d->context, data, len);
}

static void write_block(struct deflate *d, struct block *b)
{
    static const uint8_t header[10] = {0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF};
    if (!d->header_written)
        to_sink(d, header, sizeof header);
    d->header_written = true;
    if (b->failed && !d->rc)
        d->rc = -1;
    to_sink(d, b->out, b->out_len);
    d->crc = crc32_combine(d->crc, b->crc, (z_off_t)b->len);
    d->total += b->len;
    b->done = false;
    d->written++;
}

/* Waits for the oldest block that is not written yet, and writes it. */
static void write_oldest(struct deflate *d)
{
    struct block *b = d->blocks[d->written % d->block_count];
    pthread_mutex_lock(&d->lock);
    while (!b->done)
        pthread_cond_wait(&d->changed, &d->lock);
    pthread_mutex_unlock(&d->lock);
    write_block(d, b);
}

/* The current block is full or the last: has it compressed. */
static void submit(struct deflate *d)
{
    struct block *b = d->blocks[d->filled % d->block_count];
    while (!b->last && d->workers < d->processors &&
           pthread_create(&d->threads[d->workers], NULL, work, d) == 0)
        d->workers++;
    if (!d->workers) {
        compress_block(b);
        d->filled++;
        d->taken++;
        write_block(d, b);
        return;
    }
    pthread_mutex_lock(&d->lock);
    d->filled++;
    pthread_cond_broadcast(&d->changed);
    pthread_mutex_unlock(&d->lock);
}

/* Begins the block after the one that was just submitted. */
static int begin_block(struct deflate *d)
{
    const struct block *before = d->blocks[(d->filled - 1) % d->block_count];
    size_t at = d->filled % d->block_count;
    if (d->filled - d->written == d->block_count)
        write_oldest(d);
    if (!d->blocks[at] && !(d->blocks[at] = calloc(1, sizeof **d->blocks)))
        return -1;
    struct block *b = d->blocks[at];
    b->dictionary = before->len < DICTIONARY ? before->len : DICTIONARY;
    memcpy(b->in + DICTIONARY - b->dictionary,
           before->in + DICTIONARY + before->len - b->dictionary, b->dictionary);
    b->len = 0;
    return 0;
}

int deflate_write(struct deflate *d, const void *data, size_t len)
{
    while (len && !d->rc) {
        struct block *b = d->blocks[d->filled % d->block_count];
        if (b->len == BLOCK) {
            submit(d);
            if (begin_block(d))
                d->rc = -1;
            continue;
        }
        size_t n = BLOCK - b->len < len ? BLOCK - b->len : len;
        memcpy(b->in + DICTIONARY + b->len, data, n);
        b->len += n;
        data = (const uint8_t *)data + n;
        len -= n;
    }
    return d->rc;
}

static void put_le32(uint8_t *out, uint64_t v)
{
    for (int i = 0; i < 4; i++)
        out[i] = (uint8_t)(v >> (8 * i));
}

int deflate_finish(struct deflate *d)
{
    struct block *b = d->blocks[d->filled % d->block_count];
    if (!d->rc && b) {
        b->last = true;
        submit(d);
        while (d->written < d->filled)
            write_oldest(d);
        uint8_t trailer[8];
        put_le32(trailer, d->crc);
        put_le32(trailer + 4, d->total);
        to_sink(d, trailer, sizeof trailer);
    }
    pthread_mutex_lock(&d->lock);
    d->stop = true;
    pthread_cond_broadcast(&d->changed);
    pthread_mutex_unlock(&d->lock);
    for (size_t i = 0; i < d->workers; i++)
        pthread_join(d->threads[i], NULL);
    int rc = d->rc;
    pthread_cond_destroy(&d->changed);
    pthread_mutex_destroy(&d->lock);
    for (size_t i = 0; i < d->block_count; i++)
        free(d->blocks[i]);
    free(d->blocks);
    free(d);
    return rc;
}
