/* Tests of analyzer/binary/disasm.h. */
#include "analyzer/binary/disasm.h"

#include <CUnit/CUnit.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* 0x1000 to 0x1fff is the function f, 0x5000 to 0x5fff the data d. */
static bool name(void *context, uint64_t address, bool code, struct buf *out)
{
    (void)context;
    if (address >> 12 != (code ? 1 : 5))
        return false;
    buf_printf(out, "%s+0x%" PRIx64, code ? "f" : "d", address & 0xFFF);
    return true;
}

static const struct disasm_names names = {name, NULL};

static void expect(enum binary_machine machine, enum disasm_syntax syntax, const char *code,
                   size_t len, const char *want)
{
    struct error err = {0};
    struct disasm *d = disasm_new(machine, syntax, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(d);
    struct buf b = {0};
    struct disasm_instruction i;
    buf_puts(&b, "");
    disasm_begin(d, (const unsigned char *)code, len, 0x1000, &names);
    while (disasm_next(d, &i))
        buf_printf(&b, "%" PRIx64 "+%zu %s\n", i.address, i.length, i.text);
    CU_ASSERT_STRING_EQUAL(b.data, want);
    if (strcmp(b.data, want) != 0)
        printf("\ngot:\n%s\nwant:\n%s", b.data, want);
    buf_release(&b);
    disasm_free(d);
}

#define BYTES(s) s, sizeof(s) - 1

static void test_x86_64(void)
{
    static const char code[] = "\x55"                         /* push %rbp */
                               "\x48\x89\xe5"                 /* mov %rsp,%rbp */
                               "\xe8\xf7\x00\x00\x00"         /* call 1100 */
                               "\x48\x8d\x3d\xf0\x3f\x00\x00" /* lea 3ff0(%rip),%rdi */
                               "\x74\x0a"                     /* je 101c */
                               "\xff\x15\x00\x00\x10\x00"     /* call *100000(%rip) */
                               "\xff\xd0"                     /* call *%rax */
                               "\xc3";                        /* ret */
    expect(BINARY_X86_64, DISASM_ATT, BYTES(code),
           "1000+1 pushq  %rbp\n"
           "1001+3 movq   %rsp, %rbp\n"
           "1004+5 callq  0x1100 <f+0x100>\n"
           "1009+7 leaq   0x3ff0(%rip), %rdi  # 0x5000 <d+0x0>\n"
           "1010+2 je     0x101c <f+0x1c>\n"
           "1012+6 callq  *0x100000(%rip)  # 0x101018\n"
           "1018+2 callq  *%rax\n"
           "101a+1 retq\n");
    expect(BINARY_X86_64, DISASM_INTEL, BYTES(code),
           "1000+1 push   rbp\n"
           "1001+3 mov    rbp, rsp\n"
           "1004+5 call   0x1100 <f+0x100>\n"
           "1009+7 lea    rdi, [rip + 0x3ff0]  # 0x5000 <d+0x0>\n"
           "1010+2 je     0x101c <f+0x1c>\n"
           "1012+6 call   qword ptr [rip + 0x100000]  # 0x101018\n"
           "1018+2 call   rax\n"
           "101a+1 ret\n");
}

/* Backwards over address 0, and to where nothing has a name. */
static void test_wrapping_targets(void)
{
    expect(BINARY_X86_64, DISASM_ATT, BYTES("\xe8\x00\xe0\xff\xff\x8b\x05\x00\xe0\xff\xff"),
           "1000+5 callq  0xfffffffffffff005\n"
           "1005+6 movl   -0x2000(%rip), %eax  # 0xfffffffffffff00b\n");
}

static void test_x86(void)
{
    expect(BINARY_X86, DISASM_ATT, BYTES("\x55\xe8\xfa\x00\x00\x00\xa1\x00\x50\x00\x00"),
           "1000+1 pushl  %ebp\n"
           "1001+5 calll  0x1100 <f+0x100>\n"
           "1006+5 movl   0x5000, %eax\n");
}

static void test_aarch64(void)
{
    static const char code[] = "\xfd\x7b\xbf\xa9"  /* stp x29, x30, [sp, #-16]! */
                               "\x3f\x00\x00\x94"  /* bl 1100 */
                               "\x00\x00\x02\x90"  /* adrp x0, 4001000 */
                               "\x40\x00\x00\xb4"  /* cbz x0, 1014 */
                               "\xc1\xff\xff\x54"  /* b.ne 1008 */
                               "\x60\x00\x00\x58"  /* ldr x0, 1020 */
                               "\x20\x04\x40\xf8"  /* ldr x0, [x1], #0 */
                               "\x80\xff\x01\x10"  /* adr x0, 500c */
                               "\x60\x00\x3f\xd6"  /* blr x3 */
                               "\xc0\x03\x5f\xd6"; /* ret */
    expect(BINARY_AARCH64, DISASM_ATT, BYTES(code),
           "1000+4 stp    x29, x30, [sp, #-0x10]!\n"
           "1004+4 bl     #0x1100 <f+0x100>\n"
           "1008+4 adrp   x0, #0x4001000\n"
           "100c+4 cbz    x0, #0x1014 <f+0x14>\n"
           "1010+4 b.ne   #0x1008 <f+0x8>\n"
           "1014+4 ldr    x0, #0x1020\n"
           "1018+4 ldr    x0, [x1], #0\n"
           "101c+4 adr    x0, #0x500c <d+0xc>\n"
           "1020+4 blr    x3\n"
           "1024+4 ret\n");
}

static void test_no_instructions(void)
{
    expect(BINARY_X86_64, DISASM_ATT, BYTES("\x06\xc3\xe8\x00"),
           "1000+1 (bad)\n1001+1 retq\n1002+1 (bad)\n1003+1 (bad)\n");
    expect(BINARY_AARCH64, DISASM_ATT, BYTES("\xff\xff\xff\xff\xc0\x03\x5f\xd6\xc0\x03"),
           "1000+4 (bad)\n1004+4 ret\n1008+2 (bad)\n");
}

static void test_other_machines(void)
{
    struct error err = {0};
    CU_ASSERT_PTR_NULL(disasm_new(BINARY_OTHER, DISASM_ATT, &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "neither x86 nor AArch64"));
}

CU_TestInfo disasm_tests[] = {
    {"x86-64", test_x86_64},
    {"wrapping targets", test_wrapping_targets},
    {"x86", test_x86},
    {"AArch64", test_aarch64},
    {"no instructions", test_no_instructions},
    {"other machines", test_other_machines},
    CU_TEST_INFO_NULL,
};
