/* secret.h - randomness, hashes and sealing; hides libsodium.
 *
 * Secrets (provider passwords, refresh tokens) are kept sealed: XChaCha20-Poly1305
 * under the key in a file of mode 0600. Tokens are kept only as a hash. */
#pragma once
#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/sha256.h"

enum { SECRET_KEY_SIZE = 32 };

/* Once, before any other function of base/. Aborts when there is no randomness. */
void secret_start(void);

/* prefix + base64url of that many random bytes; for tokens that are shown once. */
char *secret_random(const char *prefix, size_t bytes, struct arena *arena);
void secret_random_bytes(void *ret_data, size_t size);
unsigned secret_random_below(unsigned limit);

bool secret_equal(const void *a, const void *b, size_t size); /* in constant time */

/* SHA-256 as 64 characters of hex. */
char *secret_sha256(const void *data, size_t size, struct arena *arena);

struct secret_key {
    unsigned char bytes[SECRET_KEY_SIZE];
};
/* Makes the file, mode 0600, when it is not there; refuses one that others may read. */
bool secret_key_open(const char *path, struct secret_key *ret_key, struct error *error);

/* Text in and out. `about` (the record's id) is bound in: a sealed text moved to
 * another record does not open. */
char *secret_seal(const struct secret_key *key, const char *text, const char *about,
                  struct arena *arena);
bool secret_open(const struct secret_key *key, const char *sealed, const char *about,
                 struct arena *arena, char **ret_text, struct error *error);

/* A key of its own for another purpose, which tells nothing of the first. purpose: our own word, of
 * at most SECRET_PURPOSE_SIZE letters. */
enum { SECRET_PURPOSE_SIZE = 8 };
struct secret_key secret_derive(const struct secret_key *key, const char *purpose);

/* HMAC-SHA256 (RFC 2104) with a key of any size, one that others know too. */
enum { SECRET_HMAC_SIZE = 32 };
void secret_hmac(struct bytes key, struct bytes text, unsigned char ret_hmac[SECRET_HMAC_SIZE]);

/* HMAC-SHA256, as 64 characters of hex: nobody without the key can make it for another text. */
char *secret_mac(const struct secret_key *key, const char *text, struct arena *arena);
/* In constant time; mac is what a stranger gave. */
bool secret_mac_holds(const struct secret_key *key, const char *text, const char *mac);
