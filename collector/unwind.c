#include "collector/unwind.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* The walk reads other functions' frames, which a sanitizer takes for errors. */
#define READS_STACKS __attribute__((no_sanitize("address", "thread")))

struct walk {
    struct arch_registers at;
    struct unwind_bounds bounds;
    bool exact;    /* at.pc is an instruction, not what follows a call */
    bool strange;  /* code was met that is in no module */
    bool wants_fp; /* the frame pointer is needed and not known */
    bool sp_low;   /* at.sp is not what the stack pointer is, which is above */
};

/* The kernel reads the mask before it looks at what to do with it, which is nothing it knows: so it
 * says EFAULT where there is no memory, and else EINVAL. */
static bool is_readable(uintptr_t address)
{
    enum { MASK = 8, NOTHING = -1 };
    return syscall(SYS_rt_sigprocmask, (long)NOTHING, address & ~(uintptr_t)(MASK - 1), NULL,
                   (long)MASK) == 0 ||
           errno != EFAULT;
}

/* Where a sandbox or an emulator has no process_vm_readv. Memory that goes away between looking and
 * reading is the one thing this cannot stand. */
READS_STACKS static bool read_looked_at(uintptr_t address, unsigned char *to, size_t len)
{
    enum { PAGE = 4096 };
    for (size_t i = 0; i < len; i++) {
        if ((i == 0 || (address + i) % PAGE == 0) && !is_readable(address + i))
            return false;
        to[i] = *(const volatile unsigned char *)(address + i);
    }
    return true;
}

/* Through the kernel: false instead of a fault. errno is the caller's to keep. */
bool unwind_read(uintptr_t address, void *to, size_t len)
{
    struct iovec local = {to, len}, remote = {(void *)address, len};
    long got = syscall(SYS_process_vm_readv, syscall(SYS_getpid), &local, 1UL, &remote, 1UL, 0UL);
    if (got < 0 && (errno == ENOSYS || errno == EPERM))
        return read_looked_at(address, to, len);
    return got == (long)len;
}

READS_STACKS static inline bool read_word(const struct walk *w, uintptr_t address, uintptr_t *value)
{
    if (address >= w->bounds.low && address < w->bounds.high &&
        w->bounds.high - address >= sizeof *value && address % sizeof *value == 0) {
        *value = *(const uintptr_t *)(address + w->bounds.shift);
        return true;
    }
    return unwind_read(address, value, sizeof *value);
}

static struct cfi_row find_row(struct walk *w, const struct modules *m, struct unwind_cache *cache,
                               uintptr_t pc)
{
    size_t slot = (pc ^ pc >> 8) % UNWIND_CACHE;
    if (cache->entry[slot].pc == pc)
        return cache->entry[slot].row;
    struct cfi_row none = {.cfa_kind = CFI_NONE};
    const struct module *in = modules_find(m, pc);
    const struct cfi_row *row = in ? cfi_find(&in->cfi, (uint32_t)(pc - in->start)) : NULL;
    if (!in) {
        w->strange = true;
        return none;
    }
    cache->entry[slot].pc = pc;
    cache->entry[slot].row = row ? *row : none;
    return cache->entry[slot].row;
}

/* The registers a signal interrupted: the handler's frame returned to the code whose rule this is,
 * and the context lies where its stack pointer is now. (That code begins one byte early in its
 * rules, so that looking one byte back finds them.) */
static bool step_signal(struct walk *w)
{
    struct arch_saved saved;
    if (w->sp_low || !unwind_read(w->at.sp + ARCH_SAVED_FROM_SP, &saved, sizeof saved))
        return false;
    w->at = arch_saved_registers(&saved);
    w->exact = true;
    return w->at.pc != 0;
}

/* A call has come this far into the stub, which has pushed ROOM bytes. */
static bool step_stub(struct walk *w, uintptr_t room)
{
    w->at = (struct arch_registers){
        .pc = arch_code_pointer(w->at.lr), .sp = w->at.sp + room, .fp = w->at.fp};
    w->exact = false;
    return w->at.pc != 0;
}

/* Code that keeps frame pointers, as compilers for other languages make it. */
static bool step_by_frame_pointer(struct walk *w)
{
    uintptr_t fp = w->at.fp, next, pc;
    if (fp < w->at.sp || fp % sizeof fp)
        return false;
    if (!read_word(w, fp, &next) || !read_word(w, fp + sizeof fp, &pc))
        return false;
    w->at =
        (struct arch_registers){.pc = arch_code_pointer(pc), .sp = fp + 2 * sizeof fp, .fp = next};
    w->exact = false;
    w->sp_low = ARCH_FRAME_BELOW;
    return pc != 0;
}

static bool step_without_rule(struct walk *w)
{
    unsigned char code[ARCH_SIGRETURN_BYTES + ARCH_STUB_BYTES + 1];
    uintptr_t room;
    if (ARCH_SIGRETURN_BYTES && unwind_read(w->at.pc, code, ARCH_SIGRETURN_BYTES) &&
        arch_is_sigreturn(code))
        return step_signal(w);
    if (ARCH_STUB_BYTES && w->exact &&
        unwind_read(w->at.pc - ARCH_STUB_BEFORE, code, ARCH_STUB_BYTES) &&
        arch_is_stub(code, &room))
        return step_stub(w, room);
    return step_by_frame_pointer(w);
}

/* The CFA of a function that has saved the frame pointer and the return address side by side, which
 * is where the frame pointer points from then on; so it needs no stack pointer. */
static bool cfa_of_record(const struct walk *w, const struct cfi_row *row, uintptr_t *cfa)
{
    *cfa = w->at.fp - (uintptr_t)(intptr_t)row->fp;
    return row->fp_kind == CFI_FP_AT_CFA && row->ra == row->fp + (int)sizeof w->at.fp;
}

/* Where the CFA is. */
enum found { FOUND, FOUND_NOT, FOUND_BY_FRAME_POINTER /* at most */ };

static enum found find_cfa(const struct walk *w, const struct cfi_row *row, uintptr_t *cfa)
{
    uintptr_t from = w->at.sp;
    switch ((enum cfi_cfa)row->cfa_kind) {
    case CFI_SP:
        if (w->sp_low)
            return cfa_of_record(w, row, cfa) ? FOUND : FOUND_BY_FRAME_POINTER;
        break;
    case CFI_FP:
        from = w->at.fp;
        break;
    case CFI_BASE:
        from = w->at.base;
        break;
    case CFI_SCRATCH:
        from = w->exact ? w->at.scratch[row->add] : 0;
        break;
    case CFI_DEREF_FP:
    case CFI_DEREF_SP:
        from = row->cfa_kind == CFI_DEREF_FP ? w->at.fp : w->at.sp;
        if (!read_word(w, from + (uintptr_t)(intptr_t)row->cfa, cfa))
            return FOUND_NOT;
        *cfa += (uintptr_t)(intptr_t)row->add;
        return FOUND;
    case CFI_PLT:
        *cfa = w->at.sp + ((w->at.pc & 15) >= (uintptr_t)row->cfa ? 16 : 8);
        return FOUND;
    default:
        return FOUND_NOT;
    }
    *cfa = from + (uintptr_t)(intptr_t)row->cfa;
    return from ? FOUND : FOUND_BY_FRAME_POINTER;
}

/* A function that ends in a catch block jumps there; no call was before it. */
static bool leaves_for_catch(const struct cfi_row *row)
{
    return row->ra == CFI_RA_SCRATCH + ARCH_SCRATCH_CATCH ||
           (row->cfa_kind == CFI_SCRATCH && row->add == ARCH_SCRATCH_CATCH);
}

static bool step_by_row(struct walk *w, const struct cfi_row *row)
{
    uintptr_t cfa, pc, fp = w->at.fp, base = w->at.base;
    if (!fp && (row->cfa_kind == CFI_FP || row->cfa_kind == CFI_DEREF_FP ||
                row->fp_kind == CFI_FP_AT_FP)) {
        w->wants_fp = true;
        return false;
    }
    enum found found = find_cfa(w, row, &cfa);
    if (found != FOUND)
        return found == FOUND_BY_FRAME_POINTER && step_by_frame_pointer(w);
    /* A caller's frame is above; only a leaf that has pushed nothing has none of its own. */
    if (cfa < w->at.sp || (cfa == w->at.sp && !w->exact))
        return false;
    uintptr_t ra_at = cfa + (uintptr_t)(intptr_t)row->ra;
    bool by_register = row->ra >= CFI_RA_SCRATCH && row->ra < CFI_RA_SCRATCH + ARCH_SCRATCHES;
    if (by_register && !w->exact)
        return false;
    if (by_register)
        pc = w->at.scratch[row->ra - CFI_RA_SCRATCH];
    else if (row->ra == CFI_RA_SAME || (w->exact && w->at.lr && ra_at < w->at.sp))
        pc = w->at.lr; /* or back there: what is below the stack pointer is lost */
    else if (!read_word(w, ra_at, &pc))
        return false;
    if (row->fp_kind == CFI_FP_AT_CFA && !read_word(w, cfa + (uintptr_t)(intptr_t)row->fp, &fp))
        return false;
    if (row->fp_kind == CFI_FP_AT_FP && !read_word(w, fp + (uintptr_t)(intptr_t)row->fp, &fp))
        return false;
    if (row->base != CFI_BASE_SAME && !read_word(w, cfa + (uintptr_t)(intptr_t)row->base, &base))
        return false;
    pc = arch_code_pointer(pc);
    w->at = (struct arch_registers){.pc = pc, .sp = cfa, .fp = fp, .base = base};
    w->exact = leaves_for_catch(row);
    w->sp_low = false;
    return pc != 0;
}

/* To the caller; false at the end of the stack. */
static bool step(struct walk *w, const struct modules *m, struct unwind_cache *cache)
{
    struct cfi_row row = find_row(w, m, cache, w->at.pc - (w->exact ? 0 : 1));
    switch ((enum cfi_cfa)row.cfa_kind) {
    case CFI_END:
        return false;
    case CFI_SIGNAL:
        return step_signal(w);
    case CFI_NONE:
        return step_without_rule(w);
    default:
        return step_by_row(w, &row);
    }
}

size_t unwind_walk_to(const struct modules *m, struct unwind_cache *cache,
                      struct arch_registers registers, struct unwind_bounds bounds, bool exact,
                      uintptr_t *pcs, size_t cap, struct unwind_end *end)
{
    struct walk w = {.at = registers, .bounds = bounds, .exact = exact};
    size_t count = 0;
    if (m && cache->generation != m->generation) {
        memset(cache->entry, 0, sizeof cache->entry);
        cache->generation = m->generation;
    }
    do
        pcs[count++] = w.at.pc + (w.exact ? 1 : 0);
    while (count < cap && step(&w, m, cache));
    *end = (struct unwind_end){w.at, w.strange, w.wants_fp};
    return count;
}

size_t unwind_walk(const struct modules *m, struct unwind_cache *cache,
                   struct arch_registers registers, struct unwind_bounds bounds, bool exact,
                   uintptr_t *pcs, size_t cap, bool *strange)
{
    struct unwind_end end;
    size_t count = unwind_walk_to(m, cache, registers, bounds, exact, pcs, cap, &end);
    *strange = end.strange;
    return count;
}
