#include "cli/redirect.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"

enum {
    HEAD_BYTES = 16 * 1024,
    PATIENCE_MS = 2000, /* with one who has connected and says nothing, as browsers do */
    BAD_REQUEST = 400,
};

bool redirect_open(int64_t port, struct redirect *ret_redirect, struct error *error)
{
    struct sockaddr_in name = {.sin_family = AF_INET,
                               .sin_port = htons((uint16_t)port),
                               .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof name;
    int yes = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0)
        return fail_errno(error, "a port for the browser");
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (struct sockaddr *)&name, size) != 0 || listen(listener, 8) != 0 ||
        getsockname(listener, (struct sockaddr *)&name, &size) != 0) {
        close(listener);
        return fail(error, ERROR_UNAVAILABLE, "", "port %lld of this machine cannot be had",
                    (long long)port);
    }
    *ret_redirect = (struct redirect){listener, -1, ntohs(name.sin_port)};
    return true;
}

static bool is_ready(int socket, int64_t until_ms)
{
    int64_t left_ms = until_ms - clock_steady_ms();
    struct pollfd poller = {.fd = socket, .events = POLLIN};
    return left_ms > 0 && poll(&poller, 1, (int)left_ms) == 1;
}

/* The header of a request; false when it does not come, or not soon, or is too long. */
static bool read_head(int peer, int64_t until_ms, char head[static HEAD_BYTES])
{
    int64_t soon_ms = clock_steady_ms() + PATIENCE_MS;
    size_t size = 0;
    while (size < HEAD_BYTES - 1 && is_ready(peer, soon_ms < until_ms ? soon_ms : until_ms)) {
        ssize_t got = recv(peer, head + size, HEAD_BYTES - 1 - size, 0);
        if (got <= 0)
            return false;
        size += (size_t)got;
        head[size] = '\0';
        if (strstr(head, "\r\n\r\n"))
            return true;
    }
    return false;
}

const char *redirect_value(const struct target *target, const char *name)
{
    for (const struct query_pair *pair = target->query; pair; pair = pair->next)
        if (text_equal(pair->name, name))
            return pair->value;
    return NULL;
}

static bool read_target(char *head, struct arena *arena, struct target *ret_target)
{
    static const char GET[] = "GET ";
    struct error ignored;
    if (!text_starts(head, GET))
        return false;
    char *text = head + sizeof GET - 1;
    text[strcspn(text, " \r\n")] = '\0';
    return target_read(text, arena, ret_target, &ignored) && text_equal(ret_target->path, "/") &&
           redirect_value(ret_target, "state");
}

bool redirect_wait(struct redirect *redirect, int64_t timeout_ms, struct arena *arena,
                   struct target *ret_target, struct error *error)
{
    int64_t until_ms = clock_steady_ms() + timeout_ms;
    char head[HEAD_BYTES];
    while (is_ready(redirect->listener, until_ms)) {
        redirect->peer = accept4(redirect->listener, NULL, NULL, SOCK_CLOEXEC);
        if (redirect->peer < 0)
            continue;
        if (read_head(redirect->peer, until_ms, head) && read_target(head, arena, ret_target))
            return true;
        redirect_answer(redirect, BAD_REQUEST, "There is nothing here.");
    }
    return fail(error, ERROR_UNAVAILABLE, "", "nobody came back from the sign-in in time");
}

void redirect_answer(struct redirect *redirect, int status, const char *sentence)
{
    char reply[1024];
    if (redirect->peer < 0)
        return;
    int size = snprintf(reply, sizeof reply,
                        "HTTP/1.1 %d %s\r\nContent-Type: text/html; charset=utf-8\r\n"
                        "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n"
                        "Connection: close\r\n\r\n"
                        "<!doctype html><title>Outtray</title><p>%s</p>\n",
                        status, status < BAD_REQUEST ? "OK" : "Bad Request", sentence);
    send(redirect->peer, reply, (size_t)size, MSG_NOSIGNAL);
    shutdown(redirect->peer, SHUT_WR);
    close(redirect->peer);
    redirect->peer = -1;
}

void redirect_close(struct redirect *redirect)
{
    if (redirect->peer >= 0)
        close(redirect->peer);
    if (redirect->listener >= 0)
        close(redirect->listener);
    redirect->peer = redirect->listener = -1;
}
