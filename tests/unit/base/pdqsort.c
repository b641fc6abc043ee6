/* Tests of analyzer/base/pdqsort.h: sorted, and ties left where Go 1.22's sort.Sort leaves them. */
#include "analyzer/base/pdqsort.h"

#include <CUnit/CUnit.h>

typedef int64_t key_of(uint32_t item);

static int64_t key_ties(uint32_t x)
{
    return x * 37 % 7;
}

static int64_t key_random(uint32_t x)
{
    return x * 2654435761u >> 8;
}

static int64_t key_few(uint32_t x)
{
    return (x * 2654435761u >> 16) % 5;
}

static int64_t key_descending(uint32_t x)
{
    return -(int64_t)x;
}

static int64_t key_ascending(uint32_t x)
{
    return x;
}

static int64_t key_equal(uint32_t x)
{
    (void)x;
    return 0;
}

static int64_t key_organ_pipe(uint32_t x)
{
    return x < 500 ? x : 1000 - (int64_t)x;
}

static int64_t key_sawtooth(uint32_t x)
{
    return x % 16;
}

static int64_t key_nearly_sorted(uint32_t x)
{
    return x % 100 == 0 ? x + 3 : x;
}

static int64_t key_unbalanced(uint32_t x)
{
    return x % 8 == 0 ? x * 7919 % 1000 : 1000000;
}

static bool less(void *key, uint32_t a, uint32_t b)
{
    key_of *of = *(key_of **)key;
    return of(a) < of(b);
}

enum { MOST = 5000 };

/* The numbers below COUNT, sorted by KEY; good until the next call. */
static const uint32_t *sorted(size_t count, key_of *key)
{
    static uint32_t items[MOST];
    for (size_t i = 0; i < count; i++)
        items[i] = (uint32_t)i;
    pdqsort(items, count, less, &key);
    return items;
}

static key_of *const keys[] = {
    key_ties,  key_random,     key_few,      key_descending,    key_ascending,
    key_equal, key_organ_pipe, key_sawtooth, key_nearly_sorted, key_unbalanced,
};

enum { KEYS = sizeof keys / sizeof *keys };

static void test_any_size_is_sorted(void)
{
    static bool seen[MOST];
    for (size_t k = 0; k < KEYS; k++) {
        for (size_t count = 0; count <= MOST; count += count < 130 ? 1 : 974) {
            const uint32_t *items = sorted(count, keys[k]);
            size_t wrong = 0;
            for (size_t i = 0; i < count; i++)
                seen[i] = false;
            for (size_t i = 0; i < count; i++) {
                wrong += items[i] >= count || seen[items[i]];
                seen[items[i]] = true;
                wrong += i && keys[k](items[i]) < keys[k](items[i - 1]);
            }
            CU_ASSERT_EQUAL(wrong, 0);
        }
    }
}

static void test_ties_stay_where_go_leaves_them(void)
{
    static const uint32_t want[] = {35, 7,  28, 14, 21, 42, 0,  11, 46, 25, 18, 39, 4,
                                    32, 43, 15, 29, 8,  1,  36, 22, 12, 5,  33, 47, 19,
                                    26, 40, 44, 16, 30, 9,  2,  23, 37, 34, 27, 20, 48,
                                    6,  13, 41, 31, 3,  17, 45, 10, 24, 38};
    const uint32_t *items = sorted(49, key_ties);
    size_t wrong = 0;
    for (size_t i = 0; i < 49; i++)
        wrong += items[i] != want[i];
    CU_ASSERT_EQUAL(wrong, 0);
}

static uint32_t hash(const uint32_t *items, size_t count)
{
    uint32_t h = 2166136261;
    for (size_t i = 0; i < count; i++)
        h = (h ^ items[i]) * 16777619;
    return h;
}

/* The order of larger inputs, hashed: what Go makes of the same ones. */
static void test_larger_inputs_end_as_in_go(void)
{
    static const struct {
        size_t count;
        uint32_t hashes[KEYS];
    } cases[] = {
        {49,
         {0xcabce49f, 0x64cf2137, 0x7de8bcc1, 0x0fe1143f, 0x1f6c285f, 0x1f6c285f, 0x1f6c285f,
          0xb255a46f, 0x88563ba9, 0x234ca0e3}},
        {50,
         {0x7dcebe82, 0xc16a65f8, 0x846a1768, 0xdaed4e64, 0xe543a52a, 0xe543a52a, 0xe543a52a,
          0x6f76fbf4, 0x37bfd048, 0xdc3752ec}},
        {100,
         {0x1e35b3a7, 0xa5cc2729, 0xab97ac0f, 0x146cf8b9, 0xde239011, 0xde239011, 0xde239011,
          0xfaec5db9, 0x7d806d07, 0x6f804677}},
        {1000,
         {0xda7499fb, 0x8d4c4b4d, 0xb22f670d, 0x788180d5, 0xa06ae7fd, 0xa06ae7fd, 0x864d36d1,
          0x520186e5, 0xcd2bebe1, 0x1b57bccf}},
        {5000,
         {0xc42323cb, 0x8bbab58b, 0xd9f181a9, 0x0eef6cd5, 0x8c7ca59d, 0x8c7ca59d, 0x7d89ebc9,
          0x44ff987d, 0xce7e64b1, 0x8b11c9d3}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (size_t k = 0; k < KEYS; k++) {
            const uint32_t *items = sorted(cases[i].count, keys[k]);
            CU_ASSERT_EQUAL(hash(items, cases[i].count), cases[i].hashes[k]);
        }
    }
}

CU_TestInfo pdqsort_tests[] = {
    {"any size is sorted", test_any_size_is_sorted},
    {"ties stay where Go leaves them", test_ties_stay_where_go_leaves_them},
    {"larger inputs end as in Go", test_larger_inputs_end_as_in_go},
    CU_TEST_INFO_NULL,
};
