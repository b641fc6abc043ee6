/* A monkey at the terminal UI: random keys, mouse events and sizes, from a seed.
 *
 *     monkey SEED COUNT CPPROF PROFILE...
 *
 * Runs CPPROF tui on one PROFILE after the other in a pseudo-terminal and starts the next when one
 * quits. Ends with status 1 and a sentence when one of them ends by a signal or with another status
 * than 0, or reads no more keys; then the same seed does the same again, as far as threads allow.
 *
 * It types no | and no >, so that a line of the shell can neither run nor overwrite anything. */
#define _GNU_SOURCE 1 /* ptsname, memmem */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE = 60000, MOST = 64 }; /* milliseconds; bytes of an event */

struct monkey {
    uint64_t random;
    char **argv; /* of the program: tui, the profile */
    char **profiles;
    int profile_count, runs;
    pid_t pid;
    int terminal;
    struct winsize size;
    char sent[20][MOST]; /* the last events, for the sentence */
    unsigned long done;
    bool has_begun;   /* the tab of Top was seen */
    char shown[4000]; /* the end of what came last */
};

static uint64_t draw(struct monkey *m, uint64_t below)
{
    m->random ^= m->random << 13; /* xorshift64 */
    m->random ^= m->random >> 7;
    m->random ^= m->random << 17;
    return m->random % below;
}

static void fail(const struct monkey *m, const char *what, int value)
{
    fprintf(stderr, "monkey: event %lu, run %d (%s): %s %d\nmonkey: it had sent", m->done, m->runs,
            m->argv[2], what, value);
    for (unsigned long i = m->done > 20 ? m->done - 20 : 0; i < m->done; i++) {
        fputs(" ", stderr);
        for (const char *c = m->sent[i % 20]; *c; c++)
            fprintf(stderr, *c > ' ' && *c < 127 ? "%c" : "\\x%02x", (unsigned char)*c);
    }
    fputs("\nmonkey: it showed last: ", stderr);
    for (const char *c = m->shown; *c; c++)
        fputc(*c < ' ' && *c != '\n' ? '?' : *c, stderr);
    fputs("\n", stderr);
    if (m->pid > 0)
        kill(m->pid, SIGKILL);
    exit(1);
}

/* Reads what it writes. False when there is no more to come. */
static bool read_some(struct monkey *m)
{
    char bytes[65536];
    ssize_t n = read(m->terminal, bytes, sizeof bytes);
    if (n <= 0)
        return false;
    m->has_begun = m->has_begun || memmem(bytes, (size_t)n, " Top ", 5);
    size_t room = sizeof m->shown - 1;
    size_t len = (size_t)n < room ? (size_t)n : room;
    size_t kept = strnlen(m->shown, room);
    size_t gone = kept + len > room ? kept + len - room : 0;
    for (ssize_t i = 0; i < n; i++)
        bytes[i] = bytes[i] ? bytes[i] : ' ';
    memmove(m->shown, m->shown + gone, kept - gone);
    memcpy(m->shown + kept - gone, bytes + n - len, len);
    m->shown[kept - gone + len] = '\0';
    return true;
}

static void drain(struct monkey *m, int wait)
{
    struct pollfd p = {.fd = m->terminal, .events = POLLIN};
    while (poll(&p, 1, wait) > 0 && read_some(m))
        wait = 0;
}

static long milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Waits for the first screen, which has the tab of Top: Esc before that would cancel. */
static void settle(struct monkey *m)
{
    long began = milliseconds();
    struct pollfd p = {.fd = m->terminal, .events = POLLIN};
    m->has_begun = false;
    while (milliseconds() - began < PATIENCE && poll(&p, 1, m->has_begun ? 300 : PATIENCE) > 0 &&
           read_some(m))
        ;
}

static void start(struct monkey *m)
{
    m->argv[2] = m->profiles[m->runs++ % m->profile_count];
    m->shown[0] = '\0';
    m->terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    m->size = (struct winsize){.ws_row = 24, .ws_col = 80};
    if (m->terminal < 0 || grantpt(m->terminal) || unlockpt(m->terminal) ||
        ioctl(m->terminal, TIOCSWINSZ, &m->size))
        fail(m, "no pseudo-terminal", errno);
    const char *name = ptsname(m->terminal);
    m->pid = fork();
    if (m->pid < 0)
        fail(m, "no child", errno);
    if (m->pid > 0)
        settle(m);
    if (m->pid == 0) {
        setsid();
        int slave = open(name, O_RDWR);
        struct termios modes;
        tcgetattr(slave, &modes);
        modes.c_lflag &=
            ~(tcflag_t)(ECHO | ICANON | IEXTEN); /* or its last words are mixed with keys */
        tcsetattr(slave, TCSANOW, &modes);
        for (int fd = 0; slave >= 0 && fd < 3; fd++)
            dup2(slave, fd);
        execv(m->argv[0], m->argv);
        _exit(127);
    }
}

/* Has it ended? Then the next one begins. */
static bool check(struct monkey *m, int flags)
{
    int status;
    pid_t pid = waitpid(m->pid, &status, flags | WUNTRACED);
    if (pid <= 0)
        return false;
    if (WIFSTOPPED(status)) {
        kill(m->pid, SIGCONT);
        return false;
    }
    m->pid = 0;
    drain(m, 0);
    if (WIFSIGNALED(status))
        fail(m, "ended by signal", WTERMSIG(status));
    /* On a busy machine Esc may come before the profile is there, however long we have waited. */
    bool cancelled = WEXITSTATUS(status) == 1 && strstr(m->shown, "cancelled while reading");
    if (WEXITSTATUS(status) != 0 && !cancelled)
        fail(m, "ended with status", WEXITSTATUS(status));
    close(m->terminal);
    return true;
}

/* False if it ended meanwhile. */
static bool send_event(struct monkey *m, const char *bytes, size_t len)
{
    for (int waited = 0; len;) {
        struct pollfd p = {.fd = m->terminal, .events = POLLOUT | POLLIN};
        poll(&p, 1, 100);
        if (p.revents & POLLIN)
            drain(m, 0);
        if (check(m, WNOHANG))
            return false;
        ssize_t n = p.revents & POLLOUT ? write(m->terminal, bytes, len) : 0;
        if (n > 0) {
            bytes += n;
            len -= (size_t)n;
            waited = 0;
        } else if ((waited += 100) > PATIENCE) {
            fail(m, "reads no keys after milliseconds", waited);
        }
    }
    return true;
}

static size_t make_mouse(struct monkey *m, char *out)
{
    static const int buttons[] = {0, 0, 0, 3, 64, 65, 1, 2};
    int row = (int)draw(m, m->size.ws_row), col = (int)draw(m, m->size.ws_col);
    int button = buttons[draw(m, 8)];
    return (size_t)snprintf(out, MOST, "\033[<%d;%d;%dM", button, col + 1, row + 1);
}

static size_t make_event(struct monkey *m, char *out)
{
    static const char *const keys[] = {
        "\033[A",  "\033[B", "\033OA", "\033OB", "\033OC", "\033OD", "\033[5~",
        "\033[6~", "\033[H", "\033[F", "\033OP", "\033[Z", "\033",   "\r",
        "\t",      "\177",   "\022",   "\014",   "\032",
    };
    static const char views[] = "123456678a";
    static const char actions[] = "jkhljkhl<>nN#suGoObx+-0gfiHSRPtTmFrcU:?y/ ";
    static const char *const odd[] = {"\xc3\xa9",  "\xe6\xbc\xa2", "\xf0\x9f\x98\x80",
                                      "e\xcc\x81", "\xff",         "\x80\x80",
                                      "\033[",     "\033]0;x\007"};
    uint64_t kind = draw(m, 100);
    if (kind < 12)
        return make_mouse(m, out);
    if (kind < 45)
        return (size_t)snprintf(out, MOST, "%s", keys[draw(m, sizeof keys / sizeof *keys)]);
    if (kind < 55)
        return (size_t)snprintf(out, MOST, "%c", views[draw(m, sizeof views - 1)]);
    if (kind < 85)
        return (size_t)snprintf(out, MOST, "%c", actions[draw(m, sizeof actions - 1)]);
    if (kind < 97) {
        out[0] = (char)(' ' + draw(m, 95));
        out[0] = out[0] == '|' || out[0] == '>' || out[0] == 'Q' ? 'm' : out[0];
        return 1;
    }
    return (size_t)snprintf(out, MOST, "%s", odd[draw(m, sizeof odd / sizeof *odd)]);
}

static void resize(struct monkey *m)
{
    m->size.ws_row = (unsigned short)(draw(m, 5) ? 24 + draw(m, 40) : 1 + draw(m, 30));
    m->size.ws_col = (unsigned short)(draw(m, 5) ? 80 + draw(m, 150) : 1 + draw(m, 100));
    ioctl(m->terminal, TIOCSWINSZ, &m->size);
}

int main(int argc, char **argv)
{
    if (argc < 5) {
        fprintf(stderr, "usage: monkey SEED COUNT CPPROF PROFILE...\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    char *program[] = {argv[3], (char *)"tui", NULL, NULL};
    struct monkey m = {.random = strtoull(argv[1], NULL, 10) * 2654435761u + 1,
                       .argv = program,
                       .profiles = argv + 4,
                       .profile_count = argc - 4};
    unsigned long count = strtoul(argv[2], NULL, 10);
    start(&m);
    for (m.done = 0; m.done < count; m.done++) {
        char *bytes = m.sent[m.done % 20];
        memset(bytes, 0, MOST);
        size_t len = make_event(&m, bytes);
        if (!send_event(&m, bytes, len))
            start(&m);
        if (draw(&m, 300) == 0)
            resize(&m);
        if (draw(&m, 20) == 0)
            drain(&m, (int)draw(&m, 20)); /* so that models get built at times */
    }
    /* It can still be quit, once it has come to these keys; what is sent later would interrupt it
     * on its way out. */
    bool quits = !send_event(&m, "\033", 1);
    long began = milliseconds();
    while (!quits && milliseconds() - began < 500)
        drain(&m, 50);
    quits = quits || !send_event(&m, "\003", 1);
    for (began = milliseconds(); !quits && !check(&m, WNOHANG);) {
        if (milliseconds() - began > PATIENCE)
            fail(&m, "does not quit after milliseconds", PATIENCE);
        drain(&m, 20);
        usleep(5000); /* a terminal that is gone is always ready */
    }
    printf("%lu events in %d runs\n", count, m.runs);
    return 0;
}
