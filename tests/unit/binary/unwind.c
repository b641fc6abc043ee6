/* Tests of analyzer/binary/unwind.h and dwarf_expression.h: the test unwinds itself. What perf has
 * recorded is in tests/run-perf. */
#include "analyzer/binary/unwind.h"
#include "analyzer/binary/dwarf_expression.h"

#include <CUnit/CUnit.h>
#include <dwarf.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

/* --- our own process, as far as the program and its libraries are mapped */

struct module {
    char path[4096];
    uint64_t start, limit, offset;
};

static struct {
    struct module items[64];
    size_t count;
} modules;

static int add_module(struct dl_phdr_info *info, size_t size, void *context)
{
    (void)size, (void)context;
    for (size_t i = 0; i < info->dlpi_phnum && modules.count < 64; i++) {
        const ElfW(Phdr) *p = &info->dlpi_phdr[i];
        if (p->p_type != PT_LOAD || !(p->p_flags & PF_X))
            continue;
        struct module *m = &modules.items[modules.count++];
        const char *path = *info->dlpi_name ? info->dlpi_name : "/proc/self/exe";
        snprintf(m->path, sizeof m->path, "%s", path);
        m->start = info->dlpi_addr + p->p_vaddr;
        m->limit = m->start + p->p_memsz;
        m->offset = p->p_offset;
        uint64_t into_page = m->start % 4096;
        m->start -= into_page;
        m->offset -= into_page;
        m->limit = (m->limit + 4095) / 4096 * 4096;
    }
    return 0;
}

static bool find_module(void *context, uint64_t address, struct unwind_place *place)
{
    (void)context;
    for (size_t i = 0; i < modules.count; i++) {
        const struct module *m = &modules.items[i];
        if (address < m->start || address >= m->limit)
            continue;
        *place = (struct unwind_place){(uint32_t)i, {m->start, m->limit, m->offset, NULL}, address};
        return true;
    }
    return false;
}

static struct binary *open_module(void *context, uint32_t index)
{
    (void)context;
    struct error err;
    return binary_open(modules.items[index].path, &err);
}

static struct binary *open_nothing(void *context, uint32_t index)
{
    (void)context, (void)index;
    return NULL;
}

/* --- a stack of ours */

enum { DEPTH = 5, MOST = 64, COPY = 16384 };

struct capture {
    ucontext_t context;
    void *return_addresses[DEPTH + 2]; /* of the calls of capture, innermost first, and our own */
    uint8_t stack[COPY];
    size_t stack_len;
    uint64_t end; /* the address up to which the stack is copied */
    volatile int depth;
};
static struct capture captured;

static uint64_t stack_pointer(const ucontext_t *c)
{
#if defined(__x86_64__)
    return (uint64_t)c->uc_mcontext.gregs[REG_RSP];
#elif defined(__aarch64__)
    return c->uc_mcontext.sp;
#else
    (void)c;
    return 0;
#endif
}

/* Reads what the sanitizer knows to be none of ours: the frames of our callers. */
__attribute__((noinline, no_sanitize("address"))) static void copy_stack(void)
{
    const volatile uint8_t *from = (const uint8_t *)(uintptr_t)stack_pointer(&captured.context);
    for (size_t i = 0; i < captured.stack_len; i++)
        captured.stack[i] = from[i];
}

__attribute__((noinline)) static void capture(int depth)
{
    captured.depth = depth;
    captured.return_addresses[depth] = __builtin_return_address(0);
    if (depth) {
        capture(depth - 1);
        captured.depth = depth; /* so that this is no tail call */
        return;
    }
    getcontext(&captured.context);
    uint64_t size = captured.end - stack_pointer(&captured.context);
    captured.stack_len = size < COPY ? size : COPY;
    copy_stack();
}

static bool make_stack(struct unwind_stack *s)
{
    *s = (struct unwind_stack){.find = find_module};
    const ucontext_t *c = &captured.context;
#if defined(__x86_64__)
    static const int by_dwarf[] = {REG_RAX, REG_RDX, REG_RCX, REG_RBX, REG_RSI, REG_RDI,
                                   REG_RBP, REG_RSP, REG_R8,  REG_R9,  REG_R10, REG_R11,
                                   REG_R12, REG_R13, REG_R14, REG_R15, REG_RIP};
    s->machine = BINARY_X86_64;
    for (size_t i = 0; i < sizeof by_dwarf / sizeof *by_dwarf; i++)
        s->registers[i] = (uint64_t)c->uc_mcontext.gregs[by_dwarf[i]];
    s->known = (1u << 17) - 1;
    s->pc = s->registers[16];
#elif defined(__aarch64__)
    s->machine = BINARY_AARCH64;
    for (size_t i = 0; i < 31; i++)
        s->registers[i] = c->uc_mcontext.regs[i];
    s->registers[31] = c->uc_mcontext.sp;
    s->known = UINT32_MAX;
    s->pc = c->uc_mcontext.pc;
#else
    return false;
#endif
    s->stack = captured.stack;
    s->stack_len = captured.stack_len;
    return true;
}

/* The frames from capture's up to some of our callers'. */
__attribute__((noinline)) static bool capture_stack(struct unwind_stack *s)
{
    modules.count = 0;
    dl_iterate_phdr(add_module, NULL);
    captured.end = (uint64_t)(uintptr_t)__builtin_frame_address(0) + 2048;
    captured.return_addresses[DEPTH + 1] = __builtin_return_address(0);
    capture(DEPTH);
    return make_stack(s);
}

static void test_own_stack(void)
{
    struct unwind_stack s;
    struct unwind_end end;
    uint64_t addresses[MOST];
    if (!capture_stack(&s))
        return;
    struct unwinder *u = unwinder_new(open_module, NULL, modules.count);
    size_t count = unwind(u, &s, addresses, MOST, &end);
    CU_ASSERT_FATAL(count > DEPTH + 2);
    for (int i = 0; i < DEPTH + 2; i++)
        CU_ASSERT_EQUAL(addresses[i + 1] + 1, (uint64_t)(uintptr_t)captured.return_addresses[i]);
    unwinder_free(u);
}

static void test_copy_that_ends(void)
{
    struct unwind_stack s;
    struct unwind_end end;
    uint64_t addresses[MOST];
    if (!capture_stack(&s))
        return;
    struct unwinder *u = unwinder_new(open_module, NULL, modules.count);
    size_t whole = unwind(u, &s, addresses, MOST, &end);
    for (size_t len = 0; len < s.stack_len; len += 24) {
        struct unwind_stack cut = s;
        cut.stack_len = len;
        size_t count = unwind(u, &cut, addresses, MOST, &end);
        CU_ASSERT(count >= 1 && count <= whole);
        CU_ASSERT(end.how != UNWIND_COMPLETE || count == whole);
    }
    CU_ASSERT_EQUAL(unwind(u, &s, addresses, 3, &end), 3);
    unwinder_free(u);
}

static void test_no_binary(void)
{
    struct unwind_stack s;
    struct unwind_end end;
    uint64_t addresses[MOST];
    if (!capture_stack(&s))
        return;
    s.known &= ~((uint64_t)1 << 6 | (uint64_t)1 << 29); /* no frame pointers, either */
    struct unwinder *u = unwinder_new(open_nothing, NULL, modules.count);
    CU_ASSERT_EQUAL(unwind(u, &s, addresses, MOST, &end), 1);
    CU_ASSERT_EQUAL(end.how, UNWIND_NO_BINARY);
    CU_ASSERT_EQUAL(addresses[0], s.pc);
    s.pc = 0x10;
    CU_ASSERT_EQUAL(unwind(u, &s, addresses, MOST, &end), 1);
    CU_ASSERT_EQUAL(end.how, UNWIND_LOST);
    unwinder_free(u);
}

/* Whatever the registers hold, it ends. */
static void test_registers_that_make_no_sense(void)
{
    struct unwind_stack s;
    struct unwind_end end;
    uint64_t addresses[MOST], seed = 1;
    if (!capture_stack(&s))
        return;
    struct unwinder *u = unwinder_new(open_module, NULL, modules.count);
    for (int round = 0; round < 2000; round++) {
        struct unwind_stack odd = s;
        seed = seed * 6364136223846793005 + 1442695040888963407;
        size_t which = (seed >> 40) % CFI_REGISTERS;
        odd.registers[which] += (seed >> 20 & 0xfff) - 0x800;
        const struct module *m = &modules.items[(seed >> 33) % modules.count];
        if (round % 2)
            odd.pc = m->start + (seed >> 8) % (m->limit - m->start);
        size_t count = unwind(u, &odd, addresses, MOST, &end);
        CU_ASSERT(count >= 1 && count <= MOST && end.how < UNWIND_HOWS);
    }
    unwinder_free(u);
}

/* --- expressions */

static bool number_times_100(void *context, uint64_t number, uint64_t *value)
{
    (void)context;
    *value = number * 100;
    return number < 20;
}

static bool address_plus_size(void *context, uint64_t address, size_t size, uint64_t *value)
{
    (void)context;
    *value = address + size;
    return address < 10000;
}

static bool compute(const Dwarf_Op *ops, size_t count, uint64_t *result)
{
    const struct dwarf_frame_state state = {number_times_100, address_plus_size, NULL, 4242};
    return dwarf_expression(ops, count, &state, result);
}

#define GIVES(expected, ...)                                                                       \
    do {                                                                                           \
        const Dwarf_Op ops[] = {__VA_ARGS__};                                                      \
        uint64_t result = 0;                                                                       \
        CU_ASSERT(compute(ops, sizeof ops / sizeof *ops, &result));                                \
        CU_ASSERT_EQUAL(result, (uint64_t)(expected));                                             \
    } while (0)
#define FAILS(...)                                                                                 \
    do {                                                                                           \
        const Dwarf_Op ops[] = {__VA_ARGS__};                                                      \
        uint64_t result = 0;                                                                       \
        CU_ASSERT_FALSE(compute(ops, sizeof ops / sizeof *ops, &result));                          \
    } while (0)
#define OP(name)                                                                                   \
    {                                                                                              \
        .atom = DW_OP_##name                                                                       \
    }
#define NUMBER(name, n)                                                                            \
    {                                                                                              \
        .atom = DW_OP_##name, .number = (Dwarf_Word)(n)                                            \
    }

static void test_expressions(void)
{
    /* The procedure linkage table of x86-64: rsp + 8, and 8 more behind the first instructions. */
    GIVES(708 + 8, NUMBER(breg7, 8), NUMBER(breg16, 11), OP(lit15), OP(and), OP(lit5), OP(ge),
          OP(lit3), OP(shl), OP(plus));
    GIVES(4242, OP(call_frame_cfa));
    GIVES(1500 - 7, {.atom = DW_OP_bregx, .number = 15, .number2 = (Dwarf_Word)-7});
    GIVES(4242 + 8 + 4, OP(call_frame_cfa), OP(deref), NUMBER(deref_size, 4));
    GIVES(-3, NUMBER(const1s, -3), OP(abs), OP(neg), OP(nop));
    GIVES(~12ull, OP(lit12), OP(not ));
    GIVES(9 - 4, OP(lit9), OP(lit4), OP(minus));
    GIVES(-2, NUMBER(consts, -9), OP(lit4), OP(div));
    GIVES(1, OP(lit9), OP(lit4), OP(mod));
    GIVES(36, OP(lit9), OP(lit4), OP(mul));
    GIVES(13, OP(lit9), OP(lit4), OP(or));
    GIVES(13, OP(lit9), OP(lit4), OP(xor));
    GIVES(2, OP(lit9), OP(lit2), OP(shr));
    GIVES(-3, NUMBER(consts, -9), OP(lit2), OP(shra));
    GIVES(0, OP(lit1), NUMBER(constu, 64), OP(shl));
    GIVES(1, NUMBER(consts, -9), OP(lit2), OP(lt));
    GIVES(19, OP(lit9), NUMBER(plus_uconst, 10));
    GIVES(1, OP(lit1), OP(lit2), OP(lit3), OP(rot), OP(drop), OP(swap), OP(dup), OP(plus),
          OP(minus), OP(lit2), OP(minus), NUMBER(plus_uconst, 8));
    GIVES(7, OP(lit7), OP(lit1), OP(lit2), NUMBER(pick, 2));
    GIVES(1, OP(lit1), OP(lit2), OP(over));
}

static void test_refuses_expressions(void)
{
    uint64_t result;
    CU_ASSERT_FALSE(compute(NULL, 0, &result));
    FAILS(OP(plus));
    FAILS(OP(lit1), OP(plus));
    FAILS(OP(drop));
    FAILS(OP(lit1), OP(drop));
    FAILS(OP(lit1), OP(swap));
    FAILS(OP(lit1), OP(lit2), OP(rot));
    FAILS(NUMBER(pick, 0));
    FAILS(OP(lit1), OP(lit0), OP(div));
    FAILS(OP(lit1), OP(lit0), OP(mod));
    FAILS(NUMBER(breg31, 0));
    FAILS(NUMBER(constu, 20000), OP(deref));
    FAILS(OP(lit1), NUMBER(deref_size, 9));
    FAILS(OP(lit1), OP(skip));
    FAILS(OP(lit1), OP(lit1), {.atom = 0xff});
    Dwarf_Op many[65];
    for (size_t i = 0; i < 65; i++)
        many[i] = (Dwarf_Op)OP(lit1);
    CU_ASSERT(compute(many, 64, &result));
    CU_ASSERT_FALSE(compute(many, 65, &result));
    GIVES(INT64_MIN, NUMBER(constu, INT64_MIN), NUMBER(consts, -1), OP(div));
}

CU_TestInfo unwind_tests[] = {
    {"own stack", test_own_stack},
    {"copy that ends", test_copy_that_ends},
    {"no binary", test_no_binary},
    {"registers that make no sense", test_registers_that_make_no_sense},
    {"expressions", test_expressions},
    {"refuses expressions", test_refuses_expressions},
    CU_TEST_INFO_NULL,
};
