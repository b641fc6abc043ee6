/* Measures a program of the terminal as its user sees it: how long until the first screen, until a
 * key has repainted it, and how much memory that took.
 *
 *     keys [-s ROWSxCOLS] KEYS... -- COMMAND...
 *
 * Runs COMMAND in a pseudo-terminal, waits until its screen is there, sends each of KEYS and waits
 * again. \r, \e, \t and \177 in KEYS are what they are in C. Prints one line:
 *
 *     first=SECONDS key1=SECONDS reply1=SECONDS ... peak_kb=N
 *
 * A screen is there when all threads sleep and nothing more comes; the time is that of its last
 * byte. A reply is the first byte: what is computed in the background may come later. In the end
 * the command gets a hangup. The status is 1 if it does not run or does not settle. */
#define _GNU_SOURCE 1 /* ptsname */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Milliseconds without a sign of life; seconds until something must come, and until all must be
 * there. */
enum { QUIET = 40, NOTHING = 2, LIMIT = 60 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void die(const char *what)
{
    fprintf(stderr, "keys: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* The state of a thread, the letter behind the name in parentheses. */
static char state_of(pid_t pid, const char *thread)
{
    char path[300], text[600];
    snprintf(path, sizeof path, "/proc/%d/task/%s/stat", (int)pid, thread);
    int fd = open(path, O_RDONLY);
    if (fd < 0)
        return 'S';
    ssize_t len = read(fd, text, sizeof text - 1);
    close(fd);
    text[len > 0 ? len : 0] = '\0';
    const char *end = strrchr(text, ')');
    return end && end[1] ? end[2] : 'S';
}

static bool sleeps(pid_t pid)
{
    char path[60];
    bool all = true;
    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *dir = opendir(path);
    if (!dir)
        return false;
    for (struct dirent *e; all && (e = readdir(dir));)
        all = e->d_name[0] == '.' || state_of(pid, e->d_name) == 'S';
    closedir(dir);
    return all;
}

/* Seconds from START to the first and the last byte of the screen that follows. */
static void settle(int terminal, pid_t pid, const char *after, double start, double *reply,
                   double *whole)
{
    double first = 0, last = start, alive = start;
    char bytes[65536];
    for (;;) {
        struct pollfd p = {.fd = terminal, .events = POLLIN};
        int ready = poll(&p, 1, 1);
        if (ready > 0) {
            if (read(terminal, bytes, sizeof bytes) <= 0)
                die("the command has ended");
            last = alive = now();
            first = first ? first : last;
        }
        if (!sleeps(pid))
            alive = now();
        if (now() - alive > QUIET / 1e3 && first) {
            *reply = first - start;
            *whole = last - start;
            return;
        }
        if (now() - alive > NOTHING || now() - start > LIMIT) {
            fprintf(stderr, "keys: no screen after %s\n", after);
            exit(1);
        }
    }
}

static void send_keys(int terminal, const char *keys)
{
    for (; *keys; keys++) {
        char c = *keys;
        if (c == '\\' && keys[1]) {
            bool is_erase = strncmp(++keys, "177", 3) == 0;
            keys += is_erase ? 2 : 0;
            c = is_erase       ? '\177'
                : *keys == 'r' ? '\r'
                : *keys == 'e' ? '\033'
                : *keys == 't' ? '\t'
                               : *keys;
        }
        if (write(terminal, &c, 1) != 1)
            die("write");
    }
}

static pid_t start(char **command, struct winsize *size, int *terminal)
{
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0 || grantpt(master) || unlockpt(master) || ioctl(master, TIOCSWINSZ, size))
        die("pseudo-terminal");
    const char *name = ptsname(master);
    pid_t pid = fork();
    if (pid < 0)
        die("fork");
    if (pid == 0) {
        setsid();
        int slave = open(name, O_RDWR);
        if (slave < 0)
            _exit(127);
        for (int fd = 0; fd < 3; fd++)
            dup2(slave, fd);
        close(master);
        execvp(command[0], command);
        _exit(127);
    }
    *terminal = master;
    return pid;
}

int main(int argc, char **argv)
{
    struct winsize size = {.ws_row = 50, .ws_col = 120};
    int first = 1, end = 1, terminal;
    if (argc > 2 && strcmp(argv[1], "-s") == 0) {
        if (sscanf(argv[2], "%hux%hu", &size.ws_row, &size.ws_col) != 2)
            die(argv[2]);
        first = end = 3;
    }
    while (end < argc && strcmp(argv[end], "--") != 0)
        end++;
    if (end + 1 >= argc) {
        fprintf(stderr, "usage: keys [-s ROWSxCOLS] KEYS... -- COMMAND...\n");
        return 2;
    }
    double reply, whole, begin = now();
    pid_t pid = start(argv + end + 1, &size, &terminal);
    settle(terminal, pid, "the start", begin, &reply, &whole);
    printf("first=%.4f", whole);
    for (int i = first; i < end; i++) {
        begin = now();
        send_keys(terminal, argv[i]);
        settle(terminal, pid, argv[i], begin, &reply, &whole);
        printf(" key%d=%.4f reply%d=%.4f", i - first + 1, whole, i - first + 1, reply);
    }
    struct rusage used;
    int status;
    kill(pid, SIGHUP);
    close(terminal);
    if (wait4(pid, &status, 0, &used) != pid)
        die("wait");
    printf(" peak_kb=%ld\n", used.ru_maxrss);
    return 0;
}
