/* The inside of a struct binary, for the files that make it up. */
#ifndef CPPROF_BINARY_ELF_FILE_H
#define CPPROF_BINARY_ELF_FILE_H

#include "analyzer/base/arena.h"
#include "analyzer/binary/binary.h"
#include "analyzer/binary/dw.h"

struct debuginfo; /* what DWARF says (debuginfo.h) */

struct binary {
    struct dw dw;
    struct arena arena; /* lives as long as the binary */
    char *path;
    char *build_id;
    Dwfl *dwfl;
    Dwfl_Module *module;
    Elf *elf;
    GElf_Ehdr header;
    uint64_t bias; /* libdwfl's address of the file's address 0 */

    struct { /* the symbol that was asked for last */
        char *name;
        bool found;
        uint64_t address;
    } kernel_symbol;

    bool has_symbols; /* they have been read */
    struct binary_symbol *symbols;
    size_t symbol_count;
    struct section_end *sections; /* where executable sections lie, by address */
    size_t section_count;

    bool has_debuginfo;
    struct debuginfo *debuginfo; /* NULL: no DWARF */

    struct binary_frame *frames; /* the answer of the last binary_frames */
    size_t frame_cap;
};

/* An executable section: [start, end) of the file's addresses. */
struct section_end {
    uint64_t start, end;
};

/* The name of a section, "" if it has none. */
const char *elf_section_name(struct binary *b, const GElf_Shdr *section);

/* The bytes of the file from OFFSET on, LEN of them; NULL if the file is shorter. */
const unsigned char *elf_bytes(struct binary *b, uint64_t offset, uint64_t len);

#endif
