/* A page: the answer to one request, without the protocol that carries it, and what is still being
 * made for it.
 *
 * Most pages are whole when they have been begun. A profile of some seconds is not: then `due` says
 * when to go on, and `task` what with. For one thread at a time.
 */
#ifndef CPPROF_COLLECTOR_PAGE_H
#define CPPROF_COLLECTOR_PAGE_H

#include "collector/kinds.h"

#define PAGE_PLAIN "text/plain; charset=utf-8"
#define PAGE_BINARY "application/octet-stream"

enum {
    PAGE_OK = 200,
    PAGE_MOVED = 301,
    PAGE_BAD_REQUEST = 400,
    PAGE_NOT_FOUND = 404,
    PAGE_SERVER_ERROR = 500,
};

struct page {
    /* the answer */
    unsigned status;
    bool failed; /* an error of ours, which X-Go-Pprof tells from others */
    const char *type;
    char file[64];     /* the name under which it is saved; "": it is shown */
    char location[32]; /* where it is instead; "": here */
    char *text;        /* malloc'd */
    size_t len;

    int64_t due; /* monotonic nanoseconds, from when on it can be finished; 0: it is whole */
    const struct page_task *task; /* NULL unless it is due some time */

    /* the task's */
    const struct page_recording *recording;
    int fd; /* where that goes */
    const struct cpprof_profile *profile;
    struct stackset before;
    int64_t seconds;
};

/* What is done with a page between its beginning and its end. */
struct page_task {
    void (*finish)(struct page *page);  /* makes the answer of what there is by now */
    void (*give_up)(struct page *page); /* nobody wants it any more */
};

/* An empty page, with nothing to release. */
void page_init(struct page *page);

/* An error: STATUS and a sentence. */
void page_fail(struct page *page, unsigned status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts the page off for SECONDS, until TASK finishes it. */
void page_put_off(struct page *page, const struct page_task *task, int64_t seconds);

/* A file in memory, for what writes to a descriptor; -1, and the page failed. page_take_file closes
 * it and makes its content the answer. */
int page_open_file(struct page *page);
void page_take_file(struct page *page, int fd);

/* Ends what is due; before that time it makes the profile of a shorter time. */
void page_finish(struct page *page);

/* Gives up and frees what there is, finished or not. */
void page_release(struct page *page);

#endif
