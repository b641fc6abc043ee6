/* The frames of many addresses of many binaries, found in a child process.
 *
 * Reading hostile DWARF may crash a library, or take all time or memory; here that costs the binary
 * its names and not the user his report. Binaries are read side by side, a large request for one is
 * cut in pieces.
 *
 *     struct lookup l = {.path = "/bin/ls", .addresses = ..., .count = ...};
 *     lookup_run(&l, 1, err);
 *     if (l.problem.error.kind) ...; else l.found[i].frames[0].name ...
 *     lookup_release(&l, 1);
 */
#ifndef CPPROF_BINARY_LOOKUP_H
#define CPPROF_BINARY_LOOKUP_H

#include "analyzer/base/error.h"
#include "analyzer/binary/binary.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lookup_address {
    const struct binary_mapping *mapping;
    uint64_t address; /* of the process */
};

struct lookup_frames {
    const struct binary_frame *frames; /* innermost first */
    size_t count;                      /* 0: nothing is known */
};

/* Why a binary could not be read. */
struct lookup_problem {
    struct error error;  /* of kind ERROR_NONE if it could */
    bool is_other_build; /* it has another build id */
};

struct lookup {
    /* asked; all borrowed */
    const char *path;
    const char *build_id; /* the binary must have this one, or none; "" takes any */
    bool only_symbols;    /* leave DWARF alone */
    const struct lookup_address *addresses;
    size_t count;

    /* answered */
    struct lookup_problem problem;
    struct lookup_frames *found;   /* one per address; NULL if there was a problem */
    struct lookup_answer *answers; /* what FOUND points into */
};

/* Answers the COUNT lookups ALL. -1 and ERR if the user interrupts or there can be no child. Call
 * it while no other thread runs. */
int lookup_run(struct lookup *all, size_t count, struct error *err);

void lookup_release(struct lookup *all, size_t count);

#endif
