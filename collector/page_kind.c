#include "collector/page_kind.h"

#include "collector/kind_write.h"
#include "collector/page.h"
#include "collector/page_query.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static void fail(struct page *page, const struct cpprof_profile *p, int error)
{
    page_fail(page, PAGE_SERVER_ERROR, "Could not take %s: %s\n", p->name, strerror(error));
}

/* What is in FD, unless it could not be written. */
static void end_file(struct page *page, const struct cpprof_profile *p, int fd, int error)
{
    if (!error) {
        page_take_file(page, fd);
        return;
    }
    close(fd);
    fail(page, p, error);
}

/* --- how things stand */

static void show_now(struct page *page, const struct cpprof_profile *p, int debug)
{
    int fd = page_open_file(page);
    if (fd < 0)
        return;
    int error = kind_take_and_write(p, debug, fd);
    if (error == ENOENT)
        error = kind_write_empty(p, debug, fd);
    end_file(page, p, fd, error);
}

/* --- what changes */

static int take(const struct cpprof_profile *p, struct stackset *to)
{
    int error = p->take(p, to);
    return error == ENOENT ? 0 : error; /* nothing, so far */
}

static int write_delta(struct page *page, int fd)
{
    const struct cpprof_profile *p = page->profile;
    struct stackset after = {0};
    int error = take(p, &after);
    if (!error)
        error = stackset_add(&after, &page->before, -1);
    if (!error)
        error = kind_write(p, &after, page->seconds, 0, fd);
    stackset_release(&after);
    return error;
}

static void finish(struct page *page)
{
    int fd = page_open_file(page);
    if (fd >= 0)
        end_file(page, page->profile, fd, write_delta(page, fd));
    stackset_release(&page->before);
}

static void give_up(struct page *page)
{
    stackset_release(&page->before);
}

static const struct page_task task = {finish, give_up};

static void begin_delta(struct page *page, const struct cpprof_profile *p, int64_t seconds)
{
    int error = take(p, &page->before);
    if (error) {
        stackset_release(&page->before);
        fail(page, p, error);
        return;
    }
    page->profile = p;
    page->seconds = seconds;
    page->type = PAGE_BINARY;
    snprintf(page->file, sizeof page->file, "%.48s-delta", p->name);
    page_put_off(page, &task, seconds);
}

/* --- either */

void page_show_kind(struct page *page, const char *name, const char *query)
{
    const struct cpprof_profile *p = kinds_find(name);
    int64_t seconds = query_seconds(query, 0), wanted = query_number(query, "debug", 0);
    int debug = wanted < 0 ? 0 : wanted > 2 ? 2 : (int)wanted;
    bool delta = query_has(query, "seconds");
    if (!p) {
        page_fail(page, PAGE_NOT_FOUND, "Unknown profile\n");
    } else if (delta && !seconds) {
        page_fail(page, PAGE_BAD_REQUEST,
                  "invalid value for \"seconds\" - must be a positive integer\n");
    } else if (delta && !p->has_delta) {
        page_fail(page, PAGE_BAD_REQUEST,
                  "\"seconds\" parameter is not supported for this profile type\n");
    } else if (delta && debug) {
        page_fail(page, PAGE_BAD_REQUEST, "seconds and debug params are incompatible\n");
    } else if (delta) {
        begin_delta(page, p, seconds);
    } else {
        page->type = debug ? PAGE_PLAIN : PAGE_BINARY;
        if (!debug)
            snprintf(page->file, sizeof page->file, "%.48s", p->name);
        show_now(page, p, debug);
    }
}
