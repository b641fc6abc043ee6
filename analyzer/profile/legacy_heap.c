/* tcmalloc's and Go's heap profiles: per stack, what is in use and what was allocated.
 *
 *     heap profile:    3:   112 [   3:   112] @ heap_v2/524288
 *          2:        96 [     2:        96] @ 0x41f2bd 0x41f0d7
 *     ...
 *     MAPPED_LIBRARIES:
 *
 * The word behind the @ says how the numbers are to be read.
 */
#include "analyzer/base/num.h"
#include "analyzer/profile/legacy.h"

#include <math.h>
#include <string.h>

/* In the order of a line. */
enum { INUSE_OBJECTS, INUSE_SPACE, ALLOC_OBJECTS, ALLOC_SPACE, HEAP_NUMBERS };

struct heap {
    bool has_alloc;
    bool sampled; /* every PERIOD bytes on average: values are estimates */
    int64_t period;
};

/* "N: N [N: N]", with any number of spaces between. Only the first two MAY_BE_NEGATIVE. */
static bool skip_numbers(struct str *s, bool may_be_negative, struct str numbers[HEAP_NUMBERS])
{
    static const char *const behind[HEAP_NUMBERS] = {":", "[", ":", "]"};
    for (int i = 0; i < HEAP_NUMBERS; i++) {
        const char *start = s->ptr;
        if (may_be_negative && i < ALLOC_OBJECTS)
            scan_skip(s, "-");
        if (!scan_run(s, SCAN_DIGIT).len)
            return false;
        numbers[i] = (struct str){start, (size_t)(s->ptr - start)};
        /* a colon follows at once */
        if (behind[i][0] != ':')
            scan_run(s, SCAN_BLANK);
        if (!scan_skip(s, behind[i]))
            return false;
        if (i < ALLOC_SPACE)
            scan_run(s, SCAN_BLANK);
    }
    return true;
}

/* Finds the next "heap profile: N: N [N: N]" in LINE, which is then what follows it. */
static bool next_header(struct str *line, struct str numbers[HEAP_NUMBERS])
{
    while (scan_find(line, "heap profile:")) {
        struct str rest = *line;
        scan_run(&rest, SCAN_BLANK);
        if (skip_numbers(&rest, false, numbers)) {
            *line = rest;
            return true;
        }
    }
    return false;
}

/* The kinds "heap...", as in "@ heap_v2/524288". */
static bool find_heap_header(struct str line, struct str numbers[HEAP_NUMBERS], struct str *kind,
                             struct str *period)
{
    while (next_header(&line, numbers)) {
        struct str rest = line;
        scan_run(&rest, SCAN_BLANK);
        if (!scan_skip(&rest, "@"))
            continue;
        scan_run(&rest, SCAN_BLANK);
        if (!str_starts(rest, "heap"))
            continue;
        *kind = scan_run(&rest, SCAN_NAME);
        scan_skip(&rest, "/");
        *period = scan_run(&rest, SCAN_DIGIT);
        return true;
    }
    return false;
}

static bool has_other_header(struct str line)
{
    struct str numbers[HEAP_NUMBERS];
    while (next_header(&line, numbers))
        if (str_starts(line, " @ growth") || str_starts(line, " @ fragmentation"))
            return true;
    return false;
}

static enum legacy_verdict read_header(struct heap *h, struct str line, struct error *err)
{
    struct str n[HEAP_NUMBERS], kind, period;
    *h = (struct heap){.period = 1};
    if (!find_heap_header(line, n, &kind, &period))
        return has_other_header(line) ? LEGACY_OK : LEGACY_UNRECOGNIZED;
    int64_t written = 0;
    if (period.len && !scan_int(period, 10, &written)) {
        legacy_malformed(err, 1, "heap profile with a sampling period out of range:", period);
        return LEGACY_UNRECOGNIZED;
    }
    /* Where allocations are not counted they repeat what is in use, or are 0. */
    h->has_alloc =
        (str_cmp(n[ALLOC_OBJECTS], n[INUSE_OBJECTS]) != 0 && !str_is(n[ALLOC_OBJECTS], "0")) ||
        (str_cmp(n[ALLOC_SPACE], n[INUSE_SPACE]) != 0 && !str_is(n[ALLOC_SPACE], "0"));
    if (str_is(kind, "heapprofile"))
        return LEGACY_OK;
    h->sampled = true;
    h->period = written;
    if (str_is(kind, "heap_v2") || str_is(kind, "heapz_v2"))
        return LEGACY_OK;
    /* Go writes twice the rate, from when the format's first version needed it. */
    h->period = written / 2;
    if (str_is(kind, "heap"))
        return LEGACY_OK;
    legacy_malformed(err, 1, "unknown kind of heap profile", kind);
    return LEGACY_UNRECOGNIZED;
}

/* Finds "N: N [N: N] @ 0x... 0x..." in LINE. */
static bool find_sample(struct str line, struct str numbers[HEAP_NUMBERS], struct str *frames)
{
    const char *begin = line.ptr;
    while (line.len) {
        struct str rest = line;
        struct str digits = scan_run(&rest, SCAN_DIGIT);
        if (!digits.len) {
            line = (struct str){line.ptr + 1, line.len - 1};
            continue;
        }
        struct str candidate = line;
        if (digits.ptr > begin && digits.ptr[-1] == '-')
            candidate = (struct str){line.ptr - 1, line.len + 1};
        if (skip_numbers(&candidate, true, numbers) && scan_skip(&candidate, " @")) {
            *frames = scan_run(&candidate, SCAN_FRAMES);
            return true;
        }
        line = rest;
    }
    return false;
}

/* e to the X as Go computes it on amd64 with FMA: up to 2 ulp beside the C library's. The
 * difference shows, because 1-exp(-tiny) below cancels nearly all digits. The method is the one of
 * N. Shibata, "Efficient evaluation methods of elementary functions suitable for SIMD computation"
 * (2010): reduce by ln 2 and by 16, a Taylor series of e^x-1, and (e^x-1)(e^x+1) = e^2x-1 four
 * times. */
static double go_exp(double x)
{
    static const double inverse_factorials[] = {1.0 / 40320, 1.0 / 5040, 1.0 / 720, 1.0 / 120,
                                                1.0 / 24,    1.0 / 6,    0.5,       1.0};
    static const double ln2_high = 0x1.62e42fefa3p-1; /* the first bits of ln 2, and the rest */
    static const double ln2_low = 0x1.3de6af278ece6p-42;
    if (x > 709)
        return INFINITY;
    if (x < -709)
        return 0;
    double twos = nearbyint(x * M_LOG2E);
    x = fma(-twos, ln2_high, x);
    x = fma(-twos, ln2_low, x) * 0.0625;
    double sum = inverse_factorials[0];
    for (size_t i = 1; i < sizeof inverse_factorials / sizeof *inverse_factorials; i++)
        sum = fma(sum, x, inverse_factorials[i]);
    x *= sum;
    for (int i = 0; i < 3; i++)
        x *= x + 2;
    return ldexp(fma(x + 2, x, 1), (int)twos);
}

void legacy_unsample_heap(int64_t *count, int64_t *size, int64_t rate)
{
    if (*count == 0 || *size == 0) {
        *count = *size = 0;
        return;
    }
    /* 1: every allocation was taken. 0: not known. */
    if (rate <= 1)
        return;
    /* An allocation of S bytes is taken with a probability of 1-exp(-S/rate). */
    double average = (double)*size / (double)*count;
    double scale = 1 / (1 - go_exp(-average / (double)rate));
    *count = f64_to_i64((double)*count * scale);
    *size = f64_to_i64((double)*size * scale);
}

/* One pair of a line's numbers, as it goes into the profile; BLOCK_SIZE stays as it is without
 * objects. Returns what is wrong with it, or NULL. */
static const char *read_pair(const struct heap *h, struct str count_text, struct str size_text,
                             int64_t values[2], int64_t *block_size)
{
    int64_t count, size;
    if (!scan_int(count_text, 10, &count) || !scan_int(size_text, 10, &size))
        return "heap sample with a number out of range:";
    if (!count && size)
        return "heap sample with bytes, but without objects:";
    if (count) {
        /* INT64_MIN / -1 would trap */
        *block_size = count == -1 ? (int64_t) - (uint64_t)size : size / count;
        if (h->sampled)
            legacy_unsample_heap(&count, &size, h->period);
    }
    values[0] = count;
    values[1] = size;
    return NULL;
}

static const char *read_sample(struct legacy_profile *lp, const struct heap *h, struct str line)
{
    struct str n[HEAP_NUMBERS], frames;
    int64_t values[LEGACY_TYPES], block_size = 0;
    const char *wrong = NULL;
    if (!find_sample(line, n, &frames))
        return "malformed heap sample";
    if (h->has_alloc)
        wrong = read_pair(h, n[ALLOC_OBJECTS], n[ALLOC_SPACE], values, &block_size);
    if (!wrong)
        wrong = read_pair(h, n[INUSE_OBJECTS], n[INUSE_SPACE], values + (h->has_alloc ? 2 : 0),
                          &block_size);
    if (!wrong && !legacy_add_frames(lp, frames, ADJUST_ALL))
        wrong = "heap sample with an address of more than 64 bits:";
    if (!wrong)
        legacy_end_sample(lp, values)->block_size = block_size;
    return wrong;
}

enum legacy_verdict legacy_heap(struct legacy_profile *lp, struct str in, struct error *err)
{
    struct scanner lines;
    struct heap h;
    scanner_init(&lines, in);
    if (!scanner_next(&lines))
        return legacy_end_of_lines(&lines, LEGACY_UNRECOGNIZED, err);
    enum legacy_verdict verdict = read_header(&h, lines.text, err);
    if (verdict != LEGACY_OK)
        return verdict;

    struct profile *p = lp->profile;
    p->period = h.period;
    p->period_type = (struct value_type){profile_intern(p, "space"), profile_intern(p, "bytes")};
    lp->has_block_size = true;
    /* What is in use comes last, for the last type is the one shown by default. */
    static const char *const alloc_types[] = {"alloc_objects", "alloc_space", "inuse_objects",
                                              "inuse_space"};
    static const char *const plain_types[] = {"objects", "space"};
    for (size_t i = 0; i < (h.has_alloc ? 4 : 2); i++)
        legacy_add_type(lp, scan_str(h.has_alloc ? alloc_types[i] : plain_types[i]),
                        scan_str(i % 2 ? "bytes" : "count"));

    while (scanner_next(&lines)) {
        struct str line = scan_trim(lines.text);
        if (scan_is_blank(line))
            continue;
        if (legacy_is_map_header(line))
            break;
        const char *wrong = read_sample(lp, &h, line);
        if (wrong)
            return legacy_malformed(err, lines.number, wrong, line);
    }
    return legacy_find_map(lp, &lines, err);
}
