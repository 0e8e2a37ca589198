#include "token_server.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PEERS_MOST = 64, INPUT_MOST = 16 * 1024, PATIENCE_SECONDS = 20 };

struct token_server {
    token_answerer *answer;
    void *context;
    int listener;
    pthread_t thread, peers[PEERS_MOST];
    unsigned peer_count;
    atomic_uint requests;
};

struct peer {
    struct token_server *server;
    int socket;
};

/* One request, whole; NULL when the client has gone. */
static const char *hear(int socket, char input[static INPUT_MOST])
{
    size_t size = 0;
    for (;;) {
        ssize_t got = recv(socket, input + size, INPUT_MOST - 1 - size, 0);
        if (got <= 0)
            return NULL;
        size += (size_t)got;
        input[size] = '\0';
        const char *end = strstr(input, "\r\n\r\n"), *length = strstr(input, "\r\nContent-Length:");
        if (end && length && strlen(end + 4) == strtoul(length + 17, NULL, 10))
            return end + 4;
    }
}

static void *run_peer(void *argument)
{
    struct peer *peer = argument;
    struct token_server *server = peer->server;
    char input[INPUT_MOST], output[INPUT_MOST];
    const char *form = hear(peer->socket, input);
    if (form) {
        unsigned number = atomic_fetch_add(&server->requests, 1);
        struct token_answer answer = server->answer(server->context, number, form);
        int size = snprintf(output, sizeof output,
                            "HTTP/1.1 %d So\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n%s",
                            answer.status, strlen(answer.body), answer.body);
        send(peer->socket, output, (size_t)size, MSG_NOSIGNAL);
    }
    close(peer->socket);
    free(peer);
    return NULL;
}

/* Until the listener is shut down. */
static void *run(void *argument)
{
    struct token_server *server = argument;
    for (int socket; (socket = accept(server->listener, NULL, NULL)) >= 0;) {
        struct timeval patience = {.tv_sec = PATIENCE_SECONDS};
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        struct peer *peer = calloc(1, sizeof *peer);
        *peer = (struct peer){server, socket};
        if (server->peer_count == PEERS_MOST ||
            pthread_create(&server->peers[server->peer_count++], NULL, run_peer, peer) != 0)
            abort();
    }
    return NULL;
}

struct token_server *token_server_start(token_answerer *answer, void *context, int *ret_port)
{
    struct token_server *server = calloc(1, sizeof *server);
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof name;
    server->answer = answer;
    server->context = context;
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(server->listener, (struct sockaddr *)&name, size) != 0 ||
        listen(server->listener, PEERS_MOST) != 0 ||
        getsockname(server->listener, (struct sockaddr *)&name, &size) != 0 ||
        pthread_create(&server->thread, NULL, run, server) != 0)
        abort();
    *ret_port = ntohs(name.sin_port);
    return server;
}

unsigned token_server_count(struct token_server *server)
{
    return atomic_load(&server->requests);
}

void token_server_finish(struct token_server *server)
{
    shutdown(server->listener, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    for (unsigned i = 0; i < server->peer_count; i++)
        pthread_join(server->peers[i], NULL);
    close(server->listener);
    free(server);
}
