/* Compressed bytes: the reader in two threads must deliver what the reader in one does, whatever
 * the pieces are, and neither may deliver anything after it has failed. */
#include "tests/fuzz/fuzz.h"

#include "analyzer/base/buf.h"
#include "analyzer/source/chunks.h"
#include "proto/inflate.h"

enum { MOST = 4 << 20 }; /* plain bytes looked at; a bomb need not be inflated to its end */

/* Reads through inflate_read in pieces of STEP bytes. */
static int read_pieces(const uint8_t *data, size_t size, size_t step, struct buf *plain)
{
    struct source *s = source_open_memory("input", data, size);
    struct inflate *in = inflate_new(source_read, s);
    char piece[4096];
    const char *why = NULL;
    ssize_t n;
    while ((n = inflate_read(in, piece, step, &why)) > 0 && plain->len < MOST)
        buf_add(plain, piece, (size_t)n);
    fuzz_must(n >= 0 || (why && *why));
    fuzz_must(inflate_compressed(in) <= size);
    inflate_free(in);
    source_close(s);
    return n < 0 ? -1 : 0;
}

/* Reads through a window that keeps KEPT bytes from one call to the next. */
static int read_windows(const uint8_t *data, size_t size, size_t kept, struct buf *plain)
{
    struct source *s = source_open_memory("input", data, size);
    struct chunks *c = chunks_new(s, NULL);
    struct error err = {0};
    struct window w = {0};
    int more;
    while ((more = chunks_more(c, &w, &err)) > 0 && plain->len < MOST) {
        fuzz_must(window_offset(&w, w.p) == plain->len);
        size_t used = (size_t)(w.end - w.p);
        used -= kept < used ? kept : used;
        buf_add(plain, (const char *)w.p, used);
        w.p += used;
    }
    if (more == 0)
        buf_add(plain, (const char *)w.p, (size_t)(w.end - w.p));
    fuzz_must(more >= 0 || err.kind == ERROR_DATA);
    chunks_free(c);
    source_close(s);
    return more < 0 ? -1 : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t bits = fuzz_bits(data, size);
    struct buf pieces = {0}, windows = {0};
    int in_pieces = read_pieces(data, size, 1 + fuzz_take(&bits, 11), &pieces);
    int in_windows = read_windows(data, size, fuzz_take(&bits, 17), &windows);
    fuzz_must(in_pieces == in_windows || pieces.len >= MOST);
    size_t common = pieces.len < windows.len ? pieces.len : windows.len;
    fuzz_must(!common || memcmp(pieces.data, windows.data, common) == 0);
    fuzz_must(in_pieces || pieces.len == windows.len || pieces.len >= MOST);
    buf_release(&pieces);
    buf_release(&windows);
    return 0;
}
