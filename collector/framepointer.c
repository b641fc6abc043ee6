#include "collector/framepointer.h"

#include <string.h>

enum { SEARCH = 8192, PROLOGUE = 64 }; /* bytes of stack, of code */

struct search {
    const struct modules *modules;
    struct unwind_bounds bounds;
    uintptr_t entry, body; /* of the function: from its first instruction to where its frame is set
                              up, which is where its body begins */
};

static bool read_word(const struct search *s, uintptr_t address, uintptr_t *value)
{
    if (address < s->bounds.low || address >= s->bounds.high ||
        s->bounds.high - address < sizeof *value)
        return unwind_read(address, value, sizeof *value);
    memcpy(value, (const void *)(address + s->bounds.shift), sizeof *value);
    return true;
}

/* Does a call precede the address? *TARGET is what it calls, 0 if only the processor knows. */
static bool follows_call(const struct search *s, uintptr_t address, uintptr_t *target)
{
    unsigned char before[ARCH_CALL_BYTES];
    return modules_find(s->modules, address - 1) &&
           unwind_read(address - sizeof before, before, sizeof before) &&
           arch_is_call(before + sizeof before, address, target);
}

/* Fills where the function is, from the rules of its module. */
static bool find_function(struct search *s, uintptr_t pc)
{
    const struct module *m = modules_find(s->modules, pc);
    const struct cfi_row *row = m ? cfi_find(&m->cfi, (uint32_t)(pc - m->start)) : NULL;
    if (!row || row->cfa_kind != CFI_FP || row->cfa != ARCH_FRAME_CFA)
        return false;
    /* an early return has rules of its own in the middle: back to where the frame pointer is set */
    while (row > m->cfi.rows && !(row->cfa_kind == CFI_FP && row[-1].cfa_kind == CFI_SP &&
                                  row[-1].cfa == ARCH_FRAME_CFA)) {
        if (row->cfa_kind == CFI_NONE)
            return false;
        row--;
    }
    if (row < m->cfi.rows + 2)
        return false;
    s->entry = m->start + row[-2].pc;
    s->body = m->start + row->pc;
    return true;
}

uintptr_t framepointer_find(const struct modules *m, uintptr_t pc, uintptr_t sp,
                            struct unwind_bounds bounds)
{
    struct search s = {.modules = m, .bounds = bounds};
    unsigned char code[PROLOGUE];
    uintptr_t back, target;
    if (!find_function(&s, pc) || !unwind_read(s.body, code, sizeof code))
        return 0;
    uintptr_t fp = sp + arch_frame_room(code, code + sizeof code);
    if (read_word(&s, fp + sizeof fp, &back) && follows_call(&s, back, &target))
        return fp;
    for (fp = sp; fp < sp + SEARCH; fp += sizeof fp) {
        if (!read_word(&s, fp + sizeof fp, &back))
            break;
        if (follows_call(&s, back, &target) && target >= s.entry && target < s.body)
            return fp;
    }
    return 0;
}
