/* Pages that record for some seconds what the program does: CPU profiles and execution traces. */
#ifndef CPPROF_COLLECTOR_PAGE_RECORDING_H
#define CPPROF_COLLECTOR_PAGE_RECORDING_H

struct page;

/* Begin them, for as long as QUERY says. Only one of each can be made at a time; another one is an
 * error, whoever makes the first. */
void page_show_cpu(struct page *page, const char *query, const char *body);
void page_show_trace(struct page *page, const char *query, const char *body);

#endif
