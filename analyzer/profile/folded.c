#include "analyzer/profile/folded.h"

#include "analyzer/base/alloc.h"
#include "analyzer/profile/builder.h"
#include "analyzer/profile/legacy_scan.h"
#include "analyzer/profile/textlines.h"

#include <stdlib.h>
#include <string.h>

enum {
    LINES_LOOKED_AT = 16, /* before a file is taken for this format */
    DIGITS = 18,          /* of a count, which then fits 64 bits */
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static struct str without_blanks_at_end(struct str s)
{
    while (s.len && is_blank(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

/* 12, -3, or 1.5, which is rounded; all of S. */
static bool read_count(struct str s, int64_t *count)
{
    size_t i = s.len && s.ptr[0] == '-', start = i;
    int64_t n = 0;
    for (; i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9'; i++)
        n = i - start < DIGITS ? n * 10 + (s.ptr[i] - '0') : n;
    if (i == start || i - start > DIGITS)
        return false;
    if (i < s.len && s.ptr[i] == '.') {
        n += i + 1 < s.len && s.ptr[i + 1] >= '5' && s.ptr[i + 1] <= '9';
        for (i++; i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9'; i++)
            ;
    }
    *count = start ? -n : n;
    return i == s.len;
}

/* Takes the count off the end of LINE, and the blanks around it. False if there is none. */
static bool cut_count(struct str *line, int64_t *count)
{
    struct str s = without_blanks_at_end(*line);
    size_t at = s.len;
    while (at && !is_blank(s.ptr[at - 1]))
        at--;
    if (!at || !read_count((struct str){s.ptr + at, s.len - at}, count))
        return false;
    *line = without_blanks_at_end((struct str){s.ptr, at});
    return true;
}

/* Is there nothing to read in a line that has no count? */
static bool is_remark(struct str line)
{
    return !without_blanks_at_end(line).len || line.ptr[0] == '#';
}

bool folded_knows(struct str in)
{
    struct text_lines lines = text_lines_of(in);
    struct str line;
    size_t stacks = 0;
    while (stacks < LINES_LOOKED_AT && text_lines_next(&lines, &line)) {
        int64_t count;
        if (memchr(line.ptr, '\0', line.len))
            return false;
        if (cut_count(&line, &count))
            stacks++;
        else if (!is_remark(line))
            return false;
    }
    return stacks > 0;
}

/* Two counts at the end of every line; a name may end in a number, but not all of them do. */
static bool is_difference(struct str in)
{
    struct text_lines lines = text_lines_of(in);
    struct str line;
    int64_t count;
    while (text_lines_next(&lines, &line))
        if (cut_count(&line, &count) ? !cut_count(&line, &count) : !is_remark(line))
            return false;
    return true;
}

struct frames {
    uint32_t *locations;
    size_t count, cap;
};

/* The frames of STACK, leaf first. */
static void split(struct builder *b, struct str stack, struct frames *f)
{
    f->count = 0;
    const char *end = stack.ptr + stack.len;
    while (stack.len) {
        const char *semicolon = memrchr(stack.ptr, ';', (size_t)(end - stack.ptr));
        const char *name = semicolon ? semicolon + 1 : stack.ptr;
        f->locations = xgrow(f->locations, &f->cap, f->count + 1, sizeof *f->locations);
        f->locations[f->count++] = builder_named(b, name, (size_t)(end - name));
        if (!semicolon)
            break;
        end = semicolon;
    }
}

static int read_lines(struct builder *b, struct str in, bool difference, struct error *err)
{
    struct text_lines lines = text_lines_of(in);
    struct frames frames = {0};
    struct str line;
    int rc = 0;
    while (!rc && text_lines_next(&lines, &line)) {
        int64_t values[2] = {0};
        uint32_t stack;
        struct str whole = line;
        if (!cut_count(&line, &values[difference])) {
            if (!is_remark(line))
                rc = error_set(err, ERROR_DATA, "line %zu: no count at the end of '%s'",
                               lines.number, scan_shown(whole).text);
            continue;
        }
        if (difference)
            cut_count(&line, &values[0]);
        split(b, line, &frames);
        rc = builder_stack(b, frames.locations, frames.count, &stack, err);
        for (size_t t = 0; !rc && t <= difference; t++)
            builder_add(b, stack, 0, t, values[t]);
    }
    free(frames.locations);
    return rc;
}

struct profile *folded_read(struct str in, struct error *err)
{
    struct builder b;
    builder_init(&b);
    bool difference = is_difference(in);
    strid count = profile_intern(b.p, "count");
    if (difference)
        builder_set_types(&b,
                          (struct value_type[]){{profile_intern(b.p, "old"), count},
                                                {profile_intern(b.p, "new"), count}},
                          2);
    else
        builder_set_types(&b, &(struct value_type){profile_intern(b.p, "samples"), count}, 1);
    if (read_lines(&b, in, difference, err)) {
        builder_release(&b);
        return NULL;
    }
    return builder_finish(&b);
}
