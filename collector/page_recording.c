#include "collector/page_recording.h"

#include "collector/page.h"
#include "collector/page_query.h"
#include "collector/trace.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

struct page_recording {
    const char *what;  /* it is called in a sentence */
    const char *begun; /* the same after "Could not enable", as Go says it */
    const char *file;
    int64_t seconds; /* unless the query says otherwise */
    int (*start)(int fd);
    int (*stop)(void);
};

static int start_cpu(int fd)
{
    return cpprof_cpu_start_fd(fd, 0);
}

static const struct page_recording cpu = {
    .what = "CPU profile",
    .begun = "CPU profiling",
    .file = "profile",
    .seconds = 30,
    .start = start_cpu,
    .stop = cpprof_cpu_stop,
};

static const struct page_recording trace = {
    .what = "trace",
    .begun = "tracing",
    .file = "trace.json.gz",
    .seconds = 1,
    .start = trace_start_gzip,
    .stop = cpprof_trace_stop,
};

static void finish(struct page *page)
{
    int error = page->recording->stop();
    if (!error) {
        page_take_file(page, page->fd);
        return;
    }
    close(page->fd);
    page_fail(page, PAGE_SERVER_ERROR, "Could not make the %s: %s\n", page->recording->what,
              error == ENOENT ? "the program has ended it" : strerror(error));
}

static void give_up(struct page *page)
{
    page->recording->stop();
    close(page->fd);
}

static const struct page_task task = {finish, give_up};

static void begin(struct page *page, const struct page_recording *r, const char *query)
{
    int fd = page_open_file(page);
    int error = fd < 0 ? 0 : r->start(fd);
    if (error) {
        close(fd);
        if (error == EBUSY)
            page_fail(page, PAGE_SERVER_ERROR, "Could not enable %s: a %s is being made already\n",
                      r->begun, r->what);
        else
            page_fail(page, PAGE_SERVER_ERROR, "Could not enable %s: %s\n", r->begun,
                      strerror(error));
    }
    if (fd < 0 || error)
        return;
    page->recording = r;
    page->fd = fd;
    page->type = PAGE_BINARY;
    snprintf(page->file, sizeof page->file, "%s", r->file);
    page_put_off(page, &task, query_seconds(query, r->seconds));
}

void page_show_cpu(struct page *page, const char *query, const char *body)
{
    (void)body;
    begin(page, &cpu, query);
}

void page_show_trace(struct page *page, const char *query, const char *body)
{
    (void)body;
    begin(page, &trace, query);
}
