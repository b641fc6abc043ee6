/* What the shell understands besides reports, as tables: dispatch, help, the manual page and
 * completion follow them. */
#ifndef CPPROF_CLI_SHELL_WORDS_H
#define CPPROF_CLI_SHELL_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* What a line asks for. */
enum shell_verb {
    SHELL_NOTHING,
    SHELL_ASSIGN,
    SHELL_REPORT,
    SHELL_OPTIONS,
    SHELL_HELP,
    SHELL_UNDO,
    SHELL_SOURCE,
    SHELL_TUI,
    SHELL_QUIT,
};

struct shell_word {
    const char *name;
    const char *aliases[2]; /* or NULL */
    enum shell_verb verb;
    bool ignores_rest;   /* what stands behind it, as in pprof's shell; otherwise that is refused */
    const char *operand; /* placeholder: "[NAME]" may be left out, "FILE" may not; NULL: none */
    const char *help;    /* one line */
    const char *details; /* more lines, or NULL */
};

extern const struct shell_word shell_words[];
extern const size_t shell_word_count;

/* The forms a line can have, for help. */
struct shell_form {
    const char *form, *help;
};

extern const struct shell_form shell_forms[];
extern const size_t shell_form_count;

/* The word of that name or alias, or NULL. */
const struct shell_word *shell_word_find(const char *name);

#endif
