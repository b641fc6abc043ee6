/* Shows what a command made to the user, in the browser or in a program for such files.
 *
 *     char *path;
 *     if (browser_open_file(&out, "svg", &path, err)) return -1;
 *     ... write, out_close ...
 *     rc = browser_show("gv --noantialias", path, err);
 *     free(path);
 *
 * Programs are started without a shell.
 */
#ifndef CPPROF_CLI_BROWSER_H
#define CPPROF_CLI_BROWSER_H

#include "analyzer/base/error.h"
#include "analyzer/render/out.h"

/* In place of a program: the browser, whichever there is. */
#define BROWSER "the browser"

/* A new file, for the user alone, in PPROF_TMPDIR, else in TMPDIR, else in /tmp. Its absolute name
 * goes to *PATH, the caller's to free. -1 and ERR. */
int browser_open_file(struct out *o, const char *extension, char **path, struct error *err);

/* Shows the file PATH in PROGRAM.
 *
 * The browser ($BROWSER, a list of commands separated by colons in which %s stands for the file;
 * else, where there is a display, one of those that are usual) is left to itself and the file is
 * kept: it may have been given to one that runs already. Where there is none, the user is told the
 * file's name, and that is success.
 *
 * Any other program is waited for, then the file is removed. If it cannot be started, that is -1
 * and ERR, which names the file, and the file is kept. */
int browser_show(const char *program, const char *path, struct error *err);

#endif
