/* Names for addresses: functions, files, lines and inlined frames for locations that lack them,
 * from the binaries on this machine, the kernel and JIT compilers' notes; and names demangled.
 *
 *     struct symbolize_spec spec = {.search_path = path};
 *     symbolize_parse(&spec, "local:demangle=full", notes);
 *     symbolize_apply(p, &spec, notes, err);
 *
 * A mapping that has symbols already is left alone, unless forced; a profile whose mappings all
 * have costs nothing but a look at its functions' names. Build ids that do not match, and binaries
 * that cannot be read, are remarked on.
 */
#ifndef CPPROF_TRANSFORM_SYMBOLIZE_H
#define CPPROF_TRANSFORM_SYMBOLIZE_H

#include "analyzer/base/error.h"
#include "analyzer/base/lines.h"
#include "analyzer/binary/demangle.h"
#include "analyzer/profile/profile.h"

#include <stdbool.h>

struct symbolize_spec {
    const char *search_path; /* folders with binaries, see binary/find.h */
    bool main_is_given;      /* the first mapping's file is where it is, whatever else is found */
    uint64_t pid;            /* of the process, where the profile does not say it; 0: not known */

    /* set by symbolize_parse */
    bool nothing;      /* "none": names stay as they are, too */
    bool local;        /* look into binaries */
    bool only_symbols; /* "fastlocal": their symbol tables only */
    bool force;        /* also what has names */
    enum demangle_mode demangle;
};

/* What TEXT, words joined by colons, asks for; words nobody knows are remarked on. */
void symbolize_parse(struct symbolize_spec *spec, const char *text, struct lines *notes);

/* Also replaces the names of binaries by where they are on this machine, even if nothing else is
 * asked for. -1 and ERR if the user interrupts. */
int symbolize_apply(struct profile *p, const struct symbolize_spec *spec, struct lines *notes,
                    struct error *err);

#endif
