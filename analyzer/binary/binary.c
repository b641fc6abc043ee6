#include "analyzer/binary/binary.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/buf.h"
#include "analyzer/binary/debuginfo.h"
#include "analyzer/binary/elf_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void read_build_id(struct binary *b)
{
    const void *bytes;
    struct buf hex = {0};
    ssize_t len = b->dw.dwelf_elf_gnu_build_id(b->elf, &bytes);
    buf_puts(&hex, "");
    for (ssize_t i = 0; i < len; i++)
        buf_printf(&hex, "%02x", ((const unsigned char *)bytes)[i]);
    b->build_id = buf_detach(&hex);
}

/* libdwfl lays the sections of an object file out one after another; pprof's addresses in one are
 * those of .text. */
static uint64_t text_address(struct binary *b)
{
    Elf_Scn *section = NULL;
    while ((section = b->dw.elf_nextscn(b->elf, section))) {
        GElf_Shdr s;
        if (b->dw.gelf_getshdr(section, &s) && strcmp(elf_section_name(b, &s), ".text") == 0)
            return s.sh_addr;
    }
    return 0;
}

static int open_elf(struct binary *b, struct error *err)
{
    static const Dwfl_Callbacks none;
    Dwfl_Callbacks *callbacks = arena_alloc(&b->arena, sizeof *callbacks);
    *callbacks = none;
    callbacks->find_debuginfo = b->dw.dwfl_standard_find_debuginfo;
    callbacks->section_address = b->dw.dwfl_offline_section_address;
    b->dwfl = b->dw.dwfl_begin(callbacks);
    if (b->dwfl) {
        b->dw.dwfl_report_begin(b->dwfl);
        b->module = b->dw.dwfl_report_offline(b->dwfl, "", b->path, -1);
        b->dw.dwfl_report_end(b->dwfl, NULL, NULL);
    }
    GElf_Addr bias = 0;
    if (b->module)
        b->elf = b->dw.dwfl_module_getelf(b->module, &bias);
    if (!b->elf || !b->dw.gelf_getehdr(b->elf, &b->header)) {
        const char *why = b->dw.dwfl_errmsg(-1);
        return error_set(err, ERROR_DATA, "%s cannot be read as an ELF file: %s", b->path,
                         why ? why : "it is damaged");
    }
    b->bias = bias;
    if (b->header.e_type == ET_REL)
        b->bias += text_address(b);
    read_build_id(b);
    return 0;
}

struct binary *binary_open(const char *path, struct error *err)
{
    struct stat st;
    if (stat(path, &st)) {
        error_set(err, ERROR_DATA, "%s cannot be opened: %s", path, strerror(errno));
        return NULL;
    }
    if (!S_ISREG(st.st_mode)) { /* opening a pipe would wait for its writer */
        error_set(err, ERROR_DATA, "%s is no file", path);
        return NULL;
    }
    struct binary *b = xcalloc(1, sizeof *b);
    arena_init(&b->arena);
    b->path = xstrdup(path);
    if (dw_load(&b->dw, err) || open_elf(b, err)) {
        binary_close(b);
        return NULL;
    }
    return b;
}

void binary_close(struct binary *b)
{
    if (!b)
        return;
    debuginfo_free(b->debuginfo);
    if (b->dwfl)
        b->dw.dwfl_end(b->dwfl);
    arena_release(&b->arena);
    free(b->symbols);
    free(b->sections);
    free(b->frames);
    free(b->build_id);
    free(b->path);
    free(b);
}

const char *binary_path(const struct binary *b)
{
    return b->path;
}

const char *binary_build_id(const struct binary *b)
{
    return b->build_id;
}

enum binary_machine binary_machine(const struct binary *b)
{
    switch (b->header.e_machine) {
    case EM_X86_64:
        return BINARY_X86_64;
    case EM_386:
        return BINARY_X86;
    case EM_AARCH64:
        return BINARY_AARCH64;
    default:
        return BINARY_OTHER;
    }
}

const char *elf_section_name(struct binary *b, const GElf_Shdr *section)
{
    size_t names;
    if (b->dw.elf_getshdrstrndx(b->elf, &names))
        return "";
    const char *name = b->dw.elf_strptr(b->elf, names, section->sh_name);
    return name ? name : "";
}

const unsigned char *elf_bytes(struct binary *b, uint64_t offset, uint64_t len)
{
    size_t size;
    const char *file = b->dw.elf_rawfile(b->elf, &size);
    if (!file || offset > size || len > size - offset)
        return NULL;
    return (const unsigned char *)file + offset;
}

/* A debug file has the headers of the code it was split from, without the code. */
static bool lacks_content(struct binary *b, uint64_t at)
{
    Elf_Scn *section = NULL;
    while ((section = b->dw.elf_nextscn(b->elf, section))) {
        GElf_Shdr s;
        if (b->dw.gelf_getshdr(section, &s) && s.sh_flags & SHF_ALLOC && at >= s.sh_addr &&
            at - s.sh_addr < s.sh_size)
            return s.sh_type == SHT_NOBITS;
    }
    return false;
}

static const unsigned char *object_code(struct binary *b, uint64_t at, size_t *len)
{
    Elf_Scn *section = NULL;
    while ((section = b->dw.elf_nextscn(b->elf, section))) {
        GElf_Shdr s;
        if (!b->dw.gelf_getshdr(section, &s) || !(s.sh_flags & SHF_EXECINSTR) ||
            s.sh_type == SHT_NOBITS)
            continue;
        uint64_t into = at + b->bias - s.sh_addr;
        if (into >= s.sh_size)
            continue;
        const unsigned char *code = elf_bytes(b, s.sh_offset + into, s.sh_size - into);
        if (code)
            *len = s.sh_size - into;
        return code;
    }
    return NULL;
}

const unsigned char *binary_code(struct binary *b, uint64_t at, size_t *len)
{
    *len = 0;
    if (b->header.e_type == ET_REL)
        return object_code(b, at, len);
    size_t count;
    if (b->dw.elf_getphdrnum(b->elf, &count) || lacks_content(b, at))
        return NULL;
    for (size_t i = 0; i < count; i++) {
        GElf_Phdr p;
        if (!b->dw.gelf_getphdr(b->elf, (int)i, &p) || p.p_type != PT_LOAD || at < p.p_vaddr ||
            at - p.p_vaddr >= p.p_filesz)
            continue;
        const unsigned char *code =
            elf_bytes(b, p.p_offset + (at - p.p_vaddr), p.p_filesz - (at - p.p_vaddr));
        if (code)
            *len = p.p_filesz - (at - p.p_vaddr);
        return code;
    }
    return NULL;
}
