/* sha256.h - names content by its SHA-256 (FIPS 180-4); hides OpenSSL.
 *
 * OpenSSL uses the processor's own instructions for it, sodium does not: 1,800 MB/s against 250,
 * which was half of all that a large mail cost. */
#pragma once
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

enum { SHA256_HEX_SIZE = 64 };

struct sha256 {
    _Alignas(16) unsigned char state[128];
};
void sha256_start(struct sha256 *sha);
void sha256_add(struct sha256 *sha, const void *data, size_t size);
/* The same for spool_each(); sha is a struct sha256. Always true. */
bool sha256_take(void *sha, const void *data, size_t size, struct error *error);
/* Text as a netstring ("5:hello,"), so that no two lists of texts have the same bytes; NULL is
 * "-,". */
void sha256_add_netstring(struct sha256 *sha, const char *text);
void sha256_add_number(struct sha256 *sha, int64_t number);   /* in decimal, as a netstring */
char *sha256_finish(struct sha256 *sha, struct arena *arena); /* hex, in lower case */
