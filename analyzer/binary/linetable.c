#include "analyzer/binary/linetable.h"

#include "analyzer/base/alloc.h"

#include <dwarf.h>
#include <stdlib.h>

/* --- the header: directories and files */

struct header {
    struct bytes program;
    unsigned offset_size;
    uint64_t min_length, max_ops, line_range, opcode_base;
    int64_t line_base;
    const unsigned char *opcode_lengths; /* of opcodes 1 to opcode_base - 1 */
};

static void add_file(struct line_file **files, size_t *count, size_t *cap, struct line_file one)
{
    *files = xgrow(*files, cap, *count + 1, sizeof **files);
    (*files)[(*count)++] = one;
}

/* Versions 2 to 4: both lists end with an empty name. */
static void read_old_names(struct linetable *t, struct bytes *b)
{
    const char *name;
    while (*(name = bytes_string(b)))
        add_file(&t->dirs, &t->dir_count, &t->dir_cap, (struct line_file){.name = name});
    while (*(name = bytes_string(b))) {
        uint64_t dir = bytes_uleb(b);
        bytes_uleb(b); /* time and size */
        bytes_uleb(b);
        add_file(&t->files, &t->file_count, &t->file_cap, (struct line_file){name, dir});
    }
}

static const char *string_at(struct bytes section, uint64_t offset)
{
    bytes_skip(&section, offset);
    return bytes_string(&section);
}

/* A value of a file's entry: text goes to NAME, a number to VALUE. */
static void read_form(struct bytes *b, const struct line_sections *s, unsigned offset_size,
                      uint64_t form, const char **name, uint64_t *value)
{
    switch (form) {
    case DW_FORM_string:
        *name = bytes_string(b);
        break;
    case DW_FORM_line_strp:
        *name = string_at(s->line_str, bytes_number(b, offset_size));
        break;
    case DW_FORM_strp:
        *name = string_at(s->str, bytes_number(b, offset_size));
        break;
    case DW_FORM_udata:
        *value = bytes_uleb(b);
        break;
    case DW_FORM_data1:
        *value = bytes_u8(b);
        break;
    case DW_FORM_data2:
        *value = bytes_number(b, 2);
        break;
    case DW_FORM_data4:
        *value = bytes_number(b, 4);
        break;
    case DW_FORM_data8:
        *value = bytes_number(b, 8);
        break;
    case DW_FORM_data16:
        bytes_skip(b, 16);
        break;
    case DW_FORM_block:
        bytes_skip(b, bytes_uleb(b));
        break;
    default:
        b->bad = true;
    }
}

/* Version 5: a list says of itself what its entries consist of. */
static void read_names(struct bytes *b, const struct line_sections *s, unsigned offset_size,
                       struct line_file **files, size_t *count, size_t *cap)
{
    struct {
        uint64_t content, form;
    } formats[256];
    uint64_t format_count = bytes_u8(b);
    for (uint64_t i = 0; i < format_count; i++) {
        formats[i].content = bytes_uleb(b);
        formats[i].form = bytes_uleb(b);
    }
    uint64_t entries = bytes_uleb(b);
    if (entries && !format_count)
        b->bad = true; /* nothing, many times */
    for (uint64_t i = 0; i < entries && !b->bad; i++) {
        struct line_file file = {.name = ""};
        for (uint64_t k = 0; k < format_count; k++) {
            const char *name = "";
            uint64_t value = 0;
            read_form(b, s, offset_size, formats[k].form, &name, &value);
            if (formats[k].content == DW_LNCT_path)
                file.name = name;
            else if (formats[k].content == DW_LNCT_directory_index)
                file.dir = value;
        }
        add_file(files, count, cap, file);
    }
}

static bool read_header(struct linetable *t, const struct line_sections *s, uint64_t offset,
                        struct header *h)
{
    struct bytes b = s->line;
    bytes_skip(&b, offset);
    uint64_t length = bytes_number(&b, 4);
    h->offset_size = 4;
    if (length == 0xFFFFFFFF) {
        h->offset_size = 8;
        length = bytes_number(&b, 8);
    }
    if (!bytes_have(&b, length))
        return false;
    b.end = b.at + length;
    t->version = (unsigned)bytes_number(&b, 2);
    if (t->version < 2 || t->version > 5)
        return false;
    if (t->version >= 5) {
        bytes_u8(&b); /* sizes of addresses and of segment selectors */
        bytes_u8(&b);
    }
    uint64_t header_length = bytes_number(&b, h->offset_size);
    h->program = b;
    bytes_skip(&h->program, header_length);
    h->min_length = bytes_u8(&b);
    h->max_ops = t->version >= 4 ? bytes_u8(&b) : 1;
    bytes_u8(&b); /* whether rows begin statements */
    h->line_base = (int8_t)bytes_u8(&b);
    h->line_range = bytes_u8(&b);
    h->opcode_base = bytes_u8(&b);
    h->opcode_lengths = b.at;
    bytes_skip(&b, h->opcode_base ? h->opcode_base - 1 : 0);
    if (b.bad || h->program.bad || !h->max_ops || !h->line_range || !h->opcode_base)
        return false;
    if (t->version < 5) {
        read_old_names(t, &b);
    } else {
        read_names(&b, s, h->offset_size, &t->dirs, &t->dir_count, &t->dir_cap);
        read_names(&b, s, h->offset_size, &t->files, &t->file_count, &t->file_cap);
    }
    return true;
}

/* --- the program: rows */

struct machine {
    struct linetable *t;
    const struct header *h;
    struct bytes b;
    struct line_row row;
    uint64_t op_index;
    size_t first;         /* row of the run that is being made */
    uint64_t start, last; /* its first address, and that of its last row */
};

static void begin_sequence(struct machine *m)
{
    m->row = (struct line_row){.file = 1, .line = 1};
    m->op_index = 0;
}

/* The rows since the last run are one that ends at END. */
static void end_run(struct machine *m, uint64_t end)
{
    struct linetable *t = m->t;
    if (t->row_count > m->first && end > m->start) {
        t->runs = xgrow(t->runs, &t->run_cap, t->run_count + 1, sizeof *t->runs);
        t->runs[t->run_count] = (struct line_run){m->start, m->first, t->row_count - m->first};
        intervals_add(&t->where, (struct interval){m->start, end, 0, (uint32_t)t->run_count});
        t->run_count++;
    }
    m->first = t->row_count;
}

static void add_row(struct machine *m)
{
    struct linetable *t = m->t;
    const struct line_row *r = &m->row;
    /* Addresses that descend are not allowed, and seen. */
    if (t->row_count > m->first && (r->address < m->last || r->address - m->start > UINT32_MAX))
        end_run(m, m->last + 1);
    bool is_first = t->row_count == m->first;
    if (is_first)
        m->start = r->address;
    struct line_entry entry = {
        .into = (uint32_t)(r->address - m->start),
        .file = r->file,
        .line = r->line,
        .column = r->column <= UINT16_MAX ? (uint16_t)r->column : 0,
    };
    if (!is_first && r->address == m->last) {
        t->rows[t->row_count - 1] = entry; /* the last one of an address holds */
        return;
    }
    m->last = r->address;
    if (t->row_count == t->row_cap)
        t->rows = xgrow(t->rows, &t->row_cap, t->row_count + 1, sizeof *t->rows);
    t->rows[t->row_count++] = entry;
}

static void advance(struct machine *m, uint64_t operations)
{
    m->op_index += operations;
    m->row.address += m->h->min_length * (m->op_index / m->h->max_ops);
    m->op_index %= m->h->max_ops;
}

static void run_extended(struct machine *m)
{
    uint64_t length = bytes_uleb(&m->b);
    if (!length || !bytes_have(&m->b, length))
        return;
    struct bytes b = m->b;
    b.end = b.at + length;
    m->b.at += length;
    switch (bytes_u8(&b)) {
    case DW_LNE_end_sequence:
        end_run(m, m->row.address);
        begin_sequence(m);
        break;
    case DW_LNE_set_address:
        m->row.address = bytes_number(&b, (unsigned)(length - 1));
        m->op_index = 0;
        break;
    case DW_LNE_define_file: {
        const char *name = bytes_string(&b);
        struct line_file file = {name, bytes_uleb(&b)};
        if (!b.bad)
            add_file(&m->t->files, &m->t->file_count, &m->t->file_cap, file);
        break;
    }
    }
}

static void run_standard(struct machine *m, uint64_t opcode)
{
    switch (opcode) {
    case DW_LNS_copy:
        add_row(m);
        break;
    case DW_LNS_advance_pc:
        advance(m, bytes_uleb(&m->b));
        break;
    case DW_LNS_advance_line:
        m->row.line += (uint32_t)bytes_sleb(&m->b);
        break;
    case DW_LNS_set_file:
        m->row.file = (uint32_t)bytes_uleb(&m->b);
        break;
    case DW_LNS_set_column:
        m->row.column = (uint32_t)bytes_uleb(&m->b);
        break;
    case DW_LNS_const_add_pc:
        advance(m, (255 - m->h->opcode_base) / m->h->line_range);
        break;
    case DW_LNS_fixed_advance_pc:
        m->row.address += bytes_number(&m->b, 2);
        m->op_index = 0;
        break;
    default: /* others change nothing that is kept */
        for (unsigned i = m->h->opcode_lengths[opcode - 1]; i; i--)
            bytes_uleb(&m->b);
    }
}

void linetable_read(struct linetable *t, const struct line_sections *sections, uint64_t offset,
                    struct effort *effort)
{
    struct header h;
    *t = (struct linetable){0};
    if (!read_header(t, sections, offset, &h))
        return;
    struct machine m = {.t = t, .h = &h, .b = h.program};
    begin_sequence(&m);
    while (m.b.at < m.b.end && !m.b.bad && effort_spend(effort)) {
        uint64_t opcode = bytes_u8(&m.b);
        if (opcode >= h.opcode_base) {
            uint64_t special = opcode - h.opcode_base;
            advance(&m, special / h.line_range);
            m.row.line += (uint32_t)(h.line_base + (int64_t)(special % h.line_range));
            add_row(&m);
        } else if (opcode) {
            run_standard(&m, opcode);
        } else {
            run_extended(&m);
        }
    }
    intervals_settle(&t->where);
}

void linetable_release(struct linetable *t)
{
    free(t->dirs);
    free(t->files);
    free(t->rows);
    free(t->runs);
    intervals_release(&t->where);
    *t = (struct linetable){0};
}

bool linetable_find(const struct linetable *t, uint64_t address, struct line_row *row)
{
    uint32_t found = intervals_find(&t->where, address);
    if (found == INTERVALS_NONE)
        return false;
    const struct line_run *run = &t->runs[found];
    const struct line_entry *rows = t->rows + run->first;
    size_t low = 0, high = run->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (rows[middle].into <= address - run->start)
            low = middle + 1;
        else
            high = middle;
    }
    if (!low)
        return false;
    const struct line_entry *entry = &rows[low - 1];
    *row = (struct line_row){address, entry->file, entry->line, entry->column};
    return true;
}

/* The directory DIR, or NULL for the one of the compilation. */
static const char *directory(const struct linetable *t, uint64_t dir)
{
    if (t->version < 5)
        dir--; /* 0 is not in the list, and becomes too large */
    return dir < t->dir_count ? t->dirs[dir].name : NULL;
}

bool linetable_path(const struct linetable *t, uint64_t file, struct buf *out)
{
    if (t->version < 5)
        file--;
    if (file >= t->file_count)
        return false;
    const struct line_file *f = &t->files[file];
    const char *dir = *f->name == '/' ? NULL : directory(t, f->dir);
    if (dir && *dir) {
        /* Directories of version 5 are relative to the first of them. */
        const char *first = t->version >= 5 && f->dir && *dir != '/' ? directory(t, 0) : NULL;
        if (first && *first)
            buf_printf(out, "%s/", first);
        buf_printf(out, "%s/", dir);
    }
    buf_puts(out, f->name);
    return true;
}
