#include "mime/domain.h"

#include <arpa/inet.h>
#include <idn2.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

enum { DOMAIN_MAX_BYTES = 253, LABEL_MAX_BYTES = 63, INPUT_MAX_BYTES = 1000 };

static const char *read_literal(const char *text, struct arena *arena)
{
    unsigned char raw[sizeof(struct in6_addr)];
    size_t size = strlen(text);
    if (size < 3 || text[size - 1] != ']')
        return NULL;
    const char *inner = arena_copy_bytes(arena, text + 1, size - 2);
    if (strncasecmp(inner, "IPv6:", strlen("IPv6:")) == 0)
        return inet_pton(AF_INET6, inner + strlen("IPv6:"), raw) == 1 ? text : NULL;
    return inet_pton(AF_INET, inner, raw) == 1 ? text : NULL;
}

static bool is_host_name(const char *text)
{
    static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyz0123456789-_";
    if (!*text || strlen(text) > DOMAIN_MAX_BYTES)
        return false;
    for (;;) {
        size_t size = strspn(text, LETTERS);
        if (!size || size > LABEL_MAX_BYTES || text[0] == '-' || text[size - 1] == '-')
            return false;
        if (!text[size])
            return true;
        if (text[size] != '.')
            return false;
        text += size + 1;
    }
}

const char *domain_read(const char *text, struct arena *arena)
{
    if (*text == '[')
        return read_literal(text, arena);
    if (strlen(text) > INPUT_MAX_BYTES)
        return NULL;
    const char *lower = text_lower(text, arena);
    if (text_is_ascii(lower) && !strstr(lower, "xn--"))
        return is_host_name(lower) ? lower : NULL;
    uint8_t *labels = NULL;
    int flags = IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT | IDN2_USE_STD3_ASCII_RULES;
    if (idn2_lookup_u8((const uint8_t *)lower, &labels, flags) != IDN2_OK)
        return NULL;
    const char *domain = arena_copy(arena, (const char *)labels);
    idn2_free(labels);
    return is_host_name(domain) ? domain : NULL;
}

const char *domain_host(const char *text, struct arena *arena)
{
    const char *host = text_trim(text, arena);
    size_t size = strlen(host);
    if (size > 2 && host[0] == '[' && host[size - 1] == ']')
        return arena_copy_bytes(arena, host + 1, size - 2);
    bool is_name = !host[strcspn(host, " \t\r\n")];
    return text_is_ascii(host) || !is_name ? host : text_or(domain_read(host, arena), host);
}
