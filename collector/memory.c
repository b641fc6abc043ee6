#include "collector/memory.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

enum { STEP = 4096 }; /* bytes, by which arrays grow at least */

void *memory_new(size_t size)
{
    int saved = errno;
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    errno = saved;
    return memory == MAP_FAILED ? NULL : memory;
}

void memory_free(void *memory, size_t size)
{
    int saved = errno;
    if (memory)
        munmap(memory, size);
    errno = saved;
}

bool memory_grow(void *items, size_t *cap, size_t need, size_t size)
{
    if (need <= *cap)
        return true;
    size_t wanted = 2 * *cap > need ? 2 * *cap : need;
    if (wanted < STEP / size)
        wanted = STEP / size;
    void *old, *grown;
    memcpy(&old, items, sizeof old);
    if (wanted > SIZE_MAX / 2 / size)
        return false;
    int saved = errno;
    grown =
        old ? mremap(old, *cap * size, wanted * size, MREMAP_MAYMOVE) : memory_new(wanted * size);
    errno = saved;
    if (!grown || grown == MAP_FAILED)
        return false;
    memcpy(items, &grown, sizeof grown);
    *cap = wanted;
    return true;
}

void memory_release(void *items, size_t *cap, size_t size)
{
    void *memory;
    memcpy(&memory, items, sizeof memory);
    memory_free(memory, *cap * size);
    memset(items, 0, sizeof memory);
    *cap = 0;
}
