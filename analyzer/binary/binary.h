/* A program or shared library as it lies in a file: build id, segments, symbols, line table, code.
 *
 *     struct binary *b = binary_open(path, err);
 *     uint64_t at;                                     where a running process's address is in it
 *     if (!binary_place(b, &mapping, address, &at, err))
 *         frames = binary_frames(b, at, &count);       function, file and line, inlined ones first
 *     binary_close(b);
 *
 * libdw, which reads all this, is loaded by the first binary_open. Separate debug files are found
 * by build id and .gnu_debuglink (beside the binary, in .debug/ there, below /usr/lib/debug), and
 * by debuginfod if DEBUGINFOD_URLS is set; so are dwz's shared files and split DWARF.
 *
 * Files are untrusted: what is damaged ends in an error or in fewer frames, never in a crash. One
 * binary is for one thread at a time; different binaries may be used by different threads.
 */
#ifndef CPPROF_BINARY_BINARY_H
#define CPPROF_BINARY_BINARY_H

#include "analyzer/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct binary;

/* Addresses [start, limit) of a process showed the file from offset on. All zero: the addresses are
 * the file's own. */
struct binary_mapping {
    uint64_t start, limit, offset;
    const char *kernel_symbol; /* where a kernel's mapping starts: "_text"; NULL: "_stext" */
};

/* One function at an address; strings belong to the binary. */
struct binary_frame {
    const char *name;     /* as in the file: mangled; "" if not known */
    const char *file;     /* "" if not known */
    int64_t line, column; /* 0: not known */
    int64_t start_line;   /* of the function; 0: not known */
};

/* What the symbol table says. Symbols of the same address are one, with all their names. */
struct binary_symbol {
    uint64_t start, end;      /* of the file's addresses; end is one past the last byte */
    const char *const *names; /* mangled, up to a NULL; the most telling one first */
    const char *file;         /* source of a local symbol, without its folder; "" if not known */
};

enum binary_machine { BINARY_OTHER, BINARY_X86_64, BINARY_X86, BINARY_AARCH64 };

/* Opens the ELF file PATH. Its separate debug file is looked for when frames are first asked for.
 * NULL and ERR if there is no such file, or it is no ELF file. */
struct binary *binary_open(const char *path, struct error *err);
void binary_close(struct binary *b); /* NULL is fine */

const char *binary_path(const struct binary *b);
const char *binary_build_id(const struct binary *b); /* hexadecimal; "" if it has none */
enum binary_machine binary_machine(const struct binary *b);

/* Which address of the file ADDRESS of a process is, if the file was mapped by M. -1 and ERR if it
 * cannot be. */
int binary_place(struct binary *b, const struct binary_mapping *m, uint64_t address, uint64_t *at,
                 struct error *err);

/* The functions at AT, an address of the file, the innermost inlined one first; from the line table
 * where there is one, else from the symbol table. Good until the next call. COUNT 0: not known.
 * Faster when neighbouring addresses follow each other. */
const struct binary_frame *binary_frames(struct binary *b, uint64_t at, size_t *count);

/* All function symbols by address, entries of the PLT ("puts@plt") among them. Good as long as the
 * binary. A symbol without a size ends where the next one starts. */
const struct binary_symbol *binary_symbols(struct binary *b, size_t *count);

/* The symbol AT lies in or, between two of a section, behind; NULL if there is none. */
const struct binary_symbol *binary_symbol_at(struct binary *b, uint64_t at);

/* The bytes from AT to the end of its segment, of which *LEN gets the number; NULL if AT is not in
 * the file. */
const unsigned char *binary_code(struct binary *b, uint64_t at, size_t *len);

#endif
