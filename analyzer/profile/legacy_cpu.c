/* gperftools' CPU profile: machine words of the program that wrote it, then its memory map as text.
 *
 *     0 3 KIND PERIOD 0          header; KIND 0 is native code, 1 Java; PERIOD is in microseconds
 *     COUNT DEPTH ADDRESS...     a stack, leaf first, and how often it was seen
 *     0 1 0                      the end of the samples
 *
 * Words are 4 or 8 bytes in either byte order; which, only the header tells.
 */
#include "analyzer/profile/legacy.h"

#include <string.h>

struct words {
    const unsigned char *next, *end;
    size_t size;
    bool big_endian;
    bool short_read; /* a word was cut off by the end; it and all that follow read as 0 */
};

static const struct words word_kinds[] = {
    {.size = 4},
    {.size = 4, .big_endian = true},
    {.size = 8},
    {.size = 8, .big_endian = true},
};

static size_t bytes_left(const struct words *w)
{
    return (size_t)(w->end - w->next);
}

static uint64_t next_word(struct words *w)
{
    if (bytes_left(w) < w->size) {
        w->short_read = true;
        w->next = w->end;
        return 0;
    }
    uint64_t word = 0;
    for (size_t i = 0; i < w->size; i++)
        word |= (uint64_t)w->next[w->big_endian ? w->size - 1 - i : i] << (8 * i);
    w->next += w->size;
    return word;
}

/* Reads samples up to the end marker or, as gperftools writes it when a program dies, the end of
 * IN. */
static enum legacy_verdict read_samples(struct legacy_profile *lp, struct words *w,
                                        const char *start, enum legacy_adjust adjust,
                                        struct error *err)
{
    for (uint64_t stack = 0; bytes_left(w); stack++) {
        size_t offset = (size_t)((const char *)w->next - start);
        uint64_t count = next_word(w), depth = next_word(w);
        if (w->short_read) {
            error_set(err, ERROR_DATA, "CPU profile: stack %llu, at byte %zu, is cut off",
                      (unsigned long long)stack, offset);
            return LEGACY_UNRECOGNIZED;
        }
        /* pprof's check takes every word for 4 bytes long: with longer ones the last addresses of
         * a stack may be missing, and read as 0. */
        if (depth > bytes_left(w) / 4) {
            error_set(err, ERROR_DATA,
                      "CPU profile: stack %llu, at byte %zu, has %llu addresses, but only %zu "
                      "bytes follow",
                      (unsigned long long)stack, offset, (unsigned long long)depth, bytes_left(w));
            return LEGACY_UNRECOGNIZED;
        }
        uint64_t first = depth ? next_word(w) : 0;
        if (count == 0 && depth == 1 && first == 0)
            return LEGACY_OK;
        for (uint64_t i = 0; i < depth; i++)
            legacy_add_frame(lp, i ? next_word(w) : first, adjust);
        uint64_t time = count * (uint64_t)lp->profile->period;
        legacy_end_sample(lp, (int64_t[]){(int64_t)count, (int64_t)time});
    }
    return LEGACY_OK;
}

/* The location that nearly all stacks have right behind the leaf, or NO_INDEX. */
static uint32_t common_second_frame(const struct legacy_profile *lp)
{
    /* The only one that more than half of them can have, by a vote; then the votes are counted. */
    uint32_t candidate = NO_INDEX;
    size_t lead = 0, count = 0;
    for (size_t i = 0; i < lp->sample_count; i++) {
        struct legacy_sample s = lp->samples[i];
        if (s.count < 2)
            continue;
        uint32_t second = lp->frames[s.first + 1];
        if (!lead)
            candidate = second;
        if (second == candidate)
            lead++;
        else
            lead--;
    }
    for (size_t i = 0; i < lp->sample_count; i++) {
        struct legacy_sample s = lp->samples[i];
        count += s.count > 1 && lp->frames[s.first + 1] == candidate;
    }
    size_t margin = lp->sample_count / 32;
    return count && count >= lp->sample_count - margin ? candidate : NO_INDEX;
}

/* The frame of the profiler's signal handler stands between the leaf, which the signal context
 * gave, and the rest; it may be two deep. */
static void drop_signal_frames(struct legacy_profile *lp)
{
    for (int round = 0; round < 2; round++) {
        uint32_t handler = common_second_frame(lp);
        if (handler == NO_INDEX)
            return;
        for (size_t i = 0; i < lp->sample_count; i++) {
            struct legacy_sample *s = &lp->samples[i];
            uint32_t *stack = lp->frames + s->first;
            if (s->count < 2 || stack[1] != handler)
                continue;
            memmove(stack + 1, stack + 2, (s->count - 2) * sizeof *stack);
            s->count--;
        }
    }
}

enum legacy_verdict legacy_cpu(struct legacy_profile *lp, struct str in, struct error *err)
{
    struct words w;
    uint64_t kind = 0, period = 0;
    bool found = false;
    for (size_t i = 0; i < sizeof word_kinds / sizeof *word_kinds && !found; i++) {
        w = word_kinds[i];
        w.next = (const unsigned char *)in.ptr;
        w.end = w.next + in.len;
        bool magic = next_word(&w) == 0 && next_word(&w) == 3;
        kind = next_word(&w);
        period = next_word(&w);
        found = next_word(&w) == 0 && magic && kind <= 1 && period > 0 && !w.short_read;
    }
    if (!found)
        return LEGACY_UNRECOGNIZED;

    struct profile *p = lp->profile;
    p->period = (int64_t)(period * 1000);
    p->period_type =
        (struct value_type){profile_intern(p, "cpu"), profile_intern(p, "nanoseconds")};
    legacy_add_type(lp, scan_str("samples"), scan_str("count"));
    legacy_add_type(lp, scan_str("cpu"), scan_str("nanoseconds"));

    bool java = kind == 1;
    enum legacy_verdict verdict =
        read_samples(lp, &w, in.ptr, java ? ADJUST_NONE : ADJUST_CALLERS, err);
    if (verdict != LEGACY_OK)
        return verdict;
    struct str rest = {(const char *)w.next, bytes_left(&w)};
    if (java)
        return legacy_read_java_locations(lp, rest, 0, err);

    drop_signal_frames(lp);
    lp->leaf_comes_twice = true;
    struct scanner lines;
    scanner_init(&lines, rest);
    return legacy_read_map(lp, &lines, err);
}
