#include "collector/http_requests.h"

#include "collector/http_host.h"
#include "collector/page.h"
#include "collector/pages.h"

#include <stdlib.h>
#include <string.h>

enum {
    MOST_POSTED = 1 << 20, /* bytes */
    IDLE_SECONDS = 60,
    FORBIDDEN = 403,
    NOT_ALLOWED = 405,
    TOO_LARGE = 413,
    UNAVAILABLE = 503,
};

#define STOPPING "The server is being stopped\n"

struct request {
    struct request *next; /* of those that wait */
    struct MHD_Connection *connection;
    char *query; /* as it was sent */
    char *body;
    size_t body_len;
    bool seen; /* its headers were */
    bool begun, too_large;
    struct page page;
};

/* --- called by libmicrohttpd */

static void *begin_request(void *unused, const char *uri, struct MHD_Connection *connection)
{
    (void)unused;
    struct request *r = calloc(1, sizeof *r);
    const char *query = strchr(uri, '?');
    if (!r)
        return NULL;
    r->connection = connection;
    r->query = strdup(query ? query + 1 : "");
    page_init(&r->page);
    return r;
}

static void forget_waiting(struct http_requests *rs, struct request *r)
{
    struct request **at = &rs->waiting;
    while (*at && *at != r)
        at = &(*at)->next;
    if (*at)
        *at = r->next;
}

static void end_request(void *context, struct MHD_Connection *connection, void **request,
                        enum MHD_RequestTerminationCode why)
{
    struct request *r = *request;
    (void)connection;
    (void)why;
    if (!r)
        return;
    forget_waiting(context, r);
    page_release(&r->page);
    free(r->query);
    free(r->body);
    free(r);
    *request = NULL;
}

static enum MHD_Result send_page(const struct http_library *mhd, struct request *r)
{
    struct page *page = &r->page;
    char disposition[128];
    struct MHD_Response *response =
        mhd->create_response_from_buffer(page->len, page->text, MHD_RESPMEM_MUST_FREE);
    if (!response)
        return MHD_NO;
    page->text = NULL;
    mhd->add_response_header(response, "X-Content-Type-Options", "nosniff");
    mhd->add_response_header(response, "Content-Type", page->type);
    mhd->add_response_header(response, "Cache-Control", "no-store");
    if (page->failed)
        mhd->add_response_header(response, "X-Go-Pprof", "1");
    if (page->location[0])
        mhd->add_response_header(response, "Location", page->location);
    if (page->file[0]) {
        snprintf(disposition, sizeof disposition, "attachment; filename=\"%s\"", page->file);
        mhd->add_response_header(response, "Content-Disposition", disposition);
    }
    enum MHD_Result result = mhd->queue_response(r->connection, page->status, response);
    mhd->destroy_response(response);
    return result;
}

static void collect_body(struct request *r, const char *data, size_t len)
{
    char *grown = len <= MOST_POSTED - r->body_len ? realloc(r->body, r->body_len + len + 1) : NULL;
    if (!grown) {
        r->too_large = true;
        return;
    }
    memcpy(grown + r->body_len, data, len);
    r->body = grown;
    r->body_len += len;
    r->body[r->body_len] = '\0';
}

static void begin_page(struct http_requests *rs, struct request *r, const char *path,
                       const char *method)
{
    const char *host = rs->mhd->lookup_connection_value(r->connection, MHD_HEADER_KIND, "Host");
    bool known = !strcmp(method, "GET") || !strcmp(method, "HEAD") || !strcmp(method, "POST");
    r->begun = true;
    if (atomic_load(&rs->stop))
        page_fail(&r->page, UNAVAILABLE, STOPPING);
    else if (rs->local && !host_is_local(host))
        page_fail(&r->page, FORBIDDEN, "This server answers requests for localhost only\n");
    else if (!known)
        page_fail(&r->page, NOT_ALLOWED, "GET and POST are what this server knows\n");
    else if (r->too_large)
        page_fail(&r->page, TOO_LARGE, "That is too much at a time\n");
    else
        page_begin(&r->page, path, r->query ? r->query : "", r->body ? r->body : "");
}

static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *path,
                              const char *method, const char *version, const char *data,
                              size_t *len, void **request)
{
    struct http_requests *rs = context;
    struct request *r = *request;
    (void)version;
    if (!r)
        return MHD_NO;
    if (!r->seen) {
        r->seen = true;
        return MHD_YES;
    }
    if (*len) {
        collect_body(r, data, *len);
        *len = 0;
        return MHD_YES;
    }
    if (!r->begun)
        begin_page(rs, r, path, method);
    if (!r->page.due)
        return send_page(rs->mhd, r);
    r->next = rs->waiting;
    rs->waiting = r;
    rs->mhd->suspend_connection(connection);
    return MHD_YES;
}

struct MHD_Daemon *http_requests_daemon(struct http_requests *rs, int fd)
{
    return rs->mhd->start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, answer,
                                 rs, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_URI_LOG_CALLBACK,
                                 begin_request, NULL, MHD_OPTION_NOTIFY_COMPLETED, end_request, rs,
                                 MHD_OPTION_CONNECTION_LIMIT, (unsigned)HTTP_MOST_CONNECTIONS,
                                 MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
                                 MHD_OPTION_END);
}

/* --- those that wait */

int64_t http_requests_due(const struct http_requests *rs)
{
    int64_t due = INT64_MAX;
    for (const struct request *r = rs->waiting; r; r = r->next)
        if (r->page.due < due)
            due = r->page.due;
    return due;
}

static int socket_of(const struct http_requests *rs, const struct request *r)
{
    const union MHD_ConnectionInfo *info =
        rs->mhd->get_connection_info(r->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

nfds_t http_requests_watch(const struct http_requests *rs, struct pollfd *fds)
{
    nfds_t count = 0;
    for (const struct request *r = rs->waiting; r && count < HTTP_MOST_CONNECTIONS; r = r->next)
        fds[count++] = (struct pollfd){.fd = socket_of(rs, r), .events = POLLRDHUP};
    return count;
}

void http_requests_watched(struct http_requests *rs, const struct pollfd *fds, nfds_t count)
{
    struct request *r = rs->waiting;
    for (nfds_t i = 0; i < count && r; i++, r = r->next)
        if (fds[i].revents)
            r->page.due = 1;
}

void http_requests_finish(struct http_requests *rs, int64_t now)
{
    for (struct request *r = rs->waiting, *next; r; r = next) {
        next = r->next;
        if (r->page.due > now)
            continue;
        forget_waiting(rs, r);
        page_finish(&r->page);
        rs->mhd->resume_connection(r->connection);
    }
}

void http_requests_give_up(struct http_requests *rs)
{
    while (rs->waiting) {
        struct request *r = rs->waiting;
        forget_waiting(rs, r);
        page_release(&r->page);
        page_fail(&r->page, UNAVAILABLE, STOPPING);
        rs->mhd->resume_connection(r->connection);
    }
}
