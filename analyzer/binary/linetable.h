/* The line table of a compilation unit: which file, line and column an address is of.
 *
 *     struct linetable t;
 *     linetable_read(&t, &sections, offset, effort);
 *     if (linetable_find(&t, address, &row)) linetable_path(&t, row.file, out);
 *     linetable_release(&t);
 *
 * libdw reads these, too, at three times the time and memory: a row here is 16 bytes, and rows stay
 * in the order of the program that makes them.
 * Format: DWARF 5, section 6.2; versions 2 to 5. The bytes are untrusted; what makes no sense ends
 * the table.
 */
#ifndef CPPROF_BINARY_LINETABLE_H
#define CPPROF_BINARY_LINETABLE_H

#include "analyzer/base/buf.h"
#include "analyzer/binary/bytes.h"
#include "analyzer/binary/effort.h"
#include "analyzer/binary/intervals.h"

/* Where strings and programs lie. */
struct line_sections {
    struct bytes line, line_str, str; /* .debug_line and so on; all in one byte order */
};

struct line_row {
    uint64_t address;
    uint32_t file, line, column;
};

/* A row as it is kept. */
struct line_entry {
    uint32_t into; /* from the first address of its run */
    uint32_t file, line;
    uint16_t column; /* 0: not known, or larger */
};

/* A file, or (DIR unused) a directory. */
struct line_file {
    const char *name;
    uint64_t dir;
};

struct linetable {
    unsigned version;
    struct line_file *dirs, *files; /* files are numbered from 1 before version 5, then from 0 */
    size_t dir_count, dir_cap, file_count, file_cap;
    struct line_entry *rows;
    size_t row_count, row_cap;
    struct line_run { /* rows by address */
        uint64_t start;
        size_t first, count;
    } * runs;
    size_t run_count, run_cap;
    struct intervals where; /* values index RUNS */
};

/* Reads the table at OFFSET, as far as it makes sense. It borrows the sections. */
void linetable_read(struct linetable *t, const struct line_sections *sections, uint64_t offset,
                    struct effort *effort);
void linetable_release(struct linetable *t);

/* False if no row is about ADDRESS. */
bool linetable_find(const struct linetable *t, uint64_t address, struct line_row *row);

/* Adds the path of file FILE to OUT; relative, if it is, to the directory of the compilation. False
 * if there is no such file. */
bool linetable_path(const struct linetable *t, uint64_t file, struct buf *out);

#endif
