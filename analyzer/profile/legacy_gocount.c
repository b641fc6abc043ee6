/* Go's counting profiles (goroutine, threadcreate, ...) with debug=1: one line per stack.
 *
 *     goroutine profile: total 5
 *     2 @ 0x43b0f6 0x40a3c5 0x46d9e1
 *     #	0x46d9e0	main.main+0x20	main.go:9
 */
#include "analyzer/profile/legacy.h"

/* "NAME profile: total N", and nothing else. */
static bool read_header(struct str line, struct str *name)
{
    *name = scan_word(&line);
    return name->len && scan_skip(&line, " profile: total ") && scan_run(&line, SCAN_DIGIT).len &&
           !line.len;
}

/* "N @ 0x... 0x...", at least one address, one space before each, and nothing else. */
static bool is_sample(struct str line, struct str *count, struct str *frames)
{
    *count = scan_run(&line, SCAN_DIGIT);
    if (!count->len || !scan_skip(&line, " @"))
        return false;
    *frames = line;
    do {
        if (!scan_skip(&line, " 0x") || !scan_run(&line, SCAN_LOHEX).len)
            return false;
    } while (line.len);
    return true;
}

enum legacy_verdict legacy_gocount(struct legacy_profile *lp, struct str in, struct error *err)
{
    struct scanner lines;
    struct str name;
    scanner_init(&lines, in);
    while (scanner_next(&lines) && scan_is_blank(lines.text))
        ;
    if (!read_header(lines.text, &name))
        return legacy_end_of_lines(&lines, LEGACY_UNRECOGNIZED, err);

    legacy_add_type(lp, name, scan_str("count"));
    lp->profile->period_type = lp->types[0];
    lp->profile->period = 1;
    while (scanner_next(&lines)) {
        struct str count_text, frames;
        int64_t count;
        if (scan_is_blank(lines.text))
            continue;
        if (str_starts(lines.text, "---"))
            break;
        /* Base 0: a count with a leading zero is octal. */
        if (!is_sample(lines.text, &count_text, &frames) || !scan_int(count_text, 0, &count) ||
            !legacy_add_frames(lp, frames, ADJUST_ALL))
            return legacy_malformed(err, lines.number, "malformed sample of a counting profile",
                                    lines.text);
        legacy_end_sample(lp, &count);
    }
    return legacy_find_map(lp, &lines, err);
}
