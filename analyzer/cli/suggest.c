#include "analyzer/cli/suggest.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/suggest.h"
#include "analyzer/cli/commands.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NEAREST = 3 };

/* The names that begin with WORD, unless one is a single slip away; or else the nearest. */
static size_t find_near(const char *word, const char *const *names, size_t count,
                        const char *near[NEAREST])
{
    size_t len = strlen(word), found = 0;
    bool slip = false;
    for (size_t i = 0; i < count; i++)
        slip |= suggest_distance(word, names[i]) <= 1;
    for (size_t i = 0; !slip && len > 1 && i < count && found < NEAREST; i++)
        if (strncmp(names[i], word, len) == 0)
            near[found++] = names[i];
    if (found)
        return found;
    /* The nearest, then the nearest of the others, and so on. */
    const char **left = xmalloc((count + 1) * sizeof *left);
    memcpy(left, names, count * sizeof *left);
    while (found < NEAREST && (near[found] = suggest_nearest(word, left, count))) {
        size_t at = 0;
        while (left[at] != near[found])
            at++;
        left[at] = left[--count];
        found++;
    }
    free(left);
    return found;
}

void suggest_question(char *text, size_t size, const char *word, const char *prefix,
                      const char *const *names, size_t count)
{
    const char *near[NEAREST];
    size_t found = find_near(word, names, count, near);
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < found && used < size; i++) {
        const char *join = i == 0 ? ": did you mean " : i + 1 < found ? ", " : " or ";
        used += (size_t)snprintf(text + used, size - used, "%s%s%s%s", join, prefix, near[i],
                                 i + 1 == found ? "?" : "");
    }
}

size_t suggest_commands(const char **names)
{
    size_t count = 0;
    for (size_t i = 0; i < command_count; i++)
        if (commands[i].run)
            names[count++] = commands[i].name;
    return count;
}
