#include "collector/cfi.h"

#include "collector/arch/arch.h"
#include "collector/cfi_read.h"

#include <stdlib.h>
#include <string.h>

enum { REMEMBERED = 16 }; /* states a function may remember at a time; compilers use one or two */

/* --- the state that call frame instructions change */

enum rule_kind { RULE_SAME, RULE_AT_CFA, RULE_AT_FP, RULE_REGISTER, RULE_UNDEFINED, RULE_OTHER };

struct rule {
    enum rule_kind kind;
    int64_t offset; /* RULE_REGISTER: which */
};

struct state {
    enum cfi_cfa cfa_kind;
    uint64_t cfa_register;
    int64_t cfa_offset, cfa_add;
    struct rule fp, ra, base;
};

struct cie {
    uint64_t code_align, ra_register;
    int64_t data_align;
    unsigned char pointer_encoding;
    bool augmented, signal_frame;
    struct reader instructions;
};

struct compiler {
    struct cfi_table *table;
    const struct cfi_section *section;
    bool no_memory;
};

static bool fits16(int64_t v)
{
    return v >= CFI_RA_SCRATCH + ARCH_SCRATCHES && v <= INT16_MAX;
}

static bool fits24(int64_t v)
{
    return v >= -(1 << 23) && v < 1 << 23;
}

/* The kind of a CFA that is counted from a register. */
static enum cfi_cfa kind_of_register(uint64_t reg)
{
    return reg == ARCH_DWARF_SP               ? CFI_SP
           : reg == ARCH_DWARF_FP             ? CFI_FP
           : reg == (uint64_t)ARCH_DWARF_BASE ? CFI_BASE
           : arch_scratch(reg) >= 0           ? CFI_SCRATCH
                                              : CFI_NONE;
}

/* False if the return address is somewhere else. */
static bool set_ra(struct cfi_row *row, const struct rule *ra)
{
    int scratch = ra->kind == RULE_REGISTER ? arch_scratch((uint64_t)ra->offset) : -1;
    if (ra->kind == RULE_SAME && ARCH_HAS_LINK_REGISTER)
        row->ra = CFI_RA_SAME;
    else if (ra->kind == RULE_AT_CFA && fits16(ra->offset))
        row->ra = (int16_t)ra->offset;
    else if (scratch >= 0)
        row->ra = (int16_t)(CFI_RA_SCRATCH + scratch);
    else
        return false;
    return true;
}

static struct cfi_row row_of(const struct state *s, const struct cie *cie, uint32_t pc)
{
    struct cfi_row row = {.pc = pc, .cfa_kind = CFI_NONE};
    if (cie->signal_frame) {
        row.cfa_kind = CFI_SIGNAL;
        return row;
    }
    if (s->ra.kind == RULE_UNDEFINED) {
        row.cfa_kind = CFI_END;
        return row;
    }
    if (!fits24(s->cfa_offset) || !fits16(s->cfa_add) || !fits16(s->fp.offset) ||
        !fits16(s->base.offset) || !set_ra(&row, &s->ra))
        return row;
    row.cfa_kind = s->cfa_kind == CFI_SP ? kind_of_register(s->cfa_register) : s->cfa_kind;
    row.cfa = (int32_t)s->cfa_offset;
    row.fp = (int16_t)s->fp.offset;
    row.base = s->base.kind == RULE_AT_CFA ? (int16_t)s->base.offset : (int16_t)CFI_BASE_SAME;
    row.add =
        row.cfa_kind == CFI_SCRATCH ? (int16_t)arch_scratch(s->cfa_register) : (int16_t)s->cfa_add;
    /* A frame pointer that cannot be had keeps its value: most callers do not need it. */
    row.fp_kind = s->fp.kind == RULE_AT_CFA  ? CFI_FP_AT_CFA
                  : s->fp.kind == RULE_AT_FP ? CFI_FP_AT_FP
                                             : CFI_FP_SAME;
    return row;
}

static bool same_rule(const struct cfi_row *a, const struct cfi_row *b)
{
    return a->cfa == b->cfa && a->cfa_kind == b->cfa_kind && a->fp_kind == b->fp_kind &&
           a->fp == b->fp && a->ra == b->ra && a->base == b->base && a->add == b->add;
}

static void add_row(struct compiler *c, struct cfi_row row)
{
    struct cfi_table *t = c->table;
    if (t->count == t->cap) {
        size_t cap = t->cap ? t->cap * 2 : 1024;
        struct cfi_row *rows = realloc(t->rows, cap * sizeof *rows);
        if (!rows) {
            c->no_memory = true;
            return;
        }
        t->rows = rows;
        t->cap = cap;
    }
    t->rows[t->count++] = row;
}

/* --- expressions: the few that compilers and linkers write for the CFA */

static void set_cfa_expression(struct state *s, struct reader block)
{
    /* What the linker says of a PLT: rsp + 8 + ((rip & 15) >= N) * 8, N being 11, or 10 in entries
     * that begin with endbr64. */
    static const unsigned char plt[] = {0x77, 0x08, 0x80, 0x00, 0x3F, 0x1A,
                                        0x00, 0x2A, 0x33, 0x24, 0x22};
    enum { OP_LIT0 = 0x30, OP_LIT15 = 0x3F, OP_BREG0 = 0x70, OP_DEREF = 0x06, OP_PLUS = 0x23 };
    size_t len = (size_t)(block.end - block.at);
    s->cfa_kind = CFI_NONE;
    s->cfa_add = 0;
    if (len == sizeof plt && !memcmp(block.at, plt, 6) && !memcmp(block.at + 7, plt + 7, 4) &&
        block.at[6] >= OP_LIT0 && block.at[6] <= OP_LIT15) {
        s->cfa_kind = CFI_PLT;
        s->cfa_offset = block.at[6] - OP_LIT0;
        return;
    }
    int reg = len ? *block.at++ - OP_BREG0 : -1;
    int64_t offset = read_sleb(&block), add = 0;
    if (read_fixed(&block, 1) != OP_DEREF)
        return;
    if (block.at < block.end && *block.at == OP_PLUS) {
        block.at++;
        add = (int64_t)read_uleb(&block);
    }
    if (block.bad || block.at < block.end || (reg != ARCH_DWARF_FP && reg != ARCH_DWARF_SP))
        return;
    s->cfa_kind = reg == ARCH_DWARF_FP ? CFI_DEREF_FP : CFI_DEREF_SP;
    s->cfa_offset = offset;
    s->cfa_add = add;
}

/* "Saved at frame pointer + offset", the one a realigned frame has. */
static struct rule expression_rule(struct reader block)
{
    enum { OP_BREG_FP = 0x70 + ARCH_DWARF_FP };
    if (block.at < block.end && *block.at == OP_BREG_FP) {
        block.at++;
        int64_t offset = read_sleb(&block);
        if (!block.bad && block.at == block.end)
            return (struct rule){RULE_AT_FP, offset};
    }
    return (struct rule){.kind = RULE_OTHER};
}

/* --- instructions */

enum {
    CFA_ADVANCE_LOC = 0x40,
    CFA_OFFSET = 0x80,
    CFA_RESTORE = 0xC0,
    CFA_NOP = 0x00,
    CFA_SET_LOC = 0x01,
    CFA_ADVANCE_LOC1 = 0x02,
    CFA_ADVANCE_LOC2 = 0x03,
    CFA_ADVANCE_LOC4 = 0x04,
    CFA_OFFSET_EXTENDED = 0x05,
    CFA_RESTORE_EXTENDED = 0x06,
    CFA_UNDEFINED = 0x07,
    CFA_SAME_VALUE = 0x08,
    CFA_REGISTER = 0x09,
    CFA_REMEMBER_STATE = 0x0A,
    CFA_RESTORE_STATE = 0x0B,
    CFA_DEF_CFA = 0x0C,
    CFA_DEF_CFA_REGISTER = 0x0D,
    CFA_DEF_CFA_OFFSET = 0x0E,
    CFA_DEF_CFA_EXPRESSION = 0x0F,
    CFA_EXPRESSION = 0x10,
    CFA_OFFSET_EXTENDED_SF = 0x11,
    CFA_DEF_CFA_SF = 0x12,
    CFA_DEF_CFA_OFFSET_SF = 0x13,
    CFA_VAL_OFFSET = 0x14,
    CFA_VAL_OFFSET_SF = 0x15,
    CFA_VAL_EXPRESSION = 0x16,
    CFA_NEGATE_RA_STATE =
        0x2D, /* AArch64: the return address is signed from here; see arch_code_pointer */
    CFA_GNU_ARGS_SIZE = 0x2E,
    CFA_GNU_NEGATIVE_OFFSET_EXTENDED = 0x2F,
};

/* One function's instructions being run. */
struct run {
    struct compiler *c;
    const struct cie *cie;
    struct state state, initial, remembered[REMEMBERED];
    size_t depth;
    uintptr_t pc, end;
    bool emit; /* rows are wanted; not while the CIE's own instructions run */
};

static void set_rule(struct run *run, uint64_t reg, struct rule rule)
{
    if (reg == run->cie->ra_register)
        run->state.ra = rule;
    else if (reg == ARCH_DWARF_FP)
        run->state.fp = rule;
    else if (reg == (uint64_t)ARCH_DWARF_BASE)
        run->state.base = rule;
}

static void restore_rule(struct run *run, uint64_t reg)
{
    const struct state *initial = &run->initial;
    set_rule(run, reg,
             reg == run->cie->ra_register ? initial->ra
             : reg == ARCH_DWARF_FP       ? initial->fp
                                          : initial->base);
}

static void set_cfa(struct run *run, uint64_t reg, int64_t offset)
{
    run->state.cfa_kind = CFI_SP;
    run->state.cfa_register = reg;
    run->state.cfa_offset = offset;
    run->state.cfa_add = 0;
}

/* Ends the range that began at run->pc. */
static void advance_to(struct run *run, uintptr_t pc)
{
    uintptr_t base = run->c->section->base;
    if (run->emit && pc > run->pc && run->pc < run->end)
        add_row(run->c, row_of(&run->state, run->cie, (uint32_t)(run->pc - base)));
    run->pc = pc;
}

static void run_extended(struct run *run, struct reader *r, unsigned char op)
{
    const struct cie *cie = run->cie;
    uint64_t reg;
    switch (op) {
    case CFA_NOP:
    case CFA_NEGATE_RA_STATE:
        break;
    case CFA_SET_LOC:
        advance_to(run, read_pointer(r, cie->pointer_encoding, run->c->section));
        break;
    case CFA_ADVANCE_LOC1:
        advance_to(run, run->pc + read_fixed(r, 1) * cie->code_align);
        break;
    case CFA_ADVANCE_LOC2:
        advance_to(run, run->pc + read_fixed(r, 2) * cie->code_align);
        break;
    case CFA_ADVANCE_LOC4:
        advance_to(run, run->pc + read_fixed(r, 4) * cie->code_align);
        break;
    case CFA_OFFSET_EXTENDED:
        reg = read_uleb(r);
        set_rule(run, reg, (struct rule){RULE_AT_CFA, (int64_t)read_uleb(r) * cie->data_align});
        break;
    case CFA_OFFSET_EXTENDED_SF:
        reg = read_uleb(r);
        set_rule(run, reg, (struct rule){RULE_AT_CFA, read_sleb(r) * cie->data_align});
        break;
    case CFA_GNU_NEGATIVE_OFFSET_EXTENDED:
        reg = read_uleb(r);
        set_rule(run, reg, (struct rule){RULE_AT_CFA, -((int64_t)read_uleb(r) * cie->data_align)});
        break;
    case CFA_RESTORE_EXTENDED:
        restore_rule(run, read_uleb(r));
        break;
    case CFA_UNDEFINED:
        set_rule(run, read_uleb(r), (struct rule){.kind = RULE_UNDEFINED});
        break;
    case CFA_SAME_VALUE:
        set_rule(run, read_uleb(r), (struct rule){.kind = RULE_SAME});
        break;
    case CFA_REGISTER:
        reg = read_uleb(r);
        set_rule(run, reg, (struct rule){RULE_REGISTER, (int64_t)read_uleb(r)});
        break;
    case CFA_REMEMBER_STATE:
        if (run->depth < REMEMBERED)
            run->remembered[run->depth++] = run->state;
        else
            r->bad = true;
        break;
    case CFA_RESTORE_STATE:
        if (run->depth)
            run->state = run->remembered[--run->depth];
        else
            r->bad = true;
        break;
    case CFA_DEF_CFA:
        reg = read_uleb(r);
        set_cfa(run, reg, (int64_t)read_uleb(r));
        break;
    case CFA_DEF_CFA_SF:
        reg = read_uleb(r);
        set_cfa(run, reg, read_sleb(r) * cie->data_align);
        break;
    case CFA_DEF_CFA_REGISTER:
        set_cfa(run, read_uleb(r), run->state.cfa_offset);
        break;
    case CFA_DEF_CFA_OFFSET:
        run->state.cfa_offset = (int64_t)read_uleb(r);
        break;
    case CFA_DEF_CFA_OFFSET_SF:
        run->state.cfa_offset = read_sleb(r) * cie->data_align;
        break;
    case CFA_DEF_CFA_EXPRESSION:
        set_cfa_expression(&run->state, read_block(r, read_uleb(r)));
        break;
    case CFA_EXPRESSION:
        reg = read_uleb(r);
        set_rule(run, reg, expression_rule(read_block(r, read_uleb(r))));
        break;
    case CFA_VAL_OFFSET:
    case CFA_VAL_OFFSET_SF:
        reg = read_uleb(r);
        read_uleb(r);
        set_rule(run, reg, (struct rule){.kind = RULE_OTHER});
        break;
    case CFA_VAL_EXPRESSION:
        reg = read_uleb(r);
        read_block(r, read_uleb(r));
        set_rule(run, reg, (struct rule){.kind = RULE_OTHER});
        break;
    case CFA_GNU_ARGS_SIZE:
        read_uleb(r);
        break;
    default:
        r->bad = true;
    }
}

static void run_instructions(struct run *run, struct reader r)
{
    while (r.at < r.end && !r.bad && !run->c->no_memory) {
        unsigned char op = *r.at++;
        unsigned char low = op & 0x3F;
        switch (op & 0xC0) {
        case CFA_ADVANCE_LOC:
            advance_to(run, run->pc + low * run->cie->code_align);
            break;
        case CFA_OFFSET: {
            int64_t offset = (int64_t)read_uleb(&r) * run->cie->data_align;
            set_rule(run, low, (struct rule){RULE_AT_CFA, offset});
            break;
        }
        case CFA_RESTORE:
            restore_rule(run, low);
            break;
        default:
            run_extended(run, &r, op);
        }
    }
    if (r.bad) /* what follows of this function is not known */
        run->state = (struct state){.cfa_kind = CFI_NONE, .ra.kind = RULE_OTHER};
}

/* --- entries */

/* The body of the entry at R, which R then stands behind; false at the end of the section. */
static bool next_entry(struct reader *r, struct reader *entry)
{
    if (r->end - r->at < 4)
        return false;
    uint64_t len = read_fixed(r, 4);
    if (len == 0xFFFFFFFF)
        len = read_fixed(r, 8);
    if (!len || r->bad)
        return false;
    *entry = read_block(r, len);
    return !r->bad;
}

static bool parse_cie(struct cie *cie, struct reader r, const struct cfi_section *section)
{
    *cie = (struct cie){0};
    read_fixed(&r, 4); /* the id: 0 */
    uint64_t version = read_fixed(&r, 1);
    const unsigned char *augmentation = r.at;
    while (r.at < r.end && *r.at)
        r.at++;
    skip(&r, 1);
    if (r.bad || (version != 1 && version != 3))
        return false;
    cie->code_align = read_uleb(&r);
    cie->data_align = read_sleb(&r);
    cie->ra_register = version == 1 ? read_fixed(&r, 1) : read_uleb(&r);
    if (*augmentation == 'z') {
        struct reader data = read_block(&r, read_uleb(&r));
        cie->augmented = true;
        for (augmentation++; *augmentation && !data.bad; augmentation++) {
            if (*augmentation == 'R')
                cie->pointer_encoding = (unsigned char)read_fixed(&data, 1);
            else if (*augmentation == 'L')
                skip(&data, 1);
            else if (*augmentation == 'S')
                cie->signal_frame = true;
            else if (*augmentation == 'P')
                read_pointer(&data, (unsigned char)read_fixed(&data, 1), section);
        }
    } else if (*augmentation) {
        return false;
    }
    cie->instructions = r;
    return !r.bad;
}

/* The rules of the loader's resolver on AArch64 do not say what the procedure linkage table has
 * pushed for it: the return address lies above their CFA. All frames of such a function, whose rows
 * begin with FIRST, are that much larger. */
static void add_unsaid(const struct cfi_table *table, size_t first)
{
    if (!ARCH_STUB_PUSHES || table->count == first)
        return;
    const struct cfi_row *last = table->rows + table->count - 1;
    if (last->cfa_kind != CFI_SP || last->ra < 0)
        return;
    for (struct cfi_row *row = table->rows + first; row <= last; row++) {
        row->cfa += ARCH_STUB_PUSHES;
        if (row->ra != CFI_RA_SAME)
            row->ra -= ARCH_STUB_PUSHES;
        if (row->fp_kind == CFI_FP_AT_CFA)
            row->fp -= ARCH_STUB_PUSHES;
    }
}

static void compile_fde(struct compiler *c, const struct cie *cie, struct reader r)
{
    uintptr_t base = c->section->base;
    uintptr_t start = read_pointer(&r, cie->pointer_encoding, c->section);
    uintptr_t size = read_pointer(&r, cie->pointer_encoding & PE_FORMAT, c->section);
    if (cie->augmented)
        skip(&r, read_uleb(&r));
    if (r.bad || start < base || !size || size > UINT32_MAX || start - base > UINT32_MAX - size)
        return;
    size_t first = c->table->count;
    struct run run = {.c = c, .cie = cie, .pc = start, .end = start + size};
    run.state.cfa_kind = CFI_NONE;
    run.state.ra.kind = ARCH_HAS_LINK_REGISTER ? RULE_SAME : RULE_AT_CFA;
    run.state.ra.offset = ARCH_HAS_LINK_REGISTER ? 0 : ARCH_RA_FROM_CFA;
    run_instructions(&run, cie->instructions);
    run.initial = run.state;
    run.pc = start;
    run.depth = 0;
    run.emit = true;
    run_instructions(&run, r);
    advance_to(&run, run.end);
    add_unsaid(c->table, first);
    /* No rule behind the function, unless another one begins there: sorting puts it first. */
    add_row(c, (struct cfi_row){.pc = (uint32_t)(start + size - base), .cfa_kind = CFI_NONE});
}

/* --- the table in order */

static int compare_rows(const void *a, const void *b)
{
    const struct cfi_row *x = a, *y = b;
    if (x->pc != y->pc)
        return x->pc < y->pc ? -1 : 1;
    /* the end of one function before the start of the next, whose row is the one to keep */
    return (x->cfa_kind != CFI_NONE) - (y->cfa_kind != CFI_NONE);
}

static void put_in_order(struct cfi_table *t)
{
    size_t sorted = 1, kept = 0;
    while (sorted < t->count && compare_rows(&t->rows[sorted - 1], &t->rows[sorted]) <= 0)
        sorted++;
    if (sorted < t->count)
        qsort(t->rows, t->count, sizeof *t->rows, compare_rows);
    for (size_t i = 0; i < t->count; i++) {
        if (i + 1 < t->count && t->rows[i].pc == t->rows[i + 1].pc)
            continue;
        if (kept && same_rule(&t->rows[kept - 1], &t->rows[i]))
            continue;
        t->rows[kept++] = t->rows[i];
    }
    t->count = kept;
}

bool cfi_compile(struct cfi_table *t, const struct cfi_section *section)
{
    *t = (struct cfi_table){0};
    struct compiler c = {.table = t, .section = section};
    struct reader r = {section->start, section->end, false}, entry;
    const unsigned char *cie_at = NULL; /* the CIE that `cie` is of */
    struct cie cie = {0};
    bool cie_good = false;
    while (!c.no_memory && next_entry(&r, &entry)) {
        struct reader body = entry;
        uint64_t back = read_fixed(&body, 4);
        if (!back || body.bad)
            continue; /* a CIE: read when an FDE asks for it */
        if (back > (uint64_t)(entry.at - section->start))
            continue;
        const unsigned char *at = entry.at - back;
        if (at != cie_at) {
            struct reader cie_reader = {at, section->end, false}, cie_body;
            cie_at = at;
            cie_good = next_entry(&cie_reader, &cie_body) && parse_cie(&cie, cie_body, section);
        }
        if (cie_good)
            compile_fde(&c, &cie, body);
    }
    if (c.no_memory) {
        cfi_release(t);
        return false;
    }
    put_in_order(t);
    return true;
}

void cfi_release(struct cfi_table *t)
{
    free(t->rows);
    *t = (struct cfi_table){0};
}

const struct cfi_row *cfi_find(const struct cfi_table *t, uint32_t pc)
{
    size_t low = 0, high = t->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (t->rows[middle].pc <= pc)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? &t->rows[low - 1] : NULL;
}
