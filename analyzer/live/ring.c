#include "analyzer/live/ring.h"

#include <linux/perf_event.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int ring_init(struct ring *r, int fd, size_t size)
{
    *r = (struct ring){.page = (size_t)sysconf(_SC_PAGESIZE), .size = size};
    void *map = mmap(NULL, r->page + size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED)
        return -1;
    r->map = map;
    return 0;
}

void ring_release(struct ring *r)
{
    if (r->map)
        munmap(r->map, r->page + r->size);
    buf_release(&r->whole);
    *r = (struct ring){0};
}

/* LEN bytes from position AT on, as one piece. */
static const uint8_t *contiguous(struct ring *r, uint64_t at, size_t len)
{
    const char *data = (const char *)r->map + r->page;
    size_t from = at & (r->size - 1);
    if (len <= r->size - from)
        return (const uint8_t *)data + from;
    buf_clear(&r->whole);
    buf_add(&r->whole, data + from, r->size - from);
    buf_add(&r->whole, data, len - (r->size - from));
    return (const uint8_t *)r->whole.data;
}

void ring_read(struct ring *r, ring_take *take, void *context)
{
    struct perf_event_mmap_page *account = r->map;
    uint64_t head = __atomic_load_n(&account->data_head, __ATOMIC_ACQUIRE);
    uint64_t tail = account->data_tail;
    while (head - tail >= sizeof(struct perf_event_header)) {
        struct perf_event_header h;
        memcpy(&h, contiguous(r, tail, sizeof h), sizeof h);
        if (h.size < sizeof h || h.size > head - tail)
            break;
        take(context, contiguous(r, tail, h.size));
        tail += h.size;
        __atomic_store_n(&account->data_tail, tail, __ATOMIC_RELEASE);
    }
}
