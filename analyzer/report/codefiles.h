/* The binaries behind a profile's mappings, each opened when first asked for. Where they are on
 * this machine is known since the profile was symbolized (transform/symbolize.h).
 *
 *     struct codefiles *c = codefiles_new(profile, &spec);
 *     struct codefile *f = codefiles_get(c, mapping, err);
 *     codefile_place(f, m, address, &at); binary_frames(f->binary, at, ...)
 *     codefile_begin(f, at, end); while (disasm_next(f->disasm, &i)) ...
 *     codefiles_free(c);
 */
#ifndef CPPROF_REPORT_CODEFILES_H
#define CPPROF_REPORT_CODEFILES_H

#include "analyzer/base/regex.h"
#include "analyzer/binary/binary.h"
#include "analyzer/binary/disasm.h"
#include "analyzer/graph/sites.h"
#include "analyzer/profile/profile.h"

struct codefile {
    struct binary *binary;
    struct disasm *disasm;
    struct disasm_names names; /* for it */
};

struct codefiles_spec {
    enum disasm_syntax syntax;
    const char *search_path; /* where symbolization has looked for binaries, for messages */
};

struct codefiles;

/* All is borrowed. */
struct codefiles *codefiles_new(const struct profile *p, const struct codefiles_spec *spec);
void codefiles_free(struct codefiles *c); /* NULL is fine */

/* The binary of MAPPING, an index into the profile's; mappings of one file share it. Belongs to C.
 * NULL and ERR, which says which file was looked for and where, if it is not to be had. */
struct codefile *codefiles_get(struct codefiles *c, uint32_t mapping, struct error *err);

/* Where in F ADDRESS of the process is that had F mapped as M. -1 if nowhere. */
int codefile_place(struct codefile *f, const struct mapping *m, uint64_t address, uint64_t *at);

/* What was spent at one address of a binary. */
struct codefile_weight {
    uint64_t address; /* in the binary */
    int64_t flat, flat_div, cum, cum_div;
    uint32_t location;
};

/* The COUNT sites, which are F's, by their address in F, into WEIGHTS, which has room for as many.
 * Returns how many had samples and could be placed. */
size_t codefile_weights(struct codefile *f, const struct profile *p, const struct site *sites,
                        size_t count, struct codefile_weight *weights);

/* The sum of those of COUNT weights that are in [START, END), beginning with number *NEXT, which is
 * moved behind them; those before START are left out. The sum's location is the first one's, or
 * NO_INDEX. */
struct codefile_weight codefile_weigh(const struct codefile_weight *weights, size_t count,
                                      size_t *next, uint64_t start, uint64_t end);

/* Goes to the instructions of [START, END), as far as they are in F. */
void codefile_begin(struct codefile *f, uint64_t start, uint64_t end);

/* NAME, a symbol's, as reports show it; and a copy of that in ARENA. */
void codefile_add_name(struct buf *out, const char *name);
char *codefile_name(struct arena *arena, const char *name);

/* Whether ONLY matches NAME, a symbol's, in any of the spellings it can be shown in. */
bool codefile_name_matches(const char *name, struct regex *only);

#endif
