#include "analyzer/cli/lineedit.h"

#include "analyzer/base/alloc.h"

#include <stdio.h>
#include <stdlib.h>

struct lineedit {
    const struct shell *shell;
    char *line;
    size_t cap;
};

struct lineedit *lineedit_new(const struct shell *sh)
{
    struct lineedit *e = xcalloc(1, sizeof *e);
    e->shell = sh;
    return e;
}

void lineedit_free(struct lineedit *e)
{
    free(e->line);
    free(e);
}

const char *lineedit_read(struct lineedit *e, const char *prompt)
{
    fputs(prompt, stdout);
    fflush(stdout);
    return getline(&e->line, &e->cap, stdin) < 0 ? NULL : e->line;
}
