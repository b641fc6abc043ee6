/* The profiles that show how things stand now, each a row of one table.
 *
 *     const struct cpprof_profile *p = kinds_find("threads");
 *     struct stackset now = {0};
 *     error = p->take(p, &now);
 *     error = kind_write(p, &now, 0, debug, fd);       kind_write.h
 *     stackset_release(&now);
 *
 * A new kind is a function that fills a stackset, a shape that says what the values are and how
 * text shows them, and a row in kinds.c. The API, the pages and the index follow. Custom profiles
 * are such structs too, in a list of their own (custom.h).
 */
#ifndef CPPROF_COLLECTOR_KINDS_H
#define CPPROF_COLLECTOR_KINDS_H

#include "collector/cpprof.h"
#include "collector/stackset.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct kind_type {
    const char *type, *unit; /* type NULL: the profile's name */
};

/* What the values of a profile are, and its text. */
struct kind_shape {
    struct kind_type types[STACKSET_VALUES];
    size_t type_count;
    struct kind_type period_type;
    int64_t (*period)(void);                 /* NULL: 1 */
    const char *default_type;                /* NULL: none is named */
    const char *number_key, *number_unit;    /* of each row's number; NULL: rows have none */
    void (*scale)(struct stackset_row *row); /* from what was sampled, which text shows, to what
                                                there is; NULL: they are the same */

    /* the first lines of the text, and what stands before the "@" of a row */
    void (*print_head)(FILE *to, const struct cpprof_profile *p, const struct stackset *set);
    void (*print_values)(FILE *to, const struct stackset_row *row);
};

struct cpprof_profile {
    const char *name;
    const char *about; /* for the index page */
    const char *start; /* the function of cpprof.h that starts it; NULL: it needs none */
    const struct kind_shape *shape;
    bool has_delta; /* may be asked for what changes within some seconds */

    /* Adds what there is now to an empty set. 0 or an errno value; ENOENT: it was not started. */
    int (*take)(const struct cpprof_profile *p, struct stackset *to);

    /* The text of debug=2; NULL: that of debug=1. 0 or an errno value. */
    int (*print_all)(const struct cpprof_profile *p, FILE *to);
};

/* One value per row, a count of things. */
extern const struct kind_shape kind_counts;

/* The row of that name, or the custom profile; NULL: there is none. */
const struct cpprof_profile *kinds_find(const char *name);

/* Calls EACH for every one, sorted by name, custom profiles last. */
void kinds_each(void (*each)(void *context, const struct cpprof_profile *p), void *context);

#endif
