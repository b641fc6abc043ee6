#include "collector/forks.h"

#include "collector/custom.h"
#include "collector/http.h"
#include "collector/modules.h"
#include "collector/threadcreate.h"
#include "collector/threads.h"
#include "collector/threadstacks.h"

#include <pthread.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int error;

static void prepare(void)
{
    threadcreate_lock();
    custom_lock();
}

static void parent(void)
{
    custom_unlock();
    threadcreate_unlock();
}

static void child(void)
{
    parent();
    modules_after_fork();
    threads_after_fork();
    threadstacks_after_fork();
    http_after_fork();
}

static void watch(void)
{
    error = pthread_atfork(prepare, parent, child);
}

int forks_watch(void)
{
    pthread_once(&once, watch);
    return error;
}
