/* Where an address of a process is in the file that was mapped there. The rules, the kernel's many
 * special cases among them, are those of pprof's internal/elfexec. */
#include "analyzer/binary/elf_file.h"

#include <inttypes.h>
#include <string.h>

enum { PAGE = 4096 };

/* The loaded segment with .text in it. */
static bool text_segment(struct binary *b, GElf_Phdr *found)
{
    size_t count;
    if (b->dw.elf_getphdrnum(b->elf, &count))
        return false;
    Elf_Scn *section = NULL;
    while ((section = b->dw.elf_nextscn(b->elf, section))) {
        GElf_Shdr s;
        if (!b->dw.gelf_getshdr(section, &s) || strcmp(elf_section_name(b, &s), ".text") != 0)
            continue;
        for (size_t i = 0; i < count; i++)
            if (b->dw.gelf_getphdr(b->elf, (int)i, found) && found->p_type == PT_LOAD &&
                found->p_flags & PF_X && s.sh_addr - found->p_vaddr < found->p_memsz)
                return true;
    }
    return false;
}

/* Could the segment P be what M shows? Its neighbours share pages with it. */
static bool shows_segment(const GElf_Phdr *p, const struct binary_mapping *m)
{
    uint64_t end = m->offset + (m->limit - m->start);
    uint64_t segment_end = p->p_offset + p->p_memsz;
    if (p->p_type != PT_LOAD || !p->p_filesz || m->offset >= segment_end || p->p_offset >= end)
        return false;
    uint64_t into_page = p->p_vaddr % PAGE;
    if (p->p_offset > into_page && m->offset < p->p_offset - into_page)
        return false;
    return !(m->offset > p->p_offset && segment_end < m->offset + PAGE &&
             end >= segment_end + PAGE);
}

/* A debug file's segments have lost their places in the file, only the addresses are left. False if
 * B is none. What M shows is the segment with code if it is as large; else offsets are taken for
 * addresses, which is how most files are laid out. */
static bool place_in_debug_file(struct binary *b, const struct binary_mapping *m, uint64_t *base)
{
    size_t count, executable = 0;
    GElf_Phdr p, code = {0};
    if (b->dw.elf_getphdrnum(b->elf, &count))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!b->dw.gelf_getphdr(b->elf, (int)i, &p) || p.p_type != PT_LOAD || !(p.p_flags & PF_X))
            continue;
        if (p.p_filesz || !p.p_memsz)
            return false;
        code = p;
        executable++;
    }
    if (!executable)
        return false;
    uint64_t first = code.p_vaddr & ~(uint64_t)(PAGE - 1);
    uint64_t last = (code.p_vaddr + code.p_memsz + PAGE - 1) & ~(uint64_t)(PAGE - 1);
    if (b->header.e_type == ET_EXEC)
        *base = 0;
    else
        *base =
            m->start - (executable == 1 && m->limit - m->start == last - first ? first : m->offset);
    return true;
}

enum segment_found { SEGMENT_NONE, SEGMENT_FOUND, SEGMENT_ERROR };

/* The segment that ADDRESS of M is in. */
static enum segment_found find_segment(struct binary *b, const struct binary_mapping *m,
                                       bool kernel, uint64_t address, GElf_Phdr *found,
                                       struct error *err)
{
    if (kernel || m->start >= m->limit || m->limit >= UINT64_C(1) << 63)
        return text_segment(b, found) ? SEGMENT_FOUND : SEGMENT_NONE;
    size_t count, loaded = 0, shown = 0, holding = 0;
    uint64_t offset = address - m->start + m->offset;
    GElf_Phdr p, only = {0}, holds = {0};
    if (b->dw.elf_getphdrnum(b->elf, &count))
        count = 0;
    for (size_t i = 0; i < count; i++) {
        if (!b->dw.gelf_getphdr(b->elf, (int)i, &p) || p.p_type != PT_LOAD)
            continue;
        loaded++;
        if (!shows_segment(&p, m))
            continue;
        only = p;
        shown++;
        if (offset >= p.p_offset && offset - p.p_offset < p.p_memsz) {
            holds = p;
            holding++;
        }
    }
    if (!loaded)
        return SEGMENT_NONE;
    *found = shown == 1 ? only : holds;
    if (shown == 1 || holding == 1)
        return SEGMENT_FOUND;
    error_set(err, ERROR_DATA,
              "%s segment of %s lies at offset 0x%" PRIx64 ", which the profile says was mapped",
              holding ? "more than one" : "no", b->path, offset);
    return SEGMENT_ERROR;
}

/* The address of the symbol at which a kernel's mapping starts. */
static bool kernel_start(struct binary *b, const struct binary_mapping *m, uint64_t *start)
{
    const char *wanted = m->kernel_symbol ? m->kernel_symbol : "_stext";
    if (!b->kernel_symbol.name || strcmp(b->kernel_symbol.name, wanted) != 0) {
        b->kernel_symbol.name = arena_strndup(&b->arena, wanted, strlen(wanted));
        b->kernel_symbol.found = false;
        int count = b->dw.dwfl_module_getsymtab(b->module);
        for (int i = 0; i < count && !b->kernel_symbol.found; i++) {
            GElf_Sym sym;
            GElf_Addr address;
            const char *name =
                b->dw.dwfl_module_getsym_info(b->module, i, &sym, &address, NULL, NULL, NULL);
            b->kernel_symbol.found = name && strcmp(name, wanted) == 0;
            b->kernel_symbol.address = address - b->bias;
        }
    }
    *start = b->kernel_symbol.address;
    return b->kernel_symbol.found;
}

/* perf says a kernel starts at _text or _stext; ChromeOS maps it to page 0; STEXT may be NULL. */
static bool kernel_base(const GElf_Phdr *p, const uint64_t *stext, const struct binary_mapping *m,
                        uint64_t *base)
{
    const uint64_t powerpc_offset = UINT64_C(0xc000000000000000);
    if (p->p_vaddr == m->start - m->offset) {
        *base = m->offset;
        return true;
    }
    if (m->start == 0 && m->limit != 0 && stext) {
        *base = m->start - *stext;
        return true;
    }
    if (m->start >= p->p_vaddr && m->limit > m->start &&
        (m->offset == 0 || m->offset == powerpc_offset || m->offset == m->start)) {
        *base = m->start - (stext && m->start % PAGE == *stext % PAGE ? *stext : p->p_vaddr);
        return true;
    }
    if (m->start % PAGE && stext && *stext % PAGE == m->start % PAGE) {
        *base = m->start - *stext;
        return true;
    }
    return false;
}

/* What to subtract from the addresses of M. P and STEXT may be NULL. */
static int find_base(struct binary *b, const struct binary_mapping *m, const GElf_Phdr *p,
                     const uint64_t *stext, uint64_t *base, struct error *err)
{
    switch (b->header.e_type) {
    case ET_EXEC:
        *base = 0;
        if (!p)
            return 0;
        if (!stext && m->start > 0 && m->start < UINT64_C(0x8000000000000000))
            break;
        if (kernel_base(p, stext, m, base))
            return 0;
        if (m->start == 0 && m->limit != 0 && !stext) {
            *base = m->start - p->p_vaddr;
            return 0;
        }
        return error_set(err, ERROR_DATA,
                         "%s cannot have been mapped at 0x%" PRIx64 "-0x%" PRIx64
                         " from offset 0x%" PRIx64,
                         b->path, m->start, m->limit, m->offset);
    case ET_REL:
        *base = m->start;
        return m->offset
                   ? error_set(err, ERROR_DATA,
                               "%s is an object file, which is mapped from offset 0 only", b->path)
                   : 0;
    case ET_DYN:
        if (p && kernel_base(p, stext, m, base))
            return 0;
        break;
    default:
        return error_set(err, ERROR_DATA, "%s is neither a program nor a library", b->path);
    }
    *base = m->start - m->offset + (p ? p->p_offset - p->p_vaddr : 0);
    return 0;
}

int binary_place(struct binary *b, const struct binary_mapping *m, uint64_t address, uint64_t *at,
                 struct error *err)
{
    /* A mapping of everything stands for none; the addresses are the file's already. */
    if (!m->start && !m->offset && (!m->limit || m->limit == UINT64_MAX)) {
        *at = address;
        return 0;
    }
    if (address < m->start || (m->limit && address >= m->limit))
        return error_set(err, ERROR_DATA,
                         "0x%" PRIx64 " is not in the mapping of %s at 0x%" PRIx64 "-0x%" PRIx64,
                         address, b->path, m->start, m->limit);
    uint64_t stext, base;
    if (m->start < m->limit && m->limit < UINT64_C(1) << 63 && place_in_debug_file(b, m, &base)) {
        *at = address - base;
        return 0;
    }
    bool kernel =
        (strstr(b->path, "vmlinux") || m->start % PAGE || m->limit % PAGE || m->offset % PAGE) &&
        kernel_start(b, m, &stext);
    GElf_Phdr p;
    enum segment_found found = find_segment(b, m, kernel, address, &p, err);
    if (found == SEGMENT_ERROR ||
        find_base(b, m, found == SEGMENT_FOUND ? &p : NULL, kernel ? &stext : NULL, &base, err))
        return -1;
    *at = address - base;
    return 0;
}
