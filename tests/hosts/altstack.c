/* Handlers on a stack of their own, of the size that used to be recommended; among them one that
 * gets a thread out of an overflown stack. Prints what happened.
 */
#include "work.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { ALTERNATE = 8192, GUARD = 4096, MARK = 0xA5 };

static __thread sigjmp_buf out;
static __thread volatile unsigned handled;

static void on_overflow(int signal)
{
    (void)signal;
    siglongjmp(out, 1);
}

static void on_user(int signal)
{
    (void)signal;
    handled = handled * 31 + work_some(handled % 50);
}

__attribute__((noinline)) static unsigned overflow(unsigned depth)
{
    volatile unsigned char room[4096];
    memset((void *)room, (int)depth, sizeof room);
    return depth == 1u << 30 ? 0 : overflow(depth + 1) + room[depth % sizeof room];
}

static void *run(void *result)
{
    unsigned char *memory = malloc(GUARD + ALTERNATE);
    stack_t stack = {.ss_sp = memory + GUARD, .ss_size = ALTERNATE}, now;
    volatile unsigned overflows = 0, sum = 0;
    memset(memory, MARK, GUARD);
    sigaltstack(&stack, NULL);
    for (volatile int i = 0; i < 100; i++) {
        if (sigsetjmp(out, 1) == 0)
            overflow(0);
        else
            overflows++;
        raise(SIGUSR1);
        sum += work_some((unsigned)i);
    }
    sigaltstack(NULL, &now);
    for (int i = 0; i < GUARD; i++) /* below the stack nobody may have written */
        sum += memory[i] != MARK;
    stack.ss_flags = SS_DISABLE;
    sigaltstack(&stack, NULL);
    free(memory);
    snprintf(result, 100, "%u overflows, %u, %u, flags %d, %s", overflows, handled, sum,
             now.ss_flags, now.ss_sp == stack.ss_sp ? "in place" : "moved");
    return NULL;
}

int main(void)
{
    struct sigaction action = {.sa_flags = SA_ONSTACK};
    pthread_t threads[2];
    pthread_attr_t attr;
    char results[2][100];
    action.sa_handler = on_overflow;
    sigaction(SIGSEGV, &action, NULL);
    action.sa_handler = on_user;
    sigaction(SIGUSR1, &action, NULL);
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, 262144);
    pthread_attr_setguardsize(&attr, 65536);
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], &attr, run, results[i]);
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
        puts(results[i]);
    }
    return 0;
}
