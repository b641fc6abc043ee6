#include "analyzer/cli/shell_words.h"

#include <string.h>

const struct shell_word shell_words[] = {
    {.name = "options",
     .aliases = {"o"},
     .verb = SHELL_OPTIONS,
     .ignores_rest = true,
     .help = "the options and their values",
     .details = "NAME=VALUE changes one, NAME alone switches one on: focus=main, lines, mean. What "
                "stands behind //: is a comment."},
    {.name = "help",
     .verb = SHELL_HELP,
     .operand = "[NAME]",
     .help = "this text, or what is known about a command or an option"},
    {.name = "undo",
     .verb = SHELL_UNDO,
     .help = "take the last change of options back",
     .details = "Again for the one before it, and so on."},
    {.name = "source",
     .verb = SHELL_SOURCE,
     .operand = "FILE",
     .help = "do the lines of a file",
     .details = "Lines that begin with # are comments."},
    {.name = "tui",
     .verb = SHELL_TUI,
     .help = "show the profile in the terminal UI, with the options as they are"},
    {.name = "quit",
     .aliases = {"exit", "q"},
     .verb = SHELL_QUIT,
     .ignores_rest = true,
     .help = "end the shell; ^D does, too"},
};

const size_t shell_word_count = sizeof shell_words / sizeof *shell_words;

const struct shell_form shell_forms[] = {
    {"COMMAND [N] [REGEX]... [-REGEX]...",
     "a report: N rows (top10 is top 10) of what goes through REGEX and not through -REGEX, in "
     "this line only"},
    {"COMMAND... -cum", "sorted by cum"},
    {"COMMAND... >FILE", "written to a file, which appears whole or not at all"},
    {"COMMAND... | PROGRAM", "read by a program; what follows the | is for /bin/sh"},
    {"OPTION=VALUE", "changes an option for the lines that follow; //: begins a comment"},
    {"OPTION", "switches an option on (mean), or chooses (lines, cum)"},
    {"TYPE, mean_TYPE", "shows the values of a sample type, or their mean"},
    {":", "clears focus, ignore, hide, tagfocus and tagignore"},
    {"'a b', \"a b\"", "quotes around a word keep its spaces together"},
};

const size_t shell_form_count = sizeof shell_forms / sizeof *shell_forms;

const struct shell_word *shell_word_find(const char *name)
{
    for (size_t i = 0; i < shell_word_count; i++) {
        const struct shell_word *w = &shell_words[i];
        if (strcmp(w->name, name) == 0)
            return w;
        for (size_t a = 0; a < 2 && w->aliases[a]; a++)
            if (strcmp(w->aliases[a], name) == 0)
                return w;
    }
    return NULL;
}
