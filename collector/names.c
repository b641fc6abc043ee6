#include "collector/names.h"

#include "collector/unwind.h"

#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* The symbol table of one file, which is mapped. */
struct table {
    struct table *next;
    const void *module; /* which one: the loader's */
    const unsigned char *file;
    size_t size;
    const ElfW(Sym) * symbols;
    const char *text;
    size_t text_len;
    uint32_t *order; /* functions, by address */
    size_t count;
};

struct names {
    struct table *tables;
};

struct names *names_open(void)
{
    return calloc(1, sizeof(struct names));
}

void names_close(struct names *names)
{
    for (struct table *t = names ? names->tables : NULL, *next; t; t = next) {
        next = t->next;
        if (t->file)
            munmap((void *)t->file, t->size);
        free(t->order);
        free(t);
    }
    free(names);
}

/* --- reading a file, of which nothing is believed */

/* COUNT items of SIZE bytes at OFFSET; NULL if they are not in the file. */
static const void *part(const struct table *t, uint64_t offset, uint64_t count, uint64_t size)
{
    bool fits = offset <= t->size && count <= (t->size - offset) / size && offset % 8 == 0;
    return fits ? t->file + offset : NULL;
}

/* Is it the file that was loaded? Its notes, the build id among them, are in memory as well. */
static bool is_loaded_one(const struct table *t, const ElfW(Ehdr) * header, uintptr_t base)
{
    enum { MOST = 512 };
    unsigned char loaded[MOST];
    const ElfW(Phdr) *segments = part(t, header->e_phoff, header->e_phnum, sizeof *segments);
    for (size_t i = 0; segments && i < header->e_phnum; i++) {
        size_t len = segments[i].p_filesz;
        if (segments[i].p_type != PT_NOTE || !len || len > MOST || segments[i].p_offset > t->size ||
            len > t->size - segments[i].p_offset)
            continue;
        if (!unwind_read(base + segments[i].p_vaddr, loaded, len) ||
            memcmp(loaded, t->file + segments[i].p_offset, len) != 0)
            return false;
    }
    return segments != NULL;
}

static int by_address(const void *a, const void *b, void *symbols)
{
    const ElfW(Sym) *s = symbols;
    ElfW(Addr) x = s[*(const uint32_t *)a].st_value, y = s[*(const uint32_t *)b].st_value;
    return x < y ? -1 : x > y;
}

static void put_in_order(struct table *t, size_t count)
{
    t->order = malloc((count + 1) * sizeof *t->order);
    if (!t->order)
        return;
    for (size_t i = 0; i < count; i++)
        if (ELF64_ST_TYPE(t->symbols[i].st_info) == STT_FUNC && t->symbols[i].st_size)
            t->order[t->count++] = (uint32_t)i;
    qsort_r(t->order, t->count, sizeof *t->order, by_address, (void *)t->symbols);
}

static void read_symbols(struct table *t, uintptr_t base)
{
    const ElfW(Ehdr) *header = part(t, 0, 1, sizeof *header);
    if (!header || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 || !is_loaded_one(t, header, base))
        return;
    const ElfW(Shdr) *sections = part(t, header->e_shoff, header->e_shnum, sizeof *sections);
    for (size_t i = 0; sections && i < header->e_shnum; i++) {
        const ElfW(Shdr) *s = &sections[i];
        if (s->sh_type != SHT_SYMTAB || s->sh_link >= header->e_shnum)
            continue;
        const ElfW(Shdr) *text = &sections[s->sh_link];
        size_t count = s->sh_size / sizeof(ElfW(Sym));
        t->symbols = part(t, s->sh_offset, count, sizeof(ElfW(Sym)));
        if (!t->symbols || text->sh_offset > t->size || text->sh_size > t->size - text->sh_offset ||
            !text->sh_size || t->file[text->sh_offset + text->sh_size - 1])
            return;
        t->text = (const char *)t->file + text->sh_offset;
        t->text_len = text->sh_size;
        put_in_order(t, count);
        return;
    }
}

static struct table *table_new(struct names *names, const struct link_map *module)
{
    struct stat st;
    struct table *t = calloc(1, sizeof *t);
    if (!t)
        return NULL;
    t->module = module;
    t->next = names->tables;
    names->tables = t;
    /* the program itself has no name there */
    int fd = open(*module->l_name ? module->l_name : "/proc/self/exe", O_RDONLY | O_CLOEXEC);
    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0) {
        t->size = (size_t)st.st_size;
        void *file = mmap(NULL, t->size, PROT_READ, MAP_PRIVATE, fd, 0);
        t->file = file == MAP_FAILED ? NULL : file;
    }
    if (fd >= 0)
        close(fd);
    if (t->file)
        read_symbols(t, module->l_addr);
    return t;
}

/* --- looking up */

/* The function of T that has ADDRESS, counted as the file does. */
static const ElfW(Sym) * find_symbol(const struct table *t, ElfW(Addr) address)
{
    size_t low = 0, high = t->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (t->symbols[t->order[middle]].st_value <= address)
            low = middle + 1;
        else
            high = middle;
    }
    const ElfW(Sym) *s = low ? &t->symbols[t->order[low - 1]] : NULL;
    return s && address - s->st_value < s->st_size && s->st_name < t->text_len ? s : NULL;
}

static void find_in_file(struct names *names, struct name *name, const struct link_map *module,
                         uintptr_t address)
{
    struct table *t = names->tables;
    while (t && t->module != module)
        t = t->next;
    if (!t)
        t = table_new(names, module);
    const ElfW(Sym) *s = t ? find_symbol(t, address - module->l_addr) : NULL;
    if (!s)
        return;
    name->function = t->text + s->st_name;
    name->offset = address - module->l_addr - s->st_value;
}

struct name name_find(struct names *names, uintptr_t address)
{
    Dl_info info;
    void *module = NULL;
    if (dladdr1((void *)address, &info, &module, RTLD_DL_LINKMAP) == 0)
        return (struct name){0};
    uintptr_t from = (uintptr_t)(info.dli_sname ? info.dli_saddr : info.dli_fbase);
    struct name name = {info.dli_sname, info.dli_fname, address - from};
    if (!name.function && names && module)
        find_in_file(names, &name, module, address);
    return name;
}
