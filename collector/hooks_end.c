/* Ways a program ends, or becomes another one, without running destructors. Only
 * libcpprof-preload.so has this file. */
#include "collector/cpprof.h"
#include "collector/hooks.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef void exit_function(int status);
typedef int execve_function(const char *path, char *const *args, char *const *env);

static struct {
    exit_function *exit;
    execve_function *execve, *execvpe;
    int (*fexecve)(int fd, char *const *args, char *const *env);
} real;

static void find(void *function, const char *name)
{
    void *symbol = dlsym(RTLD_NEXT, name);
    memcpy(function, &symbol, sizeof symbol);
}

void hooks_find_real(void)
{
    find(&real.exit, "_exit");
    find(&real.execve, "execve");
    find(&real.execvpe, "execvpe");
    find(&real.fexecve, "fexecve");
}

/* A constructor that comes before ours may already end the program. */
static void be_ready(void)
{
    if (!real.exit)
        hooks_find_real();
}

CPPROF_API __attribute__((noreturn)) void _exit(int status)
{
    be_ready();
    hooks_before_end();
    real.exit(status);
    __builtin_unreachable();
}

CPPROF_API __attribute__((noreturn)) void _Exit(int status)
{
    _exit(status);
}

CPPROF_API int execve(const char *path, char *const *args, char *const *env)
{
    be_ready();
    hooks_before_end();
    return real.execve(path, args, env);
}

CPPROF_API int execv(const char *path, char *const *args)
{
    return execve(path, args, environ);
}

CPPROF_API int execvpe(const char *file, char *const *args, char *const *env)
{
    be_ready();
    hooks_before_end();
    return real.execvpe(file, args, env);
}

CPPROF_API int execvp(const char *file, char *const *args)
{
    return execvpe(file, args, environ);
}

CPPROF_API int fexecve(int fd, char *const *args, char *const *env)
{
    be_ready();
    hooks_before_end();
    return real.fexecve(fd, args, env);
}

/* How many arguments a list has, up to its NULL. */
static size_t count_list(const char *first, va_list *list)
{
    size_t count = 0;
    for (const char *arg = first; arg; arg = va_arg(*list, const char *))
        count++;
    return count;
}

/* The list as an array in ARGS, which has room for COUNT and a NULL. */
static void fill_list(const char **args, const char *first, va_list *list, size_t count)
{
    args[0] = first;
    for (size_t i = 1; i <= count; i++)
        args[i] = va_arg(*list, const char *);
    args[count] = NULL;
}

/* On the stack: after vfork, memory from malloc would be the parent's to free. */
#define GATHER_LIST(args, first)                                                                   \
    va_list list;                                                                                  \
    va_start(list, first);                                                                         \
    size_t count = count_list(first, &list);                                                       \
    va_end(list);                                                                                  \
    const char *(args)[count + 1];                                                                 \
    va_start(list, first);                                                                         \
    fill_list(args, first, &list, count)

CPPROF_API int execl(const char *path, const char *arg, ...)
{
    GATHER_LIST(args, arg);
    va_end(list);
    return execve(path, (char *const *)args, environ);
}

CPPROF_API int execlp(const char *file, const char *arg, ...)
{
    GATHER_LIST(args, arg);
    va_end(list);
    return execvpe(file, (char *const *)args, environ);
}

CPPROF_API int execle(const char *path, const char *arg, ...)
{
    GATHER_LIST(args, arg);
    char *const *env = va_arg(list, char *const *);
    va_end(list);
    return execve(path, (char *const *)args, env);
}
