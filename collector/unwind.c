#include "collector/unwind.h"

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
};

/* Through the kernel: false instead of a fault. errno is the caller's to keep. */
bool unwind_read(uintptr_t address, void *to, size_t len)
{
    struct iovec local = {to, len}, remote = {(void *)address, len};
    return syscall(SYS_process_vm_readv, syscall(SYS_getpid), &local, 1UL, &remote, 1UL, 0UL) ==
           (long)len;
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
    ucontext_t context;
#if defined(__aarch64__)
    uintptr_t at = w->at.sp + 128; /* after the siginfo */
#else
    uintptr_t at = w->at.sp;
#endif
    if (!unwind_read(at, &context, offsetof(ucontext_t, uc_mcontext) + sizeof(mcontext_t)))
        return false;
    w->at = arch_registers(&context);
    w->exact = true;
    return w->at.pc != 0;
}

/* Without a rule: code that keeps frame pointers, as compilers for other languages do. */
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
    return pc != 0;
}

static bool step_by_row(struct walk *w, const struct cfi_row *row)
{
    uintptr_t cfa, pc, fp = w->at.fp;
    if (!fp && (row->cfa_kind == CFI_FP || row->cfa_kind == CFI_DEREF_FP ||
                row->fp_kind == CFI_FP_AT_FP)) {
        w->wants_fp = true;
        return false;
    }
    switch ((enum cfi_cfa)row->cfa_kind) {
    case CFI_SP:
        cfa = w->at.sp + (uintptr_t)(intptr_t)row->cfa;
        break;
    case CFI_FP:
        cfa = fp + (uintptr_t)(intptr_t)row->cfa;
        break;
    case CFI_DEREF_FP:
        if (!read_word(w, fp + (uintptr_t)(intptr_t)row->cfa, &cfa))
            return false;
        break;
    case CFI_PLT:
        cfa = w->at.sp + ((w->at.pc & 15) >= (uintptr_t)row->cfa ? 16 : 8);
        break;
    default:
        return false;
    }
    /* A caller's frame is above; only a leaf that has pushed nothing has none of its own. */
    if (cfa < w->at.sp || (cfa == w->at.sp && !w->exact))
        return false;
    if (row->ra != CFI_RA_SAME) {
        if (!read_word(w, cfa + (uintptr_t)(intptr_t)row->ra, &pc))
            return false;
    } else {
        pc = w->at.lr;
    }
    if (row->fp_kind == CFI_FP_AT_CFA && !read_word(w, cfa + (uintptr_t)(intptr_t)row->fp, &fp))
        return false;
    if (row->fp_kind == CFI_FP_AT_FP && !read_word(w, fp + (uintptr_t)(intptr_t)row->fp, &fp))
        return false;
    pc = arch_code_pointer(pc);
    w->at = (struct arch_registers){.pc = pc, .sp = cfa, .fp = fp};
    w->exact = false;
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
        return step_by_frame_pointer(w);
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
