#include "http/listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 1024 };

/* getaddrinfo is content with nothing, and with 70000. */
static bool is_port(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    return digits && digits <= 5 && !text[digits] && strtoul(text, NULL, 10) <= UINT16_MAX;
}

static bool split(const char *address, char host[256], char port[8])
{
    const char *colon = strrchr(address, ':');
    if (!colon)
        return false;
    const char *start = address, *end = colon;
    if (*start == '[' && end > start && end[-1] == ']') {
        start++;
        end--;
    } else if (memchr(start, ':', (size_t)(end - start))) {
        return false; /* which colon is the port's cannot be told */
    }
    int size = (int)(end - start);
    if (!is_port(colon + 1))
        return false;
    return snprintf(host, 256, "%.*s", size, start) == size && size < 256 &&
           snprintf(port, 8, "%s", colon + 1) < 8;
}

static int open_one(const struct addrinfo *where)
{
    int listening = socket(where->ai_family, where->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
                           where->ai_protocol);
    if (listening < 0)
        return -1;
    int yes = 1;
    setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listening, where->ai_addr, where->ai_addrlen) != 0 ||
        listen(listening, BACKLOG) != 0) {
        close(listening);
        return -1;
    }
    return listening;
}

static uint16_t port_of(int listening)
{
    struct sockaddr_storage bound = {0};
    socklen_t size = sizeof bound;
    getsockname(listening, (struct sockaddr *)&bound, &size);
    struct sockaddr_in four;
    struct sockaddr_in6 six;
    memcpy(&four, &bound, sizeof four);
    memcpy(&six, &bound, sizeof six);
    return ntohs(bound.ss_family == AF_INET6 ? six.sin6_port : four.sin_port);
}

int listen_open(const char *address, uint16_t *ret_port, struct error *error)
{
    char host[256], port[8], what[300];
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    if (!split(address, host, port) ||
        getaddrinfo(*host ? host : NULL, port, &hints, &found) != 0) {
        fail(error, ERROR_INVALID, "listen", "%s is not an address and a port", address);
        return -1;
    }
    int listening = open_one(found);
    freeaddrinfo(found);
    if (listening < 0 && errno == EADDRINUSE) {
        fail(error, ERROR_CONFLICT, "listen",
             "another program listens on %s already: end that one, or choose another port "
             "(--listen ADDRESS:PORT, or make run LISTEN=ADDRESS:PORT)",
             address);
        return -1;
    }
    if (listening < 0) {
        snprintf(what, sizeof what, "cannot listen on %.256s", address);
        fail_errno(error, what);
        return -1;
    }
    *ret_port = port_of(listening);
    return listening;
}
