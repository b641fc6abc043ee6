/* A stack of 34 frames below whatever is measured: twenty-eight functions, each with a frame of
 * another size and a call of its own, so that no unwinder sees the same frame twice. */
#ifndef CPPROF_BENCH_DEEP_H
#define CPPROF_BENCH_DEEP_H

static void (*deep_work)(void);
static volatile int deep_steps;

#define DEEPER(n, next)                                                                            \
    __attribute__((noinline)) static void deep##n(void)                                            \
    {                                                                                              \
        volatile char room[32 + (n)*24 % 200];                                                     \
        room[n] = (char)(n);                                                                       \
        next();                                                                                    \
        deep_steps += room[n];                                                                     \
    }

DEEPER(1, deep_work)
DEEPER(2, deep1)
DEEPER(3, deep2)
DEEPER(4, deep3)
DEEPER(5, deep4)
DEEPER(6, deep5)
DEEPER(7, deep6)
DEEPER(8, deep7)
DEEPER(9, deep8)
DEEPER(10, deep9)
DEEPER(11, deep10)
DEEPER(12, deep11)
DEEPER(13, deep12)
DEEPER(14, deep13)
DEEPER(15, deep14)
DEEPER(16, deep15)
DEEPER(17, deep16)
DEEPER(18, deep17)
DEEPER(19, deep18)
DEEPER(20, deep19)
DEEPER(21, deep20)
DEEPER(22, deep21)
DEEPER(23, deep22)
DEEPER(24, deep23)
DEEPER(25, deep24)
DEEPER(26, deep25)
DEEPER(27, deep26)
DEEPER(28, deep27)

/* Calls WORK from the innermost of them. */
static inline void deep_call(void (*work)(void))
{
    deep_work = work;
    deep28();
}

#endif
