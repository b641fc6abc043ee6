/* The question at the end of a refusal: which name was meant. */
#ifndef CPPROF_CLI_SUGGEST_H
#define CPPROF_CLI_SUGGEST_H

#include <stddef.h>

/* Fills TEXT, of SIZE bytes, with ": did you mean PREFIXx, PREFIXy or PREFIXz?" for up to three of
 * NAMES that WORD begins or that are a slip away from it, with "" if there is none. */
void suggest_question(char *text, size_t size, const char *word, const char *prefix,
                      const char *const *names, size_t count);

/* The commands of this version by name. NAMES has COMMAND_LIMIT
 * places; returns how many it fills. */
size_t suggest_commands(const char **names);

#endif
