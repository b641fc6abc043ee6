#include "tests/unit/sketch.h"

#include "analyzer/base/buf.h"

#include <CUnit/CUnit.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- from text */

static strid intern(struct profile *p, const char *s, size_t len)
{
    char copy[500];
    if (len >= sizeof copy)
        abort();
    for (size_t i = 0; i < len; i++)
        copy[i] = s[i];
    for (size_t i = 0; i < len; i++)
        if (copy[i] == '~')
            copy[i] = ' ';
    return strtab_add(&p->strings, copy, len);
}

static uint32_t function_of(struct profile *p, strid name, strid file)
{
    for (uint32_t i = 0; i < p->function_count; i++)
        if (p->functions[i].name == name && p->functions[i].filename == file)
            return i;
    return profile_add_function(
        p, (struct function){.name = name, .system_name = name, .filename = file});
}

/* NAME@FILE:LINE:COLUMN, LEN bytes. */
static struct line line_of(struct profile *p, const char *s, size_t len)
{
    struct line line = {0};
    const char *end = s + len, *at = memchr(s, '@', len);
    const char *file = at ? at + 1 : end;
    const char *colon = memchr(file, ':', (size_t)(end - file));
    const char *file_end = colon ? colon : end;
    line.function = function_of(p, intern(p, s, (size_t)((at ? at : end) - s)),
                                intern(p, file, (size_t)(file_end - file)));
    if (colon) {
        char *number_end;
        line.line = strtoll(colon + 1, &number_end, 10);
        if (*number_end == ':' && number_end < end)
            line.column = strtoll(number_end + 1, NULL, 10);
    }
    return line;
}

static uint32_t mapping_of(struct profile *p, const char *file)
{
    strid name = intern(p, file, strlen(file));
    for (uint32_t i = 0; i < p->mapping_count; i++)
        if (p->mappings[i].file == name)
            return i;
    uint64_t start = (p->mapping_count + 1) * 0x100000;
    return profile_add_mapping(p, (struct mapping){.start = start,
                                                   .limit = start + 0x10000,
                                                   .file = name,
                                                   .has_functions = true,
                                                   .has_filenames = true,
                                                   .has_line_numbers = true,
                                                   .has_inline_frames = true});
}

static uint32_t frame_of(struct profile *p, const char *text)
{
    struct location l = {.mapping = NO_INDEX};
    struct line lines[8] = {{0}};
    size_t count = 0;
    const char *bang = strchr(text, '!'), *end = bang ? bang : text + strlen(text);
    if (bang)
        l.mapping = mapping_of(p, bang + 1);
    if (strncmp(text, "0x", 2) == 0) {
        char *rest;
        l.address = strtoull(text, &rest, 16);
        text = *rest == '=' ? rest + 1 : rest;
    }
    while (text < end) {
        const char *plus = memchr(text, '+', (size_t)(end - text));
        const char *stop = plus ? plus : end;
        lines[count++] = line_of(p, text, (size_t)(stop - text));
        text = plus ? plus + 1 : end;
    }
    for (uint32_t i = 0; i < p->location_count; i++) {
        const struct location *o = &p->locations[i];
        if (o->address == l.address && o->mapping == l.mapping && o->line_count == count &&
            (!count || memcmp(p->lines + o->first_line, lines, count * sizeof *lines) == 0))
            return i;
    }
    return profile_add_location(p, l, lines, count);
}

static struct label label_of(struct profile *p, const char *text)
{
    const char *equals = strchr(text, '=');
    if (!equals)
        abort();
    strid key = intern(p, text, (size_t)(equals - text));
    if (equals[1] != '#')
        return label_text(key, intern(p, equals + 1, strlen(equals + 1)));
    char *end;
    int64_t number = strtoll(equals + 2, &end, 10);
    const char *unit = *end == ':' ? end + 1 : "";
    return label_number(key, number, intern(p, unit, strlen(unit)));
}

static void add_types(struct profile *p, char *line)
{
    struct value_type types[8];
    size_t count = 0;
    char *rest;
    for (char *word = strtok_r(line, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        char *slash = strchr(word, '/');
        if (!slash)
            abort();
        types[count++] = (struct value_type){intern(p, word, (size_t)(slash - word)),
                                             intern(p, slash + 1, strlen(slash + 1))};
    }
    profile_set_sample_types(p, types, count);
}

static void add_sample(struct profile *p, char *line)
{
    int64_t values[8];
    uint32_t frames[200];
    struct label labels[16];
    size_t value_count = 0, frame_count = 0, label_count = 0;
    enum { VALUES, FRAMES, LABELS } part = VALUES;
    char *rest;
    for (char *word = strtok_r(line, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        if (strcmp(word, ":") == 0)
            part = FRAMES;
        else if (strcmp(word, ";") == 0)
            part = LABELS;
        else if (part == VALUES)
            values[value_count++] = strtoll(word, NULL, 10);
        else if (part == FRAMES)
            frames[frame_count++] = frame_of(p, word);
        else
            labels[label_count++] = label_of(p, word);
    }
    if (value_count != p->sample_type_count)
        abort();
    uint32_t stack = profile_add_stack(p, frames, frame_count);
    profile_add_sample(p, stack, profile_add_labels(p, labels, label_count), values);
}

struct profile *sketch(const char *text)
{
    struct profile *p = profile_new();
    char *copy = strdup(text), *rest = NULL;
    if (!copy)
        abort();
    char *line = strtok_r(copy, "\n", &rest);
    add_types(p, line);
    while ((line = strtok_r(NULL, "\n", &rest)))
        add_sample(p, line);
    free(copy);
    return p;
}

/* --- and back */

static void add_name(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        buf_putc(b, s.ptr[i] == ' ' ? '~' : s.ptr[i]);
}

static void add_line(struct buf *b, const struct profile *p, const struct line *line)
{
    const struct function *f = &p->functions[line->function];
    add_name(b, profile_str(p, f->name));
    if (f->filename || line->line) {
        buf_putc(b, '@');
        add_name(b, profile_str(p, f->filename));
    }
    if (line->line)
        buf_printf(b, ":%" PRId64, line->line);
    if (line->column)
        buf_printf(b, ":%" PRId64, line->column);
}

static void add_frame(struct buf *b, const struct profile *p, const struct location *l)
{
    buf_putc(b, ' ');
    if (l->address || !l->line_count)
        buf_printf(b, "0x%" PRIx64 "%s", l->address, l->line_count ? "=" : "");
    for (uint32_t i = 0; i < l->line_count; i++) {
        if (i)
            buf_putc(b, '+');
        add_line(b, p, &p->lines[l->first_line + i]);
    }
    if (l->mapping != NO_INDEX) {
        buf_putc(b, '!');
        add_name(b, profile_str(p, p->mappings[l->mapping].file));
    }
}

static void add_labels(struct buf *b, const struct profile *p, struct labelset set)
{
    if (set.count)
        buf_puts(b, " ;");
    for (uint32_t i = 0; i < set.count; i++) {
        const struct label *l = &p->labels[set.first + i];
        buf_putc(b, ' ');
        add_name(b, profile_str(p, l->key));
        buf_putc(b, '=');
        if (l->is_number)
            buf_printf(b, "#%" PRId64 "%s", l->number, l->str ? ":" : "");
        add_name(b, profile_str(p, l->str));
    }
}

char *sketch_of(const struct profile *p)
{
    struct buf b = {0};
    for (size_t t = 0; t < p->sample_type_count; t++)
        buf_printf(&b, "%s%s/%s", t ? " " : "", profile_str(p, p->sample_types[t].type).ptr,
                   profile_str(p, p->sample_types[t].unit).ptr);
    buf_putc(&b, '\n');
    for (size_t i = 0; i < p->sample_count; i++) {
        for (size_t t = 0; t < p->sample_type_count; t++)
            buf_printf(&b, "%" PRId64 " ", p->values[t][i]);
        buf_putc(&b, ':');
        struct stack s = p->stacks[p->sample_stack[i]];
        for (uint32_t f = 0; f < s.count; f++)
            add_frame(&b, p, &p->locations[p->frames[s.first + f]]);
        add_labels(&b, p, p->labelsets[p->sample_labels[i]]);
        buf_putc(&b, '\n');
    }
    return buf_detach(&b);
}

void sketch_expect_text(const char *got, const char *want)
{
    CU_ASSERT_STRING_EQUAL(got, want);
    if (strcmp(got, want) != 0)
        fprintf(stderr, "\nwanted:\n%s\ngot:\n%s\n", want, got);
}

void sketch_expect(const struct profile *p, const char *want)
{
    if (!p) {
        CU_FAIL("no profile");
        return;
    }
    char *got = sketch_of(p);
    sketch_expect_text(got, want);
    free(got);
}
