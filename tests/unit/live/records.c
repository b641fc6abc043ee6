/* Tests of analyzer/live/records.h: what it makes of records as the kernel writes them is read
 * again. */
#include "analyzer/live/records.h"

#include "analyzer/profile/perfdata.h"

#include <CUnit/CUnit.h>
#include <string.h>
#include <unistd.h>

enum {
    PERIOD = 1000000,
    SIZE_OF_COPY = 512,
    BX = 1,
    SP = 7,
    IP = 8,
    REGISTERS = 1 << BX | 1 << SP | 1 << IP,
};

static struct perf_event_attr attributes(void)
{
    return (struct perf_event_attr){
        .type = PERF_TYPE_SOFTWARE,
        .config = PERF_COUNT_SW_TASK_CLOCK,
        .size = sizeof(struct perf_event_attr),
        .sample_period = PERIOD,
        .sample_type = PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_CALLCHAIN |
                       PERF_SAMPLE_REGS_USER | PERF_SAMPLE_STACK_USER,
        .sample_regs_user = REGISTERS,
        .sample_id_all = 1,
    };
}

static void put(struct buf *b, uint64_t value)
{
    buf_add(b, (const char *)&value, sizeof value);
}

static void finish_record(struct buf *b, uint32_t type)
{
    struct perf_event_header h = {type, PERF_RECORD_MISC_USER, (uint16_t)b->len};
    memcpy(b->data, &h, sizeof h);
}

/* A sample of this process at IP, of whose stack FILLED bytes could be copied. */
static void add_sample(struct records *r, uint64_t ip, size_t filled)
{
    struct buf b = {0};
    put(&b, 0); /* the header */
    put(&b, ip);
    put(&b, (uint64_t)getpid() << 32 | (uint32_t)getpid());
    put(&b, 1000 + r->sample_count);
    put(&b, 2); /* the chain */
    put(&b, (uint64_t)PERF_CONTEXT_USER);
    put(&b, ip);
    put(&b, PERF_SAMPLE_REGS_ABI_64);
    put(&b, 0);
    put(&b, 0x7000);
    put(&b, ip);
    put(&b, SIZE_OF_COPY);
    buf_pad(&b, '\0', SIZE_OF_COPY);
    put(&b, filled);
    finish_record(&b, PERF_RECORD_SAMPLE);
    records_add(r, (const uint8_t *)b.data);
    buf_release(&b);
}

static struct profile *parse(const struct records *r)
{
    struct lines notes = {0};
    struct error err = {0};
    struct profile *p =
        perfdata_parse("records", (const uint8_t *)r->data.data, r->data.len, NULL, &notes, &err);
    CU_ASSERT_STRING_EQUAL(err.text, "");
    CU_ASSERT_PTR_NOT_NULL_FATAL(p);
    lines_release(&notes);
    return p;
}

static bool has_label(const struct profile *p, size_t sample, const char *key, int64_t number)
{
    const struct labelset *set = &p->labelsets[p->sample_labels[sample]];
    for (uint32_t i = 0; i < set->count; i++) {
        const struct label *l = &p->labels[set->first + i];
        if (l->is_number && l->number == number && strcmp(profile_str(p, l->key).ptr, key) == 0)
            return true;
    }
    return false;
}

static void test_samples_of_a_process(void)
{
    struct perf_event_attr attr = attributes();
    struct records r;
    uint64_t ip = (uintptr_t)test_samples_of_a_process;
    records_init(&r, &attr, "cpu");
    records_add_process(&r, getpid());
    add_sample(&r, ip, 16);
    add_sample(&r, ip, 16);
    struct profile *p = parse(&r);
    CU_ASSERT_EQUAL_FATAL(p->sample_type_count, 2);
    CU_ASSERT_STRING_EQUAL(profile_str(p, p->sample_types[0].type).ptr, "samples");
    CU_ASSERT_STRING_EQUAL(profile_str(p, p->sample_types[1].type).ptr, "cpu");
    CU_ASSERT_STRING_EQUAL(profile_str(p, p->sample_types[1].unit).ptr, "nanoseconds");
    CU_ASSERT_EQUAL(p->period, PERIOD);
    CU_ASSERT_EQUAL_FATAL(p->sample_count, 1);
    CU_ASSERT_EQUAL(p->values[0][0], 2);
    CU_ASSERT_EQUAL(p->values[1][0], 2 * PERIOD);
    CU_ASSERT_TRUE(has_label(p, 0, "pid", getpid()));
    CU_ASSERT_TRUE(has_label(p, 0, "tid", getpid()));
    const struct stack *stack = &p->stacks[p->sample_stack[0]];
    const struct location *leaf = &p->locations[p->frames[stack->first]];
    CU_ASSERT_EQUAL(leaf->address, ip);
    CU_ASSERT_EQUAL_FATAL(leaf->mapping, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(profile_str(p, p->mappings[0].file).ptr, "/unit-tests"));
    CU_ASSERT_NOT_EQUAL(p->mappings[0].build_id, 0);
    profile_free(p);
    records_release(&r);
}

/* Copies are as large as there was something to copy. */
static void test_copies_are_cut(void)
{
    struct perf_event_attr attr = attributes();
    struct records r;
    records_init(&r, &attr, "cpu");
    size_t empty = r.data.len;
    add_sample(&r, 1, SIZE_OF_COPY);
    size_t full = r.data.len - empty;
    records_clear_samples(&r);
    CU_ASSERT_EQUAL(r.data.len, empty);
    CU_ASSERT_EQUAL(r.sample_count, 0);
    add_sample(&r, 1, 12);
    CU_ASSERT_EQUAL(r.data.len - empty, full - SIZE_OF_COPY + 16);
    records_clear_samples(&r);
    add_sample(&r, 1, 0);
    CU_ASSERT_EQUAL(r.data.len - empty, full - SIZE_OF_COPY - sizeof(uint64_t));
    struct profile *p = parse(&r);
    CU_ASSERT_EQUAL(p->sample_count, 1);
    profile_free(p);
    records_release(&r);
}

/* What is not about samples is still known when these have been taken. */
static void test_state_stays(void)
{
    struct perf_event_attr attr = attributes();
    struct records r;
    records_init(&r, &attr, "cpu");
    records_add_process(&r, getpid());
    add_sample(&r, (uintptr_t)test_state_stays, 16);
    records_clear_samples(&r);
    add_sample(&r, (uintptr_t)test_state_stays, 16);
    struct profile *p = parse(&r);
    CU_ASSERT_EQUAL(p->sample_count, 1);
    CU_ASSERT_EQUAL_FATAL(p->location_count, 1);
    CU_ASSERT_EQUAL(p->locations[0].mapping, 0);
    profile_free(p);
    records_release(&r);
}

static void test_lost_samples(void)
{
    struct perf_event_attr attr = attributes();
    struct records r;
    struct buf b = {0};
    records_init(&r, &attr, "cpu");
    put(&b, 0);
    put(&b, 1);
    put(&b, 7);
    finish_record(&b, PERF_RECORD_LOST);
    records_add(&r, (const uint8_t *)b.data);
    buf_clear(&b);
    put(&b, 0);
    put(&b, 5);
    finish_record(&b, PERF_RECORD_LOST_SAMPLES);
    records_add(&r, (const uint8_t *)b.data);
    CU_ASSERT_EQUAL(r.lost, 12);
    buf_release(&b);
    records_release(&r);
}

CU_TestInfo records_tests[] = {
    {"samples of a process", test_samples_of_a_process},
    {"copies of stacks are cut", test_copies_are_cut},
    {"state stays", test_state_stays},
    {"lost samples", test_lost_samples},
    CU_TEST_INFO_NULL,
};
