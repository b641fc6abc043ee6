#include "collector/http_address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 64, HOST_SIZE = 64, MOST_PORT = 65535 };

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

/* Splits HOST:PORT; false if it is not of that form. */
static bool split(const char *address, char *host, in_port_t *port)
{
    const char *colon = strrchr(address, ':');
    char *end;
    size_t len = colon ? (size_t)(colon - address) : 0;
    if (!colon || len >= HOST_SIZE || colon[1] < '0' || colon[1] > '9')
        return false;
    unsigned long number = strtoul(colon + 1, &end, 10);
    if (*end || number > MOST_PORT)
        return false;
    bool brackets = len > 1 && address[0] == '[' && address[len - 1] == ']';
    memcpy(host, address + brackets, len - 2 * brackets);
    host[len - 2 * brackets] = '\0';
    *port = htons((in_port_t)number);
    return true;
}

/* Names would have to be asked for on the network; only one is known here. */
static bool parse(const char *text, union address *a, socklen_t *len)
{
    char host[HOST_SIZE];
    in_port_t port;
    memset(a, 0, sizeof *a);
    if (!split(text, host, &port))
        return false;
    if (!*host || strcmp(host, "localhost") == 0)
        strcpy(host, "127.0.0.1");
    if (inet_pton(AF_INET, host, &a->v4.sin_addr) == 1) {
        a->v4.sin_family = AF_INET;
        a->v4.sin_port = port;
        *len = sizeof a->v4;
        return true;
    }
    a->v6.sin6_family = AF_INET6;
    a->v6.sin6_port = port;
    *len = sizeof a->v6;
    return inet_pton(AF_INET6, host, &a->v6.sin6_addr) == 1;
}

static bool is_loopback(const union address *a)
{
    if (a->any.sa_family == AF_INET)
        return ntohl(a->v4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    return IN6_IS_ADDR_LOOPBACK(&a->v6.sin6_addr);
}

int http_listen(const char *address, int *fd, int *port, bool *local)
{
    union address a;
    socklen_t len;
    int on = 1;
    if (!parse(address, &a, &len))
        return EINVAL;
    *fd = socket(a.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (*fd < 0)
        return errno;
    /* a port whose last connections are still closing may be had again */
    setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    *local = is_loopback(&a);
    if (bind(*fd, &a.any, len) != 0 || listen(*fd, BACKLOG) != 0 ||
        getsockname(*fd, &a.any, &len) != 0) {
        int error = errno;
        close(*fd);
        return error;
    }
    *port = ntohs(a.any.sa_family == AF_INET ? a.v4.sin_port : a.v6.sin6_port);
    return 0;
}
