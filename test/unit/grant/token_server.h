/* token_server.h - a token endpoint on this machine that answers each form as it is told, on a
 * thread for each connection. */
#pragma once
#include <stdbool.h>

struct token_server;

struct token_answer {
    int status;
    const char *body; /* JSON, static */
};
/* number: of the request, from 0. May wait, and may do what else happens just then. */
typedef struct token_answer token_answerer(void *context, unsigned number, const char *form);

/* ret_port: any free one, on 127.0.0.1. */
struct token_server *token_server_start(token_answerer *answer, void *context, int *ret_port);
unsigned token_server_count(struct token_server *server); /* of the requests so far */
/* Everybody must have been answered. */
void token_server_finish(struct token_server *server);
