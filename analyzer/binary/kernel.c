#include "analyzer/binary/kernel.h"

#include <elf.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

bool kernel_build_id(struct buf *id)
{
    unsigned char notes[4096];
    FILE *f = fopen("/sys/kernel/notes", "re");
    size_t len = f ? fread(notes, 1, sizeof notes, f) : 0;
    if (f)
        fclose(f);
    for (size_t at = 0; len - at >= sizeof(Elf64_Nhdr);) {
        Elf64_Nhdr note; /* name and content follow, each padded to four bytes */
        memcpy(&note, notes + at, sizeof note);
        size_t name = at + sizeof note, content = name + (((size_t)note.n_namesz + 3) & ~(size_t)3);
        size_t next = content + (((size_t)note.n_descsz + 3) & ~(size_t)3);
        if (next > len)
            return false;
        if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 &&
            memcmp(notes + name, "GNU", 4) == 0) {
            for (size_t i = 0; i < note.n_descsz; i++)
                buf_printf(id, "%02x", notes[content + i]);
            return note.n_descsz > 0;
        }
        at = next;
    }
    return false;
}
