/* client.h - a client that says exactly what a test tells it to, on a bare socket. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whatever is waited for here comes in a moment, or the test fails. */
enum { PATIENCE_MS = 10 * 1000, ANSWER_SIZE = 64 * 1024 };

struct answer {
    int status; /* 0: the server closed without an answer */
    char header[4096];
    char body[ANSWER_SIZE];
    size_t size;
};

int client_connect(uint16_t port);
void client_send(int client, const char *text);
/* As much as the server takes; false when it hung up. */
bool client_send_bytes(int client, const void *data, size_t size);
/* The next answer; of a HEAD it has no body. */
void client_read(int client, struct answer *ret_answer);
void client_read_head(int client, struct answer *ret_answer);
bool client_is_closed(int client); /* waits for the end; false when something else comes */

/* One request on a connection of its own. */
int client_ask(uint16_t port, const char *request, struct answer *ret_answer);
