/* Starts other programs in every way there is, from several threads. Prints the sum of their exit
 * statuses. */
#include "work.h"

#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static char *args[] = {"sh", "-c", "exit 5", NULL};

static int end_of(pid_t pid)
{
    int status;
    if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
        return 1000;
    return WEXITSTATUS(status);
}

static int by_vfork(void)
{
    pid_t pid = vfork();
    if (pid == 0) {
        execvp("there is no such program", args);
        execv("/bin/sh", args);
        _exit(99);
    }
    return end_of(pid);
}

static int by_vfork_and_exit(void)
{
    pid_t pid = vfork();
    if (pid == 0)
        _exit(3);
    return end_of(pid);
}

static int by_spawn(void)
{
    pid_t pid;
    return posix_spawnp(&pid, "sh", NULL, NULL, args, environ) == 0 ? end_of(pid) : 1000;
}

static int by_system(void)
{
    return WEXITSTATUS(system("exit 4"));
}

static int by_popen(void)
{
    char line[100] = "";
    FILE *f = popen("echo 6", "r");
    if (!f || !fgets(line, sizeof line, f))
        return 1000;
    pclose(f);
    return atoi(line);
}

static int (*const ways[])(void) = {by_vfork, by_vfork_and_exit, by_spawn, by_system, by_popen};

static void *run(void *sum)
{
    int *s = sum;
    for (unsigned i = 0; i < 25; i++) {
        *s = *s * 3 + ways[i % 5]();
        *s = (*s + (int)(work_some(i) % 100)) % 1000000;
    }
    return NULL;
}

int main(void)
{
    pthread_t threads[2];
    int sums[2] = {0};
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, run, &sums[i]);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    printf("%d %d\n", sums[0], sums[1]);
    return 0;
}
