/* Coroutines: stacks that are mapped and unmapped all the time, beside one another, by two threads.
 * Prints a sum. */
#include "work.h"

#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>
#include <ucontext.h>

enum { STACK = 32768, AT_ONCE = 8, ROUNDS = 400 };

struct coroutine {
    ucontext_t context, *caller;
    void *stack;
    unsigned seed, sum;
};

static void swap(ucontext_t *from, ucontext_t *to)
{
    if (swapcontext(from, to) != 0)
        abort();
}

static __thread struct coroutine *present;

static void be_coroutine(void)
{
    struct coroutine *c = present;
    for (int i = 0; i < 3; i++) {
        c->sum += work_some(c->seed + (unsigned)i);
        swap(&c->context, c->caller);
    }
}

static void begin(struct coroutine *c, ucontext_t *caller, unsigned seed)
{
    c->stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (c->stack == MAP_FAILED || getcontext(&c->context) != 0)
        abort();
    c->context.uc_stack.ss_sp = c->stack;
    c->context.uc_stack.ss_size = STACK;
    c->context.uc_link = caller;
    c->caller = caller;
    c->seed = seed;
    c->sum = 0;
    makecontext(&c->context, be_coroutine, 0);
}

static void *run(void *sum)
{
    static __thread struct coroutine all[AT_ONCE];
    static __thread ucontext_t here;
    for (unsigned round = 0; round < ROUNDS; round++) {
        for (unsigned i = 0; i < AT_ONCE; i++)
            begin(&all[i], &here, round + i);
        for (int turn = 0; turn < 4; turn++) { /* in the fourth they end */
            for (int i = 0; i < AT_ONCE; i++) {
                present = &all[i];
                swap(&here, &all[i].context);
            }
        }
        for (int i = 0; i < AT_ONCE; i++) {
            *(unsigned *)sum = *(unsigned *)sum * 31 + all[i].sum;
            munmap(all[i].stack, STACK);
        }
    }
    return NULL;
}

int main(void)
{
    pthread_t thread;
    unsigned sums[2] = {0};
    if (pthread_create(&thread, NULL, run, &sums[0]) != 0)
        return 1;
    run(&sums[1]);
    pthread_join(thread, NULL);
    printf("%u %u\n", sums[0], sums[1]);
    return 0;
}
