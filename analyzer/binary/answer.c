#include "analyzer/binary/answer.h"

#include "analyzer/base/alloc.h"

#include <stdlib.h>
#include <string.h>

/* problem · number of strings · (length · bytes · NUL)... · per address: number of frames · frames
 */
struct frame_bytes {
    uint32_t name, file;
    uint32_t line, column, start_line;
};

struct lookup_answer {
    struct lookup_answer *next;
    struct strtab strings;
    struct binary_frame *frames;
    uint32_t *counts;
    size_t count;
};

static void put32(struct buf *out, uint32_t v)
{
    buf_add(out, (const char *)&v, sizeof v);
}

void answer_begin(struct answer_writer *w)
{
    *w = (struct answer_writer){0};
    strtab_init(&w->strings);
}

void answer_add(struct answer_writer *w, const struct binary_frame *frames, size_t count)
{
    put32(&w->frames, (uint32_t)count);
    for (size_t i = 0; i < count; i++) {
        struct frame_bytes f = {
            .name = strtab_puts(&w->strings, frames[i].name),
            .file = strtab_puts(&w->strings, frames[i].file),
            .line = (uint32_t)frames[i].line, /* no compiler says more */
            .column = (uint32_t)frames[i].column,
            .start_line = (uint32_t)frames[i].start_line,
        };
        buf_add(&w->frames, (const char *)&f, sizeof f);
    }
}

void answer_end(struct answer_writer *w, struct buf *out)
{
    buf_add(out, (const char *)&w->problem, sizeof w->problem);
    put32(out, (uint32_t)w->strings.count);
    for (size_t i = 0; i < w->strings.count; i++) {
        struct str s = strtab_get(&w->strings, (strid)i);
        put32(out, (uint32_t)s.len);
        buf_str(out, s);
    }
    buf_add(out, w->frames.data, w->frames.len);
    buf_release(&w->frames);
    strtab_release(&w->strings);
}

/* What is left to read. */
struct cursor {
    const char *data;
    size_t len;
};

static bool take(struct cursor *c, void *out, size_t size)
{
    if (c->len < size)
        return false;
    memcpy(out, c->data, size);
    c->data += size;
    c->len -= size;
    return true;
}

static bool take_strings(struct cursor *c, struct lookup_answer *a, strid **ids, uint32_t *count)
{
    if (!take(c, count, sizeof *count) || *count > c->len / sizeof(uint32_t))
        return false;
    *ids = xcalloc(*count + 1, sizeof **ids);
    for (uint32_t i = 0; i < *count; i++) {
        uint32_t len;
        if (!take(c, &len, sizeof len) || len > c->len)
            return false;
        (*ids)[i] = strtab_add(&a->strings, c->data, len);
        c->data += len;
        c->len -= len;
    }
    return true;
}

static bool take_frames(struct cursor *c, struct lookup_answer *a, const strid *ids,
                        uint32_t strings)
{
    struct frame_bytes f;
    size_t most = c->len / sizeof f, used = 0;
    a->frames = xcalloc(most + 1, sizeof *a->frames);
    a->counts = xcalloc(a->count + 1, sizeof *a->counts);
    for (size_t i = 0; i < a->count; i++) {
        if (!take(c, &a->counts[i], sizeof a->counts[i]) || a->counts[i] > most - used)
            return false;
        for (uint32_t k = 0; k < a->counts[i]; k++) {
            if (!take(c, &f, sizeof f) || f.name >= strings || f.file >= strings)
                return false;
            a->frames[used++] = (struct binary_frame){
                .name = strtab_get(&a->strings, ids[f.name]).ptr,
                .file = strtab_get(&a->strings, ids[f.file]).ptr,
                .line = f.line,
                .column = f.column,
                .start_line = f.start_line,
            };
        }
    }
    return c->len == 0;
}

struct lookup_answer *answer_read(const char *data, size_t len, size_t count,
                                  struct lookup_problem *problem)
{
    struct cursor c = {data, len};
    struct lookup_answer *a = xcalloc(1, sizeof *a);
    struct lookup_problem said;
    strid *ids = NULL;
    uint32_t strings;
    strtab_init(&a->strings);
    a->count = count;
    bool good = take(&c, &said, sizeof said) && take_strings(&c, a, &ids, &strings);
    if (good && said.error.kind != ERROR_NONE) {
        said.error.text[sizeof said.error.text - 1] = '\0';
        *problem = said;
    } else if (good) {
        good = take_frames(&c, a, ids, strings);
    }
    free(ids);
    if (good)
        return a;
    answer_free(a);
    return NULL;
}

void answer_frames(const struct lookup_answer *a, struct lookup_frames *out)
{
    const struct binary_frame *frames = a->frames;
    for (size_t i = 0; i < a->count; i++) {
        out[i] = (struct lookup_frames){frames, a->counts[i]};
        frames += a->counts[i];
    }
}

void answer_next(struct lookup_answer *a, struct lookup_answer *next)
{
    a->next = next;
}

void answer_free(struct lookup_answer *a)
{
    while (a) {
        struct lookup_answer *next = a->next;
        strtab_release(&a->strings);
        free(a->frames);
        free(a->counts);
        free(a);
        a = next;
    }
}
