#include "collector/modules.h"

#include "collector/quiet.h"

#include <elf.h>
#include <errno.h>
#include <link.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct {
    pthread_mutex_t lock; /* of everything but `current` */
    _Atomic(const struct modules *) current;
    struct modules *retired; /* lists that may still be read */
    struct module **all;     /* every module there ever was */
    size_t all_count, all_cap;
    uint64_t generation;
    unsigned long long adds, subs; /* the loader's counters at the last refresh */
} state = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* --- one module */

static void module_free(struct module *m)
{
    if (!m)
        return;
    cfi_release(&m->cfi);
    free(m->segments);
    free(m->path);
    free(m);
}

static void read_build_id(struct module *m, const struct dl_phdr_info *info,
                          const ElfW(Phdr) * segment)
{
    const unsigned char *at = (const unsigned char *)(info->dlpi_addr + segment->p_vaddr);
    const unsigned char *end = at + segment->p_memsz;
    while ((size_t)(end - at) >= sizeof(ElfW(Nhdr))) {
        ElfW(Nhdr) note;
        memcpy(&note, at, sizeof note);
        size_t name = (note.n_namesz + 3UL) & ~3UL, desc = (note.n_descsz + 3UL) & ~3UL;
        at += sizeof note;
        if (name > (size_t)(end - at) || desc > (size_t)(end - at) - name)
            return;
        if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && !memcmp(at, "GNU", 4) &&
            note.n_descsz <= BUILD_ID_LIMIT) {
            memcpy(m->build_id, at + name, note.n_descsz);
            m->build_id_len = note.n_descsz;
            return;
        }
        at += name + desc;
    }
}

static bool add_segment(struct module *m, const struct dl_phdr_info *info,
                        const ElfW(Phdr) * segment, uintptr_t page)
{
    if (!(segment->p_flags & PF_X))
        return true;
    struct module_segment *grown =
        realloc(m->segments, (m->segment_count + 1) * sizeof *m->segments);
    if (!grown)
        return false;
    m->segments = grown;
    uintptr_t start = info->dlpi_addr + segment->p_vaddr;
    m->segments[m->segment_count++] = (struct module_segment){
        .start = start & ~(page - 1),
        .end = (start + segment->p_memsz + page - 1) & ~(page - 1),
        .offset = segment->p_offset & ~((uint64_t)page - 1),
    };
    return true;
}

/* Where .eh_frame is: .eh_frame_hdr names its start, and it ends with a zero or its segment. */
static bool find_eh_frame(struct cfi_section *section, const struct dl_phdr_info *info,
                          const struct module *m)
{
    const ElfW(Phdr) *hdr = NULL;
    for (size_t i = 0; i < info->dlpi_phnum; i++)
        if (info->dlpi_phdr[i].p_type == PT_GNU_EH_FRAME)
            hdr = &info->dlpi_phdr[i];
    if (!hdr || hdr->p_memsz < 8)
        return false;
    const unsigned char *at = (const unsigned char *)(info->dlpi_addr + hdr->p_vaddr);
    enum { VERSION = 1, PCREL_SDATA4 = 0x1B };
    if (at[0] != VERSION || at[1] != PCREL_SDATA4)
        return false;
    int32_t distance;
    memcpy(&distance, at + 4, sizeof distance);
    section->start = at + 4 + distance;
    section->base = m->start;
    section->data = (uintptr_t)at;
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *load = &info->dlpi_phdr[i];
        uintptr_t start = info->dlpi_addr + load->p_vaddr;
        if (load->p_type == PT_LOAD && (uintptr_t)section->start >= start &&
            (uintptr_t)section->start < start + load->p_filesz) {
            section->end = (const unsigned char *)(start + load->p_filesz);
            return true;
        }
    }
    return false;
}

static char *own_path(const struct dl_phdr_info *info)
{
    char exe[4096];
    if (*info->dlpi_name)
        return strdup(info->dlpi_name);
    ssize_t len = readlink("/proc/self/exe", exe, sizeof exe - 1);
    exe[len > 0 ? len : 0] = '\0';
    return strdup(exe);
}

static struct module *module_new(const struct dl_phdr_info *info)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    struct module *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    m->base = info->dlpi_addr;
    m->headers = info->dlpi_phdr;
    m->start = UINTPTR_MAX;
    m->path = own_path(info);
    bool good = m->path != NULL;
    for (size_t i = 0; i < info->dlpi_phnum && good; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        uintptr_t start = info->dlpi_addr + segment->p_vaddr;
        if (segment->p_type == PT_NOTE)
            read_build_id(m, info, segment);
        if (segment->p_type != PT_LOAD)
            continue;
        if (start < m->start)
            m->start = start;
        if (start + segment->p_memsz > m->end)
            m->end = start + segment->p_memsz;
        good = add_segment(m, info, segment, page);
    }
    struct cfi_section section = {0};
    if (good && m->end && find_eh_frame(&section, info, m))
        good = cfi_compile(&m->cfi, &section);
    if (!good) {
        module_free(m);
        return NULL;
    }
    return m;
}

/* --- the list */

struct gather {
    struct modules *list;
    size_t cap;
    int error;
};

static bool is_same(const struct module *m, const struct dl_phdr_info *info)
{
    if (m->base != info->dlpi_addr || m->headers != info->dlpi_phdr)
        return false;
    return !*info->dlpi_name || strcmp(m->path, info->dlpi_name) == 0;
}

/* The module of the present list that INFO is about. */
static struct module *known_module(const struct dl_phdr_info *info)
{
    const struct modules *now = atomic_load(&state.current);
    for (size_t i = 0; now && i < now->count; i++)
        if (is_same(now->by_address[i], info))
            return now->by_address[i];
    return NULL;
}

static struct module *remember(struct module *m)
{
    if (m && state.all_count == state.all_cap) {
        size_t cap = state.all_cap ? state.all_cap * 2 : 64;
        struct module **all = realloc(state.all, cap * sizeof(struct module *));
        if (!all) {
            module_free(m);
            return NULL;
        }
        state.all = all;
        state.all_cap = cap;
    }
    if (m)
        state.all[state.all_count++] = m;
    return m;
}

static int gather_module(struct dl_phdr_info *info, size_t size, void *context)
{
    struct gather *g = context;
    if (size >= offsetof(struct dl_phdr_info, dlpi_subs) + sizeof info->dlpi_subs) {
        state.adds = info->dlpi_adds;
        state.subs = info->dlpi_subs;
    }
    if (g->list->count == g->cap) {
        size_t cap = g->cap ? g->cap * 2 : 64;
        struct module **grown = realloc(g->list->by_address, cap * sizeof(struct module *));
        if (!grown)
            return g->error = ENOMEM;
        g->list->by_address = grown;
        g->cap = cap;
    }
    struct module *m = known_module(info);
    if (!m)
        m = remember(module_new(info));
    if (!m)
        return g->error = ENOMEM;
    if (m->end > m->start)
        g->list->by_address[g->list->count++] = m;
    return 0;
}

static int by_address(const void *a, const void *b)
{
    const struct module *x = *(struct module *const *)a, *y = *(struct module *const *)b;
    return x->start < y->start ? -1 : x->start > y->start;
}

/* Rules are freed with the last list that has them; name, build id and segments stay. */
static void list_free(struct modules *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (--list->by_address[i]->users == 0)
            cfi_release(&list->by_address[i]->cfi);
    free(list->by_address);
    free(list);
}

static void free_retired(bool (*in_use)(const struct modules *m))
{
    struct modules **at = &state.retired;
    while (*at) {
        struct modules *list = *at;
        if (in_use(list)) {
            at = &list->next_retired;
            continue;
        }
        *at = list->next_retired;
        list_free(list);
    }
}

struct counters {
    unsigned long long adds, subs;
};

static int read_counters(struct dl_phdr_info *info, size_t size, void *context)
{
    struct counters *c = context;
    if (size >= offsetof(struct dl_phdr_info, dlpi_subs) + sizeof info->dlpi_subs)
        *c = (struct counters){info->dlpi_adds, info->dlpi_subs};
    return 1;
}

static bool changed(void)
{
    struct counters c = {0};
    dl_iterate_phdr(read_counters, &c);
    return !atomic_load(&state.current) || c.adds != state.adds || c.subs != state.subs;
}

static int replace_list(void)
{
    struct gather g = {.list = calloc(1, sizeof *g.list)};
    if (!g.list)
        return ENOMEM;
    dl_iterate_phdr(gather_module, &g);
    if (g.error) {
        free(g.list->by_address);
        free(g.list);
        return g.error;
    }
    g.list->generation = ++state.generation;
    qsort(g.list->by_address, g.list->count, sizeof(struct module *), by_address);
    for (size_t i = 0; i < g.list->count; i++)
        g.list->by_address[i]->users++;
    struct modules *old = (struct modules *)atomic_exchange(&state.current, g.list);
    if (old) {
        old->next_retired = state.retired;
        state.retired = old;
    }
    return 0;
}

int modules_refresh(bool (*in_use)(const struct modules *m))
{
    quiet_lock(&state.lock);
    int error = changed() ? replace_list() : 0;
    free_retired(in_use);
    quiet_unlock(&state.lock);
    return error;
}

size_t modules_each(size_t first, void (*each)(void *context, const struct module *module),
                    void *context)
{
    quiet_lock(&state.lock);
    size_t count = state.all_count;
    for (size_t i = first; i < count; i++)
        each(context, state.all[i]);
    quiet_unlock(&state.lock);
    return count;
}

void modules_lock(void)
{
    quiet_lock(&state.lock);
}

void modules_unlock(void)
{
    quiet_unlock(&state.lock);
}

/* --- for readers */

const struct modules *modules_pin(struct modules_pin *pin)
{
    const struct modules *m = atomic_load(&state.current);
    for (;;) {
        atomic_store(&pin->reading, m);
        /* Whoever replaces the list looks at the pins afterwards: if it is still the present one
         * now that the pin can be seen, it will not be freed. */
        const struct modules *now = atomic_load(&state.current);
        if (now == m)
            return m;
        m = now;
    }
}

void modules_unpin(struct modules_pin *pin)
{
    atomic_store_explicit(&pin->reading, NULL, memory_order_release);
}

const struct module *modules_find(const struct modules *m, uintptr_t address)
{
    size_t low = 0, high = m ? m->count : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (m->by_address[middle]->start <= address)
            low = middle + 1;
        else
            high = middle;
    }
    if (!low || address >= m->by_address[low - 1]->end)
        return NULL;
    return m->by_address[low - 1];
}
