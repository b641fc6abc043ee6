/* Tests of analyzer/profile/perfdata_chain.h. */
#include "analyzer/profile/perfdata_chain.h"

#include <CUnit/CUnit.h>
#include <linux/perf_event.h>

#define USER ((uint64_t)PERF_CONTEXT_USER)
#define KERNEL ((uint64_t)PERF_CONTEXT_KERNEL)
#define COUNT(a) (sizeof(a) / sizeof *(a))

static struct perfdata_chain chain_of(const uint64_t *entries, size_t count)
{
    struct perfdata_sample s = {.chain = (const uint8_t *)entries, .chain_count = count};
    return perfdata_chain_of(&s);
}

static void test_the_users_part(void)
{
    static const uint64_t both[] = {KERNEL, 0xFF01, 0xFF02, USER, 0x10, 0x20};
    struct perfdata_chain c = chain_of(both, COUNT(both));
    CU_ASSERT_EQUAL_FATAL(c.count, 2);
    CU_ASSERT_EQUAL(perfdata_chain_entry(&c, 0), 0x10);
    static const uint64_t turned[] = {USER, 0x10, KERNEL, 0xFF01};
    CU_ASSERT_EQUAL(chain_of(turned, COUNT(turned)).count, 1);
    static const uint64_t none[] = {KERNEL, 0xFF01};
    CU_ASSERT_EQUAL(chain_of(none, COUNT(none)).count, 0);
    CU_ASSERT_EQUAL(chain_of(NULL, 0).count, 0);
}

/* Entries are return addresses but for the first; frames are in the calls. */
static void test_where_it_goes_on(void)
{
    static const uint64_t entries[] = {USER, 0x10, 0x20, 0x30, 0x40};
    struct perfdata_chain c = chain_of(entries, COUNT(entries));
    static const uint64_t frames[] = {0x10, 0x1F, 0x2F};
    CU_ASSERT_EQUAL(perfdata_chain_behind(&c, frames, 1), 1);
    CU_ASSERT_EQUAL(perfdata_chain_behind(&c, frames, 2), 2);
    CU_ASSERT_EQUAL(perfdata_chain_behind(&c, frames, 3), 3);
    static const uint64_t elsewhere[] = {0x10, 0x17};
    CU_ASSERT_EQUAL(perfdata_chain_behind(&c, elsewhere, 2), c.count);
    CU_ASSERT_EQUAL(perfdata_chain_behind(&c, frames, 0), c.count);
}

/* A function that keeps no frame pointer is not in the chain, and one that calls itself is there
 * again and again. */
static void test_recursion_below_a_frame_that_lacks(void)
{
    static const uint64_t entries[] = {USER, 0x10, 0x30, 0x40, 0x40, 0x40, 0x50};
    struct perfdata_chain c = chain_of(entries, COUNT(entries));
    static const uint64_t frames[] = {0x10, 0x1F, 0x2F, 0x3F, 0x3F};
    CU_ASSERT_EQUAL(perfdata_chain_behind(&c, frames, 5), 4);
}

CU_TestInfo perfdata_chain_tests[] = {
    {"the user's part", test_the_users_part},
    {"where it goes on", test_where_it_goes_on},
    {"recursion below a frame that lacks", test_recursion_below_a_frame_that_lacks},
    CU_TEST_INFO_NULL,
};
