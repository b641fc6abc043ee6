#include "analyzer/binary/debuginfo.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/buf.h"
#include "analyzer/base/idmap.h"
#include "analyzer/binary/elf_file.h"
#include "analyzer/binary/functions.h"
#include "analyzer/binary/linetable.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

/* What the DIE of a function, or what that is a copy of, says. */
struct name {
    const char *linkage, *plain; /* NULL: none */
    int64_t start_line;
};

struct unit {
    Dwarf_CU *cu;
    Dwarf_Die die;  /* has the line table */
    Dwarf_Die tree; /* has the functions: the same, or a split unit's */
    bool loaded;
    struct die_unit dies; /* of TREE */
    bool plain_names;     /* in its language a function's name is its symbol */
    struct functions functions;
    struct idmap named; /* from a DIE's place in the unit to NAMES */
    struct name *names;
    size_t name_count, name_cap;
    struct linetable lines;
    const char **paths; /* complete, of the files in LINES as far as they were asked for */
    size_t path_count;
    Dwarf_Files *files; /* of a split unit, which has its own */
    size_t file_count;
};

struct debuginfo {
    struct binary *b;
    uint64_t shift;      /* DWARF's address of the file's address 0 */
    struct unit **items; /* in the arena of the binary */
    size_t count, cap;
    struct intervals where; /* values index ITEMS */
    struct effort effort;
    struct line_sections sections;
    struct range_sections range_sections;
    struct buf path; /* scratch; names are put together in it, too */
    struct binary_frame *frames;
    size_t frame_cap;
};

/* A unit has far fewer DIEs than bytes; compressed ones have more bytes than the file shows. */
#define NO_NAME UINT32_MAX
enum { MOST_REFERENCES = 16 }; /* from a function to what it is a copy of, and so on */

enum { LOOKS_PER_BYTE = 32, LOOKS_LEAST = 1 << 22 };

static void load(struct debuginfo *d, struct unit *unit);

static void add_unit(struct debuginfo *d, Dwarf_CU *cu, Dwarf_Die *die)
{
    const struct dw *dw = &d->b->dw;
    Dwarf_Addr base, start, end;
    ptrdiff_t offset = 0;
    d->items = xgrow(d->items, &d->cap, d->count + 1, sizeof *d->items);
    struct unit *unit = d->items[d->count] = arena_alloc(&d->b->arena, sizeof *unit);
    *unit = (struct unit){.cu = cu, .die = *die};
    size_t before = d->where.count;
    while (d->effort.left && d->effort.left-- &&
           (offset = dw->dwarf_ranges(die, offset, &base, &start, &end)) > 0)
        intervals_add(&d->where, (struct interval){start, end, 0, (uint32_t)d->count});
    d->count++;
    if (d->where.count > before)
        return;
    /* It does not say what it covers: its functions do. */
    load(d, unit);
    for (size_t i = 0; i < unit->functions.where.count; i++) {
        struct interval one = unit->functions.where.items[i];
        one.value = (uint32_t)d->count - 1;
        intervals_add(&d->where, one);
    }
}

static struct bytes section_bytes(struct binary *b, Elf *elf, const char *name)
{
    size_t names;
    Elf_Scn *section = NULL;
    struct bytes none = {.bad = true};
    if (b->dw.elf_getshdrstrndx(elf, &names))
        return none;
    while ((section = b->dw.elf_nextscn(elf, section))) {
        GElf_Shdr s;
        const char *its =
            b->dw.gelf_getshdr(section, &s) ? b->dw.elf_strptr(elf, names, s.sh_name) : NULL;
        /* ".debug_line", or ".zdebug_line", which libdw has inflated by now */
        if (!its || strcmp(its + (strncmp(its, ".z", 2) == 0 ? 2 : 1), name) != 0)
            continue;
        const Elf_Data *data = b->dw.elf_getdata(section, NULL);
        if (!data || !data->d_buf)
            return none;
        const unsigned one = 1;
        bool is_little = *(const unsigned char *)&one == 1;
        return (struct bytes){
            .at = data->d_buf,
            .end = (const unsigned char *)data->d_buf + data->d_size,
            .other_order = is_little != (b->header.e_ident[EI_DATA] == ELFDATA2LSB),
        };
    }
    return none;
}

static void read_sections(struct debuginfo *d, Elf *elf)
{
    d->sections.line = section_bytes(d->b, elf, "debug_line");
    d->sections.line_str = section_bytes(d->b, elf, "debug_line_str");
    d->sections.str = section_bytes(d->b, elf, "debug_str");
    d->range_sections.rnglists = section_bytes(d->b, elf, "debug_rnglists");
    d->range_sections.ranges = section_bytes(d->b, elf, "debug_ranges");
}

struct debuginfo *debuginfo_open(struct binary *b)
{
    const struct dw *dw = &b->dw;
    Dwarf_Addr bias;
    Dwarf *dwarf = dw->dwfl_module_getdwarf(b->module, &bias);
    if (!dwarf)
        return NULL;
    struct debuginfo *d = xcalloc(1, sizeof *d);
    size_t size = 0;
    dw->elf_rawfile(dw->dwarf_getelf(dwarf), &size);
    *d = (struct debuginfo){
        .b = b,
        .shift = b->bias - bias,
        .effort = {(uint64_t)size * LOOKS_PER_BYTE + LOOKS_LEAST},
    };
    read_sections(d, dw->dwarf_getelf(dwarf));
    Dwarf_CU *cu = NULL;
    Dwarf_Die die;
    uint8_t type;
    while (d->effort.left && dw->dwarf_get_units(dwarf, cu, &cu, NULL, &type, &die, NULL) == 0)
        if (type == DW_UT_compile || type == DW_UT_skeleton)
            add_unit(d, cu, &die);
    intervals_settle(&d->where);
    return d;
}

void debuginfo_free(struct debuginfo *d)
{
    if (!d)
        return;
    for (size_t i = 0; i < d->count; i++) {
        functions_release(&d->items[i]->functions);
        die_unit_release(&d->items[i]->dies);
        idmap_release(&d->items[i]->named);
        free(d->items[i]->names);
        linetable_release(&d->items[i]->lines);
        free(d->items[i]->paths);
    }
    free(d->items);
    intervals_release(&d->where);
    buf_release(&d->path);
    free(d->frames);
    free(d);
}

/* Languages whose compilers do not mangle: addr2line's list, and Go, whose symbols of functions in
 * assembler end in ".abi0", which nobody wants to read. */
static bool has_plain_names(const struct dw *dw, Dwarf_Die *unit)
{
    static const Dwarf_Half plain[] = {
        DW_LANG_C89,
        DW_LANG_C,
        DW_LANG_C99,
        DW_LANG_C11,
        DW_LANG_Cobol74,
        DW_LANG_Cobol85,
        DW_LANG_Fortran77,
        DW_LANG_PLI,
        DW_LANG_Pascal83,
        DW_LANG_UPC,
        DW_LANG_Mips_Assembler,
        DW_LANG_Go,
    };
    Dwarf_Attribute attr;
    Dwarf_Word language;
    if (dw->dwarf_formudata(dw->dwarf_attr(unit, DW_AT_language, &attr), &language))
        return false;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (language == plain[i])
            return true;
    return false;
}

static void load(struct debuginfo *d, struct unit *unit)
{
    const struct dw *dw = &d->b->dw;
    unit->loaded = true;
    unit->tree = unit->die;
    Dwarf_Die split;
    uint8_t type;
    if (dw->dwarf_cu_info(unit->cu, NULL, &type, NULL, &split, NULL, NULL, NULL) == 0 &&
        type == DW_UT_skeleton && dw->dwarf_tag(&split) == DW_TAG_compile_unit)
        unit->tree = split;
    unit->plain_names = has_plain_names(dw, &unit->tree);
    Dwarf *dwarf = dw->dwarf_cu_getdwarf(unit->tree.cu);
    bool is_split = unit->tree.addr != unit->die.addr;
    const struct bytes elsewhere = {.bad = true};
    if (die_unit_init(&unit->dies, dw, dwarf, &unit->tree, is_split ? elsewhere : d->sections.str))
        functions_init(&unit->functions, dw, &unit->dies, is_split ? NULL : &d->range_sections,
                       &d->effort);
    else
        unit->functions.deep = true; /* nothing to be read */
    idmap_init(&unit->named, 0);
    if (is_split && dw->dwarf_getsrcfiles(&unit->tree, &unit->files, &unit->file_count))
        unit->file_count = 0;
    Dwarf_Attribute attr;
    Dwarf_Word offset;
    if (dw->dwarf_formudata(dw->dwarf_attr(&unit->die, DW_AT_stmt_list, &attr), &offset) == 0)
        linetable_read(&unit->lines, &d->sections, offset, &d->effort);
    unit->path_count = unit->lines.file_count + 1; /* numbered from 0 or from 1 */
    unit->paths = xcalloc(unit->path_count, sizeof *unit->paths);
}

static const char *string_of(const struct dw *dw, Dwarf_Die *die, unsigned name)
{
    Dwarf_Attribute attr;
    return dw->dwarf_formstring(dw->dwarf_attr_integrate(die, name, &attr));
}

/* The path in the buffer, with the folder UNIT was compiled in before it if it is relative. */
static const char *complete_path(struct debuginfo *d, struct unit *unit, struct buf *path)
{
    const char *folder =
        *path->data == '/' ? NULL : string_of(&d->b->dw, &unit->die, DW_AT_comp_dir);
    if (folder && *folder) {
        struct buf whole = {0};
        buf_printf(&whole, "%s/%s", folder, path->data);
        buf_release(path);
        *path = whole;
    }
    return arena_strndup(&d->b->arena, path->data, path->len);
}

/* The file that the line table calls FILE; "" if it does not know it. */
static const char *path_of(struct debuginfo *d, struct unit *unit, uint64_t file)
{
    if (file >= unit->path_count)
        return "";
    if (!unit->paths[file]) {
        buf_clear(&d->path);
        unit->paths[file] =
            linetable_path(&unit->lines, file, &d->path) ? complete_path(d, unit, &d->path) : "";
    }
    return unit->paths[file];
}

static const char *split_path_of(struct debuginfo *d, struct unit *unit, uint64_t file)
{
    const char *name =
        file < unit->file_count ? d->b->dw.dwarf_filesrc(unit->files, file, NULL, NULL) : NULL;
    if (!name)
        return "";
    buf_clear(&d->path);
    buf_puts(&d->path, name);
    return complete_path(d, unit, &d->path);
}

/* Where ADDRESS is in the source; false if the line table does not say. */
static bool find_line(struct debuginfo *d, struct unit *unit, uint64_t address,
                      struct binary_frame *frame)
{
    struct line_row row;
    if (!linetable_find(&unit->lines, address, &row))
        return false;
    frame->file = path_of(d, unit, row.file);
    frame->line = row.line;
    frame->column = row.column;
    return true;
}

/* An unsigned attribute of DIE itself or of what it stands for; 0 if it has none. */
static uint64_t number_of(const struct dw *dw, Dwarf_Die *die, unsigned name)
{
    Dwarf_Attribute attr;
    Dwarf_Word value;
    return dw->dwarf_formudata(dw->dwarf_attr_integrate(die, name, &attr), &value) ? 0 : value;
}

/* Go's "main.sum[go.shape.int_0]", of all types of one shape, is "main.sum[...]" in its profiles.
 */
static const char *generic_name(struct debuginfo *d, const char *name)
{
    const char *open = name ? strstr(name, "[go.shape.") : NULL,
               *close = open ? strrchr(open, ']') : NULL;
    if (!close)
        return name;
    buf_clear(&d->path);
    buf_printf(&d->path, "%.*s[...]%s", (int)(open - name), name, close + 1);
    return arena_strndup(&d->b->arena, d->path.data, d->path.len);
}

/* The name of the DIE at AT from it and what it refers to. False if that is in another unit, or
 * told in a form that libdw has to look up. */
static bool read_name(const struct die_unit *unit, const unsigned char *at, struct name *n)
{
    struct die die;
    for (int i = 0; at && i < MOST_REFERENCES; i++) {
        if (!die_read(unit, at, &die) || !die.kind || die.kind->tag != DW_TAG_subprogram ||
            die.is_far)
            return false;
        if (!n->linkage)
            n->linkage = die.linkage;
        if (!n->plain)
            n->plain = die.name;
        if (!n->start_line)
            n->start_line = (int64_t)die.decl_line;
        at = die.origin ? die.origin : die.specification;
    }
    return true;
}

static struct name ask_name(const struct dw *dw, const struct die_unit *unit,
                            const unsigned char *at)
{
    Dwarf_Die die = die_for_libdw(unit, at);
    struct name n = {
        .linkage = string_of(dw, &die, DW_AT_linkage_name),
        .plain = string_of(dw, &die, DW_AT_name),
        .start_line = (int64_t)number_of(dw, &die, DW_AT_decl_line),
    };
    if (!n.linkage)
        n.linkage = string_of(dw, &die, DW_AT_MIPS_linkage_name);
    return n;
}

/* Functions are asked for again and again, and their names lie several references away. */
static const struct name *name_of(struct debuginfo *d, struct unit *unit, const unsigned char *at)
{
    uint64_t place = (uint64_t)(at - unit->dies.header);
    uint32_t known = idmap_get(&unit->named, place);
    if (known != NO_NAME)
        return &unit->names[known];
    struct name n = {0};
    if (!read_name(&unit->dies, at, &n))
        n = ask_name(&d->b->dw, &unit->dies, at);
    n.plain = generic_name(d, n.plain);
    unit->names = xgrow(unit->names, &unit->name_cap, unit->name_count + 1, sizeof *unit->names);
    unit->names[unit->name_count] = n;
    idmap_put(&unit->named, place, (uint32_t)unit->name_count);
    return &unit->names[unit->name_count++];
}

/* Names FRAME after the inlined function I. */
static void name_inlined(struct debuginfo *d, struct unit *unit, const struct inlined *i,
                         struct binary_frame *frame)
{
    const struct name *n = name_of(d, unit, i->origin ? i->origin : i->die);
    const char *name = n->linkage ? n->linkage : n->plain;
    frame->name = name ? name : "";
    frame->start_line = n->start_line;
}

/* Names FRAME after FUNCTION: where it has no mangled name, the symbol table has one. */
static void name_function(struct debuginfo *d, struct unit *unit, const struct function *function,
                          struct binary_frame *frame)
{
    const struct name *n = name_of(d, unit, function->die);
    const char *name = n->linkage;
    if (!name && !unit->plain_names) {
        const struct binary_symbol *symbol = binary_symbol_at(d->b, function->entry - d->shift);
        name = symbol ? symbol->names[0] : NULL;
    }
    if (!name)
        name = n->plain;
    frame->name = name ? name : "";
    frame->start_line = n->start_line;
}

/* FRAME is where I was called from. */
static void place_call(struct debuginfo *d, struct unit *unit, const struct inlined *i,
                       struct binary_frame *frame)
{
    frame->file =
        unit->files ? split_path_of(d, unit, i->call_file) : path_of(d, unit, i->call_file);
    frame->line = i->call_line;
    frame->column = i->call_column;
}

static struct binary_frame *add_frame(struct debuginfo *d, size_t count)
{
    d->frames = xgrow(d->frames, &d->frame_cap, count + 1, sizeof *d->frames);
    d->frames[count] = (struct binary_frame){.name = "", .file = ""};
    return &d->frames[count];
}

/* Bytes between functions have lines, too, and nothing to be searched for. */
static bool is_in_symbol(struct binary *b, uint64_t at)
{
    const struct binary_symbol *symbol = binary_symbol_at(b, at);
    return symbol && at < symbol->end;
}

const struct binary_frame *debuginfo_frames(struct debuginfo *d, uint64_t at, size_t *count)
{
    uint64_t address = at + d->shift;
    *count = 0;
    uint32_t found = intervals_find(&d->where, address);
    if (found == INTERVALS_NONE)
        return NULL;
    struct unit *unit = d->items[found];
    if (!unit->loaded)
        load(d, unit);
    struct binary_frame *frame = add_frame(d, 0);
    bool has_line = find_line(d, unit, address, frame);
    struct function *function =
        functions_find(&unit->functions, address, has_line && is_in_symbol(d->b, at));
    if (!function) {
        *count = has_line;
        return d->frames;
    }
    uint32_t inside = function_inlined_at(&unit->functions, function, address);
    while (inside) {
        const struct inlined *inlined = &unit->functions.inlined[inside];
        name_inlined(d, unit, inlined, frame);
        frame = add_frame(d, ++*count);
        place_call(d, unit, inlined, frame);
        inside = inlined->parent;
    }
    name_function(d, unit, function, frame);
    ++*count;
    return d->frames;
}
