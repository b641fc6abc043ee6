#include "analyzer/base/error.h"
#include "analyzer/cli/commands.h"
#include "analyzer/cli/flags.h"
#include "analyzer/cli/terminal.h"

#include <signal.h>
#include <stdio.h>

enum { EXIT_DATA = 1, EXIT_USAGE = 2 };

static int run(int count, char *const *args, struct error *err)
{
    struct command_line line;
    int status = command_line_parse(&line, count, args, err);
    terminal_say_all(&line.notes);
    if (status == 0)
        status = line.command->run(&line.config, line.command, line.operand, err);
    command_line_release(&line);
    if (status == 0 && (fflush(stdout) != 0 || ferror(stdout)))
        status = error_set(err, ERROR_DATA, "standard output could not be written");
    return status;
}

int main(int argc, char **argv)
{
    /* Whoever started us may ignore it, but `cpprof raw FILE |
     * head` should end like other filters. */
    signal(SIGPIPE, SIG_DFL);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error of write like any other */

    struct error err = {0};
    int status = run(argc - 1, argv + 1, &err);
    if (status >= 0)
        return status;
    terminal_say(err.text);
    return err.kind == ERROR_USAGE ? EXIT_USAGE : EXIT_DATA;
}
