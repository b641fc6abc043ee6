#include "analyzer/binary/cfi.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/idmap.h"
#include "analyzer/base/strtab.h"
#include "analyzer/binary/elf_file.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

/* One of the two places where a file has such information; addresses there are the file's less
 * SHIFT. */
struct table {
    Dwarf_CFI *cfi;
    uint64_t shift;
};

struct cfi {
    struct binary *binary;
    struct table tables[2];
    size_t table_count;
    bool has_all_tables;
    struct arena arena; /* of rows and operations */
    const struct cfi_row **rows;
    size_t row_count, row_cap;
    struct strtab row_keys;  /* their bytes, for most are those of many addresses; ids from 1 */
    struct idmap by_address; /* which of them */
};

static const uint32_t no_row = UINT32_MAX - 2;

static void add_table(struct cfi *c, Dwarf_CFI *cfi, Dwarf_Addr bias)
{
    if (cfi)
        c->tables[c->table_count++] = (struct table){cfi, bias - c->binary->bias};
}

struct cfi *cfi_open(struct binary *b)
{
    struct cfi *c = xcalloc(1, sizeof *c);
    Dwarf_Addr bias = 0;
    c->binary = b;
    arena_init(&c->arena);
    strtab_init(&c->row_keys);
    idmap_init(&c->by_address, 0);
    Dwarf_CFI *table = b->dw.dwfl_module_eh_cfi(b->module, &bias);
    add_table(c, table, bias);
    return c;
}

void cfi_free(struct cfi *c)
{
    if (!c)
        return;
    arena_release(&c->arena);
    free(c->rows);
    strtab_release(&c->row_keys);
    idmap_release(&c->by_address);
    free(c);
}

static const Dwarf_Op *keep(struct cfi *c, const Dwarf_Op *ops, size_t count)
{
    Dwarf_Op *kept = arena_calloc(&c->arena, count, sizeof *kept);
    memcpy(kept, ops, count * sizeof *kept);
    return kept;
}

static struct cfi_rule expression(struct cfi *c, const Dwarf_Op *ops, size_t count)
{
    struct cfi_rule rule = {.kind = CFI_EXPRESSION_AT, .number = (uint32_t)count};
    if (ops[count - 1].atom == DW_OP_stack_value) {
        rule.kind = CFI_EXPRESSION_IS;
        rule.number--;
    }
    rule.operations = keep(c, ops, rule.number);
    return rule;
}

/* The rule that libdw put into the words of an expression. */
static struct cfi_rule register_rule(struct cfi *c, const Dwarf_Op *ops, size_t count)
{
    struct cfi_rule rule = {0};
    size_t at = 1;
    if (!ops) {
        rule.kind = CFI_SAME;
    } else if (!count) {
        rule.kind = CFI_UNDEFINED;
    } else if (count == 1 && ops[0].atom == DW_OP_regx) {
        rule.kind = CFI_REGISTER;
        rule.number = (uint32_t)ops[0].number;
    } else if (ops[0].atom == DW_OP_call_frame_cfa) {
        if (at < count && ops[at].atom == DW_OP_plus_uconst)
            rule.offset = (int64_t)ops[at++].number;
        bool value = at + 1 == count && ops[at].atom == DW_OP_stack_value;
        rule.kind = value ? CFI_IS : CFI_AT;
        if (at + value != count)
            rule = expression(c, ops, count);
    } else {
        rule = expression(c, ops, count);
    }
    return rule;
}

static bool cfa_rule(struct cfi *c, const Dwarf_Op *ops, size_t count, struct cfi_rule *rule)
{
    if (!count)
        return false;
    if (count == 1 && ops[0].atom == DW_OP_bregx) {
        *rule = (struct cfi_rule){.kind = CFI_REGISTER, .number = (uint32_t)ops[0].number};
        rule->offset = (int64_t)ops[0].number2;
        return rule->number < CFI_REGISTERS;
    }
    *rule = (struct cfi_rule){.kind = CFI_EXPRESSION_IS, .number = (uint32_t)count};
    rule->operations = keep(c, ops, count);
    return true;
}

/* FRAME as a row; false if it is damaged. */
static bool read_row(struct cfi *c, Dwarf_Frame *frame, struct cfi_row *row)
{
    const struct dw *dw = &c->binary->dw;
    Dwarf_Op *ops, memory[3];
    size_t count;
    int return_register = dw->dwarf_frame_info(frame, NULL, NULL, &row->is_signal);
    if (return_register < 0 || return_register >= CFI_REGISTERS ||
        dw->dwarf_frame_cfa(frame, &ops, &count) || !cfa_rule(c, ops, count, &row->cfa))
        return false;
    row->return_register = (uint32_t)return_register;
    for (int i = 0; i < CFI_REGISTERS; i++) {
        if (dw->dwarf_frame_register(frame, i, memory, &ops, &count))
            return false;
        row->registers[i] = register_rule(c, ops, count);
        if (row->registers[i].kind == CFI_REGISTER && row->registers[i].number >= CFI_REGISTERS)
            return false;
    }
    return true;
}

/* .debug_frame, which may be in a separate debug file, is looked for only when it is needed. */
static bool more_tables(struct cfi *c)
{
    if (c->has_all_tables)
        return false;
    c->has_all_tables = true;
    size_t before = c->table_count;
    Dwarf_Addr bias = 0;
    Dwarf_CFI *table = c->binary->dw.dwfl_module_dwarf_cfi(c->binary->module, &bias);
    add_table(c, table, bias);
    return c->table_count > before;
}

static uint32_t add_row(struct cfi *c, const struct cfi_row *row)
{
    uint32_t index = strtab_add(&c->row_keys, (const char *)row, sizeof *row) - 1;
    if (index == c->row_count) {
        struct cfi_row *kept = arena_alloc(&c->arena, sizeof *kept);
        *kept = *row;
        c->rows = xgrow(c->rows, &c->row_cap, c->row_count + 1, sizeof *c->rows);
        c->rows[c->row_count++] = kept;
    }
    return index;
}

static uint32_t find_row(struct cfi *c, uint64_t at)
{
    for (size_t i = 0; i < c->table_count; i++) {
        Dwarf_Frame *frame = NULL;
        if (c->binary->dw.dwarf_cfi_addrframe(c->tables[i].cfi, at - c->tables[i].shift, &frame))
            continue;
        struct cfi_row row;
        memset(&row, 0, sizeof row); /* what is between its fields counts, too */
        bool good = read_row(c, frame, &row);
        free(frame);
        return good ? add_row(c, &row) : no_row;
    }
    return no_row;
}

const struct cfi_row *cfi_row_at(struct cfi *c, uint64_t at)
{
    uint32_t index = idmap_get(&c->by_address, at);
    if (index == UINT32_MAX) {
        index = find_row(c, at);
        if (index == no_row && more_tables(c))
            index = find_row(c, at);
        idmap_put(&c->by_address, at, index);
    }
    return index == no_row ? NULL : c->rows[index];
}

bool cfi_is_entry(const struct cfi *c, uint64_t at)
{
    enum { ENTRY_CODE = 32 }; /* bytes: set registers up, call */
    return at - c->binary->header.e_entry < ENTRY_CODE;
}
