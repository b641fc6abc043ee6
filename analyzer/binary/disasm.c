#include "analyzer/binary/disasm.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/dynlib.h"

#include <capstone/capstone.h>
#include <inttypes.h>
#include <stdlib.h>

#define CAPSTONE_FUNCTIONS(F)                                                                      \
    F(cs_open) F(cs_close) F(cs_option) F(cs_malloc) F(cs_free) F(cs_disasm_iter) F(cs_insn_group)

struct capstone {
    CAPSTONE_FUNCTIONS(DYNLIB_MEMBER)
};

static const char *const capstone_names[] = {CAPSTONE_FUNCTIONS(DYNLIB_NAME) NULL};

static const struct dynlib library = {"libcapstone.so.4", "reads machine code", "libcapstone4",
                                      capstone_names};

static const struct {
    enum binary_machine machine;
    cs_arch arch;
    cs_mode mode;
    size_t unit; /* bytes that are skipped where there is no instruction */
} machines[] = {
    {BINARY_X86_64, CS_ARCH_X86, CS_MODE_64, 1},
    {BINARY_X86, CS_ARCH_X86, CS_MODE_32, 1},
    {BINARY_AARCH64, CS_ARCH_ARM64, CS_MODE_ARM, 4},
};

struct disasm {
    struct capstone cs;
    csh handle;
    cs_insn *insn;
    cs_arch arch;
    size_t unit;

    const uint8_t *code;
    size_t len;
    uint64_t address;
    const struct disasm_names *names;
    struct buf text;
};

struct disasm *disasm_new(enum binary_machine machine, enum disasm_syntax syntax, struct error *err)
{
    size_t count = sizeof machines / sizeof *machines, i = 0;
    while (i < count && machines[i].machine != machine)
        i++;
    if (i == count) {
        error_set(err, ERROR_DATA,
                  "its machine code cannot be shown: it is neither x86 nor AArch64");
        return NULL;
    }
    struct disasm *d = xcalloc(1, sizeof *d);
    d->arch = machines[i].arch;
    d->unit = machines[i].unit;
    if (dynlib_load(&library, &d->cs, err)) {
        free(d);
        return NULL;
    }
    cs_err failure = d->cs.cs_open(machines[i].arch, machines[i].mode, &d->handle);
    if (failure != CS_ERR_OK) {
        error_set(err, ERROR_DATA, "%s cannot read this machine's code (its error %d)",
                  library.soname, (int)failure);
        free(d);
        return NULL;
    }
    d->cs.cs_option(d->handle, CS_OPT_DETAIL, CS_OPT_ON);
    if (d->arch == CS_ARCH_X86 && syntax == DISASM_ATT)
        d->cs.cs_option(d->handle, CS_OPT_SYNTAX, CS_OPT_SYNTAX_ATT);
    d->insn = d->cs.cs_malloc(d->handle);
    return d;
}

void disasm_free(struct disasm *d)
{
    if (!d)
        return;
    d->cs.cs_free(d->insn, 1);
    d->cs.cs_close(&d->handle);
    buf_release(&d->text);
    free(d);
}

void disasm_begin(struct disasm *d, const unsigned char *code, size_t len, uint64_t address,
                  const struct disasm_names *names)
{
    d->code = code;
    d->len = len;
    d->address = address;
    d->names = names;
}

/* What an instruction refers to by an address that does not depend on a register's value. */
struct reference {
    bool any, code;
    bool spelled; /* the operand is the address itself */
    uint64_t address;
};

static struct reference x86_reference(const cs_insn *insn, bool branch)
{
    const cs_x86 *x = &insn->detail->x86;
    for (uint8_t i = 0; i < x->op_count; i++) {
        const cs_x86_op *op = &x->operands[i];
        if (branch && op->type == X86_OP_IMM)
            return (struct reference){true, true, true, (uint64_t)op->imm};
        if (op->type == X86_OP_MEM && op->mem.base == X86_REG_RIP &&
            op->mem.index == X86_REG_INVALID)
            return (struct reference){true, false, false,
                                      insn->address + insn->size + (uint64_t)op->mem.disp};
    }
    return (struct reference){0};
}

static struct reference arm64_reference(const cs_insn *insn, bool branch)
{
    const cs_arm64 *a = &insn->detail->arm64;
    bool page = insn->id == ARM64_INS_ADR || insn->id == ARM64_INS_ADRP;
    bool literal = insn->id == ARM64_INS_LDR || insn->id == ARM64_INS_LDRSW;
    if (a->op_count && (branch || page || literal)) {
        const cs_arm64_op *last = &a->operands[a->op_count - 1];
        /* The offset of a load with an updated base is an operand of its own. */
        if (last->type == ARM64_OP_IMM && !(literal && a->op_count != 2))
            return (struct reference){true, branch, true, (uint64_t)last->imm};
    }
    return (struct reference){0};
}

static void add_reference(struct disasm *d)
{
    bool branch = d->cs.cs_insn_group(d->handle, d->insn, CS_GRP_JUMP) ||
                  d->cs.cs_insn_group(d->handle, d->insn, CS_GRP_CALL) ||
                  d->cs.cs_insn_group(d->handle, d->insn, CS_GRP_BRANCH_RELATIVE);
    struct reference r =
        d->arch == CS_ARCH_X86 ? x86_reference(d->insn, branch) : arm64_reference(d->insn, branch);
    if (!r.any)
        return;
    size_t before = d->text.len;
    if (!r.spelled)
        buf_printf(&d->text, "  # 0x%" PRIx64, r.address);
    size_t bare = d->text.len;
    buf_puts(&d->text, " <");
    if (d->names && d->names->name(d->names->context, r.address, r.code, &d->text)) {
        buf_puts(&d->text, ">");
        return;
    }
    d->text.len = r.spelled ? before : bare;
    d->text.data[d->text.len] = '\0';
}

bool disasm_next(struct disasm *d, struct disasm_instruction *i)
{
    if (!d->len)
        return false;
    uint64_t at = d->address;
    buf_clear(&d->text);
    if (d->cs.cs_disasm_iter(d->handle, &d->code, &d->len, &d->address, d->insn)) {
        if (d->insn->op_str[0])
            buf_printf(&d->text, "%-6s %s", d->insn->mnemonic, d->insn->op_str);
        else
            buf_puts(&d->text, d->insn->mnemonic);
        add_reference(d);
    } else {
        size_t skipped = d->unit < d->len ? d->unit : d->len;
        d->code += skipped;
        d->len -= skipped;
        d->address += skipped;
        buf_puts(&d->text, "(bad)");
    }
    *i = (struct disasm_instruction){at, (size_t)(d->address - at), d->text.data};
    return true;
}
