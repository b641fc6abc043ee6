#include "tui/restore.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

static const int deadly[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGABRT, SIGSEGV,
                             SIGBUS, SIGFPE, SIGILL,  SIGSYS,  SIGXCPU, SIGPIPE};
enum { DEADLY_COUNT = sizeof deadly / sizeof *deadly };

/* The one thing here that signal handlers need. */
static struct {
    volatile sig_atomic_t armed;
    pid_t owner;
    int fd;
    size_t len;
    char sequence[512];
    bool has_modes;
    struct termios modes;
    struct sigaction before[DEADLY_COUNT];
} state;

static void give_back(void)
{
    for (size_t done = 0; done < state.len;) {
        ssize_t n = write(state.fd, state.sequence + done, state.len - done);
        if (n <= 0)
            break;
        done += (size_t)n;
    }
    if (state.has_modes)
        tcsetattr(state.fd, TCSANOW, &state.modes);
}

static void on_signal(int signal_number, siginfo_t *info, void *context)
{
    int saved = errno;
    (void)context;
    if (state.armed && getpid() == state.owner) {
        state.armed = false;
        give_back();
    }
    for (size_t i = 0; i < DEADLY_COUNT; i++)
        if (deadly[i] == signal_number)
            sigaction(signal_number, &state.before[i], NULL);
    errno = saved;
    /* What an instruction has caused happens again when we return. What was sent does not. */
    bool is_fault = info->si_code > 0 && (signal_number == SIGSEGV || signal_number == SIGBUS ||
                                          signal_number == SIGFPE || signal_number == SIGILL);
    if (!is_fault)
        raise(signal_number); /* blocked until we return */
}

void restore_arm(int fd)
{
    state.owner = getpid();
    state.fd = fd;
    state.len = 0;
    state.has_modes = false;
    struct sigaction ours = {.sa_sigaction = on_signal, .sa_flags = SA_ONSTACK | SA_SIGINFO};
    sigfillset(&ours.sa_mask);
    for (size_t i = 0; i < DEADLY_COUNT; i++) {
        sigaction(deadly[i], NULL, &state.before[i]);
        bool is_ignored =
            !(state.before[i].sa_flags & SA_SIGINFO) && state.before[i].sa_handler == SIG_IGN;
        if (!is_ignored)
            sigaction(deadly[i], &ours, NULL);
    }
    state.armed = true;
}

void restore_set(const char *sequence, size_t len, const struct termios *modes)
{
    state.len = len < sizeof state.sequence ? len : 0;
    memcpy(state.sequence, sequence, state.len);
    state.modes = *modes;
    state.has_modes = true;
}

void restore_disarm(void)
{
    if (!state.armed)
        return;
    state.armed = false;
    for (size_t i = 0; i < DEADLY_COUNT; i++)
        sigaction(deadly[i], &state.before[i], NULL);
}
