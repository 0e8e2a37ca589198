/* load.c - sends the same few requests over many connections that are kept alive, as fast as the
 * answers come, and prints how many a second and how long they took, as one line of JSON.
 *
 *   load --port 8025 --path /x --connections 16 --requests 10000 [--method POST] [--seconds 120]
 *        [--header 'Name: value']... [--body FILE]...
 *
 * One thread and epoll: what it costs is taken from the server on the same machine. Bodies are
 * taken in turn. Exit status 1 when not every request was answered with 2xx in time. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { MOST_HEADERS = 16, MOST_BODIES = 8192, HEADER_SIZE = 4096, REPLY_SIZE = 65536, EVENTS = 64 };

struct body {
    const char *data;
    size_t size;
    char header[HEADER_SIZE];
    size_t header_size;
};

static struct {
    uint16_t port;
    const char *method, *path, *headers[MOST_HEADERS], *files[MOST_BODIES];
    size_t header_count, body_count;
    unsigned connections, requests, seconds;
} wish = {.method = "POST", .path = "/", .connections = 1, .requests = 1000, .seconds = 120};

struct connection {
    int socket;
    const struct body *body; /* of the request under way */
    size_t sent, got;
    size_t expected; /* bytes of the reply in all; 0: its header is not complete yet */
    uint64_t began_ns;
    bool waits_for_room; /* in the socket, to send more */
    char reply[REPLY_SIZE];
};

static struct body bodies[MOST_BODIES];
static uint64_t *took_ns;
static unsigned begun, answered, statuses[6]; /* by their first digit */
static int poller;

_Noreturn static void give_up(const char *why)
{
    fprintf(stderr, "load: %s: %s\n", why, strerror(errno));
    exit(2);
}

static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void read_body(struct body *body, const char *file)
{
    int opened = open(file, O_RDONLY);
    struct stat status;
    if (opened < 0 || fstat(opened, &status) != 0)
        give_up(file);
    body->size = (size_t)status.st_size;
    if (body->size) {
        body->data = mmap(NULL, body->size, PROT_READ, MAP_PRIVATE, opened, 0);
        if (body->data == MAP_FAILED)
            give_up(file);
    }
    close(opened);
}

static void write_header(struct body *body)
{
    int size = snprintf(body->header, HEADER_SIZE,
                        "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nContent-Length: %zu\r\n",
                        wish.method, wish.path, wish.port, body->size);
    for (size_t i = 0; i < wish.header_count && size < HEADER_SIZE; i++)
        size += snprintf(body->header + size, (size_t)(HEADER_SIZE - size), "%s\r\n",
                         wish.headers[i]);
    if (size + 3 > HEADER_SIZE)
        give_up("the headers are too long");
    strcpy(body->header + size, "\r\n");
    body->header_size = (size_t)size + 2;
}

static void watch(struct connection *connection, int how, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = connection};
    if (epoll_ctl(poller, how, connection->socket, &event) != 0)
        give_up("epoll_ctl");
}

static void open_connection(struct connection *connection)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(wish.port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int on = 1;
    connection->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connection->socket < 0 ||
        connect(connection->socket, (struct sockaddr *)&address, sizeof address) != 0 ||
        fcntl(connection->socket, F_SETFL, O_NONBLOCK) != 0)
        give_up("connect");
    setsockopt(connection->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    watch(connection, EPOLL_CTL_ADD, EPOLLIN);
}

/* Sends what the socket takes of the request. Returns false when the server has hung up. */
static bool go_on_sending(struct connection *connection)
{
    const struct body *body = connection->body;
    size_t whole = body->header_size + body->size;
    while (connection->sent < whole) {
        struct iovec pieces[2];
        int count = 0;
        size_t in_body = 0;
        if (connection->sent < body->header_size)
            pieces[count++] = (struct iovec){(char *)body->header + connection->sent,
                                             body->header_size - connection->sent};
        else
            in_body = connection->sent - body->header_size;
        if (body->size > in_body)
            pieces[count++] = (struct iovec){(char *)body->data + in_body, body->size - in_body};
        ssize_t wrote = writev(connection->socket, pieces, count);
        if (wrote < 0 && errno == EAGAIN) {
            connection->waits_for_room = true;
            watch(connection, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
            return true;
        }
        if (wrote < 0)
            return false;
        connection->sent += (size_t)wrote;
    }
    if (connection->waits_for_room)
        watch(connection, EPOLL_CTL_MOD, EPOLLIN);
    connection->waits_for_room = false;
    return true;
}

static void begin_request(struct connection *connection)
{
    if (begun == wish.requests)
        return;
    connection->body = &bodies[begun++ % wish.body_count];
    connection->sent = connection->got = connection->expected = 0;
    connection->began_ns = now_ns();
    go_on_sending(connection); /* a server that hung up is seen when we read */
}

/* How many bytes the reply has in all, once its header is there; 0 before. */
static size_t reply_size(const struct connection *connection)
{
    const char *end = memmem(connection->reply, connection->got, "\r\n\r\n", 4);
    if (!end)
        return 0;
    size_t header = (size_t)(end + 4 - connection->reply), content = 0;
    for (const char *line = connection->reply; line < end; line = strchr(line, '\n') + 1)
        if (strncasecmp(line, "content-length:", 15) == 0)
            content = strtoul(line + 15, NULL, 10);
    return header + content;
}

static void note_answer(const struct connection *connection)
{
    int digit = connection->got > 9 ? connection->reply[9] - '0' : 0;
    statuses[digit > 0 && digit < 6 ? digit : 0]++;
    took_ns[answered++] = now_ns() - connection->began_ns;
}

static void start_over(struct connection *connection)
{
    close(connection->socket);
    connection->waits_for_room = false;
    open_connection(connection);
    begin_request(connection);
}

static void go_on_reading(struct connection *connection)
{
    ssize_t got = read(connection->socket, connection->reply + connection->got,
                       REPLY_SIZE - 1 - connection->got);
    if (got < 0 && errno == EAGAIN)
        return;
    if (got <= 0) { /* no answer: status 0 */
        if (connection->body)
            note_answer(connection);
        connection->body = NULL;
        start_over(connection);
        return;
    }
    connection->got += (size_t)got;
    connection->reply[connection->got] = '\0';
    if (!connection->expected)
        connection->expected = reply_size(connection);
    if (connection->expected >= REPLY_SIZE)
        give_up("a reply is too large");
    if (!connection->expected || connection->got < connection->expected)
        return;
    note_answer(connection);
    connection->body = NULL;
    bool closes = strcasestr(connection->reply, "\r\nConnection: close\r\n") != NULL;
    if (closes && begun < wish.requests)
        start_over(connection);
    else
        begin_request(connection);
}

static void run(struct connection *connections)
{
    uint64_t until_ns = now_ns() + (uint64_t)wish.seconds * 1000000000;
    for (unsigned i = 0; i < wish.connections; i++)
        begin_request(&connections[i]);
    while (answered < wish.requests && now_ns() < until_ns) {
        struct epoll_event events[EVENTS];
        int count = epoll_wait(poller, events, EVENTS, 100);
        for (int i = 0; i < count; i++) {
            struct connection *connection = events[i].data.ptr;
            if (connection->body && events[i].events & EPOLLOUT)
                go_on_sending(connection);
            if (events[i].events & ~(uint32_t)EPOLLOUT && answered < wish.requests)
                go_on_reading(connection);
        }
    }
}

static int by_size(const void *a, const void *b)
{
    uint64_t first = *(const uint64_t *)a, second = *(const uint64_t *)b;
    return first < second ? -1 : first > second;
}

static double share_ms(double share)
{
    return answered ? (double)took_ns[(size_t)(share * (answered - 1))] / 1e6 : 0;
}

static void report(double seconds)
{
    qsort(took_ns, answered, sizeof *took_ns, by_size);
    printf("{\"requests\": %u, \"ok\": %u, \"seconds\": %.3f, \"per_second\": %.1f, "
           "\"p50_ms\": %.3f, \"p99_ms\": %.3f, \"most_ms\": %.3f, \"hung_up\": %u, "
           "\"status_4xx\": %u, \"status_5xx\": %u}\n",
           answered, statuses[2], seconds, answered / seconds, share_ms(0.5), share_ms(0.99),
           share_ms(1), statuses[0], statuses[4], statuses[5]);
}

static void take_option(const char *name, const char *value)
{
    const struct {
        const char *name;
        unsigned *number;
        const char **text, **list;
        size_t *count, most;
    } OPTIONS[] = {
        {"--connections", .number = &wish.connections},
        {"--requests", .number = &wish.requests},
        {"--seconds", .number = &wish.seconds},
        {"--method", .text = &wish.method},
        {"--path", .text = &wish.path},
        {"--header", .list = wish.headers, .count = &wish.header_count, .most = MOST_HEADERS},
        {"--body", .list = wish.files, .count = &wish.body_count, .most = MOST_BODIES},
    };
    if (strcmp(name, "--port") == 0) {
        wish.port = (uint16_t)strtoul(value, NULL, 10);
        return;
    }
    for (size_t i = 0; i < sizeof OPTIONS / sizeof *OPTIONS; i++) {
        if (strcmp(name, OPTIONS[i].name) != 0)
            continue;
        if (OPTIONS[i].number)
            *OPTIONS[i].number = (unsigned)strtoul(value, NULL, 10);
        else if (OPTIONS[i].text)
            *OPTIONS[i].text = value;
        else if (*OPTIONS[i].count < OPTIONS[i].most)
            OPTIONS[i].list[(*OPTIONS[i].count)++] = value;
        return;
    }
    errno = EINVAL;
    give_up(name);
}

int main(int count, char **arguments)
{
    for (int i = 1; i + 1 < count; i += 2)
        take_option(arguments[i], arguments[i + 1]);
    if (wish.connections > wish.requests)
        wish.connections = wish.requests;
    for (size_t i = 0; i < wish.body_count; i++)
        read_body(&bodies[i], wish.files[i]);
    if (!wish.body_count)
        wish.body_count = 1;
    for (size_t i = 0; i < wish.body_count; i++)
        write_header(&bodies[i]);
    took_ns = calloc(wish.requests, sizeof *took_ns);
    struct connection *connections = calloc(wish.connections, sizeof *connections);
    poller = epoll_create1(EPOLL_CLOEXEC);
    if (!took_ns || !connections || poller < 0)
        give_up("start");
    for (unsigned i = 0; i < wish.connections; i++)
        open_connection(&connections[i]);
    uint64_t began_ns = now_ns();
    run(connections);
    report((double)(now_ns() - began_ns) / 1e9);
    return statuses[2] != wish.requests;
}
