/* Java's heapz and contentionz, and what Java's CPU profile has in the place of a memory map.
 *
 *     --- heapz 1 ---
 *     format = java
 *     resolution = bytes
 *           7048        2 @ 0x00000003 0x00000004
 *        0x00000003 com.example.Test.run (Test.java:10)
 *        0x00000004 GC
 *
 * Addresses are only names for the locations at the end of the file.
 */
#include "analyzer/profile/legacy.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/path.h"

#include <stdlib.h>
#include <string.h>

struct cursor {
    struct str rest;
    size_t lines; /* already read */
};

/* The next line, trimmed. What follows the last newline only counts as one with UNFINISHED. */
static bool next_line(struct cursor *c, bool unfinished, struct str *line)
{
    const char *newline = c->rest.len ? memchr(c->rest.ptr, '\n', c->rest.len) : NULL;
    if (!newline && (!unfinished || !c->rest.len))
        return false;
    size_t len = newline ? (size_t)(newline - c->rest.ptr) : c->rest.len, step = len + !!newline;
    *line = scan_trim((struct str){c->rest.ptr, len});
    c->rest = (struct str){c->rest.ptr + step, c->rest.len - step};
    c->lines++;
    return true;
}

/* Finds "KEY=VALUE" in LINE, both of letters, digits, _ and spaces. */
static bool find_attribute(struct str line, struct str *key, struct str *value)
{
    while (line.len) {
        struct str before = scan_run(&line, SCAN_WORD | SCAN_BLANK);
        if (!scan_skip(&line, "=")) {
            if (line.len)
                line = (struct str){line.ptr + 1, line.len - 1};
            continue;
        }
        struct str rest = line;
        *key = scan_trim(before);
        *value = scan_run(&rest, SCAN_WORD | SCAN_BLANK);
        if (before.len && value->len) {
            *value = scan_trim(*value);
            return true;
        }
    }
    return false;
}

static void set_types(struct legacy_profile *lp, bool heap, struct str unit)
{
    lp->type_count = 0;
    legacy_add_type(lp, scan_str(heap ? "inuse_objects" : "contentions"), scan_str("count"));
    legacy_add_type(lp, scan_str(heap ? "inuse_space" : "delay"), unit);
}

static enum legacy_verdict read_attributes(struct legacy_profile *lp, struct cursor *c, bool heap,
                                           struct error *err)
{
    struct profile *p = lp->profile;
    struct str line, key, value;
    for (struct cursor at = *c; next_line(&at, false, &line); *c = at) {
        int64_t number = 0;
        if (!line.len)
            continue;
        if (!find_attribute(line, &key, &value))
            break;
        bool period = !heap && str_is(key, "sampling period");
        bool duration = !heap && str_is(key, "ms since reset");
        if ((period || duration) && !scan_int(value, 0, &number))
            return legacy_malformed(err, at.lines, "attribute that should be a number:", line);
        if (period) {
            p->period = number;
            p->period_type =
                (struct value_type){profile_intern(p, "contentions"), profile_intern(p, "count")};
        } else if (duration) {
            p->duration_nanos = number * 1000 * 1000;
        } else if (str_is(key, "resolution")) {
            set_types(lp, heap, value);
        } else if (!str_is(key, "format") || !str_is(value, "java")) {
            legacy_malformed(err, at.lines, "unknown attribute of a Java profile:", line);
            return LEGACY_UNRECOGNIZED;
        }
    }
    return LEGACY_OK;
}

/* Finds "N N @ 0x... 0x..." in LINE, spaces all between them. */
static bool find_sample(struct str line, struct str numbers[2], struct str *frames)
{
    while (line.len) {
        numbers[0] = scan_run(&line, SCAN_DIGIT);
        if (!numbers[0].len) {
            line = (struct str){line.ptr + 1, line.len - 1};
            continue;
        }
        struct str rest = line;
        if (!scan_run(&rest, SCAN_BLANK).len)
            continue;
        numbers[1] = scan_run(&rest, SCAN_DIGIT);
        if (!numbers[1].len || !scan_run(&rest, SCAN_BLANK).len || !scan_skip(&rest, "@") ||
            !scan_run(&rest, SCAN_BLANK).len)
            continue;
        *frames = scan_run(&rest, SCAN_FRAMES);
        return true;
    }
    return false;
}

/* Returns what is wrong with the sample, or NULL. */
static const char *add_sample(struct legacy_profile *lp, bool heap, const struct str numbers[2],
                              struct str frames)
{
    static const int64_t heap_rate = 512 * 1024;
    int64_t count, value, period = lp->profile->period;
    /* The value comes first, the count second, unlike in all other formats. */
    if (!scan_int(numbers[1], 0, &count) || !scan_int(numbers[0], 0, &value))
        return "Java sample with a bad number:";
    if (!legacy_add_frames(lp, frames, ADJUST_NONE))
        return "Java sample with an address of more than 64 bits:";
    if (!lp->type_count)
        return "Java sample, but no attribute \"resolution\" before it:";
    if (heap && count == 0)
        return "Java heap sample without objects:";
    int64_t block_size = heap ? value / count : 0;
    if (heap)
        legacy_unsample_heap(&count, &value, heap_rate);
    else if (period) {
        count *= period;
        value *= period;
    }
    legacy_end_sample(lp, (int64_t[]){count, value})->block_size = block_size;
    return NULL;
}

static enum legacy_verdict read_samples(struct legacy_profile *lp, struct cursor *c, bool heap,
                                        struct error *err)
{
    struct str line, numbers[2], frames;
    for (struct cursor at = *c; next_line(&at, false, &line); *c = at) {
        if (!line.len)
            continue;
        if (!find_sample(line, numbers, &frames))
            break;
        const char *wrong = add_sample(lp, heap, numbers, frames);
        if (wrong)
            return legacy_malformed(err, at.lines, wrong, line);
    }
    return LEGACY_OK;
}

/* Splits TEXT at the last "(" that stands behind white space and before END: "FUNCTION (" and the
 * rest. One character of white space goes; more would belong to the function, as in pprof. */
static bool split_at_paren(struct str text, size_t end, struct str *function, struct str *inside)
{
    for (size_t open = end; open-- > 1;) {
        if (text.ptr[open] != '(' || !scan_in((unsigned char)text.ptr[open - 1], SCAN_SPACE))
            continue;
        *function = (struct str){text.ptr, open - 1};
        *inside = (struct str){text.ptr + open + 1, text.len - open - 1};
        return true;
    }
    return false;
}

/* "FUNCTION (FILE:LINE)"; a line that is negative or too large counts as unknown. */
static bool split_file_line(struct str text, struct str *function, struct str *file, int64_t *line)
{
    struct str inside;
    if (!text.len || text.ptr[text.len - 1] != ')')
        return false;
    size_t digits = text.len - 1;
    while (digits && scan_in((unsigned char)text.ptr[digits - 1], SCAN_DIGIT))
        digits--;
    size_t number = digits && text.ptr[digits - 1] == '-' ? digits - 1 : digits;
    if (digits == text.len - 1 || number < 2 || text.ptr[number - 1] != ':')
        return false;
    /* at least one character between the ( and the : */
    if (!split_at_paren(text, number - 2, function, &inside))
        return false;
    *file = (struct str){inside.ptr, (size_t)(text.ptr + number - 1 - inside.ptr)};
    if (!scan_int((struct str){text.ptr + number, text.len - 1 - number}, 10, line) || *line < 0)
        *line = 0;
    return true;
}

/* "FUNCTION (/path/of/library)" */
static bool split_library(struct str text, struct str *function, struct str *file)
{
    struct str inside;
    if (!text.len || text.ptr[text.len - 1] != ')' ||
        !split_at_paren(text, text.len - 1, function, &inside))
        return false;
    *file = path_base((struct str){inside.ptr, inside.len - 1});
    return true;
}

/* What TEXT, behind a location's address, says: the name of the function, its file, a line or 0. */
static void read_description(struct str text, struct str *function, struct str *file, int64_t *line)
{
    *line = 0;
    if (split_file_line(text, function, file, line) || split_library(text, function, file))
        return;
    *file = scan_str("");
    /* Else the whole is the name of a state, as "GC" or "VM". */
    *function = scan_contains(text, "generated stub/JIT") ? scan_str("STUB") : text;
}

/* Functions by the id of their name, so that each is there once, with the file it was first seen
 * in. */
struct function_names {
    uint32_t *index;
    size_t count, cap;
};

static uint32_t find_function(struct legacy_profile *lp, struct function_names *names,
                              struct str name, struct str file)
{
    struct strtab *strings = &lp->profile->strings;
    strid id = strtab_add(strings, name.ptr, name.len);
    if (id >= names->count) {
        names->index = xgrow(names->index, &names->cap, (size_t)id + 1, sizeof *names->index);
        memset(names->index + names->count, 0xFF,
               (names->cap - names->count) * sizeof *names->index);
        names->count = names->cap;
    }
    if (names->index[id] == NO_INDEX) {
        lp->functions =
            xgrow(lp->functions, &lp->function_cap, lp->function_count + 1, sizeof *lp->functions);
        names->index[id] = (uint32_t)lp->function_count++;
        lp->functions[names->index[id]] =
            (struct function){id, id, strtab_add(strings, file.ptr, file.len), 0};
    }
    return names->index[id];
}

static bool read_location(struct legacy_profile *lp, struct function_names *names, struct str line)
{
    struct str function, file;
    int64_t line_number;
    uint64_t address;
    scan_run(&line, SCAN_SPACE);
    if (!scan_skip(&line, "0x"))
        return true;
    struct str digits = scan_run(&line, SCAN_XDIGIT);
    if (!digits.len || !scan_run(&line, SCAN_SPACE).len)
        return true;
    if (!scan_uint(digits, 16, &address))
        return false;
    uint32_t location = idmap_get(&lp->by_address, address);
    if (location == NO_INDEX)
        return true;
    read_description(line, &function, &file, &line_number);
    lp->locations[location].function = find_function(lp, names, function, file);
    lp->locations[location].line = line_number;
    return true;
}

enum legacy_verdict legacy_read_java_locations(struct legacy_profile *lp, struct str in,
                                               size_t lines_before, struct error *err)
{
    struct cursor c = {in, lines_before};
    struct function_names names = {0};
    enum legacy_verdict verdict = LEGACY_OK;
    struct str line;
    lp->drop_addresses = true;
    while (verdict == LEGACY_OK && next_line(&c, true, &line))
        if (!read_location(lp, &names, line))
            verdict = legacy_malformed(err, c.lines, "location with more than 64 bits:", line);
    free(names.index);
    return verdict;
}

enum legacy_verdict legacy_java(struct legacy_profile *lp, struct str in, struct error *err)
{
    struct cursor c = {in, 0};
    struct str line;
    if (!next_line(&c, false, &line))
        return LEGACY_UNRECOGNIZED;
    bool heap = str_is(line, "--- heapz 1 ---");
    if (!heap && !str_is(line, "--- contentionz 1 ---"))
        return LEGACY_UNRECOGNIZED;
    lp->has_block_size = heap;
    enum legacy_verdict verdict = read_attributes(lp, &c, heap, err);
    if (verdict == LEGACY_OK)
        verdict = read_samples(lp, &c, heap, err);
    if (verdict == LEGACY_OK)
        verdict = legacy_read_java_locations(lp, c.rest, c.lines, err);
    return verdict;
}
