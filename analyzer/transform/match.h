/* A regular expression's answers, remembered by string: each distinct name is matched once. */
#ifndef CPPROF_TRANSFORM_MATCH_H
#define CPPROF_TRANSFORM_MATCH_H

#include "analyzer/base/regex.h"
#include "analyzer/profile/profile.h"

struct matcher {
    struct regex *re;
    const struct profile *p;
    signed char *answers; /* per string: 0 not asked, 1 yes, -1 no */
    size_t count;
};

void matcher_init(struct matcher *m, struct regex *re, const struct profile *p);
void matcher_release(struct matcher *m); /* not the regex */

bool matcher_string(struct matcher *m, strid id);

/* The function's name or its file. */
bool matcher_line(struct matcher *m, const struct line *line);

/* The mapping's file. */
bool matcher_mapping(struct matcher *m, const struct location *l);

/* Any of these of the location. */
bool matcher_location(struct matcher *m, const struct location *l);

#endif
