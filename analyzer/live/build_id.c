#include "analyzer/live/build_id.h"

#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    MOST_HEADERS = 64,
    MOST_NOTES = 4096, /* bytes of one segment */
};

/* An ELF file that begins at BASE of what FD shows. */
struct image {
    int fd;
    uint64_t base;
};

static bool read_at(const struct image *i, uint64_t offset, void *out, size_t len)
{
    return pread(i->fd, out, len, (off_t)(i->base + offset)) == (ssize_t)len;
}

/* The id among LEN bytes of notes. */
static size_t find_id(const unsigned char *notes, size_t len, unsigned char *id)
{
    size_t at = 0;
    while (len - at >= sizeof(Elf64_Nhdr)) {
        Elf64_Nhdr h;
        memcpy(&h, notes + at, sizeof h);
        size_t name = at + sizeof h;
        size_t content = name + (((size_t)h.n_namesz + 3) & ~(size_t)3);
        size_t next = content + (((size_t)h.n_descsz + 3) & ~(size_t)3);
        if (next > len || next < content || content < name)
            return 0;
        if (h.n_type == NT_GNU_BUILD_ID && h.n_namesz == 4 && memcmp(notes + name, "GNU", 4) == 0) {
            size_t size = h.n_descsz < BUILD_ID_MOST ? h.n_descsz : BUILD_ID_MOST;
            memcpy(id, notes + content, size);
            return size;
        }
        at = next;
    }
    return 0;
}

static size_t read_id(const struct image *image, unsigned char *id)
{
    Elf64_Ehdr header;
    if (!read_at(image, 0, &header, sizeof header) ||
        memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64 ||
        header.e_phentsize != sizeof(Elf64_Phdr) || header.e_phnum > MOST_HEADERS)
        return 0;
    for (unsigned i = 0; i < header.e_phnum; i++) {
        Elf64_Phdr segment;
        unsigned char notes[MOST_NOTES];
        if (!read_at(image, header.e_phoff + i * sizeof segment, &segment, sizeof segment) ||
            segment.p_type != PT_NOTE || segment.p_filesz > sizeof notes ||
            !read_at(image, segment.p_offset, notes, segment.p_filesz))
            continue;
        size_t len = find_id(notes, segment.p_filesz, id);
        if (len)
            return len;
    }
    return 0;
}

static bool same_file(const struct procfs_map *a, const struct procfs_map *b)
{
    return a->inode == b->inode && a->major == b->major && a->minor == b->minor &&
           strcmp(a->file, b->file) == 0;
}

/* Notes and headers are in a file's first segment. */
static size_t read_from_memory(const struct procfs_maps *maps, size_t index, pid_t pid,
                               unsigned char *id)
{
    size_t first = index, len = 0;
    char path[64];
    while (first && maps->items[first].offset &&
           same_file(&maps->items[first - 1], &maps->items[index]))
        first--;
    if (maps->items[first].offset)
        return 0;
    snprintf(path, sizeof path, "/proc/%ld/mem", (long)pid);
    struct image image = {open(path, O_RDONLY | O_CLOEXEC), maps->items[first].start};
    if (image.fd < 0)
        return 0;
    len = read_id(&image, id);
    close(image.fd);
    return len;
}

/* By the process's own idea of the root: it may be in a container. */
static size_t read_from_file(const struct procfs_map *map, pid_t pid, unsigned char *id)
{
    struct buf path = {0};
    size_t len = 0;
    buf_printf(&path, "/proc/%ld/root%s", (long)pid, map->file);
    struct image image = {open(path.data, O_RDONLY | O_CLOEXEC | O_NONBLOCK), 0};
    buf_release(&path);
    if (image.fd < 0)
        return 0;
    len = read_id(&image, id);
    close(image.fd);
    return len;
}

size_t build_id_read(const struct procfs_maps *maps, size_t index, pid_t pid,
                     unsigned char id[BUILD_ID_MOST])
{
    const struct procfs_map *map = &maps->items[index];
    if (*map->file != '/' && strcmp(map->file, "[vdso]") != 0)
        return 0;
    size_t len = read_from_memory(maps, index, pid, id);
    return len || *map->file != '/' ? len : read_from_file(map, pid, id);
}
