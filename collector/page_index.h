/* The page that lists the pages. */
#ifndef CPPROF_COLLECTOR_PAGE_INDEX_H
#define CPPROF_COLLECTOR_PAGE_INDEX_H

struct page;

void page_show_index(struct page *page, const char *query, const char *body);

#endif
