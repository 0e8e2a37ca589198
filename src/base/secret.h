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

/* Of a key file: what is in it stays in locked memory (base/secret_ring.h), and a file that is
 * replaced by secret_key_renew is noticed. It seals with the current key, and opens with the
 * former ones too. Otherwise (ring NULL) the bytes are the key. Copies mean the same key. */
struct secret_ring;
enum { SECRET_PURPOSE_SIZE = 8 };
struct secret_key {
    unsigned char bytes[SECRET_KEY_SIZE];
    struct secret_ring *ring;
    char purpose[SECRET_PURPOSE_SIZE + 1]; /* "": the key itself; see secret_derive */
};
/* Makes the file, mode 0600, when it is not there; refuses one that others may read. */
bool secret_key_open(const char *path, struct secret_key *ret_key, struct error *error);
bool secret_key_is_locked(const struct secret_key *key); /* in memory that is not swapped */
bool secret_key_equal(const struct secret_key *a, const struct secret_key *b); /* current ones */

/* Puts a new key in the place of the one in the file, which goes on as PATH.ID: whatever is
 * interrupted where, each key that has sealed something is in a file. ret_former: that file.
 * ERROR_CONFLICT while another process does so; until secret_key_renewed. */
struct secret_renewal {
    int folder;
};
bool secret_key_renew(const char *path, struct arena *arena, struct secret_renewal *ret_renewal,
                      const char **ret_former, struct error *error);
void secret_key_renewed(struct secret_renewal *renewal);

/* Wipes all keys of files from memory. Nothing may be sealed or opened after that. */
void secret_end(void);

/* Text in and out. `about` (the record's id) is bound in: a sealed text moved to
 * another record does not open. */
char *secret_seal(const struct secret_key *key, const char *text, const char *about,
                  struct arena *arena);
/* Whether it opens with the current key, and need not be sealed anew. */
bool secret_is_current(const struct secret_key *key, const char *sealed, const char *about);
bool secret_open(const struct secret_key *key, const char *sealed, const char *about,
                 struct arena *arena, char **ret_text, struct error *error);

/* A key of its own for another purpose, which tells nothing of the first. purpose: our own word, of
 * at most SECRET_PURPOSE_SIZE letters. */
struct secret_key secret_derive(const struct secret_key *key, const char *purpose);

/* HMAC-SHA256 (RFC 2104) with a key of any size, one that others know too. */
enum { SECRET_HMAC_SIZE = 32 };
void secret_hmac(struct bytes key, struct bytes text, unsigned char ret_hmac[SECRET_HMAC_SIZE]);

/* HMAC-SHA256, as 64 characters of hex: nobody without the key can make it for another text. */
char *secret_mac(const struct secret_key *key, const char *text, struct arena *arena);
/* In constant time; mac is what a stranger gave. */
bool secret_mac_holds(const struct secret_key *key, const char *text, const char *mac);
