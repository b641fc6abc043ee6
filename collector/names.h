/* Names of functions for text that people read.
 *
 *     struct names *names = names_open();
 *     struct name n = name_find(names, address);
 *     names_close(names);
 *
 * The loader knows functions that are exported; the others are looked up in the symbol tables of
 * the files, if these are still the ones that were loaded and have not been stripped. What was read
 * is kept until names_close. Takes the loader's lock: not for signal handlers. For one thread at a
 * time.
 */
#ifndef CPPROF_COLLECTOR_NAMES_H
#define CPPROF_COLLECTOR_NAMES_H

#include <stdbool.h>
#include <stdint.h>

struct names;

struct name {
    const char *function; /* NULL: not known */
    const char *file;     /* the program or library; NULL: not known */
    uintptr_t offset;     /* of the address in the function, or in the file if there is none */
};

/* NULL if there is no memory, with which one may go on: names are those the loader knows then. */
struct names *names_open(void);
void names_close(struct names *names);

/* What ADDRESS, inside an instruction, belongs to. The strings live until names_close. */
struct name name_find(struct names *names, uintptr_t address);

#endif
