/* loop.h - the network threads: each waits with epoll for its connections, and for new ones.
 *
 * epoll tells by level, so that the end of what a client sends is never missed. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct loop;
struct http_server;
struct connection;

/* NULL when the system has no descriptor for it. It begins at once to take connections. */
struct loop *loop_start(struct http_server *server);
/* Closes its connections; no exchange may be away any more. NULL is fine. */
void loop_stop(struct loop *loop);
struct http_server *loop_server(const struct loop *loop);

/* On the loop's own thread. */
void loop_watch(struct connection *connection, uint32_t events);
void loop_forget(struct connection *connection); /* epoll tells nothing of it any more */

/* From any thread: the connection's exchange is its loop's again, which goes on with it. */
void loop_give_back(struct connection *connection);
