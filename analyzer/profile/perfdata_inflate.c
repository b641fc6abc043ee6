#include "analyzer/profile/perfdata_inflate.h"

#include "analyzer/base/alloc.h"
#include "proto/inflate.h"

#include <stdbool.h>
#include <stdlib.h>

struct reader {
    struct perfdata_pieces *pieces;
    size_t next;
};

static ssize_t read_pieces(void *context, void *buf, size_t cap)
{
    struct reader *r = context;
    while (r->next < r->pieces->count) {
        struct cursor *piece = &r->pieces->items[r->next];
        size_t n = cursor_left(piece) < cap ? cursor_left(piece) : cap;
        if (n) {
            memcpy(buf, cursor_bytes(piece, n), n);
            return (ssize_t)n;
        }
        r->next++;
    }
    return 0;
}

uint8_t *perfdata_inflate(struct perfdata_pieces *pieces, size_t *len, struct error *err)
{
    struct reader reader = {pieces, 0};
    struct inflate *in = inflate_new(read_pieces, &reader);
    if (!in) {
        error_set(err, ERROR_DATA, "there is no memory to inflate it");
        return NULL;
    }
    uint8_t *data = NULL;
    size_t cap = 0;
    const char *why = NULL;
    ssize_t n;
    *len = 0;
    do {
        data = xgrow(data, &cap, *len + 65536, 1);
        n = inflate_read(in, data + *len, cap - *len, &why);
        if (n > 0)
            *len += (size_t)n;
    } while (n > 0);
    /* perf flushes its stream and never ends it, which looks as if it had been cut short. */
    bool ended = reader.next == pieces->count;
    inflate_free(in);
    if (n < 0 && !ended) {
        error_set(err, ERROR_DATA, "%s", "its compressed records are damaged");
        free(data);
        return NULL;
    }
    return data;
}
