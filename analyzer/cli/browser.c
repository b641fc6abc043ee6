#include "analyzer/cli/browser.h"

#include "analyzer/base/alloc.h"
#include "analyzer/cli/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

/* Browsers come before xdg-open, to which an SVG may be a picture and not a page. */
static const char usual_browsers[] =
    "sensible-browser:firefox:chromium:google-chrome:chrome:xdg-open";

enum {
    MOST_WORDS = 32,        /* of a command */
    PATIENCE = 50,          /* how often a browser is asked whether it has failed */
    NAP = 20 * 1000 * 1000, /* nanoseconds in between */
    GRACE = 1000,           /* milliseconds for reading the file, even if a viewer ends at once */
};

/* --- the file */

static const char *temporary_folder(void)
{
    static const char *const variables[] = {"PPROF_TMPDIR", "TMPDIR"};
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        const char *value = getenv(variables[i]);
        if (value && *value)
            return value;
    }
    return "/tmp";
}

int browser_open_file(struct out *o, const char *extension, char **path, struct error *err)
{
    char *folder = realpath(temporary_folder(), NULL);
    struct buf name = {0};
    *path = NULL;
    if (!folder)
        return error_set(err, ERROR_DATA, "%s: cannot be written to: %s (see PPROF_TMPDIR)",
                         temporary_folder(), strerror(errno));
    buf_printf(&name, "%s/pprof.XXXXXX.%s", folder, extension);
    free(folder);
    *path = buf_detach(&name);
    int fd = mkostemps(*path, (int)strlen(extension) + 1, O_CLOEXEC);
    int rc = 0;
    if (fd < 0)
        rc = error_set(err, ERROR_DATA, "%s: cannot be written to: %s (see PPROF_TMPDIR)",
                       temporary_folder(), strerror(errno));
    else
        close(fd);
    if (!rc)
        rc = out_init_claimed(o, *path, err);
    if (rc) {
        free(*path);
        *path = NULL;
    }
    return rc;
}

/* --- starting programs */

/* WORD with PATH for %s. */
static char *fill_in(const char *word, const char *path, bool *filled)
{
    struct buf b = {0};
    const char *at = strstr(word, "%s");
    if (!at)
        return xstrdup(word);
    *filled = true;
    buf_add(&b, word, (size_t)(at - word));
    buf_puts(&b, path);
    buf_puts(&b, at + 2);
    return buf_detach(&b);
}

/* Starts COMMAND, words between blanks, with PATH as the last of them if none is %s. A DETACHED one
 * outlives the terminal and does not write to it. 0, or an errno. */
static int start(const char *command, const char *path, bool detached, pid_t *pid)
{
    char *copy = xstrdup(command), *rest = copy, *words[MOST_WORDS + 2] = {NULL};
    size_t count = 0;
    bool filled = false;
    for (char *word; count < MOST_WORDS && (word = strsep(&rest, " \t")) != NULL;)
        if (*word)
            words[count++] = fill_in(word, path, &filled);
    free(copy);
    if (!filled && count)
        words[count++] = xstrdup(path);

    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGXFSZ); /* which main ignores */
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    short flags = POSIX_SPAWN_SETSIGDEF;
    if (detached) {
        flags |= POSIX_SPAWN_SETSID;
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    }
    posix_spawnattr_setflags(&attributes, flags);
    int failure =
        count ? posix_spawnp(pid, words[0], &actions, &attributes, words, environ) : ENOENT;
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    for (size_t i = 0; i < count; i++)
        free(words[i]);
    return failure;
}

static int64_t now_ms(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return ts.tv_sec * INT64_C(1000) + ts.tv_nsec / 1000000;
}

static void nap(void)
{
    nanosleep(&(struct timespec){.tv_nsec = NAP}, NULL);
}

/* A browser that cannot do it mostly says so at once. */
static bool seems_to_work(pid_t pid)
{
    int status;
    for (int i = 0; i < PATIENCE; i++) {
        pid_t ended = waitpid(pid, &status, WNOHANG);
        if (ended == pid)
            return WIFEXITED(status) && WEXITSTATUS(status) == 0;
        nap();
    }
    return true;
}

/* Starts the first of COMMANDS, separated by colons, that seems to work. */
static bool start_one_of(const char *commands, const char *path)
{
    char *copy = xstrdup(commands), *rest = copy;
    bool started = false;
    for (char *command; !started && (command = strsep(&rest, ":")) != NULL;) {
        pid_t pid;
        started = start(command, path, true, &pid) == 0 && seems_to_work(pid);
        if (started) {
            struct buf sentence = {0};
            buf_printf(&sentence, "showing %s with %s", path, command);
            terminal_say(sentence.data);
            buf_release(&sentence);
        }
    }
    free(copy);
    return started;
}

static bool has_display(void)
{
    const char *x = getenv("DISPLAY"), *wayland = getenv("WAYLAND_DISPLAY");
    return (x && *x) || (wayland && *wayland);
}

static void show_in_browser(const char *path)
{
    const char *own = getenv("BROWSER");
    if (own && *own && start_one_of(own, path))
        return;
    if (has_display() && start_one_of(usual_browsers, path))
        return;
    struct buf sentence = {0};
    buf_printf(&sentence, "no browser could be started (see $BROWSER): open %s in one", path);
    terminal_say(sentence.data);
    buf_release(&sentence);
}

int browser_show(const char *program, const char *path, struct error *err)
{
    if (strcmp(program, BROWSER) == 0) {
        show_in_browser(path);
        return 0;
    }
    pid_t pid;
    int status = 0, name = (int)strcspn(program, " ");
    int64_t began = now_ms();
    int failure = start(program, path, false, &pid);
    if (failure)
        return error_set(err, ERROR_DATA, "%.*s cannot be started: %s; the file is %s", name,
                         program, strerror(failure), path);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return error_set(err, ERROR_DATA, "%.*s failed; the file is %s", name, program, path);
    while (now_ms() - began < GRACE)
        nap();
    unlink(path);
    return 0;
}
