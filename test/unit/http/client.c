#include "client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

int client_connect(uint16_t port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int client = socket(AF_INET, SOCK_STREAM, 0);
    struct timeval patience = {.tv_sec = PATIENCE_MS / 1000};
    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(client, (struct sockaddr *)&to, sizeof to) != 0) {
        close(client);
        return -1;
    }
    return client;
}

bool client_send_bytes(int client, const void *data, size_t size)
{
    const char *next = data;
    while (size) {
        ssize_t sent = send(client, next, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        next += sent;
        size -= (size_t)sent;
    }
    return true;
}

void client_send(int client, const char *text)
{
    client_send_bytes(client, text, strlen(text));
}

static bool read_header(int client, struct answer *answer)
{
    size_t size = 0;
    while (size + 1 < sizeof answer->header) {
        if (recv(client, answer->header + size, 1, 0) != 1)
            return false;
        answer->header[++size] = '\0';
        if (size >= 4 && memcmp(answer->header + size - 4, "\r\n\r\n", 4) == 0)
            return true;
    }
    return false;
}

void client_read_head(int client, struct answer *answer)
{
    *answer = (struct answer){0};
    if (read_header(client, answer))
        answer->status = (int)strtol(answer->header + strlen("HTTP/1.1 "), NULL, 10);
}

void client_read(int client, struct answer *answer)
{
    client_read_head(client, answer);
    const char *length = strcasestr(answer->header, "\r\nContent-Length:");
    size_t expected = length ? strtoul(length + strlen("\r\nContent-Length:"), NULL, 10) : 0;
    while (answer->size < expected && answer->size + 1 < sizeof answer->body) {
        size_t room = sizeof answer->body - 1 - answer->size;
        size_t wanted = expected - answer->size < room ? expected - answer->size : room;
        ssize_t got = recv(client, answer->body + answer->size, wanted, 0);
        if (got <= 0)
            break;
        answer->size += (size_t)got;
    }
    answer->body[answer->size] = '\0';
}

bool client_is_closed(int client)
{
    char byte;
    return recv(client, &byte, 1, 0) == 0;
}

int client_ask(uint16_t port, const char *request, struct answer *answer)
{
    int client = client_connect(port);
    client_send(client, request);
    client_read(client, answer);
    close(client);
    return answer->status;
}
