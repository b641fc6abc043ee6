#include "analyzer/binary/plt.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/buf.h"
#include "analyzer/binary/elf_file.h"

#include <stdlib.h>
#include <string.h>

/* The pointer at ADDRESS is made to point to the function NAME. */
struct slot {
    uint64_t address;
    const char *name;
};

struct slots {
    struct slot *items;
    size_t count, cap;
};

static int by_address(const void *a, const void *b)
{
    const struct slot *x = a, *y = b;
    return (x->address > y->address) - (x->address < y->address);
}

/* Dynamic relocations that put the address of a symbol somewhere. */
static void read_slots(struct binary *b, struct slots *slots)
{
    Elf_Scn *section = NULL;
    while ((section = b->dw.elf_nextscn(b->elf, section))) {
        GElf_Shdr s, symbols;
        if (!b->dw.gelf_getshdr(section, &s) || s.sh_type != SHT_RELA || !s.sh_entsize ||
            !(s.sh_flags & SHF_ALLOC))
            continue;
        Elf_Scn *linked = b->dw.elf_getscn(b->elf, s.sh_link);
        Elf_Data *data = b->dw.elf_getdata(section, NULL);
        Elf_Data *table =
            linked && b->dw.gelf_getshdr(linked, &symbols) ? b->dw.elf_getdata(linked, NULL) : NULL;
        if (!data || !table)
            continue;
        GElf_Rela r;
        GElf_Sym sym;
        for (int i = 0; b->dw.gelf_getrela(data, i, &r); i++) {
            uint64_t type = GELF_R_TYPE(r.r_info), index = GELF_R_SYM(r.r_info);
            bool is_pointer = b->header.e_machine == EM_X86_64
                                  ? type == R_X86_64_JUMP_SLOT || type == R_X86_64_GLOB_DAT
                                  : type == R_AARCH64_JUMP_SLOT || type == R_AARCH64_GLOB_DAT;
            if (!is_pointer || !index || index > INT32_MAX ||
                !b->dw.gelf_getsym(table, (int)index, &sym))
                continue;
            const char *name = b->dw.elf_strptr(b->elf, symbols.sh_link, sym.st_name);
            if (!name || !*name)
                continue;
            slots->items = xgrow(slots->items, &slots->cap, slots->count + 1, sizeof *slots->items);
            slots->items[slots->count++] = (struct slot){r.r_offset, name};
        }
    }
    if (slots->count)
        qsort(slots->items, slots->count, sizeof *slots->items, by_address);
}

static uint32_t little32(const unsigned char *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Through which pointer does the code at START jump? False if it does not look like an entry. */
static bool x86_64_slot(const unsigned char *code, size_t len, uint64_t start, uint64_t *slot)
{
    for (size_t i = 0; i + 6 <= len; i++)
        if (code[i] == 0xFF && code[i + 1] == 0x25) { /* jmp *disp32(%rip) */
            *slot = start + i + 6 + (uint64_t)(int32_t)little32(code + i + 2);
            return true;
        }
    return false;
}

static bool aarch64_slot(const unsigned char *code, size_t len, uint64_t start, uint64_t *slot)
{
    for (size_t i = 0; i + 8 <= len; i += 4) {
        uint32_t adrp = little32(code + i), ldr = little32(code + i + 4);
        if ((adrp & 0x9F00001F) != 0x90000010 || (ldr & 0xFFC003FF) != 0xF9400211)
            continue; /* adrp x16, page; ldr x17, [x16, #offset] */
        uint64_t pages = (adrp >> 29 & 3) | (adrp >> 5 & 0x7FFFF) << 2;
        pages = (uint64_t)((int64_t)(pages << 43) >> 43);
        *slot = ((start + i) & ~UINT64_C(0xFFF)) + (pages << 12) + (ldr >> 10 & 0xFFF) * 8;
        return true;
    }
    return false;
}

static const char *plt_name(struct binary *b, const char *function)
{
    struct buf name = {0};
    buf_printf(&name, "%s@plt", function);
    const char *kept = arena_strndup(&b->arena, name.data, name.len);
    buf_release(&name);
    return kept;
}

void plt_each(struct binary *b,
              void (*each)(void *context, uint64_t start, uint64_t size, const char *name),
              void *context)
{
    if (b->header.e_machine != EM_X86_64 && b->header.e_machine != EM_AARCH64)
        return;
    bool x86_64 = b->header.e_machine == EM_X86_64;
    struct slots slots = {0};
    Elf_Scn *section = NULL;
    while ((section = b->dw.elf_nextscn(b->elf, section))) {
        GElf_Shdr s;
        if (!b->dw.gelf_getshdr(section, &s) || s.sh_type != SHT_PROGBITS ||
            strncmp(elf_section_name(b, &s), ".plt", 4) != 0)
            continue;
        const unsigned char *code = elf_bytes(b, s.sh_offset, s.sh_size);
        if (!code)
            continue;
        if (!slots.count)
            read_slots(b, &slots);
        /* Linkers round the sizes of entries differently; an entry ends where its jump does. */
        bool small = strcmp(elf_section_name(b, &s), ".plt.got") == 0 && s.sh_entsize == 8;
        uint64_t step = small ? 8 : 16;
        for (uint64_t i = 0; i + step <= s.sh_size; i += step) {
            struct slot wanted = {0}, *found;
            bool is_entry = x86_64 ? x86_64_slot(code + i, step, s.sh_addr + i, &wanted.address)
                                   : aarch64_slot(code + i, step, s.sh_addr + i, &wanted.address);
            if (is_entry && slots.count &&
                (found = bsearch(&wanted, slots.items, slots.count, sizeof wanted, by_address)))
                each(context, s.sh_addr + i, step, plt_name(b, found->name));
        }
    }
    free(slots.items);
}
