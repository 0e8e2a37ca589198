/* ip_address.h - IP addresses: read, written, compared, and the networks that they belong to.
 *
 * An IPv4 address is kept as the IPv6 one it is mapped to (::ffff:0:0/96), so there is one kind. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/error.h"

struct ip_address {
    unsigned char bytes[16];
};
enum { IP_ADDRESS_TEXT_SIZE = 46 };

/* What is neither IPv4 nor IPv6 becomes "::". */
struct ip_address ip_address_of_socket(const struct sockaddr *from);
/* 10.0.0.1, 2001:db8::1, ::ffff:10.0.0.1; no port, no brackets, no zone. */
bool ip_address_read(const char *text, struct ip_address *ret_address);
void ip_address_write(const struct ip_address *address, char ret_text[IP_ADDRESS_TEXT_SIZE]);
/* What counts as one client: an IPv4 address, or the first 64 bits of an IPv6 one, because a
 * client that has one IPv6 address has 2^64 of them. */
struct ip_address ip_address_client(const struct ip_address *address);
bool ip_address_equal(const struct ip_address *a, const struct ip_address *b);

struct network {
    struct ip_address first;
    unsigned bits;
};
struct networks {
    const struct network *items;
    size_t count;
};
/* Addresses and networks such as 10.0.0.0/8 or 2001:db8::/32, with spaces or commas between. */
bool networks_read(const char *text, struct arena *arena, struct networks *ret_networks,
                   struct error *error);
bool networks_cover(const struct networks *networks, const struct ip_address *address);
