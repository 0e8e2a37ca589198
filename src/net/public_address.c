#include "net/public_address.h"

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct range {
    unsigned char start[16];
    unsigned bits;
};

/* IANA's registry of special-purpose addresses, and what else is not for strangers. */
static const struct range RESERVED_IPV4[] = {
    {{0}, 8},                 /* this network */
    {{10}, 8},                /* private */
    {{100, 64}, 10},          /* behind a carrier's NAT */
    {{127}, 8},               /* this machine */
    {{168, 63, 129, 16}, 32}, /* Azure answers its machines there */
    {{169, 254}, 16},         /* the link; clouds keep credentials there */
    {{172, 16}, 12},          /* private */
    {{192, 0, 0}, 24},        /* protocol assignments */
    {{192, 0, 2}, 24},        /* documentation */
    {{192, 88, 99}, 24},      /* relays of 6to4 */
    {{192, 168}, 16},         /* private */
    {{198, 18}, 15},          /* benchmarks */
    {{198, 51, 100}, 24},     /* documentation */
    {{203, 0, 113}, 24},      /* documentation */
    {{224}, 4},               /* multicast */
    {{240}, 4},               /* reserved, and broadcast */
};

/* Of IPv6 only this much is given out; without it :: and ::1, addresses of IPv4 in their several
 * spellings, of a site, a link or a group are left out together. */
static const struct range GLOBAL_IPV6 = {{0x20}, 3};
static const struct range RESERVED_IPV6[] = {
    {{0x20, 0x01}, 23},             /* protocol assignments: Teredo, ORCHID, benchmarks */
    {{0x20, 0x01, 0x0d, 0xb8}, 32}, /* documentation */
    {{0x20, 0x02}, 16},             /* 6to4 */
    {{0x3f, 0xff}, 20},             /* documentation */
};
static const struct range NAT64 = {{0x00, 0x64, 0xff, 0x9b}, 96};

static bool is_in(const unsigned char *address, const struct range *range)
{
    unsigned whole = range->bits / 8, rest = range->bits % 8;
    if (memcmp(address, range->start, whole) != 0)
        return false;
    return !rest || (address[whole] ^ range->start[whole]) >> (8 - rest) == 0;
}

static bool is_in_any(const unsigned char *address, const struct range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (is_in(address, &ranges[i]))
            return true;
    return false;
}

static bool is_public_ipv4(const unsigned char *address)
{
    return !is_in_any(address, RESERVED_IPV4, sizeof RESERVED_IPV4 / sizeof *RESERVED_IPV4);
}

static bool is_public_ipv6(const unsigned char *address)
{
    if (is_in(address, &NAT64))
        return is_public_ipv4(address + 12);
    return is_in(address, &GLOBAL_IPV6) &&
           !is_in_any(address, RESERVED_IPV6, sizeof RESERVED_IPV6 / sizeof *RESERVED_IPV6);
}

bool public_address_is(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in ipv4;
        memcpy(&ipv4, address, sizeof ipv4);
        return is_public_ipv4((const unsigned char *)&ipv4.sin_addr);
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 ipv6;
        memcpy(&ipv6, address, sizeof ipv6);
        return is_public_ipv6((const unsigned char *)&ipv6.sin6_addr);
    }
    return false;
}

bool public_port_is_web(int port)
{
    return port == 80 || port == 443;
}

bool public_address_is_web(const struct sockaddr *address)
{
    in_port_t port;
    if (!public_address_is(address))
        return false;
    if (address->sa_family == AF_INET)
        memcpy(&port, (const char *)address + offsetof(struct sockaddr_in, sin_port), sizeof port);
    else
        memcpy(&port, (const char *)address + offsetof(struct sockaddr_in6, sin6_port),
               sizeof port);
    return public_port_is_web(ntohs(port));
}
