#include "net/trust.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"
#include "base/text.h"

static bool is_alone;

void trust_ca_file_alone(void)
{
    is_alone = true;
}

static bool trust_prepare_pem(CURL *curl, const char *pem)
{
    struct curl_blob blob = {(char *)(size_t)pem, strlen(pem), CURL_BLOB_COPY};
    curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
    return curl_easy_setopt(curl, CURLOPT_CAINFO_BLOB, &blob) == CURLE_OK;
}

/* The system's folder is looked up by name; its file would be read whole, each time. */
static void trust_prepare_authorities(CURL *curl, const char *ca_file)
{
    bool has_folder = curl_version_info(CURLVERSION_NOW)->capath;
    if (ca_file || has_folder)
        curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file);
    if (ca_file && is_alone)
        curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
}

bool trust_prepare(void *curl, const struct tls_trust *trust)
{
    bool is_looked_at_later = trust->fingerprints && !trust->public_key;
    bool is_known = is_looked_at_later || trust->public_key;
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, is_known ? 0L : 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, is_known ? 0L : 2L);
    /* A cache of the system's certificates per connection is megabytes per mailbox. */
    curl_easy_setopt(curl, CURLOPT_CA_CACHE_TIMEOUT, 0L);
    if (trust->public_key)
        return curl_easy_setopt(curl, CURLOPT_PINNEDPUBLICKEY, trust->public_key) == CURLE_OK;
    if (is_looked_at_later)
        return curl_easy_setopt(curl, CURLOPT_CERTINFO, 1L) == CURLE_OK;
    if (trust->ca_pem)
        return trust_prepare_pem(curl, trust->ca_pem);
    trust_prepare_authorities(curl, trust->ca_file);
    return true;
}

/* The first certificate in a PEM text, as bytes; none: no data. */
static struct bytes trust_decode(const char *pem, struct arena *arena)
{
    static const char BEGIN[] = "-----BEGIN CERTIFICATE-----", END[] = "-----END CERTIFICATE-----";
    const char *start = strstr(pem, BEGIN);
    const char *end = start ? strstr(start, END) : NULL;
    if (!end)
        return (struct bytes){0};
    start += sizeof BEGIN - 1;
    size_t size = (size_t)(end - start), decoded = 0, rest = 0;
    struct base64_reader reader = {0};
    unsigned char *der = arena_alloc(arena, size / 4 * 3 + 6);
    if (!base64_read(&reader, start, size, der, &decoded) ||
        !base64_finish(&reader, der + decoded, &rest) || !(decoded + rest))
        return (struct bytes){0};
    return (struct bytes){der, decoded + rest};
}

static const char *trust_sha256(struct bytes bytes, struct arena *arena)
{
    struct sha256 sha;
    sha256_start(&sha);
    sha256_add(&sha, bytes.data, bytes.size);
    return sha256_finish(&sha, arena);
}

const char *trust_fingerprint(const char *pem, struct arena *arena)
{
    struct bytes der = trust_decode(pem, arena);
    return der.data ? trust_sha256(der, arena) : NULL;
}

/* libcurl lists the chain, the server's own certificate first, as lines "Name:value". */
static const char *trust_leaf(CURL *curl)
{
    static const char NAME[] = "Cert:";
    struct curl_certinfo *chain = NULL;
    if (curl_easy_getinfo(curl, CURLINFO_CERTINFO, &chain) != CURLE_OK || !chain ||
        chain->num_of_certs < 1)
        return "";
    for (struct curl_slist *line = chain->certinfo[0]; line; line = line->next)
        if (text_starts(line->data, NAME))
            return line->data + sizeof NAME - 1;
    return "";
}

bool trust_holds(void *curl, const struct tls_trust *trust, struct arena *arena,
                 const char **ret_found)
{
    *ret_found = "";
    if (!trust->fingerprints)
        return true;
    const char *found = trust_fingerprint(trust_leaf(curl), arena);
    *ret_found = text_or(found, "");
    return found && strstr(trust->fingerprints, found);
}

/* One element of DER (X.690 8.1) at the start of bytes: all of it, and what is in it. False: there
 * is none. */
static bool trust_element(struct bytes bytes, struct bytes *ret_all, struct bytes *ret_content)
{
    const unsigned char *data = bytes.data;
    if (bytes.size < 2)
        return false;
    size_t head = 2, size = data[1];
    if (size >= 0x80) {
        size_t count = size - 0x80;
        if (!count || count > 3 || bytes.size < 2 + count)
            return false;
        size = 0;
        for (size_t i = 0; i < count; i++)
            size = size << 8 | data[2 + i];
        head += count;
    }
    if (bytes.size - head < size)
        return false;
    *ret_all = (struct bytes){data, head + size};
    *ret_content = (struct bytes){data + head, size};
    return true;
}

static struct bytes trust_behind(struct bytes bytes, struct bytes all)
{
    return (struct bytes){(const char *)bytes.data + all.size, bytes.size - all.size};
}

/* RFC 5280 4.1: within the certificate's first element the key stands behind version (left out
 * where it is 1), serial number, signature, issuer, validity and subject. */
static struct bytes trust_key(struct bytes certificate)
{
    enum { VERSION_TAG = 0xA0, BEFORE_KEY = 5 };
    struct bytes all, rest;
    if (!trust_element(certificate, &all, &rest) || !trust_element(rest, &all, &rest) || !rest.size)
        return (struct bytes){0};
    size_t count = BEFORE_KEY + (*(const unsigned char *)rest.data == VERSION_TAG ? 1 : 0);
    struct bytes content;
    for (; count; count--, rest = trust_behind(rest, all))
        if (!trust_element(rest, &all, &content))
            return (struct bytes){0};
    return trust_element(rest, &all, &content) ? all : (struct bytes){0};
}

const char *trust_public_key(void *curl, struct arena *arena)
{
    unsigned char hash[SHA256_HEX_SIZE / 2];
    struct bytes key = trust_key(trust_decode(trust_leaf(curl), arena));
    if (!key.data)
        return NULL;
    const char *hex = trust_sha256(key, arena);
    for (size_t i = 0; i < sizeof hash; i++) {
        const char digits[3] = {hex[2 * i], hex[2 * i + 1], '\0'};
        hash[i] = (unsigned char)strtoul(digits, NULL, 16);
    }
    return arena_format(arena, "sha256//%s", text_base64(hash, sizeof hash, arena));
}
