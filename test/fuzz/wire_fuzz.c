/* Whatever comes on a connection is answered with HTTP or ended, by a whole server of this process:
 * on loopback, in pieces as the first byte says, and then the client's end. What it leaves in
 * memory the leak checker finds. */
#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { BODY_MOST = 4096, REPLIES_SIZE = 64 * 1024, PIECES = 8 };

static struct http_server *server;

static void reply(struct http_exchange *exchange, int status, const char *text)
{
    http_reply(exchange, status, "text/plain", (struct bytes){text, strlen(text)});
}

static void open_request(struct http_exchange *exchange, void *context)
{
    http_set_attachment(exchange, context);
    if (!strcmp(http_path(exchange), "/early"))
        reply(exchange, 401, "early");
}

static void go_on(struct http_exchange *exchange, void *context)
{
    (void)context;
    reply(exchange, 200, "later");
}

static void run_request(struct http_exchange *exchange, void *context)
{
    struct error error;
    struct bytes body;
    (void)context;
    assert(*http_path(exchange) && *http_method(exchange));
    assert(spool_bytes(http_body(exchange), BODY_MOST, http_arena(exchange), &body, &error));
    if (!strcmp(http_path(exchange), "/wait") && http_begin_wait(exchange, &error))
        http_park(exchange, 1000, go_on);
    else
        reply(exchange, 200, "hello");
}

static void refuse_request(struct http_exchange *exchange, const struct error *error, void *context)
{
    (void)context;
    assert(error->code != ERROR_NONE && *error->message);
    reply(exchange, 400, "refused");
}

static void close_request(struct http_exchange *exchange, void *context)
{
    (void)exchange, (void)context;
}

static void stop(void)
{
    http_stop(server, 1000);
}

static void start(void)
{
    const struct http_settings settings = {
        .listen = "127.0.0.1:0",
        .spool_folder = "/tmp",
        .network_threads = 1,
        .workers = 1,
        .large_workers = 1,
        .connections = 1000,
        .connections_per_address = 1000,
        .idle_seconds = 10,
        .header_seconds = 10,
        .header_bytes = 4096,
        .body_bytes = BODY_MOST,
        .trusted_proxies = "127.0.0.1",
    };
    const struct http_door door = {NULL, open_request, run_request, refuse_request, close_request};
    struct error error;
    server = http_start(&settings, &door, &error);
    assert(server);
    atexit(stop);
}

static int connect_to_server(void)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(http_port(server))};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert(client >= 0 && connect(client, (struct sockaddr *)&to, sizeof to) == 0);
    return client;
}

/* What it says first, if it says anything, is a reply. */
static void read_replies(int client)
{
    static char replies[REPLIES_SIZE];
    static const char START[] = "HTTP/1.1 ";
    size_t size = 0;
    ssize_t got;
    while ((got = recv(client, replies + size, sizeof replies - size, 0)) > 0)
        size = (size + (size_t)got) % (sizeof replies - 1);
    if (size >= strlen(START))
        assert(memcmp(replies, START, strlen(START)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct linger at_once = {.l_onoff = 1};
    if (!server)
        start();
    int client = connect_to_server();
    size_t pieces = size ? 1 + data[0] % PIECES : 1, at = size ? 1 : 0;
    while (at < size) {
        size_t piece = (size - at) / pieces + 1;
        if (piece > size - at)
            piece = size - at;
        if (send(client, data + at, piece, MSG_NOSIGNAL) != (ssize_t)piece)
            break; /* it has heard enough */
        at += piece;
        pieces -= pieces > 1;
    }
    shutdown(client, SHUT_WR);
    read_replies(client);
    setsockopt(client, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(client);
    return 0;
}
