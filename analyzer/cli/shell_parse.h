/* A line of the shell, taken apart: pprof's grammar, with quotes and pipes.
 *
 *     struct shell_action a;
 *     if (shell_parse(&a, "top5 -cum 'a b' -runtime >x.txt", &types, &err) == 0) ... a.verb ...
 *     shell_action_release(&a);
 *
 *     NAME=VALUE //: comment          assigns an option; NAME alone switches it on
 *     cpu, total_cpu, mean_cpu        choose a sample type
 *     :                               clears focus, ignore, hide, tagfocus, tagignore
 *     COMMAND[N] [OPERAND] [N] [-cum] [REGEX]... [-REGEX]... [>FILE] [| PROGRAM...]
 *
 * Regular expressions add up to one focus, those behind a dash to one ignore (of `tags`: tagfocus
 * and tagignore). A word that begins with a quote (or a quote behind the - or the >) ends with the
 * next of its kind; \" stands for a quote between double ones, any other backslash for itself. A
 * quote further in is a character like any other: operator"" is one word. A pipe is a word that
 * begins with |; what follows is for /bin/sh. Nothing is looked up but names, nothing is done.
 */
#ifndef CPPROF_CLI_SHELL_PARSE_H
#define CPPROF_CLI_SHELL_PARSE_H

#include "analyzer/base/arena.h"
#include "analyzer/base/error.h"
#include "analyzer/cli/shell_words.h"

#include <stdbool.h>
#include <stddef.h>

struct choice;
struct command;
struct option;
struct string_list;

struct shell_assignment {
    const struct option *option;
    const struct choice *choice; /* assigned by a choice's own name, else NULL */
    const char *value;
};

enum { SHELL_ASSIGNMENTS = 5 };

/* Which members mean something depends on the verb. Strings live as long as the action. */
struct shell_action {
    enum shell_verb verb;

    struct shell_assignment assignments[SHELL_ASSIGNMENTS]; /* in order */
    size_t assignment_count;

    const struct command *command; /* SHELL_REPORT */
    bool counted;
    int nodecount;              /* if COUNTED */
    bool cum;                   /* sorted by cum, whatever the option says */
    const char *focus, *ignore; /* or NULL */

    const char *operand; /* of the command or the word, or NULL */
    const char *output;  /* a file's name, or NULL */
    const char *pipe;    /* a command for /bin/sh, or NULL */

    struct arena memory;
};

/* Takes LINE (without a newline at its end, or with one) apart; TYPES are the profile's sample
 * types. 0, or -1 and ERR. A is to be released after either. */
int shell_parse(struct shell_action *a, const char *line, const struct string_list *types,
                struct error *err);
void shell_action_release(struct shell_action *a);

/* The word at *AT, moved behind it, as it is meant; NULL at the end of the line. *QUOTED: it was in
 * quotes. For those who look at unfinished lines: *OPEN, if the closing quote is missing. */
char *shell_next_word(struct arena *memory, const char **at, bool *quoted, bool *open);

#endif
