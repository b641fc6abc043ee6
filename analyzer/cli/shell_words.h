/* The words of the shell that are no reports, as a table: dispatch, help and completion follow it.
 */
#ifndef CPPROF_CLI_SHELL_WORDS_H
#define CPPROF_CLI_SHELL_WORDS_H

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
    const char *operand; /* placeholder: "[NAME]" may be left out, "FILE" may not; NULL: none */
    const char *help;    /* one line */
    const char *details; /* more lines, or NULL */
};

extern const struct shell_word shell_words[];
extern const size_t shell_word_count;

/* The word of that name or alias, or NULL. */
const struct shell_word *shell_word_find(const char *name);

#endif
