#include "analyzer/render/firefox_tables.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/path.h"
#include "analyzer/profile/framename.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void firefox_rows_release(struct firefox_rows *r)
{
    free(r->functions);
    free(r->frames);
    free(r->stacks);
    pairmap_release(&r->by_function);
    pairmap_release(&r->by_address);
    pairmap_release(&r->by_frame);
    pairmap_release(&r->by_stack);
    *r = (struct firefox_rows){0};
}

uint64_t firefox_address(const struct profile *p, const struct location *l)
{
    if (l->mapping == NO_INDEX)
        return l->address;
    const struct mapping *m = &p->mappings[l->mapping];
    bool inside = l->address >= m->start && l->address < m->limit;
    return inside ? l->address - m->start + m->offset : l->address;
}

/* --- rows */

/* The row whose key is (A, B) in M, which has COUNT rows so far; *IS_NEW if it is the next one. */
static uint32_t row_of(struct pairmap *m, uint32_t a, uint32_t b, size_t count, bool *is_new)
{
    struct pairmap_slot *slot = pairmap_slot(m, a, b);
    *is_new = !slot->value;
    if (*is_new)
        pairmap_set(m, slot, a, b, (uint32_t)count);
    return slot->value - 1;
}

/* A function of a binary; where there is no function, each location is one of its own. */
static uint32_t function_row(struct firefox_rows *r, const struct location *l, uint32_t location,
                             uint32_t line)
{
    struct firefox_function f = {NO_INDEX, l->mapping, firefox_address(r->p, l)};
    bool is_new;
    if (l->line_count)
        f.function = r->p->lines[l->first_line + line].function;
    uint32_t row = l->line_count
                       ? row_of(&r->by_function, f.function, f.mapping, r->function_count, &is_new)
                       : row_of(&r->by_address, location, 0, r->function_count, &is_new);
    if (is_new) {
        r->functions =
            xgrow(r->functions, &r->function_cap, r->function_count + 1, sizeof *r->functions);
        r->functions[r->function_count++] = f;
    }
    return row;
}

static uint32_t frame_row(struct firefox_rows *r, uint32_t location, uint32_t line)
{
    bool is_new;
    uint32_t row = row_of(&r->by_frame, location, line, r->frame_count, &is_new);
    if (is_new) {
        const struct location *l = &r->p->locations[location];
        r->frames = xgrow(r->frames, &r->frame_cap, r->frame_count + 1, sizeof *r->frames);
        r->frames[r->frame_count++] =
            (struct firefox_frame){function_row(r, l, location, line), location, line};
    }
    return row;
}

uint32_t firefox_rows_add(struct firefox_rows *r, struct stack s)
{
    uint32_t prefix = NO_INDEX;
    for (uint32_t f = s.count; f--;) {
        uint32_t location = r->p->frames[s.first + f];
        for (uint32_t line = frame_count(&r->p->locations[location]); line--;) {
            bool is_new;
            uint32_t frame = frame_row(r, location, line);
            uint32_t row = row_of(&r->by_stack, prefix, frame, r->stack_count, &is_new);
            if (is_new) {
                r->stacks = xgrow(r->stacks, &r->stack_cap, r->stack_count + 1, sizeof *r->stacks);
                r->stacks[r->stack_count++] = (struct firefox_stack){frame, prefix};
            }
            prefix = row;
        }
    }
    return prefix;
}

/* --- columns */

/* Where the value of row I of a column comes from. */
typedef void cell_writer(struct json *j, struct firefox_rows *r, size_t i);

struct column {
    const char *name;
    cell_writer *write;
};

static void int_or_null(struct json *j, int64_t v, bool there)
{
    if (there)
        json_int(j, v);
    else
        json_none(j);
}

static void write_null(struct json *j, struct firefox_rows *r, size_t i)
{
    (void)r, (void)i;
    json_none(j);
}

static void write_false(struct json *j, struct firefox_rows *r, size_t i)
{
    (void)r, (void)i;
    json_bool(j, false);
}

static void write_zero(struct json *j, struct firefox_rows *r, size_t i)
{
    (void)r, (void)i;
    json_int(j, 0);
}

static void write_stack_frame(struct json *j, struct firefox_rows *r, size_t i)
{
    json_int(j, r->stacks[i].frame);
}

static void write_stack_prefix(struct json *j, struct firefox_rows *r, size_t i)
{
    int_or_null(j, r->stacks[i].prefix, r->stacks[i].prefix != NO_INDEX);
}

static const struct location *frame_location(const struct firefox_rows *r, size_t i)
{
    return &r->p->locations[r->frames[i].location];
}

static const struct line *frame_line(const struct firefox_rows *r, size_t i)
{
    static const struct line none = {0};
    const struct location *l = frame_location(r, i);
    return l->line_count ? &r->p->lines[l->first_line + r->frames[i].line] : &none;
}

static void write_frame_address(struct json *j, struct firefox_rows *r, size_t i)
{
    uint64_t address = firefox_address(r->p, frame_location(r, i));
    json_int(j, address && address <= INT64_MAX ? (int64_t)address : -1);
}

static void write_frame_depth(struct json *j, struct firefox_rows *r, size_t i)
{
    json_int(j, frame_count(frame_location(r, i)) - 1 - r->frames[i].line);
}

/* Of the two categories the file has. */
static void write_frame_category(struct json *j, struct firefox_rows *r, size_t i)
{
    const struct location *l = frame_location(r, i);
    bool kernel = l->mapping != NO_INDEX &&
                  str_starts(profile_str(r->p, r->p->mappings[l->mapping].file), "[kernel");
    json_int(j, kernel);
}

static void write_frame_function(struct json *j, struct firefox_rows *r, size_t i)
{
    json_int(j, r->frames[i].function);
}

static void write_frame_line(struct json *j, struct firefox_rows *r, size_t i)
{
    int64_t line = frame_line(r, i)->line;
    int_or_null(j, line, line != 0);
}

static void write_frame_column(struct json *j, struct firefox_rows *r, size_t i)
{
    int64_t column = frame_line(r, i)->column;
    int_or_null(j, column, column != 0);
}

static const struct function *function_at(const struct firefox_rows *r, size_t i)
{
    static const struct function none = {0};
    uint32_t f = r->functions[i].function;
    return f == NO_INDEX ? &none : &r->p->functions[f];
}

static void write_string(struct json *j, struct firefox_rows *r, struct str s)
{
    json_int(j, strtab_add(r->strings, s.ptr, s.len));
}

static void write_function_name(struct json *j, struct firefox_rows *r, size_t i)
{
    char address[32];
    if (r->functions[i].function != NO_INDEX) {
        write_string(j, r, profile_str(r->p, function_at(r, i)->name));
        return;
    }
    snprintf(address, sizeof address, "0x%" PRIx64, r->functions[i].address);
    write_string(j, r, (struct str){address, strlen(address)});
}

/* Resources are the libs, in their order. */
static void write_function_resource(struct json *j, struct firefox_rows *r, size_t i)
{
    uint32_t mapping = r->functions[i].mapping;
    json_int(j, mapping == NO_INDEX ? -1 : (int64_t)mapping);
}

static void write_function_file(struct json *j, struct firefox_rows *r, size_t i)
{
    strid file = function_at(r, i)->filename;
    if (file)
        write_string(j, r, profile_str(r->p, file));
    else
        json_none(j);
}

static void write_function_line(struct json *j, struct firefox_rows *r, size_t i)
{
    int64_t line = function_at(r, i)->start_line;
    int_or_null(j, line, line != 0);
}

static void write_index(struct json *j, struct firefox_rows *r, size_t i)
{
    (void)r;
    json_int(j, (int64_t)i);
}

static void write_lib_name(struct json *j, struct firefox_rows *r, size_t i)
{
    struct str path = profile_str(r->p, r->p->mappings[i].file);
    write_string(j, r, path.len ? path_base(path) : path);
}

static void write_one(struct json *j, struct firefox_rows *r, size_t i)
{
    (void)r, (void)i;
    json_int(j, 1);
}

static const struct column stack_columns[] = {
    {"frame", write_stack_frame}, {"prefix", write_stack_prefix}, {0}};

static const struct column frame_columns[] = {
    {"address", write_frame_address},   {"inlineDepth", write_frame_depth},
    {"category", write_frame_category}, {"subcategory", write_zero},
    {"func", write_frame_function},     {"nativeSymbol", write_null},
    {"innerWindowID", write_null},      {"line", write_frame_line},
    {"column", write_frame_column},     {0}};

static const struct column function_columns[] = {{"isJS", write_false},
                                                 {"relevantForJS", write_false},
                                                 {"name", write_function_name},
                                                 {"resource", write_function_resource},
                                                 {"fileName", write_function_file},
                                                 {"lineNumber", write_function_line},
                                                 {"columnNumber", write_null},
                                                 {0}};

/* Type 1 is a library. */
static const struct column resource_columns[] = {
    {"lib", write_index}, {"name", write_lib_name}, {"host", write_null}, {"type", write_one}, {0}};

static const struct column symbol_columns[] = {{"libIndex", write_zero},
                                               {"address", write_zero},
                                               {"name", write_zero},
                                               {"functionSize", write_null},
                                               {0}};

static void write_table(struct json *j, struct firefox_rows *r, const char *name,
                        const struct column *columns, size_t length)
{
    json_key(j, name);
    json_open_lines(j, '{');
    for (const struct column *c = columns; c->name; c++) {
        json_key(j, c->name);
        json_open(j, '[');
        for (size_t i = 0; i < length; i++) {
            c->write(j, r, i);
            out_flush_some(j->out);
        }
        json_close(j);
    }
    json_key(j, "length");
    json_int(j, (int64_t)length);
    json_close(j);
}

void firefox_rows_write(struct json *j, struct firefox_rows *r)
{
    write_table(j, r, "stackTable", stack_columns, r->stack_count);
    write_table(j, r, "frameTable", frame_columns, r->frame_count);
    write_table(j, r, "funcTable", function_columns, r->function_count);
    write_table(j, r, "resourceTable", resource_columns, r->p->mapping_count);
    write_table(j, r, "nativeSymbols", symbol_columns, 0);
}
