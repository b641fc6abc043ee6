/* The pages under /debug/pprof/, without the protocol that carries them.
 *
 *     struct page page;
 *     page_begin(&page, path, query, body);
 *     ...if page.due is not 0, wait until then...          a profile of some seconds
 *     page_finish(&page);
 *     ...send page.status, page.type, page.text...
 *     page_release(&page);
 *
 * Paths, parameters, answers and errors are those of Go's net/http/pprof (its package
 * documentation), so that `go tool pprof`, Prometheus-style scrapers and people find what they
 * know. For one thread at a time.
 */
#ifndef CPPROF_COLLECTOR_PAGES_H
#define CPPROF_COLLECTOR_PAGES_H

#include "collector/kinds.h"

struct page {
    int64_t due; /* monotonic nanoseconds, from when on it can be finished; 0: it is whole */

    /* the answer */
    unsigned status;
    bool failed; /* an error of ours, which X-Go-Pprof tells from others */
    const char *type;
    char file[64];     /* the name under which it is saved; "": it is shown */
    char location[32]; /* where it is instead; "": here */
    char *text;        /* malloc'd */
    size_t len;

    /* until it is finished */
    int64_t seconds;
    const struct cpprof_profile *profile; /* of a difference */
    struct stackset before;
    int cpu_fd;   /* of a CPU profile that is being made; -1: none */
    int trace_fd; /* of a trace */
};

/* Begins the page at PATH, which has been decoded, unlike QUERY. BODY is what was posted, or "". */
void page_begin(struct page *page, const char *path, const char *query, const char *body);

/* Ends what is due; before that time it makes the profile of a shorter time. */
void page_finish(struct page *page);

/* An error page: STATUS and a sentence. */
void page_fail(struct page *page, unsigned status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Gives up and frees what there is, finished or not. */
void page_release(struct page *page);

/* May a request with this Host header be answered by a server of this machine's own? Otherwise a
 * web site whose name leads here could read the pages. HOST may be NULL. */
bool page_host_is_local(const char *host);

#endif
