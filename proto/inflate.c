#include "proto/inflate.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

enum { INPUT = 64 * 1024 };

/* Profiles rarely shrink by more than 20; deflate makes a thousand out of nothing at all. Half a
 * gigabyte is inflated in a second or two, even of those that shrink like that. */
static const uint64_t bomb_size = 512u << 20;
static const uint64_t bomb_ratio = 100;

enum coding { CODING_UNKNOWN, CODING_PLAIN, CODING_GZIP, CODING_ZSTD };

struct inflate {
    inflate_source *source;
    void *context;
    enum coding coding;
    bool source_ended, between_members, failed;
    unsigned char input[INPUT];
    size_t next, len; /* unread part of input */
    uint64_t compressed, plain;
    z_stream gzip;
    ZSTD_DStream *zstd;
    char why[160];
};

struct inflate *inflate_new(inflate_source *source, void *context)
{
    struct inflate *in = malloc(sizeof *in);
    if (!in)
        return NULL;
    memset(in, 0, offsetof(struct inflate, input));
    in->source = source;
    in->context = context;
    in->next = in->len = 0;
    in->compressed = in->plain = 0;
    in->zstd = NULL;
    memset(&in->gzip, 0, sizeof in->gzip);
    return in;
}

void inflate_free(struct inflate *in)
{
    if (!in)
        return;
    if (in->coding == CODING_GZIP)
        inflateEnd(&in->gzip);
    ZSTD_freeDStream(in->zstd);
    free(in);
}

uint64_t inflate_compressed(const struct inflate *in)
{
    return in->compressed;
}

static ssize_t fail(struct inflate *in, const char **why, const char *what, const char *detail)
{
    snprintf(in->why, sizeof in->why, "%s%s%s%s (after %llu bytes)", what, detail ? " (" : "",
             detail ? detail : "", detail ? ")" : "", (unsigned long long)in->compressed);
    *why = in->why;
    in->failed = true;
    return -1;
}

/* Makes at least WANT bytes of input available unless it ends before. */
static int refill(struct inflate *in, size_t want, const char **why)
{
    if (in->len - in->next >= want)
        return 0;
    memmove(in->input, in->input + in->next, in->len - in->next);
    in->len -= in->next;
    in->next = 0;
    while (in->len < want && !in->source_ended) {
        ssize_t n = in->source(in->context, in->input + in->len, INPUT - in->len);
        if (n < 0)
            return (int)fail(in, why, "it cannot be read", strerror(errno));
        in->source_ended = n == 0;
        in->len += (size_t)n;
    }
    return 0;
}

static int detect(struct inflate *in, const char **why)
{
    if (refill(in, 4, why))
        return -1;
    const unsigned char *b = in->input;
    if (in->len >= 2 && b[0] == 0x1F && b[1] == 0x8B) {
        in->gzip.zalloc = Z_NULL;
        in->gzip.zfree = Z_NULL;
        if (inflateInit2(&in->gzip, 15 + 16) != Z_OK)
            return (int)fail(in, why, "zlib could not be started", in->gzip.msg);
        in->coding = CODING_GZIP;
    } else if (in->len >= 4 && b[0] == 0x28 && b[1] == 0xB5 && b[2] == 0x2F && b[3] == 0xFD) {
        in->zstd = ZSTD_createDStream();
        if (!in->zstd)
            return (int)fail(in, why, "zstd could not be started", NULL);
        in->coding = CODING_ZSTD;
        in->between_members = true;
    } else {
        in->coding = CODING_PLAIN;
    }
    return 0;
}

static ssize_t read_gzip(struct inflate *in, void *buf, size_t cap, const char **why)
{
    z_stream *z = &in->gzip;
    z->next_out = buf;
    z->avail_out = (uInt)cap;
    while (z->avail_out == cap) {
        if (refill(in, 1, why))
            return -1;
        if (in->next == in->len) {
            if (in->between_members)
                return 0;
            return fail(in, why, "the gzip data is cut short", NULL);
        }
        z->next_in = in->input + in->next;
        z->avail_in = (uInt)(in->len - in->next);
        size_t before = z->avail_in;
        in->between_members = false;
        int rc = inflate(z, Z_NO_FLUSH);
        in->next += before - z->avail_in;
        in->compressed += before - z->avail_in;
        if (rc == Z_STREAM_END) {
            in->between_members = true;
            inflateReset(z);
        } else if (rc != Z_OK) {
            return fail(in, why, "the gzip data is damaged", z->msg);
        }
    }
    return (ssize_t)(cap - z->avail_out);
}

static ssize_t read_zstd(struct inflate *in, void *buf, size_t cap, const char **why)
{
    ZSTD_outBuffer out = {buf, cap, 0};
    while (out.pos == 0) {
        if (refill(in, 1, why))
            return -1;
        bool dry = in->next == in->len;
        if (dry && in->between_members)
            return 0;
        ZSTD_inBuffer src = {in->input + in->next, in->len - in->next, 0};
        size_t rc = ZSTD_decompressStream(in->zstd, &out, &src);
        in->next += src.pos;
        in->compressed += src.pos;
        if (ZSTD_isError(rc))
            return fail(in, why, "the zstd data is damaged", ZSTD_getErrorName(rc));
        in->between_members = rc == 0;
        if (dry && out.pos == 0 && rc != 0)
            return fail(in, why, "the zstd data is cut short", NULL);
    }
    return (ssize_t)out.pos;
}

static ssize_t read_plain(struct inflate *in, void *buf, size_t cap, const char **why)
{
    if (refill(in, 1, why))
        return -1;
    size_t n = in->len - in->next;
    if (n > cap)
        n = cap;
    memcpy(buf, in->input + in->next, n);
    in->next += n;
    in->compressed += n;
    return (ssize_t)n;
}

ssize_t inflate_read(struct inflate *in, void *buf, size_t cap, const char **why)
{
    if (in->failed) {
        *why = in->why; /* zstd would go on behind the damage */
        return -1;
    }
    if (in->coding == CODING_UNKNOWN && detect(in, why))
        return -1;
    ssize_t n = in->coding == CODING_GZIP   ? read_gzip(in, buf, cap, why)
                : in->coding == CODING_ZSTD ? read_zstd(in, buf, cap, why)
                                            : read_plain(in, buf, cap, why);
    if (n > 0)
        in->plain += (uint64_t)n;
    if (in->plain > bomb_size && in->plain / bomb_ratio > in->compressed)
        return fail(in, why, "it inflates to more than 100 times its size, as no profile does",
                    NULL);
    return n;
}
