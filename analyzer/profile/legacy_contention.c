/* contentionz of C++ programs and Go's mutex and block profiles with debug=1: who waited for locks.
 *
 *     --- contentionz 1 ---        or "--- mutex:", "--- contention:"
 *     cycles/second = 3201000000
 *     sampling period = 100
 *       DELAY COUNT @ 0x40bc8f 0x40be31
 *     --- Memory map: ---
 */
#include "analyzer/base/num.h"
#include "analyzer/profile/legacy.h"

struct contention {
    int64_t cycles_per_second, period;
};

/* An attribute "KEY = NUMBER"; UNIT makes the number what goes into FIELD. */
struct attribute {
    const char *key;
    int64_t *field;
    int64_t unit;
};

/* Finds "N N @ 0x... 0x..." in LINE. The space between the numbers is optional: "123 @" reads as 12
 * and 3. */
static bool find_sample(struct str line, struct str numbers[2], struct str *frames)
{
    while (line.len) {
        numbers[0] = scan_run(&line, SCAN_DIGIT);
        if (!numbers[0].len) {
            line = (struct str){line.ptr + 1, line.len - 1};
            continue;
        }
        struct str rest = line;
        scan_run(&rest, SCAN_BLANK);
        numbers[1] = scan_run(&rest, SCAN_DIGIT);
        if (!numbers[1].len && numbers[0].len > 1) {
            rest = line;
            numbers[0].len--;
            numbers[1] = (struct str){line.ptr - 1, 1};
        }
        if (numbers[1].len && scan_skip(&rest, " @")) {
            *frames = scan_run(&rest, SCAN_FRAMES);
            return true;
        }
    }
    return false;
}

static enum legacy_verdict read_sample(struct legacy_profile *lp, const struct contention *c,
                                       struct str line, size_t number, struct error *err)
{
    struct str n[2], frames;
    int64_t delay, count;
    if (!find_sample(line, n, &frames)) {
        legacy_malformed(err, number, "malformed contention sample", line);
        return LEGACY_UNRECOGNIZED;
    }
    if (!scan_int(n[0], 10, &delay) || !scan_int(n[1], 10, &count))
        return legacy_malformed(err, number, "contention sample with a number out of range:", line);
    /* One contention in PERIOD was taken; delays are in cycles, which become nanoseconds. */
    if (c->period > 0) {
        if (c->cycles_per_second > 0) {
            double cycles_per_ns = (double)c->cycles_per_second / 1e9;
            delay = f64_to_i64((double)delay * (double)c->period / cycles_per_ns);
        }
        count *= c->period;
    }
    if (!legacy_add_frames(lp, frames, ADJUST_ALL))
        return legacy_malformed(err, number,
                                "contention sample with an address of more than 64 bits:", line);
    legacy_end_sample(lp, (int64_t[]){count, delay});
    return LEGACY_OK;
}

/* Reads "KEY = VALUE" into the attribute it names. */
static enum legacy_verdict read_attribute(const struct attribute *attributes, size_t count,
                                          struct str key, struct str value, size_t number,
                                          struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        int64_t n;
        if (!str_is(key, attributes[i].key))
            continue;
        if (!attributes[i].field)
            return LEGACY_OK;
        if (!scan_int(value, 0, &n)) {
            legacy_malformed(err, number, "attribute that should be a number:", value);
            return LEGACY_UNRECOGNIZED;
        }
        *attributes[i].field = n * attributes[i].unit;
        return LEGACY_OK;
    }
    /* These are how Java's contentionz is told apart: legacy_java will take it. */
    if (!str_is(key, "format") && !str_is(key, "resolution"))
        legacy_malformed(err, number, "unknown attribute of a contention profile:", key);
    return LEGACY_UNRECOGNIZED;
}

static bool is_header(struct str line)
{
    return str_starts(line, "--- contentionz ") || str_starts(line, "--- mutex:") ||
           str_starts(line, "--- contention:");
}

enum legacy_verdict legacy_contention(struct legacy_profile *lp, struct str in, struct error *err)
{
    struct scanner lines;
    enum legacy_verdict verdict;
    scanner_init(&lines, in);
    if (!scanner_next(&lines) || !is_header(lines.text))
        return legacy_end_of_lines(&lines, LEGACY_UNRECOGNIZED, err);

    struct profile *p = lp->profile;
    legacy_add_type(lp, scan_str("contentions"), scan_str("count"));
    legacy_add_type(lp, scan_str("delay"), scan_str("nanoseconds"));
    p->period_type = lp->types[0];
    struct contention c = {.period = 1};
    const struct attribute attributes[] = {
        {"cycles/second", &c.cycles_per_second, 1},
        {"sampling period", &c.period, 1},
        {"ms since reset", &p->duration_nanos, 1000 * 1000},
        {"discarded samples", NULL, 0},
    };
    while (scanner_next(&lines)) {
        struct str line = scan_trim(lines.text), value = line;
        if (scan_is_blank(line))
            continue;
        if (str_starts(line, "---") || !scan_find(&value, "="))
            break;
        struct str key = {line.ptr, line.len - value.len - 1};
        verdict = read_attribute(attributes, sizeof attributes / sizeof *attributes, scan_trim(key),
                                 scan_trim(value), lines.number, err);
        if (verdict != LEGACY_OK)
            return verdict;
    }
    p->period = c.period;

    /* The line that ended the attributes is the first sample. */
    do {
        struct str line = scan_trim(lines.text);
        if (str_starts(line, "---"))
            break;
        if (scan_is_blank(line))
            continue;
        verdict = read_sample(lp, &c, line, lines.number, err);
        if (verdict != LEGACY_OK)
            return verdict;
    } while (scanner_next(&lines));
    return legacy_find_map(lp, &lines, err);
}
