/* What a program may rely on: errno, its signal mask, calls that end with EINTR when they should
 * and only then, waiting for signals. Prints each finding; run long enough for many ticks.
 */
#include "work.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/time.h>
#include <unistd.h>

static volatile sig_atomic_t alarms;

static void on_alarm(int signal)
{
    (void)signal;
    alarms++;
}

static void handle(int signal, int flags)
{
    struct sigaction action = {.sa_flags = flags};
    action.sa_handler = on_alarm;
    sigaction(signal, &action, NULL);
}

static void alarm_in_ms(int ms)
{
    struct itimerval timer = {{0, 0}, {0, ms * 1000}};
    setitimer(ITIMER_REAL, &timer, NULL);
}

static void errno_is_kept(void)
{
    long end = cpu_ms() + 200;
    int changed = 0;
    for (int i = 1; cpu_ms() < end; i++) {
        errno = i % 100;
        for (volatile int k = 0; k < 20000; k++)
            ;
        changed += errno != i % 100;
    }
    printf("errno changed %d times\n", changed);
}

static void show_mask(const char *when)
{
    sigset_t now;
    pthread_sigmask(SIG_SETMASK, NULL, &now);
    printf("%s:", when);
    for (int s = 1; s < 32; s++)
        if (sigismember(&now, s))
            printf(" %d", s);
    printf("\n");
}

/* A mask is what was set, whoever asks. */
static void mask_is_kept(void)
{
    sigset_t set, old;
    show_mask("at first");
    sigfillset(&set);
    sigdelset(&set, SIGALRM);
    pthread_sigmask(SIG_BLOCK, &set, &old);
    for (unsigned i = 0; i < 2000; i++)
        work_some(i);
    show_mask("blocked");
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    show_mask("at last");
}

/* How the call ended. */
#define INTERRUPTED(name, call)                                                                    \
    do {                                                                                           \
        int result = (call);                                                                       \
        printf("%s: %s\n", name, result < 0 ? strerrorname_np(errno) : "no error");                \
    } while (0)

static void action_is_kept(void)
{
    struct sigaction action = {.sa_flags = SA_ONSTACK | SA_NODEFER}, got;
    action.sa_handler = on_alarm;
    sigaddset(&action.sa_mask, SIGUSR2);
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGUSR1, NULL, &got);
    int others = 0;
    for (int s = 1; s < NSIG; s++)
        others += sigismember(&got.sa_mask, s) == 1;
    printf("action: %s, %d in the mask, flags %x\n",
           got.sa_handler == on_alarm ? "as set" : "another", others, (unsigned)got.sa_flags);
    signal(SIGUSR1, SIG_DFL);
}

/* Writes to the pipe much later than the alarm comes. */
static void *write_late(void *fd)
{
    struct timespec t = {0, 200000000};
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, NULL);
    nanosleep(&t, NULL);
    if (write(*(int *)fd, "x", 1) != 1)
        exit(1);
    return NULL;
}

static void waits_end(void)
{
    int ends[2];
    char byte;
    sem_t sem;
    pthread_t writer;
    sigset_t none, alarm_only, old;
    if (pipe(ends) != 0)
        exit(1);
    struct pollfd one = {.fd = ends[0], .events = POLLIN};
    struct timespec long_time = {20, 0};
    handle(SIGALRM, 0);
    alarm_in_ms(30);
    INTERRUPTED("read", (int)read(ends[0], &byte, 1));
    alarm_in_ms(30);
    INTERRUPTED("poll", poll(&one, 1, 20000));
    alarm_in_ms(30);
    INTERRUPTED("nanosleep", nanosleep(&long_time, NULL));
    sem_init(&sem, 0, 0);
    alarm_in_ms(30);
    INTERRUPTED("sem_wait", sem_wait(&sem));
    alarm_in_ms(30);
    INTERRUPTED("pause", pause());
    sigemptyset(&none);
    sigemptyset(&alarm_only);
    sigaddset(&alarm_only, SIGALRM);
    sigprocmask(SIG_BLOCK, &alarm_only, &old);
    for (int i = 0; i < 200; i++) {
        alarm_in_ms(1);
        if (sigsuspend(&none) != -1 || errno != EINTR)
            printf("sigsuspend: %s\n", strerror(errno));
        alarm_in_ms(1);
        if (ppoll(&one, 1, &long_time, &none) != -1 || errno != EINTR)
            printf("ppoll: %s\n", strerror(errno));
    }
    sigprocmask(SIG_SETMASK, &old, NULL);
    handle(SIGALRM, SA_RESTART);
    if (pthread_create(&writer, NULL, write_late, &ends[1]) != 0)
        exit(1);
    alarm_in_ms(20);
    INTERRUPTED("read that goes on", (int)read(ends[0], &byte, 1));
    pthread_join(writer, NULL);
    printf("%d alarms\n", (int)alarms);
    close(ends[0]);
    close(ends[1]);
}

static void on_alarm_for_long(int signal)
{
    long end = cpu_ms() + 10;
    on_alarm(signal);
    while (cpu_ms() < end)
        ;
}

/* A tick that is due while such a handler runs comes as it returns to the wait, which is over. */
static void long_handlers_end_waits(void)
{
    static char stack[65536];
    stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
    struct sigaction action = {.sa_flags = SA_ONSTACK};
    int ended = 0;
    action.sa_handler = on_alarm_for_long;
    sigaltstack(&alternate, NULL);
    sigaction(SIGALRM, &action, NULL);
    for (int i = 0; i < 10; i++) {
        alarm_in_ms(5);
        ended += poll(NULL, 0, 1000) == -1 && errno == EINTR;
    }
    printf("%d of 10 waits ended\n", ended);
    handle(SIGALRM, 0);
    alternate.ss_flags = SS_DISABLE;
    sigaltstack(&alternate, NULL);
}

/* Waits that begin just when a tick is due: none of them may end with EINTR. */
static void waits_go_on(void)
{
    struct timespec shortly = {0, 50000};
    long end = cpu_ms() + 300;
    int early = 0;
    for (unsigned i = 0; cpu_ms() < end; i++) {
        work_some(i);
        early += nanosleep(&shortly, NULL) != 0;
        early += poll(NULL, 0, 0) != 0;
        early += clock_nanosleep(CLOCK_MONOTONIC, 0, &shortly, NULL) != 0;
    }
    printf("%d waits ended early\n", early);
}

/* A server's way: all signals blocked, and asked for. Those nobody sent must not come. */
static void signals_are_asked_for(void)
{
    sigset_t all, old;
    struct timespec now = {0, 0};
    siginfo_t info;
    int strange = 0, got;
    long end = cpu_ms() + 500;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &old);
    while (cpu_ms() < end)
        for (int i = 0; i < 1000; i++)
            strange += sigtimedwait(&all, &info, &now) != -1 || errno != EAGAIN;
    printf("%d signals from nowhere\n", strange);
    raise(SIGUSR1);
    printf("sigwait: %d", sigwait(&all, &got));
    printf(" got %d\n", got);
    raise(SIGUSR2);
    printf("sigwaitinfo: %d\n", sigwaitinfo(&all, &info));

    int fd = signalfd(-1, &all, SFD_NONBLOCK);
    struct signalfd_siginfo read_info;
    strange = 0;
    end = cpu_ms() + 300;
    while (cpu_ms() < end)
        for (int i = 0; i < 1000; i++)
            strange += read(fd, &read_info, sizeof read_info) != -1 || errno != EAGAIN;
    printf("%d signals from nowhere\n", strange);
    raise(SIGUSR1);
    if (read(fd, &read_info, sizeof read_info) == sizeof read_info)
        printf("signalfd: %u\n", read_info.ssi_signo);
    close(fd);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    errno_is_kept();
    mask_is_kept();
    action_is_kept();
    waits_end();
    long_handlers_end_waits();
    waits_go_on();
    signals_are_asked_for();
    return 0;
}
