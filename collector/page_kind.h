/* Pages of the profiles that show how things stand, and of what changes in them within some
 * seconds.
 */
#ifndef CPPROF_COLLECTOR_PAGE_KIND_H
#define CPPROF_COLLECTOR_PAGE_KIND_H

struct page;

/* Begins the page of the profile NAME. One that the program has not started is empty, and says what
 * would start it: a scraper that asks for all kinds should not take that for a failure. */
void page_show_kind(struct page *page, const char *name, const char *query);

#endif
