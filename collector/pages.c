#include "collector/pages.h"

#include "collector/kind_write.h"
#include "collector/names.h"
#include "collector/trace.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define ROOT "/debug/pprof/"
#define PLAIN "text/plain; charset=utf-8"
#define BINARY "application/octet-stream"

enum {
    OK = 200,
    MOVED = 301,
    BAD_REQUEST = 400,
    NOT_FOUND = 404,
    SERVER_ERROR = 500,
    CPU_SECONDS = 30,
    TRACE_SECONDS = 1,
    MOST_SECONDS = 24 * 3600,
};

static int64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

/* --- answers */

void page_fail(struct page *page, unsigned status, const char *format, ...)
{
    va_list args;
    free(page->text);
    page->status = status;
    page->failed = true;
    page->type = PLAIN;
    page->file[0] = '\0';
    page->due = 0;
    va_start(args, format);
    int len = vasprintf(&page->text, format, args);
    va_end(args);
    if (len < 0)
        page->text = NULL;
    page->len = len < 0 ? 0 : (size_t)len;
}

/* What is in the file FD, which is closed, becomes the answer. */
static void take_file(struct page *page, int fd)
{
    struct stat st;
    if (fstat(fd, &st) == 0 && (page->text = malloc((size_t)st.st_size + 1))) {
        ssize_t len = pread(fd, page->text, (size_t)st.st_size, 0);
        page->len = len < 0 ? 0 : (size_t)len;
    } else {
        page_fail(page, SERVER_ERROR, "no memory for the profile\n");
    }
    close(fd);
}

static int open_memory(struct page *page)
{
    int fd = memfd_create("cpprof", MFD_CLOEXEC);
    if (fd < 0)
        page_fail(page, SERVER_ERROR, "no memory for the profile: %s\n", strerror(errno));
    return fd;
}

/* --- parameters */

/* The value of KEY in QUERY, into VALUE; false if it is not there. */
static bool find_value(const char *query, const char *key, char *value, size_t size)
{
    size_t len = strlen(key);
    for (const char *at = query; at && *at; at = strchr(at, '&')) {
        at += *at == '&';
        if (strncmp(at, key, len) == 0 && at[len] == '=') {
            snprintf(value, size, "%.*s", (int)strcspn(at + len + 1, "&"), at + len + 1);
            return true;
        }
    }
    return false;
}

/* A whole decimal number, else OTHERWISE. */
static int64_t find_number(const char *query, const char *key, int64_t otherwise)
{
    char value[32], *end;
    if (!find_value(query, key, value, sizeof value) || !*value || isspace((unsigned char)*value))
        return otherwise;
    errno = 0;
    long long number = strtoll(value, &end, 10);
    return *end || errno ? otherwise : number;
}

/* --- pages */

static void begin_cpu(struct page *page, const char *query, const char *body)
{
    (void)body;
    int64_t seconds = find_number(query, "seconds", CPU_SECONDS);
    if (seconds <= 0 || seconds > MOST_SECONDS)
        seconds = CPU_SECONDS;
    int fd = open_memory(page);
    if (fd < 0)
        return;
    int error = cpprof_cpu_start_fd(fd, 0);
    if (error) {
        close(fd);
        page_fail(page, SERVER_ERROR, "Could not enable CPU profiling: %s\n",
                  error == EBUSY ? "a CPU profile is being made already" : strerror(error));
        return;
    }
    page->cpu_fd = fd;
    page->type = BINARY;
    snprintf(page->file, sizeof page->file, "profile");
    page->due = now() + seconds * INT64_C(1000000000);
}

static void finish_cpu(struct page *page)
{
    int fd = page->cpu_fd, error = cpprof_cpu_stop();
    page->cpu_fd = -1;
    if (!error) {
        take_file(page, fd);
        return;
    }
    close(fd);
    page_fail(page, SERVER_ERROR, "Could not make the CPU profile: %s\n",
              error == ENOENT ? "the program has ended it" : strerror(error));
}

static void begin_trace(struct page *page, const char *query, const char *body)
{
    (void)body;
    int64_t seconds = find_number(query, "seconds", TRACE_SECONDS);
    if (seconds <= 0 || seconds > MOST_SECONDS)
        seconds = TRACE_SECONDS;
    int fd = open_memory(page);
    if (fd < 0)
        return;
    int error = trace_start_gzip(fd);
    if (error) {
        close(fd);
        page_fail(page, SERVER_ERROR, "Could not enable tracing: %s\n",
                  error == EBUSY ? "a trace is being made already" : strerror(error));
        return;
    }
    page->trace_fd = fd;
    page->type = BINARY;
    snprintf(page->file, sizeof page->file, "trace.json.gz");
    page->due = now() + seconds * INT64_C(1000000000);
}

static void finish_trace(struct page *page)
{
    int fd = page->trace_fd, error = cpprof_trace_stop();
    page->trace_fd = -1;
    if (!error) {
        take_file(page, fd);
        return;
    }
    close(fd);
    page_fail(page, SERVER_ERROR, "Could not make the trace: %s\n",
              error == ENOENT ? "the program has ended it" : strerror(error));
}

static void show_cmdline(struct page *page, const char *query, const char *body)
{
    char part[4096];
    ssize_t len;
    (void)query;
    (void)body;
    int from = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC), to = open_memory(page);
    page->type = PLAIN;
    while (from >= 0 && to >= 0 && (len = read(from, part, sizeof part)) > 0)
        if (write(to, part, (size_t)len) != len)
            break;
    if (to >= 0)
        take_file(page, to);
    if (from >= 0)
        close(from);
    if (page->len && !page->text[page->len - 1]) /* NULs stand between, not behind */
        page->len--;
}

static void show_symbol(struct page *page, const char *query, const char *body)
{
    FILE *to = open_memstream(&page->text, &page->len);
    page->type = PLAIN;
    if (!to) {
        page_fail(page, SERVER_ERROR, "no memory\n");
        return;
    }
    struct names *names = names_open();
    fputs("num_symbols: 1\n", to);
    for (const char *at = *body ? body : query; *at; at += *at == '+') {
        char *end;
        uintptr_t address = strtoul(at, &end, 0);
        struct name name = {0};
        if (end != at && (*end == '+' || !*end) && address)
            name = name_find(names, address);
        if (name.function)
            fprintf(to, "0x%" PRIxPTR " %s\n", address, name.function);
        at += strcspn(at, "+");
    }
    names_close(names);
    fclose(to);
}

static void begin_delta(struct page *page, const struct cpprof_profile *p, int64_t seconds,
                        int64_t debug)
{
    if (seconds <= 0 || seconds > MOST_SECONDS) {
        page_fail(page, BAD_REQUEST,
                  "invalid value for \"seconds\" - must be a positive integer\n");
        return;
    }
    if (!p->has_delta) {
        page_fail(page, BAD_REQUEST,
                  "\"seconds\" parameter is not supported for this profile type\n");
        return;
    }
    if (debug) {
        page_fail(page, BAD_REQUEST, "seconds and debug params are incompatible\n");
        return;
    }
    int error = p->take(p, &page->before);
    if (error) {
        page_fail(page, SERVER_ERROR, "Could not take %s: %s\n", p->name, strerror(error));
        return;
    }
    page->profile = p;
    page->seconds = seconds;
    page->type = BINARY;
    snprintf(page->file, sizeof page->file, "%.48s-delta", p->name);
    page->due = now() + seconds * INT64_C(1000000000);
}

static void write_set(struct page *page, const struct cpprof_profile *p, struct stackset *set,
                      int64_t debug)
{
    int fd = open_memory(page);
    if (fd < 0)
        return;
    int error = set ? kind_write(p, set, page->seconds, 0, fd)
                    : kind_take_and_write(p,
                                          debug < 0   ? 0
                                          : debug > 2 ? 2
                                                      : (int)debug,
                                          fd);
    if (!error) {
        take_file(page, fd);
        return;
    }
    close(fd);
    page_fail(page, SERVER_ERROR, "Could not take %s: %s\n", p->name,
              error == ENOENT ? "it has not been started" : strerror(error));
}

static void finish_delta(struct page *page)
{
    const struct cpprof_profile *p = page->profile;
    struct stackset after = {0};
    page->profile = NULL;
    int error = p->take(p, &after);
    if (!error)
        error = stackset_add(&after, &page->before, -1);
    if (error)
        page_fail(page, SERVER_ERROR, "Could not take %s: %s\n", p->name, strerror(error));
    else
        write_set(page, p, &after, 0);
    stackset_release(&after);
}

static void show_kind(struct page *page, const char *name, const char *query)
{
    char value[8];
    const struct cpprof_profile *p = kinds_find(name);
    int64_t debug = find_number(query, "debug", 0);
    if (!p) {
        page_fail(page, NOT_FOUND, "Unknown profile\n");
        return;
    }
    if (find_value(query, "seconds", value, sizeof value) && *value) {
        begin_delta(page, p, find_number(query, "seconds", 0), debug);
        return;
    }
    page->type = debug ? PLAIN : BINARY;
    if (!debug)
        snprintf(page->file, sizeof page->file, "%.48s", p->name);
    write_set(page, p, NULL, debug);
}

/* --- the index */

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
    fputs("</td></tr>\n", to);
}

static void show_index(struct page *page, const char *query, const char *body)
{
    FILE *to = open_memstream(&page->text, &page->len);
    (void)query;
    (void)body;
    page->type = "text/html; charset=utf-8";
    if (!to) {
        page_fail(page, SERVER_ERROR, "no memory\n");
        return;
    }
    fputs("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" ROOT
          "</title>\n<style>body{font:15px sans-serif;margin:2em}td{padding:.2em 1em .2em 0}"
          "</style></head>\n<body><h1>" ROOT "</h1>\n"
          "<p>Add <code>?debug=1</code> for text; without it a page is a profile, as "
          "<code>cpprof</code> and <code>go tool pprof</code> read it.</p>\n<table>\n",
          to);
    kinds_each(print_kind, to);
    fputs(
        "<tr><td><a href=\"profile\">profile</a></td><td>CPU time of <code>seconds</code> "
        "seconds (30)</td></tr>\n"
        "<tr><td><a href=\"trace\">trace</a></td><td>what each thread did in <code>seconds</code> "
        "seconds (1); for ui.perfetto.dev</td></tr>\n"
        "<tr><td><a href=\"threads?debug=2\">full thread dump</a></td><td>thread by "
        "thread</td></tr>\n"
        "<tr><td><a href=\"cmdline\">cmdline</a></td><td>the command line</td></tr>\n"
        "</table></body></html>\n",
        to);
    fclose(to);
}

/* --- which page it is */

static const struct {
    const char *name; /* behind ROOT */
    void (*show)(struct page *page, const char *query, const char *body);
} routes[] = {
    {"", show_index},        {"cmdline", show_cmdline}, {"profile", begin_cpu},
    {"symbol", show_symbol}, {"trace", begin_trace},
};

void page_begin(struct page *page, const char *path, const char *query, const char *body)
{
    static const char root[] = ROOT;
    *page = (struct page){.status = OK, .type = PLAIN, .cpu_fd = -1, .trace_fd = -1};
    if (strncmp(path, root, sizeof root - 1) != 0) {
        page_fail(page, NOT_FOUND, "There is nothing here; the profiles are at " ROOT "\n");
        if (strcmp(path, "/debug/pprof") == 0) {
            page->status = MOVED;
            page->failed = false;
            snprintf(page->location, sizeof page->location, ROOT);
        }
        return;
    }
    const char *name = path + sizeof root - 1;
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
        if (strcmp(name, routes[i].name) == 0) {
            routes[i].show(page, query, body);
            return;
        }
    show_kind(page, name, query);
}

void page_finish(struct page *page)
{
    page->due = 0;
    if (page->cpu_fd >= 0)
        finish_cpu(page);
    else if (page->trace_fd >= 0)
        finish_trace(page);
    else if (page->profile)
        finish_delta(page);
}

void page_release(struct page *page)
{
    if (page->cpu_fd >= 0) {
        cpprof_cpu_stop();
        close(page->cpu_fd);
        page->cpu_fd = -1;
    }
    if (page->trace_fd >= 0) {
        cpprof_trace_stop();
        close(page->trace_fd);
        page->trace_fd = -1;
    }
    stackset_release(&page->before);
    free(page->text);
    page->text = NULL;
}

/* --- who may ask */

bool page_host_is_local(const char *host)
{
    static const char *const names[] = {"localhost", "localhost.", "[::1]"};
    if (!host)
        return true; /* no browser leaves it out */
    size_t len = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (len == strlen(names[i]) && strncasecmp(host, names[i], len) == 0)
            return true;
    /* 127.0.0.0/8, in numbers: 127.evil.example is a name */
    return strncmp(host, "127.", 4) == 0 && strspn(host, "0123456789.") == len;
}
