/* Which page is at which path.
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

struct page;

#define PAGES_ROOT "/debug/pprof/"

/* Begins the page at PATH, which has been decoded, unlike QUERY. BODY is what was posted, or "". */
void page_begin(struct page *page, const char *path, const char *query, const char *body);

#endif
