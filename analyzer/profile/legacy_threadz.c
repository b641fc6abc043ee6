/* threadz: what every thread of a program was doing.
 *
 *     --- threadz 1 ---
 *     --- Thread 7f794ab90940 (name: main/14748) stack: ---
 *       PC: 0x00bc8f1c: helper(arg *)
 *       0x0040be31: main
 *     --- Thread 7f794a32e940 (name: worker/14751) stack: ---
 *         [same as previous thread]
 *     --- Memory map: ---
 */
#include "analyzer/profile/legacy.h"

/* "--- threadz N ---" anywhere in LINE? */
static bool is_start(struct str line)
{
    while (scan_find(&line, "--- threadz ")) {
        struct str rest = line;
        if (scan_run(&rest, SCAN_DIGIT).len && scan_skip(&rest, " ---"))
            return true;
    }
    return false;
}

/* "--- Thread XID (name: NAME/ID) stack: ---" anywhere in LINE? */
static bool is_thread(struct str line)
{
    bool named = false;
    while (!named && scan_find(&line, "--- Thread ")) {
        struct str rest = line;
        named = scan_run(&rest, SCAN_XDIGIT).len && scan_skip(&rest, " (name: ");
        if (named)
            line = rest;
    }
    while (named && scan_find(&line, "/")) {
        struct str rest = line;
        if (scan_run(&rest, SCAN_DIGIT).len && scan_skip(&rest, ") stack: ---"))
            return true;
    }
    return false;
}

/* Reads the stack of one thread. LINE is the line behind it; at the end of the input the last line
 * of the stack, which is no thread and no memory map, so that the profile is refused, as pprof
 * does. */
static enum legacy_verdict read_stack(struct legacy_profile *lp, struct scanner *lines,
                                      struct str *line, struct error *err)
{
    bool same_as_previous = false;
    *line = scan_str("");
    while (scanner_next(lines)) {
        *line = scan_trim(lines->text);
        if (str_starts(*line, "---"))
            break;
        if (scan_contains(*line, "same as previous thread"))
            same_as_previous = true;
        else if (!legacy_add_frames(lp, *line, ADJUST_CALLERS))
            return legacy_malformed(err, lines->number,
                                    "stack with an address of more than 64 bits:", *line);
    }
    if (same_as_previous)
        legacy_drop_frames(lp);
    return legacy_end_of_lines(lines, LEGACY_OK, err);
}

enum legacy_verdict legacy_threadz(struct legacy_profile *lp, struct str in, struct error *err)
{
    struct scanner lines;
    scanner_init(&lines, in);
    while (scanner_next(&lines) && scan_is_blank(lines.text))
        ;
    struct str line = lines.text;
    if (is_start(line)) {
        while (scanner_next(&lines)) {
            line = lines.text;
            if (legacy_is_map_header(line) || str_starts(line, "-"))
                break;
        }
    } else if (!is_thread(line)) {
        return LEGACY_UNRECOGNIZED;
    }

    legacy_add_type(lp, scan_str("thread"), scan_str("count"));
    lp->profile->period_type = lp->types[0];
    lp->profile->period = 1;
    lp->leaf_comes_twice = true;
    while (!legacy_is_map_header(line) && !str_starts(line, "---- no stack trace for")) {
        if (!is_thread(line)) {
            legacy_malformed(err, lines.number, "neither a thread nor a memory map:", line);
            return LEGACY_UNRECOGNIZED;
        }
        enum legacy_verdict verdict = read_stack(lp, &lines, &line, err);
        if (verdict != LEGACY_OK)
            return verdict;
        if (lp->frame_count > lp->open)
            legacy_end_sample(lp, (int64_t[]){1});
        else if (lp->sample_count) /* the same as the thread before */
            lp->values[lp->sample_count - 1]++;
    }
    return legacy_find_map(lp, &lines, err);
}
