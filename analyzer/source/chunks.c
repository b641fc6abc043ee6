#include "analyzer/source/chunks.h"

#include "analyzer/base/alloc.h"
#include "proto/inflate.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    HEAD = 32 * 1024,   /* room in front of a chunk for the rest of the one before */
    CHUNK = 512 * 1024, /* plain bytes in a chunk */
    SLOTS = 3,          /* chunks in flight */
    SMALL = 256 * 1024, /* compressed bytes not worth a thread */
};

struct slot {
    uint8_t *bytes; /* HEAD + CHUNK */
    size_t len;
    int status; /* 1 data, 0 end, -1 failure */
    const char *why;
    uint64_t compressed; /* bytes of the source read once this was filled */
    bool full;
};

struct chunks {
    struct source *source;
    const struct progress *progress;
    struct inflate *inflate;
    struct slot slots[SLOTS];
    size_t next; /* the slot the reader takes next */
    uint64_t delivered;
    uint8_t *spill; /* holds a window too large for a slot's head */
    size_t spill_cap;

    bool threaded, stop;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
};

static void fill(struct chunks *c, struct slot *slot)
{
    slot->len = 0;
    slot->status = 1;
    while (slot->len < CHUNK) {
        ssize_t n =
            inflate_read(c->inflate, slot->bytes + HEAD + slot->len, CHUNK - slot->len, &slot->why);
        if (n > 0) {
            slot->len += (size_t)n;
            continue;
        }
        /* What came before the end or the damage is delivered first. */
        if (slot->len == 0)
            slot->status = (int)n;
        break;
    }
    slot->compressed = inflate_compressed(c->inflate);
}

static void *run(void *context)
{
    struct chunks *c = context;
    for (size_t i = 0;; i = (i + 1) % SLOTS) {
        struct slot *slot = &c->slots[i];
        pthread_mutex_lock(&c->lock);
        while (slot->full && !c->stop)
            pthread_cond_wait(&c->changed, &c->lock);
        bool stop = c->stop;
        pthread_mutex_unlock(&c->lock);
        if (stop)
            return NULL;
        fill(c, slot);
        bool last = slot->status != 1;
        pthread_mutex_lock(&c->lock);
        slot->full = true;
        pthread_cond_signal(&c->changed);
        pthread_mutex_unlock(&c->lock);
        if (last)
            return NULL;
    }
}

struct chunks *chunks_new(struct source *s, const struct progress *progress)
{
    struct chunks *c = xcalloc(1, sizeof *c);
    c->source = s;
    c->progress = progress;
    c->inflate = inflate_new(source_read, s);
    if (!c->inflate)
        xmalloc(SIZE_MAX);
    bool large = source_size(s) > SMALL;
    for (size_t i = 0; i < (large ? SLOTS : 2); i++)
        c->slots[i].bytes = xmalloc(HEAD + CHUNK);
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->changed, NULL);
    c->threaded = large && pthread_create(&c->thread, NULL, run, c) == 0;
    return c;
}

void chunks_free(struct chunks *c)
{
    if (!c)
        return;
    if (c->threaded) {
        pthread_mutex_lock(&c->lock);
        c->stop = true;
        pthread_cond_signal(&c->changed);
        pthread_mutex_unlock(&c->lock);
        pthread_join(c->thread, NULL);
    }
    pthread_cond_destroy(&c->changed);
    pthread_mutex_destroy(&c->lock);
    for (size_t i = 0; i < SLOTS; i++)
        free(c->slots[i].bytes);
    free(c->spill);
    inflate_free(c->inflate);
    free(c);
}

int chunks_more(struct chunks *c, struct window *w, struct error *err)
{
    size_t slot_count = c->threaded ? SLOTS : 2;
    struct slot *slot = &c->slots[c->next];
    if (c->threaded) {
        pthread_mutex_lock(&c->lock);
        while (!slot->full)
            pthread_cond_wait(&c->changed, &c->lock);
        pthread_mutex_unlock(&c->lock);
    } else {
        fill(c, slot);
    }
    if (slot->status < 0)
        return error_set(err, ERROR_DATA, "%s", slot->why);
    if (slot->status == 0)
        return 0;

    size_t kept = (size_t)(w->end - w->p);
    uint8_t *start = slot->bytes + HEAD - kept;
    if (kept > HEAD) {
        bool in_spill = c->spill && w->p >= c->spill && w->p < c->spill + c->spill_cap;
        size_t at = in_spill ? (size_t)(w->p - c->spill) : 0;
        c->spill = xgrow(c->spill, &c->spill_cap, at + kept + slot->len, 1);
        if (!in_spill)
            memcpy(c->spill, w->p, kept);
        start = c->spill + at;
        memcpy(start + kept, slot->bytes + HEAD, slot->len);
    } else if (kept) {
        memcpy(start, w->p, kept);
    }
    w->p = start;
    w->end = start + kept + slot->len;
    c->delivered += slot->len;
    w->end_offset = c->delivered;
    w->file_bytes = slot->compressed;
    if (c->progress && c->progress->report)
        c->progress->report(c->progress->context, source_name(c->source), slot->compressed,
                            source_size(c->source));

    /* Only now may the slot before this one be filled again: the window pointed into it. */
    if (c->threaded) {
        pthread_mutex_lock(&c->lock);
        struct slot *before = &c->slots[(c->next + slot_count - 1) % slot_count];
        if (c->delivered > slot->len)
            before->full = false;
        pthread_cond_signal(&c->changed);
        pthread_mutex_unlock(&c->lock);
    }
    c->next = (c->next + 1) % slot_count;
    return 1;
}
