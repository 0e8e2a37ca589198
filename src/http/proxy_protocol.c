#include "http/proxy_protocol.h"

#include <string.h>

/* The header as it is on the wire: 12 bytes that no other protocol begins with; version and
 * command; family and transport; how many bytes follow; the addresses, the client's first. */
enum {
    PROXY_VERSION_AT = 12,
    PROXY_FAMILY_AT = 13,
    PROXY_LENGTH_AT = 14,
    PROXY_ADDRESS_AT = 16,
    PROXY_LOCAL = 0x20,
    PROXY_FOR_CLIENT = 0x21,
    PROXY_TCP_4 = 0x11,
    PROXY_TCP_6 = 0x21,
    PROXY_TCP_4_SIZE = 12,
    PROXY_TCP_6_SIZE = 36,
};
static const unsigned char PROXY_SIGNATURE[PROXY_VERSION_AT] = "\r\n\r\n\0\r\nQUIT\n";

/* False when the addresses do not fit into what is there of them. */
static bool proxy_protocol_take(const unsigned char *header, size_t length,
                                struct ip_address *ret_address)
{
    const unsigned char *client = header + PROXY_ADDRESS_AT;
    unsigned family = header[PROXY_FAMILY_AT];
    if (header[PROXY_VERSION_AT] == PROXY_LOCAL)
        return true;
    if (family == PROXY_TCP_4 && length >= PROXY_TCP_4_SIZE) {
        *ret_address = (struct ip_address){{[10] = 0xFF, [11] = 0xFF}};
        memcpy(ret_address->bytes + 12, client, 4);
    } else if (family == PROXY_TCP_6 && length >= PROXY_TCP_6_SIZE) {
        memcpy(ret_address->bytes, client, sizeof ret_address->bytes);
    }
    return family != PROXY_TCP_4 ? family != PROXY_TCP_6 || length >= PROXY_TCP_6_SIZE
                                 : length >= PROXY_TCP_4_SIZE;
}

enum proxy_header proxy_protocol_read(const void *data, size_t size, size_t *ret_size,
                                      struct ip_address *ret_address)
{
    const unsigned char *header = data;
    size_t known = size < sizeof PROXY_SIGNATURE ? size : sizeof PROXY_SIGNATURE;
    if (memcmp(header, PROXY_SIGNATURE, known) != 0)
        return PROXY_BROKEN;
    if (size < PROXY_ADDRESS_AT)
        return PROXY_INCOMPLETE;
    unsigned command = header[PROXY_VERSION_AT];
    size_t length = (size_t)header[PROXY_LENGTH_AT] << 8 | header[PROXY_LENGTH_AT + 1];
    if ((command != PROXY_LOCAL && command != PROXY_FOR_CLIENT) ||
        PROXY_ADDRESS_AT + length > PROXY_HEADER_MOST)
        return PROXY_BROKEN;
    if (size < PROXY_ADDRESS_AT + length)
        return PROXY_INCOMPLETE;
    if (!proxy_protocol_take(header, length, ret_address))
        return PROXY_BROKEN;
    *ret_size = PROXY_ADDRESS_AT + length;
    return PROXY_READ;
}
