#include "analyzer/cli/launch.h"

#include "analyzer/base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    EXIT_NOT_RUN = 126,
    EXIT_NOT_FOUND = 127,
    EXIT_SIGNAL = 128,
};

/* Becomes the program when told so; if that fails, tells the parent why. */
static _Noreturn void become(const struct string_list *program, int go, int tell)
{
    char told;
    if (read(go, &told, 1) != 1)
        _exit(EXIT_NOT_RUN);
    char **args = xcalloc(program->count + 1, sizeof *args);
    for (size_t i = 0; i < program->count; i++)
        args[i] = (char *)program->items[i];
    execvp(args[0], args);
    int reason = errno;
    if (write(tell, &reason, sizeof reason) < 0)
        reason = 0;
    _exit(reason == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_RUN);
}

int launch_start(struct launch *l, const struct string_list *program, struct error *err)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN}, interrupt, quit;
    int go[2], tell[2];
    *l = (struct launch){.pid = -1, .go = -1, .tell = -1, .interrupts.fd = -1};
    if (pipe2(go, O_CLOEXEC) != 0)
        return error_set(err, ERROR_DATA, "cannot make a pipe: %s", strerror(errno));
    if (pipe2(tell, O_CLOEXEC) != 0) {
        close(go[0]);
        close(go[1]);
        return error_set(err, ERROR_DATA, "cannot make a pipe: %s", strerror(errno));
    }
    sigaction(SIGINT, &ignore, &interrupt);
    sigaction(SIGQUIT, &ignore, &quit);
    if (interrupts_init(&l->interrupts) != 0)
        interrupts_release(&l->interrupts);
    l->pid = fork();
    if (l->pid == 0) {
        sigprocmask(SIG_SETMASK, &l->interrupts.before, NULL);
        sigaction(SIGINT, &interrupt, NULL);
        sigaction(SIGQUIT, &quit, NULL);
        close(go[1]); /* so that it sees the end of it if we end */
        become(program, go[0], tell[1]);
    }
    close(go[0]);
    close(tell[1]);
    l->go = go[1];
    l->tell = tell[0];
    if (l->pid > 0)
        return 0;
    error_set(err, ERROR_DATA, "cannot start a process: %s", strerror(errno));
    launch_cancel(l);
    return -1;
}

static void *pass_on(void *launch)
{
    struct launch *l = launch;
    struct pollfd wanted = {.fd = l->interrupts.fd, .events = POLLIN};
    while (poll(&wanted, 1, -1) >= 0 || errno == EINTR) {
        int number = interrupts_read(&l->interrupts);
        if (number) {
            l->told_to_end = true;
            kill(l->pid, number);
        }
    }
    return NULL;
}

int launch_go(struct launch *l, const char *program, struct error *err)
{
    int reason = 0;
    ssize_t told = write(l->go, "", 1), got = -1;
    close(l->go);
    l->go = -1;
    while (told == 1 && (got = read(l->tell, &reason, sizeof reason)) < 0 && errno == EINTR)
        ;
    close(l->tell);
    l->tell = -1;
    if (got != sizeof reason) {
        l->passes_on = l->interrupts.fd >= 0 && pthread_create(&l->passer, NULL, pass_on, l) == 0;
        return 0;
    }
    l->not_run = launch_wait(l);
    return error_set(err, ERROR_DATA, "%s: cannot be run: %s", program, strerror(reason));
}

/* Whoever ends us (timeout, a terminal that goes away) may tell us twice: once, and as one of a
 * group. */
static void end_interrupts(struct launch *l)
{
    if (l->passes_on) {
        pthread_cancel(l->passer);
        pthread_join(l->passer, NULL);
    }
    if (l->told_to_end)
        nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    while (l->interrupts.fd >= 0 && interrupts_read(&l->interrupts))
        ;
    if (l->interrupts.fd >= 0)
        interrupts_release(&l->interrupts);
}

int launch_wait(struct launch *l)
{
    int status = 0;
    siginfo_t info;
    /* it keeps its number as long as signals are passed on */
    while (waitid(P_PID, (id_t)l->pid, &info, WEXITED | WNOWAIT) != 0 && errno == EINTR)
        ;
    end_interrupts(l);
    while (waitpid(l->pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFSIGNALED(status) ? EXIT_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
}

void launch_cancel(struct launch *l)
{
    if (l->go >= 0)
        close(l->go);
    if (l->tell >= 0)
        close(l->tell);
    l->go = l->tell = -1;
    if (l->pid > 0)
        launch_wait(l);
}
