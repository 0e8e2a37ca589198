/* public_address.h - whether an address belongs to the public internet, so that a stranger's word
 * cannot lead to this machine, to its network, or to what a cloud keeps beside it. */
#pragma once
#include <stdbool.h>
#include <sys/socket.h>

/* IPv4 and IPv6. What is neither is not public, nor is an IPv4 address in an IPv6 one, with one
 * exception: by the well-known prefix of NAT64, what counts is the address within. */
bool public_address_is(const struct sockaddr *address);

/* The same of an address with its port, which must be one of the web, as public_port_is_web says.
 */
bool public_address_is_web(const struct sockaddr *address);
bool public_port_is_web(int port); /* 80 or 443: what listens elsewhere may not be a web server */
