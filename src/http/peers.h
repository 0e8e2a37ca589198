/* peers.h - who is here: how many connections, requests and waiting requests there are, in all and
 * of each client's address.
 *
 * A quarter of what there may be, in all and of an address, is kept from requests that wait. */
#pragma once
#include <stdint.h>

#include "http/ip_address.h"

struct peers;

struct peers *peers_create(size_t most, size_t most_of_one);
void peers_destroy(struct peers *peers); /* NULL is fine */

/* Whether one more connection may come in. client NULL: one of a proxy, or whose client is not yet
 * known; it counts only in all. */
bool peers_enter(struct peers *peers, const struct ip_address *client);
void peers_leave(struct peers *peers, const struct ip_address *client);
/* The client of a connection that has come in without one. */
bool peers_name(struct peers *peers, const struct ip_address *client);

/* Requests under way of a client behind a proxy: as many as it might have connections. */
bool peers_begin_request(struct peers *peers, const struct ip_address *client);
void peers_end_request(struct peers *peers, const struct ip_address *client);

bool peers_begin_wait(struct peers *peers, const struct ip_address *client);
void peers_end_wait(struct peers *peers, const struct ip_address *client);

struct peer_counts {
    uint64_t connections, refused;
};
struct peer_counts peers_count(struct peers *peers);
