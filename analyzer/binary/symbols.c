/* The function symbols of a binary. */
#include "analyzer/base/alloc.h"
#include "analyzer/binary/elf_file.h"
#include "analyzer/binary/plt.h"

#include <stdlib.h>
#include <string.h>

struct raw_symbol {
    uint64_t start, size;
    const char *name, *file;
    bool is_function; /* not just a label */
    int index;        /* in the file */
};

struct raw_symbols {
    struct raw_symbol *items;
    size_t count, cap;
};

static void add_raw(struct raw_symbols *all, struct raw_symbol one)
{
    all->items = xgrow(all->items, &all->cap, all->count + 1, sizeof *all->items);
    one.index = (int)all->count;
    all->items[all->count++] = one;
}

static int by_start(const void *a, const void *b)
{
    const struct raw_symbol *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    if (x->is_function != y->is_function)
        return x->is_function ? -1 : 1;
    if (!x->size != !y->size)
        return x->size ? -1 : 1;
    return x->index < y->index ? -1 : 1;
}

static int section_by_start(const void *a, const void *b)
{
    const struct section_end *x = a, *y = b;
    return (x->start > y->start) - (x->start < y->start);
}

static void add_section(struct binary *b, size_t *cap, uint64_t start, uint64_t size)
{
    if (!size || start + size < start)
        return;
    b->sections = xgrow(b->sections, cap, b->section_count + 1, sizeof *b->sections);
    b->sections[b->section_count++] = (struct section_end){start, start + size};
}

/* The sections with code; for a file without sections, its segments with code. */
static void read_sections(struct binary *b)
{
    size_t cap = 0, count;
    Elf_Scn *section = NULL;
    while ((section = b->dw.elf_nextscn(b->elf, section))) {
        GElf_Shdr s;
        if (b->dw.gelf_getshdr(section, &s) && s.sh_flags & SHF_EXECINSTR)
            add_section(b, &cap, s.sh_addr - (b->header.e_type == ET_REL ? b->bias : 0), s.sh_size);
    }
    if (!b->section_count && !b->dw.elf_getphdrnum(b->elf, &count))
        for (size_t i = 0; i < count; i++) {
            GElf_Phdr p;
            if (b->dw.gelf_getphdr(b->elf, (int)i, &p) && p.p_type == PT_LOAD && p.p_flags & PF_X)
                add_section(b, &cap, p.p_vaddr, p.p_memsz);
        }
    if (b->section_count)
        qsort(b->sections, b->section_count, sizeof *b->sections, section_by_start);
}

/* The section AT is in, or NULL. */
static const struct section_end *section_of(const struct binary *b, uint64_t at)
{
    size_t low = 0, high = b->section_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (b->sections[middle].start <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low && at < b->sections[low - 1].end ? &b->sections[low - 1] : NULL;
}

static void read_table(struct binary *b, struct raw_symbols *all)
{
    int count = b->dw.dwfl_module_getsymtab(b->module);
    const char *file = "";
    for (int i = 1; i < count; i++) {
        GElf_Sym sym;
        GElf_Addr address;
        const char *name =
            b->dw.dwfl_module_getsym_info(b->module, i, &sym, &address, NULL, NULL, NULL);
        if (!name)
            continue;
        int type = GELF_ST_TYPE(sym.st_info);
        if (type == STT_FILE)
            file = name;
        bool is_function = type == STT_FUNC || type == STT_GNU_IFUNC;
        if (!*name || sym.st_shndx == SHN_UNDEF || (!is_function && type != STT_NOTYPE) ||
            !section_of(b, address - b->bias))
            continue;
        add_raw(all, (struct raw_symbol){.start = address - b->bias,
                                         .size = sym.st_size,
                                         .name = name,
                                         .file = GELF_ST_BIND(sym.st_info) == STB_LOCAL ? file : "",
                                         .is_function = is_function});
    }
}

static void add_plt(void *context, uint64_t start, uint64_t size, const char *name)
{
    add_raw(context, (struct raw_symbol){start, size, name, "", .is_function = true});
}

/* One symbol per address, its names behind each other in one array of the arena. */
static void group(struct binary *b, const struct raw_symbols *all)
{
    const char **names = arena_alloc(&b->arena, (2 * all->count + 1) * sizeof *names);
    b->symbols = xcalloc(all->count + 1, sizeof *b->symbols);
    for (size_t i = 0; i < all->count;) {
        struct binary_symbol *s = &b->symbols[b->symbol_count++];
        const struct raw_symbol *first = &all->items[i];
        uint64_t size = first->size;
        *s = (struct binary_symbol){.start = first->start, .names = names, .file = first->file};
        for (; i < all->count && all->items[i].start == s->start; i++)
            *names++ = all->items[i].name;
        *names++ = NULL;
        const struct section_end *section = section_of(b, s->start);
        uint64_t most = section ? section->end : UINT64_MAX;
        if (!size && i < all->count && all->items[i].start < most)
            most = all->items[i].start;
        s->end = size && size < most - s->start ? s->start + size : most;
    }
}

const struct binary_symbol *binary_symbols(struct binary *b, size_t *count)
{
    if (!b->has_symbols) {
        struct raw_symbols all = {0};
        b->has_symbols = true;
        read_sections(b);
        read_table(b, &all);
        plt_each(b, add_plt, &all);
        if (all.count)
            qsort(all.items, all.count, sizeof *all.items, by_start);
        group(b, &all);
        free(all.items);
    }
    *count = b->symbol_count;
    return b->symbols;
}

const struct binary_symbol *binary_symbol_at(struct binary *b, uint64_t at)
{
    size_t high, low = 0;
    const struct binary_symbol *symbols = binary_symbols(b, &high);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (symbols[middle].start <= at)
            low = middle + 1;
        else
            high = middle;
    }
    const struct section_end *section = section_of(b, at);
    if (!low || !section || symbols[low - 1].start < section->start)
        return NULL;
    return &symbols[low - 1];
}
