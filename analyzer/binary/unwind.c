#include "analyzer/binary/unwind.h"

#include "analyzer/base/alloc.h"
#include "analyzer/binary/dwarf_expression.h"

#include <stdlib.h>
#include <string.h>

/* The roles of a machine's registers, by DWARF's numbers. */
struct machine {
    uint32_t stack_pointer, frame_pointer;
    uint64_t address_bits; /* AArch64 signs return addresses in the bits above */
};

static const struct machine machines[] = {
    [BINARY_X86_64] = {.stack_pointer = 7, .frame_pointer = 6, .address_bits = UINT64_MAX},
    [BINARY_AARCH64] = {.stack_pointer = 31, .frame_pointer = 29, .address_bits = UINT64_MAX >> 16},
};

struct known_binary {
    bool tried;
    struct binary *binary;
    struct cfi *cfi;
    bool placed;    /* OFFSET is set: */
    uint64_t shift; /* addresses of places less this are the file's */
};

struct unwinder {
    unwind_open *open;
    void *context;
    struct known_binary *binaries;
    size_t binary_count;
};

struct unwinder *unwinder_new(unwind_open *open, void *context, size_t binary_count)
{
    struct unwinder *u = xcalloc(1, sizeof *u);
    *u = (struct unwinder){open, context, NULL, binary_count};
    u->binaries = xcalloc(binary_count, sizeof *u->binaries);
    return u;
}

void unwinder_free(struct unwinder *u)
{
    if (!u)
        return;
    for (size_t i = 0; i < u->binary_count; i++) {
        cfi_free(u->binaries[i].cfi);
        binary_close(u->binaries[i].binary);
    }
    free(u->binaries);
    free(u);
}

/* A frame on its way to its caller's. */
struct frame {
    struct unwinder *u;
    const struct unwind_stack *s;
    uint64_t registers[CFI_REGISTERS];
    uint64_t known;
    uint64_t pc, cfa;
    uint64_t copy_start; /* the address of s->stack */
    bool beyond_copy;    /* somebody asked for memory above the copy */
};

static struct known_binary *open_binary(struct unwinder *u, const struct unwind_place *place)
{
    struct known_binary *b = &u->binaries[place->binary];
    if (!b->tried) {
        b->tried = true;
        b->binary = u->open(u->context, place->binary);
        if (b->binary)
            b->cfi = cfi_open(b->binary);
    }
    /* A binary has one segment with code, so all its addresses are shifted alike. */
    if (b->binary && !b->placed) {
        uint64_t at;
        b->placed = binary_place(b->binary, &place->mapping, place->address, &at, NULL) == 0;
        b->shift = place->address - at;
    }
    return b;
}

static bool read_register(void *context, uint64_t number, uint64_t *value)
{
    const struct frame *f = context;
    if (number >= CFI_REGISTERS || !(f->known >> number & 1))
        return false;
    *value = f->registers[number];
    return true;
}

static bool read_memory(void *context, uint64_t address, size_t size, uint64_t *value)
{
    struct frame *f = context;
    uint64_t into = address - f->copy_start;
    *value = 0;
    if (address >= f->copy_start && into <= f->s->stack_len && size <= f->s->stack_len - into) {
        memcpy(value, f->s->stack + into, size);
        return true;
    }
    /* What the binaries hold has not changed, either. */
    struct unwind_place place;
    if (f->s->find(f->s->context, address, &place)) {
        struct known_binary *b = open_binary(f->u, &place);
        size_t len = 0;
        const unsigned char *code =
            b->placed ? binary_code(b->binary, place.address - b->shift, &len) : NULL;
        if (code && len >= size) {
            memcpy(value, code, size);
            return true;
        }
    }
    f->beyond_copy |= address >= f->copy_start;
    return false;
}

static bool evaluate(struct frame *f, const struct cfi_rule *rule, uint64_t *value)
{
    struct dwarf_frame_state state = {read_register, read_memory, f, f->cfa};
    return dwarf_expression(rule->operations, rule->number, &state, value);
}

/* The value that RULE gives register NUMBER in the caller. */
static bool apply_rule(struct frame *f, const struct cfi_rule *rule, uint32_t number,
                       uint64_t *value)
{
    switch (rule->kind) {
    case CFI_SAME:
        return read_register(f, number, value);
    case CFI_UNDEFINED:
        return false;
    case CFI_AT:
        return read_memory(f, f->cfa + (uint64_t)rule->offset, 8, value);
    case CFI_IS:
        *value = f->cfa + (uint64_t)rule->offset;
        return true;
    case CFI_REGISTER:
        if (!read_register(f, rule->number, value))
            return false;
        *value += (uint64_t)rule->offset;
        return true;
    case CFI_EXPRESSION_AT:
        return evaluate(f, rule, value) && read_memory(f, *value, 8, value);
    case CFI_EXPRESSION_IS:
        return evaluate(f, rule, value);
    }
    return false;
}

/* From F to its caller by ROW. */
static enum unwind_how step(struct frame *f, const struct cfi_row *row, const struct machine *m)
{
    uint64_t cfa, callers[CFI_REGISTERS] = {0}, known = 0;
    if (!apply_rule(f, &row->cfa, 0, &cfa))
        return f->beyond_copy ? UNWIND_COPY_ENDED : UNWIND_LOST;
    /* A caller's frame lies above; only code that has none of its own may stay where it is. */
    if (cfa < f->cfa || cfa < f->copy_start)
        return UNWIND_LOST;
    f->cfa = cfa;
    if (row->registers[row->return_register].kind == CFI_UNDEFINED)
        return UNWIND_COMPLETE;
    for (uint32_t i = 0; i < CFI_REGISTERS; i++) {
        bool has = row->registers[i].kind != CFI_UNDEFINED &&
                   apply_rule(f, &row->registers[i], i, &callers[i]);
        known |= (uint64_t)has << i;
    }
    if (!(known >> row->return_register & 1))
        return f->beyond_copy ? UNWIND_COPY_ENDED : UNWIND_LOST;
    uint64_t pc = callers[row->return_register] & m->address_bits;
    if (pc == f->pc && callers[m->stack_pointer] == f->registers[m->stack_pointer])
        return UNWIND_LOST;
    memcpy(f->registers, callers, sizeof callers);
    f->known = known;
    f->pc = pc;
    return UNWIND_HOWS;
}

/* The same where there is no row: as if frame pointers were kept. */
static bool step_by_frame_pointer(struct frame *f, const struct machine *m)
{
    uint64_t pointer, pc, before;
    struct unwind_place ignored;
    if (!read_register(f, m->frame_pointer, &pointer) || pointer < f->copy_start ||
        pointer < f->cfa || !read_memory(f, pointer, 8, &before) ||
        !read_memory(f, pointer + 8, 8, &pc))
        return false;
    pc &= m->address_bits;
    if (!f->s->find(f->s->context, pc - 1, &ignored))
        return false;
    f->cfa = pointer + 16;
    f->registers[m->frame_pointer] = before;
    f->registers[m->stack_pointer] = f->cfa;
    f->known = (uint64_t)1 << m->frame_pointer | (uint64_t)1 << m->stack_pointer;
    f->pc = pc;
    return true;
}

size_t unwind(struct unwinder *u, const struct unwind_stack *s, uint64_t *addresses, size_t cap,
              struct unwind_end *end)
{
    const struct machine *m = &machines[s->machine];
    struct frame f = {.u = u, .s = s, .known = s->known, .pc = s->pc};
    bool exact = true; /* F's address is the instruction's, not the one after its call */
    size_t count = 0;
    memcpy(f.registers, s->registers, sizeof f.registers);
    f.copy_start = f.registers[m->stack_pointer];
    *end = (struct unwind_end){UNWIND_LOST, 0};
    while (count < cap) {
        struct unwind_place place;
        uint64_t at = f.pc - !exact;
        if (!s->find(s->context, at, &place)) {
            if (count == 0)
                addresses[count++] = at;
            end->how = f.pc == 0 ? UNWIND_COMPLETE : UNWIND_LOST;
            return count;
        }
        addresses[count++] = at;
        struct known_binary *b = open_binary(u, &place);
        uint64_t in_file = place.address - b->shift;
        const struct cfi_row *row = b->placed ? cfi_row_at(b->cfi, in_file) : NULL;
        exact = row && row->is_signal;
        enum unwind_how how = row ? step(&f, row, m) : UNWIND_NO_CFI;
        if (how == UNWIND_NO_CFI && b->placed && cfi_is_entry(b->cfi, in_file))
            how = UNWIND_COMPLETE;
        else if (how == UNWIND_NO_CFI && step_by_frame_pointer(&f, m))
            how = UNWIND_HOWS;
        if (how != UNWIND_HOWS) {
            end->how = how == UNWIND_NO_CFI && !b->binary ? UNWIND_NO_BINARY : how;
            end->binary = place.binary;
            return count;
        }
    }
    return count;
}

bool unwind_is_start(struct unwinder *u, const struct unwind_place *place)
{
    struct known_binary *b = open_binary(u, place);
    if (!b->placed)
        return false;
    uint64_t at = place->address - b->shift;
    const struct cfi_row *row = cfi_row_at(b->cfi, at);
    return row ? row->registers[row->return_register].kind == CFI_UNDEFINED
               : cfi_is_entry(b->cfi, at);
}
