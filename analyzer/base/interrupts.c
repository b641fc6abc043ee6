#include "analyzer/base/interrupts.h"

#include <stddef.h>
#include <sys/signalfd.h>
#include <unistd.h>

int interrupts_init(struct interrupts *i)
{
    static const int asking[] = {SIGINT, SIGTERM, SIGHUP};
    sigset_t set;
    sigemptyset(&set);
    for (size_t k = 0; k < sizeof asking / sizeof *asking; k++) {
        struct sigaction action;
        if (sigaction(asking[k], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
            sigaddset(&set, asking[k]);
    }
    sigprocmask(SIG_BLOCK, &set, &i->before);
    i->fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return i->fd < 0 ? -1 : 0;
}

void interrupts_release(struct interrupts *i)
{
    sigprocmask(SIG_SETMASK, &i->before, NULL);
    if (i->fd >= 0)
        close(i->fd);
    i->fd = -1;
}

int interrupts_read(const struct interrupts *i)
{
    struct signalfd_siginfo info;
    return read(i->fd, &info, sizeof info) == sizeof info ? (int)info.ssi_signo : 0;
}
