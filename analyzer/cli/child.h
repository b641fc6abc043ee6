/* A piece of work in a child process that shares the terminal: a shell's report.
 *
 *     struct child_spec spec = {.pipe = "less"};
 *     rc = child_run(&spec, print_report, &context, err);
 *
 * The child sees the parent's memory as it was when it was forked, may change it as it likes, and
 * takes the changes with it. Ctrl-C ends the child, not the parent; so does what the child runs out
 * of or breaks. (base/isolate.h is for libraries that cannot be trusted, with limits and without a
 * terminal.)
 */
#ifndef CPPROF_CLI_CHILD_H
#define CPPROF_CLI_CHILD_H

#include "analyzer/base/buf.h"
#include "analyzer/base/error.h"

#include <stdatomic.h>

struct child_spec {
    const char *pipe;     /* a command for /bin/sh that reads what the work prints, or NULL */
    struct buf *captured; /* gets what is printed, on standard output and standard error; NULL: that
                           * goes where the parent's goes */
    const atomic_bool *cancel; /* with CAPTURED: ends the child once it is true; may be NULL */
};

/* Done in the child: prints to standard output. 0, or -1 after having said why. */
typedef int child_work(void *context);

enum child_end { CHILD_DONE, CHILD_FAILED, CHILD_INTERRUPTED };

/* Waits until WORK is done, and the reader of the pipe as well. How it ended (CHILD_FAILED: it has
 * said why), or -1 and ERR if it broke down or could not begin. Without CAPTURED SIGINT and SIGQUIT
 * are ignored meanwhile. */
int child_run(const struct child_spec *spec, child_work *work, void *context, struct error *err);

#endif
