/* What tests of the library check with: expectations, and what is left behind. */
#ifndef CPPROF_TESTS_COLLECTOR_CHECKS_H
#define CPPROF_TESTS_COLLECTOR_CHECKS_H

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int checks_failed; /* for main to return */

static inline void expect(int good, const char *what)
{
    if (!good) {
        fprintf(stderr, "not so: %s\n", what);
        checks_failed = 1;
    }
}
#define EXPECT(what) expect(what, #what)

static inline int count_entries(const char *folder)
{
    int count = 0;
    DIR *d = opendir(folder);
    for (struct dirent *e; d && (e = readdir(d));)
        count += e->d_name[0] != '.';
    if (d)
        closedir(d);
    return count;
}

/* How many threads there are. One that has been joined is in /proc for another moment, so it waits
 * until there are no more than WANTED, two seconds at most. */
static inline int count_threads(int wanted)
{
    for (int i = 0; i < 200 && count_entries("/proc/self/task") > wanted; i++)
        usleep(10000);
    return count_entries("/proc/self/task");
}

/* POSIX timers of the process. */
static inline int count_timers(void)
{
    char line[256];
    int count = 0;
    FILE *timers = fopen("/proc/self/timers", "r");
    while (timers && fgets(line, sizeof line, timers))
        count += strncmp(line, "ID:", 3) == 0;
    if (timers)
        fclose(timers);
    return count;
}

#endif
