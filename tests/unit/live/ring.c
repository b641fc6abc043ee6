/* Tests of analyzer/live/ring.h, on a buffer that nobody but the test writes to. */
#include "analyzer/live/ring.h"

#include <CUnit/CUnit.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SIZE = 4096, RECORD = 24 };

static struct ring new_ring(void)
{
    struct ring r;
    int fd = memfd_create("ring", MFD_CLOEXEC);
    CU_ASSERT_EQUAL_FATAL(ftruncate(fd, sysconf(_SC_PAGESIZE) + SIZE), 0);
    CU_ASSERT_EQUAL_FATAL(ring_init(&r, fd, SIZE), 0);
    close(fd);
    return r;
}

/* What the kernel would do: a record of RECORD bytes whose content is NUMBER. */
static void put_record(struct ring *r, uint64_t number)
{
    struct perf_event_mmap_page *account = r->map;
    unsigned char record[RECORD] = {0};
    struct perf_event_header h = {.type = PERF_RECORD_SAMPLE, .size = RECORD};
    memcpy(record, &h, sizeof h);
    memcpy(record + sizeof h, &number, sizeof number);
    memcpy(record + RECORD - sizeof number, &number, sizeof number);
    for (size_t i = 0; i < RECORD; i++)
        ((unsigned char *)r->map)[r->page + (account->data_head + i) % SIZE] = record[i];
    account->data_head += RECORD;
}

struct seen {
    uint64_t next;
    size_t count;
};

static void take(void *context, const uint8_t *record)
{
    struct seen *seen = context;
    uint64_t first, last;
    memcpy(&first, record + sizeof(struct perf_event_header), sizeof first);
    memcpy(&last, record + RECORD - sizeof last, sizeof last);
    CU_ASSERT_EQUAL(first, seen->next);
    CU_ASSERT_EQUAL(last, seen->next);
    seen->next++;
    seen->count++;
}

/* 24 does not divide 4096: some records go on at the beginning. */
static void test_records_that_wrap(void)
{
    struct ring r = new_ring();
    struct seen seen = {0};
    uint64_t number = 0;
    for (int round = 0; round < 50; round++) {
        for (int i = 0; i < 100; i++)
            put_record(&r, number++);
        ring_read(&r, take, &seen);
        CU_ASSERT_EQUAL(seen.next, number);
        const struct perf_event_mmap_page *account = r.map;
        CU_ASSERT_EQUAL(account->data_tail, account->data_head);
    }
    CU_ASSERT_EQUAL(seen.count, number);
    ring_release(&r);
}

static void test_nothing_there(void)
{
    struct ring r = new_ring();
    struct seen seen = {0};
    ring_read(&r, take, &seen);
    CU_ASSERT_EQUAL(seen.count, 0);
    ring_release(&r);
}

/* Half a record, which there never is, is left where it is. */
static void test_record_of_no_size(void)
{
    struct ring r = new_ring();
    struct seen seen = {0};
    struct perf_event_mmap_page *account = r.map;
    account->data_head = RECORD;
    ring_read(&r, take, &seen);
    CU_ASSERT_EQUAL(seen.count, 0);
    ring_release(&r);
}

CU_TestInfo ring_tests[] = {
    {"records that wrap", test_records_that_wrap},
    {"nothing there", test_nothing_there},
    {"a record of no size", test_record_of_no_size},
    CU_TEST_INFO_NULL,
};
