/* Ends from a signal handler, as programs do that give up after some time, whatever the handler has
 * interrupted: allocating, or locking.
 *
 * usage: exiting HOW        _exit, exit, execve or fork
 */
#include "work.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *how;

static void on_alarm(int signal)
{
    char *args[] = {"true", NULL}, *env[] = {NULL};
    (void)signal;
    if (!strcmp(how, "_exit"))
        _exit(4);
    if (!strcmp(how, "exit"))
        exit(5);
    execve("/bin/true", args, env);
    _exit(6);
}

static void *allocate(void *unused)
{
    for (unsigned i = 0;; i++)
        work_some(i);
    return unused;
}

int main(int argc, char **argv)
{
    pthread_t thread;
    if (argc != 2)
        return 2;
    how = argv[1];
    signal(SIGALRM, on_alarm);
    ualarm(20000, 0);
    if (pthread_create(&thread, NULL, allocate, NULL) != 0)
        return 3;
    allocate(NULL);
}
