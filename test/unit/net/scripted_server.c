#include "scripted_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LINE_SIZE = 1024, PATIENCE_MS = 10000 };

struct scripted_server {
    char *script;
    int listener, peer;
    bool is_closed; /* by the client */
    pthread_t thread;
    sem_t closings;
    char *input; /* received and not used yet */
    size_t size, room;
    struct heard heard;
};

static void wrong(struct scripted_server *server, const char *step, const char *what)
{
    if (!*server->heard.wrong)
        snprintf(server->heard.wrong, sizeof server->heard.wrong, "at %.100s: %.100s", step, what);
}

static bool receive(struct scripted_server *server)
{
    if (server->room - server->size < 65536) {
        server->room += 1 << 20;
        server->input = realloc(server->input, server->room);
    }
    ssize_t got = recv(server->peer, server->input + server->size, 65536, 0);
    if (got <= 0)
        server->is_closed = true;
    else
        server->size += (size_t)got;
    return got > 0;
}

static void use(struct scripted_server *server, size_t size)
{
    memmove(server->input, server->input + size, server->size - size);
    server->size -= size;
}

/* A client that closes where the script wants a command: that may be what the test is about, so
 * it ends the connection and is no mistake. */
static bool hear_line(struct scripted_server *server, const char *wanted)
{
    char *end;
    while (!(end = server->size ? memchr(server->input, '\n', server->size) : NULL))
        if (!receive(server))
            return false;
    size_t size = (size_t)(end - server->input) + 1;
    char line[LINE_SIZE];
    snprintf(line, sizeof line, "%.*s", (int)(size - 1), server->input);
    line[strcspn(line, "\r")] = '\0';
    struct heard *heard = &server->heard;
    size_t used = strlen(heard->commands);
    snprintf(heard->commands + used, sizeof heard->commands - used, "%s\n", line);
    heard->data_commands += strcmp(line, "DATA") == 0;
    if (strncmp(line, wanted, strlen(wanted)) != 0)
        wrong(server, wanted, line);
    use(server, size);
    return true;
}

static bool hear_content(struct scripted_server *server)
{
    char *end;
    size_t searched = 0;
    for (;;) {
        if (server->size >= 3 && memcmp(server->input, ".\r\n", 3) == 0) {
            end = server->input - 2;
            break;
        }
        end = server->size
                  ? memmem(server->input + searched, server->size - searched, "\r\n.\r\n", 5)
                  : NULL;
        if (end)
            break;
        searched = server->size > 4 ? server->size - 4 : 0;
        if (!receive(server))
            return false;
    }
    struct heard *heard = &server->heard;
    heard->content_size = (size_t)(end + 2 - server->input);
    free(heard->content);
    heard->content = calloc(1, heard->content_size + 1);
    memcpy(heard->content, server->input, heard->content_size);
    heard->dots++;
    use(server, heard->content_size + 3);
    return true;
}

static bool say(struct scripted_server *server, const char *text, size_t size)
{
    return send(server->peer, text, size, MSG_NOSIGNAL) == (ssize_t)size;
}

static void hear_nothing(struct scripted_server *server)
{
    while (receive(server))
        server->size = 0;
}

/* A client that closes cannot be seen past the bytes that are not read, so the end of the test is
 * waited for. */
static void wait_for_end(struct scripted_server *server)
{
    struct pollfd poller = {.fd = server->listener, .events = POLLIN};
    if (poll(&poller, 1, PATIENCE_MS) == 0)
        wrong(server, "deaf", "the client did not come to its end");
}

static bool say_raw(struct scripted_server *server, const char *text)
{
    char bytes[LINE_SIZE];
    size_t size = 0;
    for (; *text && size + 2 < sizeof bytes; text++) {
        if (*text == '|')
            bytes[size++] = '\r';
        bytes[size++] = *text == '|' ? '\n' : *text;
    }
    return say(server, bytes, size);
}

static void say_many(struct scripted_server *server)
{
    for (int i = 0; i < 10000 && say(server, "250-more\r\n", 10);)
        i++;
}

static bool say_often(struct scripted_server *server, const char *text)
{
    char line[LINE_SIZE];
    int size = snprintf(line, sizeof line, "%s\r\n", text);
    for (int i = 0; i < 30000 && say(server, line, (size_t)size);)
        i++;
    return true;
}

static void say_long(struct scripted_server *server)
{
    char letters[1000];
    memset(letters, 'x', sizeof letters);
    say(server, "250 ", 4);
    for (int i = 0; i < 100 && say(server, letters, sizeof letters);)
        i++;
    say(server, "\r\n", 2);
}

static void drip(struct scripted_server *server)
{
    struct pollfd poller = {.fd = server->peer, .events = POLLRDHUP};
    while (poll(&poller, 1, 20) == 0 && say(server, "2", 1))
        ;
}

/* Queued bytes that were not read make close() a reset. */
static void reset(struct scripted_server *server)
{
    struct linger hard = {.l_onoff = 1, .l_linger = 0};
    setsockopt(server->peer, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
}

/* False: the connection is over. */
static bool step_run(struct scripted_server *server, const char *step)
{
    static const struct {
        const char *step;
        void (*run)(struct scripted_server *server);
        bool is_end;
    } STEPS[] = {
        {"hang", hear_nothing, true}, {"deaf", wait_for_end, true},
        {"close", NULL, true},        {"reset", reset, true},
        {"drip", drip, true},         {"long", say_long, false},
        {"many", say_many, false},    {0},
    };
    for (size_t i = 0; STEPS[i].step; i++) {
        if (strcmp(step, STEPS[i].step) != 0)
            continue;
        if (STEPS[i].run)
            STEPS[i].run(server);
        return !STEPS[i].is_end;
    }
    if (strcmp(step, ".") == 0)
        return hear_content(server);
    if (*step == '<')
        return hear_line(server, step + 1);
    if (strncmp(step, "raw:", 4) == 0)
        return say_raw(server, step + 4);
    if (strncmp(step, "many:", 5) == 0)
        return say_often(server, step + 5);
    char line[LINE_SIZE];
    int size = snprintf(line, sizeof line, "%s\r\n", step);
    return say(server, line, (size_t)size);
}

static char *run_connection(struct scripted_server *server, char *script)
{
    bool is_open = true;
    char *step;
    while ((step = strsep(&script, "\n")) && strcmp(step, "--") != 0)
        if (is_open && *step)
            is_open = step_run(server, step);
    if (is_open)
        while (hear_line(server, "QUIT"))
            ;
    return script;
}

static void *run(void *argument)
{
    struct scripted_server *server = argument;
    char *rest = server->script;
    while (rest) {
        struct pollfd poller = {.fd = server->listener, .events = POLLIN};
        poll(&poller, 1, -1);
        server->peer = accept(server->listener, NULL, NULL);
        if (server->peer < 0)
            break;
        struct timeval patience = {.tv_sec = PATIENCE_MS / 1000};
        int yes = 1; /* what was said is on its way when a reset follows */
        setsockopt(server->peer, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        setsockopt(server->peer, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        setsockopt(server->peer, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        server->heard.connections++;
        server->size = 0;
        rest = run_connection(server, rest);
        close(server->peer);
        sem_post(&server->closings);
    }
    return NULL;
}

struct scripted_server *scripted_server_start(const char *script, int *ret_port)
{
    struct scripted_server *server = calloc(1, sizeof *server);
    server->script = strdup(script);
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    if (bind(server->listener, (struct sockaddr *)&address, size) != 0 ||
        listen(server->listener, 16) != 0 ||
        getsockname(server->listener, (struct sockaddr *)&address, &size) != 0)
        abort();
    *ret_port = ntohs(address.sin_port);
    sem_init(&server->closings, 0, 0);
    pthread_create(&server->thread, NULL, run, server);
    return server;
}

void scripted_server_wait(struct scripted_server *server, size_t closed)
{
    while (closed--)
        sem_wait(&server->closings);
}

void scripted_server_finish(struct scripted_server *server, struct heard *ret_heard)
{
    shutdown(server->listener, SHUT_RDWR); /* no more connections */
    pthread_join(server->thread, NULL);
    close(server->listener);
    *ret_heard = server->heard;
    free(server->script);
    free(server->input);
    free(server);
}
