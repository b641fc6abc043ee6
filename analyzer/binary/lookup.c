#include "analyzer/binary/lookup.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/buf.h"
#include "analyzer/base/isolate.h"
#include "analyzer/base/parallel.h"
#include "analyzer/binary/answer.h"
#include "analyzer/binary/debuginfod.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    PIECE_LEAST = 4096, /* addresses for which opening a binary once more is worth it */
    SECONDS = 600,      /* an hour's worth of addr2line */
};
static const size_t MEMORY = (size_t)16 << 30; /* of addresses; mapped files are most of it */

/* Some of the addresses of one lookup. */
struct piece {
    struct lookup *of;
    size_t first, count;
    struct buf answer;
};

/* All pieces, and which is next: threads take them as they get ready. */
struct pieces {
    struct piece *items;
    size_t count, next;
    pthread_mutex_t lock;
};

/* --- in the child */

/* A binary that is not here may be on a server. */
static struct binary *open_anywhere(const struct lookup *l, struct error *err)
{
    struct binary *b = binary_open(l->path, err);
    struct buf fetched = {0};
    if (!b && debuginfod_fetch(&fetched, l->build_id))
        b = binary_open(fetched.data, NULL);
    if (b)
        *err = (struct error){0};
    buf_release(&fetched);
    return b;
}

static void answer_piece(struct piece *p)
{
    const struct lookup *l = p->of;
    struct answer_writer w;
    struct error err = {0};
    answer_begin(&w);
    struct binary *b = open_anywhere(l, &err);
    if (b && *l->build_id && *binary_build_id(b) && strcmp(l->build_id, binary_build_id(b)) != 0)
        w.problem.is_other_build = error_set(&err, ERROR_DATA, "build ID mismatch: %s has %s",
                                             l->path, binary_build_id(b)) != 0;
    w.problem.error = err;
    for (size_t i = 0; !err.kind && i < p->count; i++) {
        const struct lookup_address *a = &l->addresses[p->first + i];
        struct binary_frame symbol_frame;
        const struct binary_frame *frames = NULL;
        const struct binary_symbol *symbol;
        size_t count = 0;
        uint64_t at;
        if (binary_place(b, a->mapping, a->address, &at, NULL))
            ;
        else if (!l->only_symbols)
            frames = binary_frames(b, at, &count);
        else if ((symbol = binary_symbol_at(b, at))) {
            symbol_frame = (struct binary_frame){.name = symbol->names[0], .file = ""};
            frames = &symbol_frame;
            count = 1;
        }
        answer_add(&w, frames, count);
    }
    answer_end(&w, &p->answer);
    binary_close(b);
}

static void answer_some(void *context, size_t part)
{
    struct pieces *all = context;
    (void)part;
    for (;;) {
        pthread_mutex_lock(&all->lock);
        size_t mine = all->next++;
        pthread_mutex_unlock(&all->lock);
        if (mine >= all->count)
            return;
        answer_piece(&all->items[mine]);
    }
}

static int write_all(int out, const char *data, size_t len)
{
    while (len) {
        ssize_t n = write(out, data, len);
        if (n < 0)
            return -1;
        data += n;
        len -= (size_t)n;
    }
    return 0;
}

static int answer_all(void *context, int out)
{
    struct pieces *all = context;
    size_t parts = parallel_parts(all->count, 1);
    parallel_run(parts, answer_some, all);
    for (size_t i = 0; i < all->count; i++) {
        uint64_t len = all->items[i].answer.len;
        if (write_all(out, (const char *)&len, sizeof len) ||
            write_all(out, all->items[i].answer.data, len))
            return -1;
    }
    return 0;
}

/* --- in the parent */

static void cut(struct pieces *all, struct lookup *l)
{
    size_t parts = parallel_parts(l->count, PIECE_LEAST);
    for (size_t i = 0; i < parts; i++) {
        size_t first = l->count * i / parts;
        all->items[all->count++] =
            (struct piece){.of = l, .first = first, .count = l->count * (i + 1) / parts - first};
    }
}

/* Puts the answer to P into its lookup. False if it makes no sense. */
static bool take_piece(struct piece *p, const char *data, size_t len)
{
    struct lookup *l = p->of;
    struct lookup_answer *answer = answer_read(data, len, p->count, &l->problem);
    if (!answer)
        return false;
    answer_next(answer, l->answers);
    l->answers = answer;
    if (l->problem.error.kind)
        return true;
    if (!l->found)
        l->found = xcalloc(l->count, sizeof *l->found);
    answer_frames(answer, l->found + p->first);
    return true;
}

static bool take_all(struct pieces *all, const struct buf *output)
{
    size_t at = 0;
    for (size_t i = 0; i < all->count; i++) {
        uint64_t len;
        if (output->len - at < sizeof len)
            return false;
        memcpy(&len, output->data + at, sizeof len);
        at += sizeof len;
        if (len > output->len - at || !take_piece(&all->items[i], output->data + at, len))
            return false;
        at += len;
    }
    return true;
}

static int run_pieces(struct pieces *all, enum isolate_how *how, struct error *err)
{
    const struct isolate_spec spec = {.seconds = SECONDS, .memory = MEMORY, .output = MEMORY};
    struct isolate_end end;
    all->next = 0;
    if (isolate_run(&spec, answer_all, all, &end, err))
        return -1;
    *how = end.how;
    if (*how == ISOLATE_DONE && !take_all(all, &end.output))
        *how = ISOLATE_FAILED;
    isolate_end_release(&end);
    if (*how == ISOLATE_INTERRUPTED)
        return error_set(err, ERROR_DATA, "interrupted while reading symbols");
    return 0;
}

static const char *reason(enum isolate_how how)
{
    switch (how) {
    case ISOLATE_TIMED_OUT:
        return "reading it takes too long";
    case ISOLATE_CRASHED:
        return "it is damaged in a way that libdw cannot stand";
    default:
        return "reading it takes more memory than there is";
    }
}

int lookup_run(struct lookup *all, size_t count, struct error *err)
{
    struct pieces pieces = {.items = xcalloc(count * PARALLEL_MOST, sizeof *pieces.items)};
    enum isolate_how how;
    pthread_mutex_init(&pieces.lock, NULL);
    for (size_t i = 0; i < count; i++)
        cut(&pieces, &all[i]);
    int rc = run_pieces(&pieces, &how, err);
    /* One of them was too much: each by itself shows which. */
    for (size_t i = 0; rc == 0 && how != ISOLATE_DONE && i < count; i++) {
        enum isolate_how alone;
        lookup_release(&all[i], 1);
        pieces.count = 0;
        cut(&pieces, &all[i]);
        rc = run_pieces(&pieces, &alone, err);
        if (rc == 0 && alone != ISOLATE_DONE) {
            lookup_release(&all[i], 1);
            error_set(&all[i].problem.error, ERROR_DATA, "%s", reason(alone));
        }
    }
    pthread_mutex_destroy(&pieces.lock);
    free(pieces.items);
    return rc;
}

void lookup_release(struct lookup *all, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        answer_free(all[i].answers);
        free(all[i].found);
        all[i].answers = NULL;
        all[i].found = NULL;
        all[i].problem = (struct lookup_problem){0};
    }
}
