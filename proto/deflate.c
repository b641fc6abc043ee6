#include "proto/deflate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { OUTPUT = 64 * 1024 };

struct deflate {
    deflate_sink *sink;
    void *context;
    int rc;
    z_stream z;
    unsigned char out[OUTPUT];
};

struct deflate *deflate_new(deflate_sink *sink, void *context)
{
    struct deflate *d = calloc(1, sizeof *d);
    if (!d || deflateInit2(&d->z, 6, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        abort();
    d->sink = sink;
    d->context = context;
    return d;
}

static void run(struct deflate *d, int flush)
{
    int rc;
    do {
        d->z.next_out = d->out;
        d->z.avail_out = OUTPUT;
        rc = deflate(&d->z, flush);
        size_t made = OUTPUT - d->z.avail_out;
        if (made && !d->rc)
            d->rc = d->sink(d->context, d->out, made);
    } while (!d->rc && (flush == Z_FINISH ? rc != Z_STREAM_END : d->z.avail_out == 0));
}

int deflate_write(struct deflate *d, const void *data, size_t len)
{
    d->z.next_in = (unsigned char *)data;
    d->z.avail_in = (uInt)len;
    run(d, Z_NO_FLUSH);
    return d->rc;
}

int deflate_finish(struct deflate *d)
{
    run(d, Z_FINISH);
    int rc = d->rc;
    deflateEnd(&d->z);
    free(d);
    return rc;
}
