/* The things of one profile in another's numbers, equal things once.
 *
 *     struct renumbered to = {.p = result};               grows with every source
 *     struct renumbering r;
 *     renumbering_init(&r, source, true);
 *     index = renumber_location(&to, &r, index)           of a thing in SOURCE: its index in RESULT
 *     renumbering_release(&r);
 *     renumbered_release(&to);
 *
 * Things are put into the result when they are first asked for. Mappings are equal by build id (or
 * file), size and offset, whatever address they were loaded at; locations by offset in their
 * mapping and lines; functions by their names, file and start line.
 */
#ifndef CPPROF_TRANSFORM_RENUMBER_H
#define CPPROF_TRANSFORM_RENUMBER_H

#include "analyzer/base/hashindex.h"
#include "analyzer/profile/profile.h"

struct renumbered {
    struct profile *p; /* borrowed */
    struct hashindex mappings, functions, locations;
};

/* Indices of a source, and what they are in the result: NO_INDEX when not met yet. */
struct renumbering {
    const struct profile *src; /* borrowed */
    uint32_t *mappings, *functions, *locations, *stacks, *labelsets;
    strid *strings;
    bool collapsed; /* two locations became one */

    uint32_t *scratch;
    size_t scratch_cap;
    struct line *lines;
    size_t line_cap;
    struct label *labels;
    size_t label_cap;
};

void renumbered_release(struct renumbered *to);

/* Without WHOLE, for a result that shares SRC's strings, stacks and labels: these keep theirs. */
void renumbering_init(struct renumbering *r, const struct profile *src, bool whole);
void renumbering_release(struct renumbering *r);

strid renumber_string(struct renumbered *to, struct renumbering *r, strid id);
uint32_t renumber_mapping(struct renumbered *to, struct renumbering *r, uint32_t index);
uint32_t renumber_location(struct renumbered *to, struct renumbering *r, uint32_t index);
uint32_t renumber_stack(struct renumbered *to, struct renumbering *r, uint32_t index);
uint32_t renumber_labels(struct renumbered *to, struct renumbering *r, uint32_t index);

#endif
