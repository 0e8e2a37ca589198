#include "http/ip_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

enum { MAPPED_BITS = 96, ADDRESS_BITS = 128, CLIENT_BITS = 64, NETWORKS_MOST = 256 };

static const char BETWEEN[] = " \t,";

static struct ip_address ip_address_mapped(const struct in_addr *four)
{
    struct ip_address address = {{[10] = 0xFF, [11] = 0xFF}};
    memcpy(address.bytes + MAPPED_BITS / 8, four, sizeof *four);
    return address;
}

static bool ip_address_is_mapped(const struct ip_address *address)
{
    static const unsigned char START[MAPPED_BITS / 8] = {[10] = 0xFF, [11] = 0xFF};
    return memcmp(address->bytes, START, sizeof START) == 0;
}

struct ip_address ip_address_of_socket(const struct sockaddr *from)
{
    struct ip_address address = {{0}};
    if (from->sa_family == AF_INET6) {
        struct sockaddr_in6 six;
        memcpy(&six, from, sizeof six);
        memcpy(address.bytes, &six.sin6_addr, sizeof address.bytes);
    } else if (from->sa_family == AF_INET) {
        struct sockaddr_in four;
        memcpy(&four, from, sizeof four);
        address = ip_address_mapped(&four.sin_addr);
    }
    return address;
}

bool ip_address_read(const char *text, struct ip_address *ret_address)
{
    struct in_addr four;
    struct in6_addr six;
    if (inet_pton(AF_INET, text, &four) == 1)
        *ret_address = ip_address_mapped(&four);
    else if (inet_pton(AF_INET6, text, &six) == 1)
        memcpy(ret_address->bytes, &six, sizeof six);
    else
        return false;
    return true;
}

void ip_address_write(const struct ip_address *address, char ret_text[IP_ADDRESS_TEXT_SIZE])
{
    if (ip_address_is_mapped(address))
        inet_ntop(AF_INET, address->bytes + MAPPED_BITS / 8, ret_text, IP_ADDRESS_TEXT_SIZE);
    else
        inet_ntop(AF_INET6, address->bytes, ret_text, IP_ADDRESS_TEXT_SIZE);
}

struct ip_address ip_address_client(const struct ip_address *address)
{
    struct ip_address client = *address;
    if (!ip_address_is_mapped(address))
        memset(client.bytes + CLIENT_BITS / 8, 0, sizeof client.bytes - CLIENT_BITS / 8);
    return client;
}

bool ip_address_equal(const struct ip_address *a, const struct ip_address *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

/* The digits behind the slash; of an IPv4 network they count from its first bit. */
static bool network_read_bits(const char *text, unsigned most, unsigned *ret_bits)
{
    unsigned bits = 0;
    size_t size = strlen(text);
    if (!size || size > 3 || text[strspn(text, "0123456789")])
        return false;
    for (; *text; text++)
        bits = bits * 10 + (unsigned)(*text - '0');
    *ret_bits = bits;
    return bits <= most;
}

static bool network_read(char *text, struct network *ret_network)
{
    char *slash = strchr(text, '/');
    if (slash)
        *slash = '\0';
    if (!ip_address_read(text, &ret_network->first))
        return false;
    bool is_four = !strchr(text, ':');
    ret_network->bits = is_four ? ADDRESS_BITS - MAPPED_BITS : ADDRESS_BITS;
    if (slash && !network_read_bits(slash + 1, ret_network->bits, &ret_network->bits))
        return false;
    ret_network->bits += is_four ? MAPPED_BITS : 0;
    return true;
}

bool networks_read(const char *text, struct arena *arena, struct networks *ret_networks,
                   struct error *error)
{
    struct network *items = arena_new(arena, struct network, NETWORKS_MOST);
    size_t count = 0;
    for (text += strspn(text, BETWEEN); *text; text += strspn(text, BETWEEN)) {
        size_t size = strcspn(text, BETWEEN);
        char *word = arena_copy_bytes(arena, text, size);
        if (count == NETWORKS_MOST)
            return fail(error, ERROR_INVALID, "", "must be %d addresses or networks at most",
                        NETWORKS_MOST);
        if (!network_read(word, &items[count++]))
            return fail(error, ERROR_INVALID, "",
                        "must be addresses or networks such as 127.0.0.1 10.0.0.0/8 2001:db8::/32");
        text += size;
    }
    *ret_networks = (struct networks){items, count};
    return true;
}

static bool network_covers(const struct network *network, const struct ip_address *address)
{
    size_t whole = network->bits / 8;
    unsigned rest = network->bits % 8;
    unsigned mask = 0xFF00U >> rest & 0xFF;
    return memcmp(network->first.bytes, address->bytes, whole) == 0 &&
           (!rest || ((network->first.bytes[whole] ^ address->bytes[whole]) & mask) == 0);
}

bool networks_cover(const struct networks *networks, const struct ip_address *address)
{
    for (size_t i = 0; i < networks->count; i++)
        if (network_covers(&networks->items[i], address))
            return true;
    return false;
}
