#include "analyzer/base/pdqsort.h"

enum {
    INSERTION = 12, /* ranges up to here are sorted by insertion */
    NINTHER = 50,   /* from here on the pivot is a median of medians */
    SHIFTING = 50,  /* from here on a few misplaced items are shifted into place */
    MOST_SHIFTS = 5,
    MOST_SWAPS = 12, /* of choose_pivot: as many mean that the range is descending */
};

enum hint { HINT_NONE, HINT_ASCENDING, HINT_DESCENDING };

struct sorter {
    uint32_t *v;
    pdqsort_less *less_than;
    void *context;
};

static bool less(const struct sorter *s, size_t i, size_t j)
{
    return s->less_than(s->context, s->v[i], s->v[j]);
}

static void swap(const struct sorter *s, size_t i, size_t j)
{
    uint32_t t = s->v[i];
    s->v[i] = s->v[j];
    s->v[j] = t;
}

static unsigned bit_length(size_t n)
{
    unsigned bits = 0;
    for (; n; n >>= 1)
        bits++;
    return bits;
}

static void insertion_sort(const struct sorter *s, size_t a, size_t b)
{
    for (size_t i = a + 1; i < b; i++)
        for (size_t j = i; j > a && less(s, j, j - 1); j--)
            swap(s, j, j - 1);
}

static void sift_down(const struct sorter *s, size_t root, size_t count, size_t first)
{
    for (size_t child; (child = 2 * root + 1) < count; root = child) {
        if (child + 1 < count && less(s, first + child, first + child + 1))
            child++;
        if (!less(s, first + root, first + child))
            return;
        swap(s, first + root, first + child);
    }
}

static void heap_sort(const struct sorter *s, size_t a, size_t b)
{
    size_t count = b - a;
    for (size_t i = (count - 1) / 2 + 1; i-- > 0;)
        sift_down(s, i, count, a);
    for (size_t i = count; i-- > 0;) {
        swap(s, a, a + i);
        sift_down(s, 0, i, a);
    }
}

/* Items below the pivot to its left. *SORTED: nothing had to be moved. */
static size_t partition(const struct sorter *s, size_t a, size_t b, size_t pivot, bool *sorted)
{
    swap(s, a, pivot);
    size_t i = a + 1, j = b - 1;
    *sorted = true;
    for (;;) {
        while (i <= j && less(s, i, a))
            i++;
        while (i <= j && !less(s, j, a))
            j--;
        if (i > j)
            break;
        swap(s, i, j);
        *sorted = false;
        i++;
        j--;
    }
    swap(s, j, a);
    return j;
}

/* For ranges of which nothing is below the pivot: those equal to it first. */
static size_t partition_equal(const struct sorter *s, size_t a, size_t b, size_t pivot)
{
    swap(s, a, pivot);
    size_t i = a + 1, j = b - 1;
    for (;;) {
        while (i <= j && !less(s, a, i))
            i++;
        while (i <= j && less(s, a, j))
            j--;
        if (i > j)
            return i;
        swap(s, i, j);
        i++;
        j--;
    }
}

/* True if the range is sorted after shifting at most a few items. */
static bool shift_into_order(const struct sorter *s, size_t a, size_t b)
{
    size_t i = a + 1;
    for (int shifts = 0; shifts < MOST_SHIFTS; shifts++) {
        while (i < b && !less(s, i, i - 1))
            i++;
        if (i == b)
            return true;
        if (b - a < SHIFTING)
            return false;
        swap(s, i, i - 1);
        if (i - a >= 2)
            for (size_t j = i - 1; j >= 1 && less(s, j, j - 1); j--)
                swap(s, j, j - 1);
        if (b - i >= 2)
            for (size_t j = i + 1; j < b && less(s, j, j - 1); j++)
                swap(s, j, j - 1);
    }
    return false;
}

/* Moves three items of the middle elsewhere, so that no pattern stays bad for ever. */
static void break_patterns(const struct sorter *s, size_t a, size_t b)
{
    size_t length = b - a, mask = ((size_t)1 << bit_length(length)) - 1;
    uint64_t random = length;
    if (length < 8)
        return;
    size_t middle = a + length / 4 * 2;
    for (size_t i = middle - 1; i <= middle + 1; i++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        size_t other = random & mask;
        swap(s, i, a + (other >= length ? other - length : other));
    }
}

static void order_pair(const struct sorter *s, size_t *a, size_t *b, int *swaps)
{
    if (!less(s, *b, *a))
        return;
    size_t t = *a;
    *a = *b;
    *b = t;
    ++*swaps;
}

static size_t median(const struct sorter *s, size_t a, size_t b, size_t c, int *swaps)
{
    order_pair(s, &a, &b, swaps);
    order_pair(s, &b, &c, swaps);
    order_pair(s, &a, &b, swaps);
    return b;
}

static size_t choose_pivot(const struct sorter *s, size_t a, size_t b, enum hint *hint)
{
    size_t length = b - a, quarter = length / 4;
    size_t at[3] = {a + quarter, a + quarter * 2, a + quarter * 3};
    int swaps = 0;
    if (length >= 8) {
        for (int i = 0; length >= NINTHER && i < 3; i++)
            at[i] = median(s, at[i] - 1, at[i], at[i] + 1, &swaps);
        at[1] = median(s, at[0], at[1], at[2], &swaps);
    }
    *hint = swaps == 0 ? HINT_ASCENDING : swaps == MOST_SWAPS ? HINT_DESCENDING : HINT_NONE;
    return at[1];
}

static void reverse(const struct sorter *s, size_t a, size_t b)
{
    for (; a + 1 < b; a++, b--)
        swap(s, a, b - 1);
}

static void sort_range(const struct sorter *s, size_t a, size_t b, unsigned bad_choices_left)
{
    bool was_balanced = true, was_sorted = true;
    while (b - a > INSERTION) {
        size_t length = b - a;
        if (!bad_choices_left) {
            heap_sort(s, a, b);
            return;
        }
        if (!was_balanced) {
            break_patterns(s, a, b);
            bad_choices_left--;
        }
        enum hint hint;
        size_t pivot = choose_pivot(s, a, b, &hint);
        if (hint == HINT_DESCENDING) {
            reverse(s, a, b);
            pivot = (b - 1) - (pivot - a);
            hint = HINT_ASCENDING;
        }
        if (was_balanced && was_sorted && hint == HINT_ASCENDING && shift_into_order(s, a, b))
            return;
        if (a > 0 && !less(s, a - 1, pivot)) {
            a = partition_equal(s, a, b, pivot);
            continue;
        }
        size_t mid = partition(s, a, b, pivot, &was_sorted);
        size_t left = mid - a, right = b - mid;
        if (left < right) {
            was_balanced = left >= length / 8;
            sort_range(s, a, mid, bad_choices_left);
            a = mid + 1;
        } else {
            was_balanced = right >= length / 8;
            sort_range(s, mid + 1, b, bad_choices_left);
            b = mid;
        }
    }
    insertion_sort(s, a, b);
}

void pdqsort(uint32_t *items, size_t count, pdqsort_less *less_than, void *context)
{
    struct sorter s = {items, less_than, context};
    if (count > 1)
        sort_range(&s, 0, count, bit_length(count));
}
