/* Several threads start, ask and stop the server for some time; each call must succeed or say why
 * not.
 *
 * usage: servers SECONDS       prints how many servers and answers there were
 */
#include "cpprof.h"

#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static time_t end;
static _Atomic int made, answered, failed;

static void note(const char *what, int error)
{
    if (error) {
        fprintf(stderr, "%s: %s\n", what, strerror(error));
        failed++;
    }
}

/* The server may be stopped by another thread at any moment: then there is no answer. */
static void ask(const char *request)
{
    char answer[4096];
    struct sockaddr_in to = {.sin_family = AF_INET};
    struct timeval patience = {10, 0};
    to.sin_port = htons((in_port_t)cpprof_http_port());
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (to.sin_port && connect(fd, (struct sockaddr *)&to, sizeof to) == 0 &&
        send(fd, request, strlen(request), MSG_NOSIGNAL) > 0) {
        ssize_t len = recv(fd, answer, sizeof answer, 0);
        answered += len > 0;
        note("no answer", len < 0 && errno == EAGAIN ? EAGAIN : 0);
    }
    close(fd);
}

static void *start_and_stop(void *unused)
{
    while (time(NULL) < end) {
        int error = cpprof_http_start("127.0.0.1:0");
        if (!error)
            made++;
        else if (error != EBUSY)
            note("start", error);
        ask("GET /debug/pprof/threads?debug=1 HTTP/1.0\r\n\r\n");
        ask("GET /debug/pprof/profile?seconds=1 HTTP/1.0\r\n\r\n");
        error = cpprof_http_stop();
        if (error != ENOENT)
            note("stop", error);
    }
    return unused;
}

static void *ask_only(void *unused)
{
    while (time(NULL) < end)
        ask("GET /debug/pprof/threadcreate HTTP/1.0\r\n\r\n");
    return unused;
}

int main(int argc, char **argv)
{
    pthread_t threads[4];
    if (argc != 2)
        return 2;
    end = time(NULL) + atoi(argv[1]);
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, i ? start_and_stop : ask_only, NULL);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    printf("%d %d\n", made, answered);
    return failed || !made || !answered || cpprof_http_stop() != ENOENT;
}
