#include "analyzer/profile/firefox_tables.h"

#include "analyzer/base/alloc.h"

#include <stdlib.h>
#include <string.h>

/* --- tables and columns */

int firefox_table_find(const struct firefox_place *place, const char *key, const char *measure,
                       struct firefox_table *t, struct error *err)
{
    *t = (struct firefox_table){0};
    if (!jtree_find(place->thread, key, &t->at) &&
        !(place->shared && jtree_find(place->shared, key, &t->at)))
        return jtree_wrong(place->thread, err, "it has no \"%s\"", key);
    if (jtree_find(&t->at, "schema", &t->schema) && jtree_find(&t->at, "data", &t->rows)) {
        t->has_rows = true;
        t->length = jtree_count(&t->rows);
    } else {
        struct jtree column;
        if (jtree_array(&t->at, measure, &column, err))
            return -1;
        t->length = jtree_count(&column);
    }
    return t->length < NO_INDEX ? 0 : jtree_wrong(&t->at, err, "%zu rows are too many", t->length);
}

struct firefox_column firefox_column_find(const struct firefox_table *t, const char *key)
{
    struct firefox_column c = {.table = t, .index = SIZE_MAX};
    struct jtree at;
    if (!t->has_rows) {
        jtree_find(&t->at, key, &c.cells);
        return c;
    }
    /* A schema's numbers are not worth a complaint: what is none is no column. */
    if (jtree_find(&t->schema, key, &at) && json_is_integer(at.value) &&
        json_integer_value(at.value) >= 0)
        c.index = (size_t)json_integer_value(at.value);
    return c;
}

bool firefox_cell(const struct firefox_column *c, size_t row, struct jtree *row_at,
                  struct jtree *cell)
{
    if (c->table->has_rows) {
        *row_at = jtree_item(&c->table->rows, row);
        *cell = jtree_item(row_at, c->index);
    } else {
        *cell = jtree_item(&c->cells, row);
    }
    return cell->value && !jtree_is_null(cell);
}

/* --- strings, binaries and functions */

struct reader {
    const struct firefox_place *place;
    struct builder *b;
    struct jtree strings, string_owner;
    uint32_t *mappings; /* of libs */
    size_t lib_count;
    uint32_t *functions; /* of the table's functions, in the model; NO_INDEX: no name */
    uint32_t *libs;      /* theirs, or NO_INDEX */
    size_t function_count;
};

/* In the order in which versions of the format moved them. */
static int find_strings(struct reader *r, struct error *err)
{
    const struct jtree *thread = r->place->thread;
    if (jtree_find(thread, "stringArray", &r->strings) && jtree_count(&r->strings))
        return 0;
    if (jtree_find(thread, "stringTable", &r->strings) && json_is_array(r->strings.value))
        return 0;
    if (r->place->shared && jtree_find(r->place->shared, "stringArray", &r->strings))
        return 0;
    return jtree_wrong(thread, err, "it has no \"stringArray\"");
}

static int read_string(const struct reader *r, const struct jtree *index, struct str *s,
                       struct error *err)
{
    uint32_t i;
    if (jtree_index(index, jtree_count(&r->strings), &i, err))
        return -1;
    struct jtree string = jtree_item(&r->strings, i);
    return jtree_text(&string, s, err);
}

static int read_libs(struct reader *r, struct error *err)
{
    if (!r->place->libs)
        return 0;
    r->lib_count = jtree_count(r->place->libs);
    r->mappings = xcalloc(r->lib_count + 1, sizeof *r->mappings);
    for (size_t i = 0; i < r->lib_count; i++) {
        struct jtree lib = jtree_item(r->place->libs, i);
        struct str path, name, build_id;
        if (jtree_text_or(&lib, "path", "", &path, err) ||
            jtree_text_or(&lib, "name", "", &name, err) ||
            jtree_text_or(&lib, "codeId", "", &build_id, err))
            return -1;
        strid file = builder_str(r->b, path.len ? path : name), id = builder_str(r->b, build_id);
        r->mappings[i] = file || id ? builder_mapping(r->b, file, id) : NO_INDEX;
    }
    return 0;
}

/* The address that NAME is, if it is nothing else: "0x1f40". */
static bool is_address(struct str name, uint64_t *address)
{
    if (name.len < 3 || name.len > 18 || !str_starts(name, "0x"))
        return false;
    *address = 0;
    for (size_t i = 2; i < name.len; i++) {
        char c = name.ptr[i];
        unsigned digit = c >= '0' && c <= '9'                 ? (unsigned)(c - '0')
                         : (c | 32) >= 'a' && (c | 32) <= 'f' ? (unsigned)((c | 32) - 'a') + 10
                                                              : 16;
        if (digit == 16)
            return false;
        *address = *address << 4 | digit;
    }
    return true;
}

static uint32_t add_function(struct reader *r, struct str name, struct str file, int64_t start_line)
{
    strid id = builder_str(r->b, name);
    return builder_function(r->b, (struct function){.name = id,
                                                    .system_name = id,
                                                    .filename = builder_str(r->b, file),
                                                    .start_line = start_line});
}

/* The file of function ROW: by FILE_NAME, or by SOURCE through the table that all share. */
static int read_file(const struct reader *r, const struct firefox_column *file_name,
                     const struct firefox_column *source, size_t row, struct str *file,
                     struct error *err)
{
    struct jtree room, cell, sources, names;
    uint32_t i;
    *file = (struct str){"", 0};
    if (firefox_cell(file_name, row, &room, &cell))
        return read_string(r, &cell, file, err);
    if (!firefox_cell(source, row, &room, &cell) || !r->place->shared)
        return 0;
    if (jtree_object(r->place->shared, "sources", &sources, err) ||
        jtree_array(&sources, "filename", &names, err) ||
        jtree_index(&cell, jtree_count(&names), &i, err))
        return -1;
    struct jtree name = jtree_item(&names, i);
    return read_string(r, &name, file, err);
}

/* The libs that functions belong to, by way of their resources. */
static int read_function_lib(struct reader *r, const struct firefox_column *resource,
                             const struct firefox_column *libs, size_t row, struct error *err)
{
    struct jtree room, cell;
    int64_t number;
    uint32_t i;
    r->libs[row] = NO_INDEX;
    if (!firefox_cell(resource, row, &room, &cell))
        return 0;
    if (jtree_int(&cell, &number, err))
        return -1;
    if (number < 0)
        return 0;
    if (jtree_index(&cell, libs->table->length, &i, err))
        return -1;
    if (!firefox_cell(libs, i, &room, &cell) || !r->lib_count)
        return 0;
    return jtree_index(&cell, r->lib_count, &r->libs[row], err);
}

static int read_functions(struct reader *r, struct error *err)
{
    struct firefox_table functions, resources;
    if (firefox_table_find(r->place, "funcTable", "name", &functions, err))
        return -1;
    if (firefox_table_find(r->place, "resourceTable", "lib", &resources, NULL))
        resources.length = 0;
    struct firefox_column name = firefox_column_find(&functions, "name"),
                          resource = firefox_column_find(&functions, "resource"),
                          file_name = firefox_column_find(&functions, "fileName"),
                          source = firefox_column_find(&functions, "source"),
                          line = firefox_column_find(&functions, "lineNumber"),
                          libs = firefox_column_find(&resources, "lib");
    r->function_count = functions.length;
    r->functions = xcalloc(functions.length + 1, sizeof *r->functions);
    r->libs = xcalloc(functions.length + 1, sizeof *r->libs);
    for (size_t i = 0; i < functions.length; i++) {
        struct jtree room, cell;
        struct str text, file;
        int64_t start = 0;
        uint64_t address;
        if (!firefox_cell(&name, i, &room, &cell))
            return jtree_wrong(&functions.at, err, "function %zu has no name", i);
        if (read_string(r, &cell, &text, err) || read_file(r, &file_name, &source, i, &file, err) ||
            read_function_lib(r, &resource, &libs, i, err) ||
            (firefox_cell(&line, i, &room, &cell) && jtree_int(&cell, &start, err)))
            return -1;
        r->functions[i] =
            is_address(text, &address) ? NO_INDEX : add_function(r, text, file, start);
    }
    return 0;
}

/* --- frames */

static int read_line(const struct firefox_column *line, const struct firefox_column *column,
                     size_t row, struct line *out, struct error *err)
{
    struct jtree room, cell;
    if (firefox_cell(line, row, &room, &cell) && jtree_int(&cell, &out->line, err))
        return -1;
    return firefox_cell(column, row, &room, &cell) ? jtree_int(&cell, &out->column, err) : 0;
}

/* The frames of a processed file, as nodes that still lack their callers. */
static int read_frames(struct reader *r, const struct firefox_table *frames,
                       struct prefix_node *nodes, struct error *err)
{
    struct firefox_column function = firefox_column_find(frames, "func"),
                          address = firefox_column_find(frames, "address"),
                          depth = firefox_column_find(frames, "inlineDepth"),
                          line = firefox_column_find(frames, "line"),
                          column = firefox_column_find(frames, "column");
    if (read_functions(r, err))
        return -1;
    for (size_t i = 0; i < frames->length; i++) {
        struct prefix_node *n = &nodes[i];
        struct jtree room, cell;
        int64_t at = -1, inline_depth = 0;
        uint32_t f;
        if (!firefox_cell(&function, i, &room, &cell))
            return jtree_wrong(&frames->at, err, "frame %zu has no function", i);
        if (jtree_index(&cell, r->function_count, &f, err) ||
            (firefox_cell(&address, i, &room, &cell) && jtree_int(&cell, &at, err)) ||
            (firefox_cell(&depth, i, &room, &cell) && jtree_int(&cell, &inline_depth, err)) ||
            read_line(&line, &column, i, &n->line, err))
            return -1;
        n->address = at < 0 ? 0 : (uint64_t)at;
        n->mapping = r->libs[f] == NO_INDEX ? NO_INDEX : r->mappings[r->libs[f]];
        n->has_line = r->functions[f] != NO_INDEX;
        n->line.function = n->has_line ? r->functions[f] : 0;
        n->is_inlined = inline_depth > 0;
    }
    return 0;
}

/* The lib of a gecko file that ADDRESS is in. */
static int find_lib(const struct reader *r, uint64_t address, uint32_t *mapping, struct error *err)
{
    for (size_t i = 0; i < r->lib_count; i++) {
        struct jtree lib = jtree_item(r->place->libs, i);
        int64_t start, end;
        if (jtree_int_or(&lib, "start", 0, &start, err) || jtree_int_or(&lib, "end", 0, &end, err))
            return -1;
        if (address >= (uint64_t)start && address < (uint64_t)end) {
            *mapping = r->mappings[i];
            return 0;
        }
    }
    return 0;
}

/* "name (file:12:5)" in its parts, as far as they are there. */
static void split_location(struct str text, struct str *name, struct str *file, struct line *line)
{
    int64_t numbers[2] = {0};
    size_t found = 0;
    *name = text;
    *file = (struct str){"", 0};
    const char *open =
        text.len && text.ptr[text.len - 1] == ')' ? memrchr(text.ptr, '(', text.len) : NULL;
    if (!open || open < text.ptr + 2 || open[-1] != ' ')
        return;
    size_t len = (size_t)(text.ptr + text.len - 1 - (open + 1));
    while (found < 2) {
        size_t end = len;
        int64_t n = 0, digit = 1;
        while (end && open[end] >= '0' && open[end] <= '9' && len - end < 9) {
            n += digit * (open[end] - '0');
            digit *= 10;
            end--;
        }
        if (end == len || end < 2 || open[end] != ':')
            break;
        numbers[found++] = n;
        len = end - 1;
    }
    if (!found)
        return;
    line->line = numbers[found - 1];
    line->column = found == 2 ? numbers[0] : 0;
    *name = (struct str){text.ptr, (size_t)(open - 1 - text.ptr)};
    *file = (struct str){open + 1, len};
}

static int read_gecko_frames(struct reader *r, const struct firefox_table *frames,
                             struct prefix_node *nodes, struct error *err)
{
    struct firefox_column location = firefox_column_find(frames, "location"),
                          line = firefox_column_find(frames, "line"),
                          column = firefox_column_find(frames, "column");
    for (size_t i = 0; i < frames->length; i++) {
        struct prefix_node *n = &nodes[i];
        struct jtree room, cell;
        struct str text, name, file;
        if (!firefox_cell(&location, i, &room, &cell))
            return jtree_wrong(&frames->at, err, "frame %zu has no location", i);
        if (read_string(r, &cell, &text, err))
            return -1;
        if (is_address(text, &n->address)) {
            if (find_lib(r, n->address, &n->mapping, err))
                return -1;
            continue;
        }
        split_location(text, &name, &file, &n->line);
        if (read_line(&line, &column, i, &n->line, err))
            return -1;
        n->has_line = true;
        n->line.function = add_function(r, name, file, 0);
    }
    return 0;
}

/* --- stacks */

/* The root that the browser puts under all stacks. */
static bool is_root(const struct reader *r, const struct prefix_node *n)
{
    const struct profile *p = r->b->p;
    return n->parent == NO_INDEX && n->has_line &&
           strcmp(profile_str(p, p->functions[n->line.function].name).ptr, "(root)") == 0;
}

static int read_stacks(struct reader *r, struct prefix_tree *t, struct prefix_node **frame_nodes,
                       struct error *err)
{
    struct firefox_table frames, stacks;
    if (find_strings(r, err) || read_libs(r, err) ||
        firefox_table_find(r->place, "frameTable", "func", &frames, err) ||
        firefox_table_find(r->place, "stackTable", "frame", &stacks, err))
        return -1;
    struct prefix_node *nodes = xcalloc(frames.length + 1, sizeof *nodes);
    *frame_nodes = nodes;
    for (size_t i = 0; i < frames.length; i++)
        nodes[i].parent = nodes[i].mapping = NO_INDEX;
    if (frames.has_rows ? read_gecko_frames(r, &frames, nodes, err)
                        : read_frames(r, &frames, nodes, err))
        return -1;
    struct firefox_column frame = firefox_column_find(&stacks, "frame"),
                          prefix = firefox_column_find(&stacks, "prefix");
    prefix_tree_init(t, stacks.length);
    for (size_t i = 0; i < stacks.length; i++) {
        struct jtree room, cell;
        uint32_t index;
        if (!firefox_cell(&frame, i, &room, &cell))
            return jtree_wrong(&stacks.at, err, "stack %zu has no frame", i);
        if (jtree_index(&cell, frames.length, &index, err))
            return -1;
        t->nodes[i] = nodes[index];
        if (firefox_cell(&prefix, i, &room, &cell) &&
            jtree_index(&cell, stacks.length, &t->nodes[i].parent, err))
            return -1;
        t->nodes[i].is_hidden = is_root(r, &t->nodes[i]);
    }
    return 0;
}

int firefox_stacks(const struct firefox_place *place, struct builder *b, struct prefix_tree *t,
                   struct error *err)
{
    struct reader r = {.place = place, .b = b};
    struct prefix_node *frame_nodes = NULL;
    *t = (struct prefix_tree){0};
    int rc = read_stacks(&r, t, &frame_nodes, err);
    free(frame_nodes);
    free(r.mappings);
    free(r.functions);
    free(r.libs);
    return rc;
}
