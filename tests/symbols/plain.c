/* A unit in C: its names are not mangled. */
static inline int square(int x)
{
    return x * x;
}

static __attribute__((noinline)) int part(const int *numbers, int count, int step)
{
    int sum = 0;
    for (int i = 0; i < count; i += step)
        sum += square(numbers[i]);
    return sum;
}

int plain_sum(const int *numbers, int count)
{
    return part(numbers, count, 1) - part(numbers, count, 3);
}
