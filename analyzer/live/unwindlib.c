#include "analyzer/live/unwindlib.h"

#include <stddef.h>

#define NAME(f) DYNLIB_NAME(f)

#if defined(__aarch64__)
#define MACHINE "aarch64"
#else
#define MACHINE "x86_64"
#endif

int unwindlib_load(struct unwindlib *lib, struct error *err)
{
    static const char purpose[] = "walks stacks of other processes";
    static const char *const ptrace_names[] = {UNWINDLIB_PTRACE(DYNLIB_NAME) NULL};
    static const char *const remote_names[] = {UNWINDLIB_REMOTE(NAME) NULL};
    static const char *const none[] = {NULL};
    static const struct dynlib lzma = {"liblzma.so.5", "opens compressed symbols", "liblzma5",
                                       none};
    static const struct dynlib remote = {"libunwind-" MACHINE ".so.8", purpose, "libunwind8",
                                         remote_names};
    static const struct dynlib ptrace = {"libunwind-ptrace.so.0", purpose, "libunwind8",
                                         ptrace_names};
    /* libunwind-ptrace calls the other two without naming them. */
    if (dynlib_provide(&lzma, err) || dynlib_provide(&remote, err) ||
        dynlib_load(&remote, &lib->remote, err))
        return -1;
    return dynlib_load(&ptrace, &lib->ptrace, err);
}
