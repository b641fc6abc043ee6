/* Loads libraries, calls into them and unloads them, in several threads, so that their places in
 * memory are taken by one another. Prints a sum over what they answered.
 *
 * usage: loading ROUNDS LIBRARY...
 */
#include "work.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { THREADS = 3 };

static int rounds, library_count;
static char **libraries;

static unsigned back(unsigned seed)
{
    return work_some(seed + 1);
}

static unsigned call(const char *path, unsigned seed)
{
    unsigned (*plugin_work)(unsigned, unsigned (*)(unsigned));
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    void *symbol = library ? dlsym(library, "plugin_work") : NULL;
    if (!symbol) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
    memcpy(&plugin_work, &symbol, sizeof symbol);
    unsigned answer = plugin_work(seed, back);
    dlclose(library);
    return answer;
}

static void *load(void *sum)
{
    unsigned *s = sum, first = *s;
    for (int i = 0; i < rounds; i++)
        *s = *s * 31 + call(libraries[((int)first + i) % library_count], (unsigned)i % 50);
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t threads[THREADS];
    unsigned sums[THREADS];
    if (argc < 3)
        return 2;
    rounds = atoi(argv[1]);
    libraries = argv + 2;
    library_count = argc - 2;
    for (unsigned i = 0; i < THREADS; i++) {
        sums[i] = i;
        pthread_create(&threads[i], NULL, load, &sums[i]);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    printf("%u %u %u\n", sums[0], sums[1], sums[2]);
    return 0;
}
