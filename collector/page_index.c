#include "collector/page_index.h"

#include "collector/page.h"
#include "collector/pages.h"

#include <ctype.h>
#include <string.h>

static void print_escaped(FILE *to, const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (strchr("<>&\"'", c))
            fprintf(to, "&#%d;", c);
        else
            putc(c, to);
    }
}

static void print_link(FILE *to, const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (isalnum(c) || strchr("-._~", c))
            putc(c, to);
        else
            fprintf(to, "%%%02X", c);
    }
}

static void print_kind(void *context, const struct cpprof_profile *p)
{
    FILE *to = context;
    fputs("<tr><td><a href=\"", to);
    print_link(to, p->name);
    fputs("?debug=1\">", to);
    print_escaped(to, p->name);
    fputs("</a></td><td>", to);
    print_escaped(to, p->about);
    if (p->start)
        fprintf(to, ", since <code>%s</code>", p->start);
    fputs("</td></tr>\n", to);
}

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" PAGES_ROOT
    "</title>\n"
    "<style>body{font:15px sans-serif;margin:2em}td{padding:.2em 1em .2em 0}"
    "td:first-child{min-width:9em}</style></head>\n"
    "<body><h1>" PAGES_ROOT "</h1>\n"
    "<p>These links show text. Without <code>?debug=1</code> the pages are profiles, as\n"
    "<code>cpprof</code> and <code>go tool pprof</code> read them;\n"
    "with <code>?seconds=5</code>, what changes in 5 seconds.</p>\n<table>\n";

static const char tail[] =
    "</table>\n<p>These take as long as <code>?seconds=</code> says.</p>\n<table>\n"
    "<tr><td><a href=\"profile\">profile</a></td><td>CPU time (30 seconds)</td></tr>\n"
    "<tr><td><a href=\"trace\">trace</a></td><td>what each thread did, for ui.perfetto.dev (1 "
    "second)</td></tr>\n"
    "</table>\n<p>And these answer at once.</p>\n<table>\n"
    "<tr><td><a href=\"threads?debug=2\">threads?debug=2</a></td><td>thread by thread</td></tr>\n"
    "<tr><td><a href=\"cmdline\">cmdline</a></td><td>the command line</td></tr>\n"
    "<tr><td><a href=\"symbol\">symbol</a></td><td>names of addresses: "
    "<code>symbol?0x1234+0x5678</code></td></tr>\n"
    "</table></body></html>\n";

void page_show_index(struct page *page, const char *query, const char *body)
{
    FILE *to = open_memstream(&page->text, &page->len);
    (void)query;
    (void)body;
    page->type = "text/html; charset=utf-8";
    if (!to) {
        page_fail(page, PAGE_SERVER_ERROR, "no memory\n");
        return;
    }
    fputs(head, to);
    kinds_each(print_kind, to);
    fputs(tail, to);
    fclose(to);
}
