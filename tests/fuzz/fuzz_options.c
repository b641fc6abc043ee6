/* Command lines in both grammars, one argument per line (or between NULs). Nothing is run. */
#include "tests/fuzz/fuzz.h"

#include "analyzer/cli/commands.h"
#include "analyzer/cli/flags.h"

enum { MOST_ARGUMENTS = 64 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), *args[MOST_ARGUMENTS];
    memcpy(text, data, size);
    text[size] = '\0';
    int count = 0;
    for (size_t at = 0; at < size && count < MOST_ARGUMENTS;) {
        args[count++] = text + at;
        while (at < size && text[at] != '\n' && text[at] != '\0')
            at++;
        text[at++] = '\0';
    }
    struct command_line line;
    struct error err = {0};
    if (command_line_parse(&line, count, args, &err) == 0)
        fuzz_must(line.command && line.command->run);
    else
        fuzz_must(err.kind == ERROR_USAGE && *err.text && !strchr(err.text, '\n'));
    command_line_release(&line);
    free(text);
    return 0;
}
