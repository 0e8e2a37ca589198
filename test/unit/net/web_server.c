#include "web_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PATIENCE_SECONDS = 20, PIECE_SIZE = 64 * 1024, MOST_PEERS = 64 };

struct web_server {
    const struct web_turn *turns;
    size_t count;
    int listener;
    int end[2]; /* a pipe; closed at the end */
    pthread_t thread;
    pthread_mutex_t lock;
    sem_t closings;
    struct web_heard heard;
    pthread_t peers[MOST_PEERS];
};

struct peer {
    struct web_server *server;
    int socket;
    char *input;
    size_t size; /* of what was received and not used yet */
};

uint64_t web_hash(uint64_t hash, const void *data, size_t size)
{
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ ((const unsigned char *)data)[i]) * 1099511628211U + 1;
    return hash;
}

static bool receive(struct peer *peer)
{
    ssize_t got = recv(peer->socket, peer->input + peer->size, PIECE_SIZE - peer->size, 0);
    if (got > 0)
        peer->size += (size_t)got;
    return got > 0;
}

static void use(struct peer *peer, size_t size)
{
    memmove(peer->input, peer->input + size, peer->size - size);
    peer->size -= size;
}

/* False: the client has closed. */
static bool hear_head(struct peer *peer, char head[static 2048])
{
    char *end;
    while (!(end = memmem(peer->input, peer->size, "\r\n\r\n", 4)))
        if (peer->size == PIECE_SIZE || !receive(peer))
            return false;
    size_t size = (size_t)(end + 4 - peer->input);
    size_t kept = size < 2047 ? size : 2047;
    memcpy(head, peer->input, kept);
    head[kept] = '\0';
    use(peer, size);
    return true;
}

static bool hear_body(struct peer *peer, const char *head, uint64_t *size, uint64_t *hash)
{
    const char *length = strcasestr(head, "\r\nContent-Length:");
    uint64_t rest = length ? strtoull(length + 17, NULL, 10) : 0;
    while (rest) {
        if (!peer->size && !receive(peer))
            return false;
        size_t some = rest < peer->size ? (size_t)rest : peer->size;
        *hash = web_hash(*hash, peer->input, some);
        *size += some;
        rest -= some;
        use(peer, some);
    }
    return true;
}

static bool say(int peer, const char *data, size_t size)
{
    while (size) {
        ssize_t sent = send(peer, data, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        data += sent;
        size -= (size_t)sent;
    }
    return true;
}

static void say_filler(int peer, size_t size)
{
    char letters[4096];
    memset(letters, 'x', sizeof letters);
    while (size) {
        size_t some = size < sizeof letters ? size : sizeof letters;
        if (!say(peer, letters, some))
            return;
        size -= some;
    }
}

static void hang(struct peer *peer)
{
    do
        peer->size = 0;
    while (receive(peer));
}

static void drip(int peer)
{
    struct pollfd poller = {.fd = peer, .events = POLLRDHUP};
    while (poll(&poller, 1, 20) == 0 && say(peer, "x", 1))
        ;
}

static void reset(int peer)
{
    struct linger hard = {.l_onoff = 1, .l_linger = 0};
    setsockopt(peer, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
}

/* False: the connection is over. */
static bool run_turn(struct peer *peer, const struct web_turn *turn)
{
    if (turn->reply)
        say(peer->socket, turn->reply, strlen(turn->reply));
    if (turn->data)
        say(peer->socket, turn->data, turn->filler);
    else
        say_filler(peer->socket, turn->filler);
    if (turn->end == WEB_HANG)
        hang(peer);
    else if (turn->end == WEB_DRIP)
        drip(peer->socket);
    else if (turn->end == WEB_RESET)
        reset(peer->socket);
    return turn->end == WEB_KEEP;
}

static bool run_request(struct peer *peer)
{
    static const struct web_turn NO_TURN = {.reply = "HTTP/1.1 500 No Turn\r\n\r\n",
                                            .end = WEB_CLOSE};
    struct web_server *server = peer->server;
    char head[2048];
    if (!hear_head(peer, head))
        return false;
    pthread_mutex_lock(&server->lock);
    size_t number = server->heard.requests++;
    pthread_mutex_unlock(&server->lock);
    if (number >= WEB_REQUESTS_MAX)
        abort();
    memcpy(server->heard.heads[number], head, sizeof head);
    const struct web_turn *turn = number < server->count ? &server->turns[number] : &NO_TURN;
    if (!turn->is_hasty && !hear_body(peer, head, &server->heard.body_sizes[number],
                                      &server->heard.body_hashes[number]))
        return false;
    return run_turn(peer, turn);
}

static void *run_peer(void *argument)
{
    struct peer *peer = argument;
    while (run_request(peer))
        ;
    close(peer->socket);
    sem_post(&peer->server->closings);
    free(peer->input);
    free(peer);
    return NULL;
}

static void serve(struct web_server *server, int socket)
{
    struct timeval patience = {.tv_sec = PATIENCE_SECONDS};
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    struct peer *peer = calloc(1, sizeof *peer);
    *peer = (struct peer){server, socket, calloc(1, PIECE_SIZE), 0};
    if (server->heard.connections == MOST_PEERS ||
        pthread_create(&server->peers[server->heard.connections++], NULL, run_peer, peer) != 0)
        abort();
}

/* Who had connected before the end is still served. */
static void *run(void *argument)
{
    struct web_server *server = argument;
    struct pollfd pollers[] = {{.fd = server->listener, .events = POLLIN}, {.fd = server->end[0]}};
    do {
        poll(pollers, 2, -1);
        for (int peer; (peer = accept(server->listener, NULL, NULL)) >= 0;)
            serve(server, peer);
    } while (!pollers[1].revents);
    return NULL;
}

struct web_server *web_server_start(const char *address, const struct web_turn *turns, size_t count,
                                    int *ret_port)
{
    struct web_server *server = calloc(1, sizeof *server);
    server->turns = turns;
    server->count = count;
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    struct sockaddr_in name = {.sin_family = AF_INET};
    socklen_t size = sizeof name;
    inet_pton(AF_INET, address, &name.sin_addr);
    if (bind(server->listener, (struct sockaddr *)&name, size) != 0 ||
        listen(server->listener, 16) != 0 ||
        getsockname(server->listener, (struct sockaddr *)&name, &size) != 0 ||
        pipe2(server->end, O_CLOEXEC) != 0)
        abort();
    *ret_port = ntohs(name.sin_port);
    pthread_mutex_init(&server->lock, NULL);
    sem_init(&server->closings, 0, 0);
    pthread_create(&server->thread, NULL, run, server);
    return server;
}

void web_server_wait(struct web_server *server, size_t closed)
{
    while (closed--)
        sem_wait(&server->closings);
}

void web_server_finish(struct web_server *server, struct web_heard *ret_heard)
{
    close(server->end[1]);
    pthread_join(server->thread, NULL);
    for (size_t i = 0; i < server->heard.connections; i++)
        pthread_join(server->peers[i], NULL);
    close(server->listener);
    close(server->end[0]);
    *ret_heard = server->heard;
    pthread_mutex_destroy(&server->lock);
    sem_destroy(&server->closings);
    free(server);
}
