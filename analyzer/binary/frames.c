/* The frames at an address: DWARF's, completed from the symbol table. */
#include "analyzer/base/alloc.h"
#include "analyzer/binary/debuginfo.h"
#include "analyzer/binary/elf_file.h"

#include <string.h>

const struct binary_frame *binary_frames(struct binary *b, uint64_t at, size_t *count)
{
    const struct binary_frame *found = NULL;
    *count = 0;
    if (!b->has_debuginfo) {
        b->has_debuginfo = true;
        b->debuginfo = debuginfo_open(b);
    }
    if (b->debuginfo)
        found = debuginfo_frames(b->debuginfo, at, count);
    if (*count && *found[*count - 1].name)
        return found;
    const struct binary_symbol *symbol = binary_symbol_at(b, at);
    if (!symbol)
        return found;
    size_t needed = *count ? *count : 1;
    b->frames = xgrow(b->frames, &b->frame_cap, needed, sizeof *b->frames);
    if (*count)
        memcpy(b->frames, found, *count * sizeof *found);
    else
        b->frames[0] = (struct binary_frame){.file = symbol->file};
    b->frames[needed - 1].name = symbol->names[0];
    *count = needed;
    return b->frames;
}
