/* connection.h - the connections there are: how many in all and of each address, and how long
 * each may still take over what it is doing.
 *
 * An address is an IPv4 address, or the first 64 bits of an IPv6 one. */
#pragma once
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

struct connections;
struct connection;
struct http_exchange;

/* Ends connections that are overdue, from a thread of its own. */
struct connections *connections_create(size_t most, size_t most_of_one_address);
void connections_destroy(struct connections *connections); /* NULL is fine */

/* Whether one more from there may come in; then it is counted. */
bool connections_admit(struct connections *connections, const struct sockaddr *from);
/* Of an admitted one. */
struct connection *connections_add(struct connections *connections, int socket,
                                   const struct sockaddr *from);
/* Before the socket is closed. */
void connections_remove(struct connections *connections, struct connection *connection);

const char *connection_address(const struct connection *connection);
int connection_socket(const struct connection *connection);
/* The request that is being read. libmicrohttpd ends some requests and does not tell us. */
void connection_set_unread(struct connection *connection, struct http_exchange *exchange);
struct http_exchange *connection_unread(const struct connection *connection); /* or NULL */
/* By when it must have got on, by clock_steady_ms. INT64_MAX: it is ours to get on. */
void connection_set_deadline(struct connection *connection, int64_t deadline_ms);

struct connection_counts {
    uint64_t now, refused;
};
struct connection_counts connections_count(struct connections *connections);
