#include "collector/page.h"

#include "collector/clock.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

void page_init(struct page *page)
{
    *page = (struct page){.status = PAGE_OK, .type = PAGE_PLAIN, .fd = -1};
}

void page_fail(struct page *page, unsigned status, const char *format, ...)
{
    va_list args;
    free(page->text);
    page->status = status;
    page->failed = true;
    page->type = PAGE_PLAIN;
    page->file[0] = '\0';
    va_start(args, format);
    int len = vasprintf(&page->text, format, args);
    va_end(args);
    if (len < 0)
        page->text = NULL;
    page->len = len < 0 ? 0 : (size_t)len;
}

void page_put_off(struct page *page, const struct page_task *task, int64_t seconds)
{
    page->task = task;
    page->due = clock_ns(CLOCK_MONOTONIC) + seconds * INT64_C(1000000000);
}

int page_open_file(struct page *page)
{
    int fd = memfd_create("cpprof", MFD_CLOEXEC);
    if (fd < 0)
        page_fail(page, PAGE_SERVER_ERROR, "no memory for the profile: %s\n", strerror(errno));
    return fd;
}

void page_take_file(struct page *page, int fd)
{
    struct stat st;
    if (fstat(fd, &st) == 0 && (page->text = malloc((size_t)st.st_size + 1))) {
        ssize_t len = pread(fd, page->text, (size_t)st.st_size, 0);
        page->len = len < 0 ? 0 : (size_t)len;
    } else {
        page_fail(page, PAGE_SERVER_ERROR, "no memory for the profile\n");
    }
    close(fd);
}

static const struct page_task *end_task(struct page *page)
{
    const struct page_task *task = page->task;
    page->task = NULL;
    page->due = 0;
    return task;
}

void page_finish(struct page *page)
{
    const struct page_task *task = end_task(page);
    if (task)
        task->finish(page);
}

void page_release(struct page *page)
{
    const struct page_task *task = end_task(page);
    if (task)
        task->give_up(page);
    free(page->text);
    page->text = NULL;
}
