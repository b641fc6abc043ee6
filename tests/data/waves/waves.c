/* Waves adds up squares: a program of one screen whose machine code tests can list. It uses no
 * library, so that it is small and the same everywhere; README.md says how it was made. */

static inline long square(long n)
{
    return n * n;
}

static inline long wave(long n, long height)
{
    long up = square(n % height);
    return n & 1 ? -up : up;
}

__attribute__((noinline)) long sum(const long *numbers, long count)
{
    long all = 0;
    for (long i = 0; i < count; i++)
        all += wave(numbers[i], count);
    return all;
}

static long numbers[1000];

long result;

void _start(void)
{
    for (long i = 0; i < 1000; i++)
        numbers[i] = i;
    for (;;)
        result += sum(numbers, 1000);
}
