#include "analyzer/cli/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    FAILED = 1,
    TICK = 50,                 /* milliseconds between looks at CANCEL */
    MOST_CAPTURED = 256 << 20, /* bytes; what comes after is dropped */
};

static const int asking[] = {SIGINT, SIGQUIT};
enum { ASKING = sizeof asking / sizeof *asking };

/* What the terminal's keys send is for the child as long as there is one. */
static void ignore_keys(struct sigaction *old)
{
    for (size_t i = 0; i < ASKING; i++)
        sigaction(asking[i], &(struct sigaction){.sa_handler = SIG_IGN}, &old[i]);
}

static void restore_keys(const struct sigaction *old)
{
    for (size_t i = 0; i < ASKING; i++)
        sigaction(asking[i], &old[i], NULL);
}

/* As a program begins: but what somebody (nohup) told us to ignore stays ignored. */
static void reset_keys(const struct sigaction *old)
{
    for (size_t i = 0; i < ASKING; i++)
        signal(asking[i], old[i].sa_handler == SIG_IGN ? SIG_IGN : SIG_DFL);
}

/* The two processes, their pipes, and what the parent has to put back. */
struct running {
    pid_t work, reader; /* 0: none */
    int between[2];     /* from the work to the reader */
    int captured[2];
    struct sigaction old[ASKING];
};

static void close_end(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void close_all(struct running *r)
{
    for (int i = 0; i < 2; i++) {
        close_end(&r->between[i]);
        close_end(&r->captured[i]);
    }
}

static int open_pipes(const struct child_spec *spec, struct running *r)
{
    if (spec->pipe && pipe2(r->between, O_CLOEXEC))
        return -1;
    return spec->captured && pipe2(r->captured, O_CLOEXEC) ? -1 : 0;
}

static void become_child(const struct running *r, pid_t parent)
{
    reset_keys(r->old);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(FAILED);
    /* A script's next lines are not for whatever the work starts. */
    if (r->captured[1] >= 0 || !isatty(STDIN_FILENO)) {
        int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
        dup2(nothing, STDIN_FILENO);
    }
    if (r->captured[1] >= 0) {
        setpgid(0, 0); /* to be stopped with all that it starts */
        dup2(r->captured[1], STDOUT_FILENO);
        dup2(r->captured[1], STDERR_FILENO);
    }
}

static pid_t start_work(const struct running *r, child_work *work, void *context)
{
    pid_t parent = getpid(), child = fork();
    if (child)
        return child;
    become_child(r, parent);
    if (r->between[1] >= 0) {
        dup2(r->between[1], STDOUT_FILENO);
        close(r->between[0]); /* open here, a reader that has gone would not be missed */
        close(r->between[1]);
    }
    int rc = work(context);
    if (fflush(stdout))
        rc = -1;
    fflush(stderr);
    _exit(rc ? FAILED : 0);
}

static pid_t start_reader(const struct running *r, const char *command)
{
    pid_t parent = getpid(), child = fork();
    if (child)
        return child;
    become_child(r, parent);
    dup2(r->between[0], STDIN_FILENO);
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
}

static bool is_cancelled(const struct child_spec *spec)
{
    return spec->cancel && atomic_load(spec->cancel);
}

static void stop(const struct running *r)
{
    const pid_t children[] = {r->work, r->reader};
    for (size_t i = 0; i < 2; i++) {
        if (children[i] <= 0)
            continue;
        setpgid(children[i], children[i]); /* in case it has not come to that yet */
        kill(-children[i], SIGTERM);
    }
}

static void collect(const struct child_spec *spec, struct running *r)
{
    char piece[65536];
    bool stopped = false;
    for (;;) {
        struct pollfd fd = {r->captured[0], POLLIN, 0};
        int ready = poll(&fd, 1, TICK);
        if (!stopped && is_cancelled(spec)) {
            stop(r);
            stopped = true;
        }
        if (ready <= 0)
            continue;
        ssize_t n = read(r->captured[0], piece, sizeof piece);
        if (n == 0 || (n < 0 && errno != EINTR))
            return;
        if (n > 0 && spec->captured->len < MOST_CAPTURED)
            buf_add(spec->captured, piece, (size_t)n);
    }
}

static int wait_for(pid_t child)
{
    int status = 0;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

static bool is_interrupted(int status)
{
    return WIFSIGNALED(status) && (WTERMSIG(status) == SIGINT || WTERMSIG(status) == SIGTERM ||
                                   WTERMSIG(status) == SIGQUIT);
}

/* What the end of the work and of its reader means. */
static int judge(int status, int reader, struct error *err)
{
    if (is_interrupted(status) || is_interrupted(reader))
        return CHILD_INTERRUPTED;
    if (WIFEXITED(status))
        return WEXITSTATUS(status) ? CHILD_FAILED : CHILD_DONE;
    int signal = WTERMSIG(status);
    if (signal == SIGPIPE) /* the reader has seen enough */
        return CHILD_DONE;
    return error_set(err, ERROR_DATA, "the report broke down: %s%s", strsignal(signal),
                     signal == SIGKILL ? " (out of memory?)" : "");
}

int child_run(const struct child_spec *spec, child_work *work, void *context, struct error *err)
{
    struct running r = {.between = {-1, -1}, .captured = {-1, -1}};
    bool shares_terminal = !spec->captured;
    fflush(NULL); /* what is still in buffers is the parent's to write */
    for (size_t i = 0; i < ASKING; i++)
        sigaction(asking[i], NULL, &r.old[i]);
    if (shares_terminal)
        ignore_keys(r.old);
    bool began = open_pipes(spec, &r) == 0;
    if (began && spec->pipe)
        began = (r.reader = start_reader(&r, spec->pipe)) > 0;
    if (began)
        began = (r.work = start_work(&r, work, context)) > 0;
    int rc = -1;
    if (!began)
        error_set(err, ERROR_DATA, "a child process cannot be made: %s", strerror(errno));
    close_end(&r.between[0]);
    close_end(&r.between[1]);
    close_end(&r.captured[1]);
    if (began && spec->captured)
        collect(spec, &r);
    int status = wait_for(r.work);
    int reader = wait_for(r.reader);
    if (began)
        rc = judge(status, reader, err);
    close_all(&r);
    if (shares_terminal)
        restore_keys(r.old);
    return rc;
}
