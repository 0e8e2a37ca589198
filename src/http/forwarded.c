#include "http/forwarded.h"

#include <string.h>

#include "base/text.h"

static const char FORWARDED[] = "X-Forwarded-For";

/* 10.0.0.1, 10.0.0.1:4711, 2001:db8::1, [2001:db8::1] or [2001:db8::1]:4711. */
static bool forwarded_read(const char *word, size_t size, struct ip_address *ret_address)
{
    char text[IP_ADDRESS_TEXT_SIZE] = "";
    const char *end = word + size;
    if (size && *word == '[') {
        const char *closing = memchr(word, ']', size);
        if (!closing)
            return false;
        word++;
        end = closing;
    } else {
        const char *colon = memchr(word, ':', size);
        if (colon && !memchr(colon + 1, ':', (size_t)(end - colon - 1)))
            end = colon;
    }
    size = (size_t)(end - word);
    if (size >= sizeof text)
        return false;
    memcpy(text, word, size);
    return ip_address_read(text, ret_address);
}

/* Goes through a list from its end. True when the client has been found, or cannot be. */
static bool forwarded_look(const char *list, const struct networks *trusted,
                           struct ip_address *client)
{
    size_t end = strlen(list);
    while (end) {
        size_t start = end;
        while (start && list[start - 1] != ',')
            start--;
        size_t first = start, last = end;
        while (first < last && strchr(" \t", list[first]))
            first++;
        while (last > first && strchr(" \t", list[last - 1]))
            last--;
        if (!forwarded_read(list + first, last - first, client) || !networks_cover(trusted, client))
            return true;
        end = start ? start - 1 : 0;
    }
    return false;
}

struct ip_address forwarded_client(const struct head *head, const struct networks *trusted,
                                   const struct ip_address *peer)
{
    struct ip_address client = *peer;
    if (!networks_cover(trusted, peer))
        return client;
    for (size_t i = head->field_count; i > 0; i--)
        if (text_equal_nocase(head->fields[i - 1].name, FORWARDED) &&
            forwarded_look(head->fields[i - 1].value, trusted, &client))
            break;
    return client;
}
