#include "analyzer/binary/vdso.h"

#include <link.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

/* It ends with its section headers, or with the last section. */
static size_t image_size(const ElfW(Ehdr) * header)
{
    const char *image = (const char *)header;
    size_t size = header->e_shoff + (size_t)header->e_shnum * header->e_shentsize;
    for (size_t i = 0; i < header->e_shnum; i++) {
        const ElfW(Shdr) *s =
            (const void *)(image + header->e_shoff + i * (size_t)header->e_shentsize);
        if (s->sh_type != SHT_NOBITS && s->sh_offset + s->sh_size > size)
            size = s->sh_offset + s->sh_size;
    }
    return size;
}

bool vdso_file(struct buf *path, int *fd)
{
    /* The kernel's own word about where it put an image it made: not to be doubted. */
    const ElfW(Ehdr) *header = (const void *)getauxval(AT_SYSINFO_EHDR);
    if (!header)
        return false;
    *fd = memfd_create("vdso", MFD_CLOEXEC);
    if (*fd < 0)
        return false;
    size_t size = image_size(header);
    if (write(*fd, header, size) != (ssize_t)size) {
        close(*fd);
        return false;
    }
    buf_printf(path, "/proc/self/fd/%d", *fd);
    return true;
}
