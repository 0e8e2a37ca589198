/* The newer interface keeps its state on the heap, where whoever stops half way would leave it. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "base/sha256.h"

#include <assert.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static_assert(sizeof(struct sha256) >= sizeof(SHA256_CTX), "room for OpenSSL's state");

static SHA256_CTX *state_of(struct sha256 *sha)
{
    return (SHA256_CTX *)(void *)sha->state;
}

void sha256_start(struct sha256 *sha)
{
    SHA256_Init(state_of(sha));
}

void sha256_add(struct sha256 *sha, const void *data, size_t size)
{
    SHA256_Update(state_of(sha), data, size);
}

bool sha256_take(void *sha, const void *data, size_t size, struct error *error)
{
    (void)error;
    sha256_add(sha, data, size);
    return true;
}

void sha256_add_netstring(struct sha256 *sha, const char *text)
{
    char size[24];
    size_t text_size = text ? strlen(text) : 0;
    int digits = text ? snprintf(size, sizeof size, "%zu:", text_size)
                      : snprintf(size, sizeof size, "-");
    sha256_add(sha, size, (size_t)digits);
    if (text)
        sha256_add(sha, text, text_size);
    sha256_add(sha, ",", 1);
}

void sha256_add_number(struct sha256 *sha, int64_t number)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)number);
    sha256_add_netstring(sha, text);
}

char *sha256_finish(struct sha256 *sha, struct arena *arena)
{
    unsigned char hash[SHA256_DIGEST_LENGTH];
    SHA256_Final(hash, state_of(sha));
    return text_hex(hash, sizeof hash, arena);
}
