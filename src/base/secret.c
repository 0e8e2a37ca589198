#include "base/secret.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static_assert(SECRET_KEY_SIZE == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "key size");
static_assert(SECRET_KEY_SIZE == crypto_kdf_KEYBYTES, "key size");
static_assert(SECRET_KEY_SIZE == crypto_auth_hmacsha256_KEYBYTES, "key size");
static_assert(SECRET_HMAC_SIZE == crypto_auth_hmacsha256_BYTES, "HMAC size");
static_assert(SECRET_PURPOSE_SIZE == crypto_kdf_CONTEXTBYTES, "purpose size");

enum {
    NONCE_SIZE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG_SIZE = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING,
};

void secret_start(void)
{
    if (sodium_init() < 0)
        abort();
}

char *secret_random(const char *prefix, size_t bytes, struct arena *arena)
{
    unsigned char raw[64];
    if (bytes > sizeof raw)
        abort();
    randombytes_buf(raw, bytes);
    char text[sodium_base64_ENCODED_LEN(sizeof raw, VARIANT)];
    sodium_bin2base64(text, sizeof text, raw, bytes, VARIANT);
    return arena_format(arena, "%s%s", prefix, text);
}

void secret_random_bytes(void *ret_data, size_t size)
{
    randombytes_buf(ret_data, size);
}

unsigned secret_random_below(unsigned limit)
{
    return randombytes_uniform(limit);
}

bool secret_equal(const void *a, const void *b, size_t size)
{
    return sodium_memcmp(a, b, size) == 0;
}

char *secret_sha256(const void *data, size_t size, struct arena *arena)
{
    struct sha256 sha;
    sha256_start(&sha);
    sha256_add(&sha, data, size);
    return sha256_finish(&sha, arena);
}

/* Without the key all that was sealed is lost, so its name must be on the disk too. */
static bool sync_folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    char folder[4096] = ".";
    if (slash)
        snprintf(folder, sizeof folder, "%.*s", slash == path ? 1 : (int)(slash - path), path);
    int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = file >= 0 && fsync(file) == 0;
    if (file >= 0)
        close(file);
    return ok;
}

/* Written under another name first, so that a crash never leaves half a key under this one. */
static bool make_key(const char *path, struct error *error)
{
    char draft[4096];
    unsigned char key[SECRET_KEY_SIZE];
    if ((size_t)snprintf(draft, sizeof draft, "%s.XXXXXX", path) >= sizeof draft)
        return fail(error, ERROR_INVALID, "", "the path of the key file is too long");
    int file = mkostemp(draft, O_CLOEXEC); /* mode 0600; another may be making it just now */
    if (file < 0)
        return fail_errno(error, path);
    randombytes_buf(key, sizeof key);
    bool written = write(file, key, sizeof key) == (ssize_t)sizeof key && fsync(file) == 0;
    sodium_memzero(key, sizeof key);
    close(file);
    if (!written || link(draft, path) != 0) {
        bool other_was_first = written && errno == EEXIST;
        unlink(draft);
        return other_was_first || fail_errno(error, path);
    }
    unlink(draft);
    return sync_folder_of(path) || fail_errno(error, path);
}

bool secret_key_open(const char *path, struct secret_key *ret_key, struct error *error)
{
    if (access(path, F_OK) != 0 && !make_key(path, error))
        return false;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0)
        return fail_errno(error, path);
    struct stat status;
    struct secret_key key;
    ssize_t size = fstat(file, &status) == 0 ? read(file, key.bytes, sizeof key.bytes) : -1;
    close(file);
    if (size != (ssize_t)sizeof key.bytes || status.st_size != (off_t)sizeof key.bytes)
        return fail(error, ERROR_INTERNAL, "", "%s is not a key file of %d bytes", path,
                    SECRET_KEY_SIZE);
    if (status.st_mode & 077)
        return fail(error, ERROR_INTERNAL, "", "%s may be read by others; chmod 600 it", path);
    *ret_key = key;
    return true;
}

char *secret_seal(const struct secret_key *key, const char *text, const char *about,
                  struct arena *arena)
{
    size_t size = strlen(text);
    unsigned char *box = arena_alloc(arena, NONCE_SIZE + size + TAG_SIZE);
    randombytes_buf(box, NONCE_SIZE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(box + NONCE_SIZE, NULL, (const unsigned char *)text,
                                               size, (const unsigned char *)about, strlen(about),
                                               NULL, box, key->bytes);
    size_t room = sodium_base64_encoded_len(NONCE_SIZE + size + TAG_SIZE, VARIANT);
    return sodium_bin2base64(arena_alloc(arena, room), room, box, NONCE_SIZE + size + TAG_SIZE,
                             VARIANT);
}

bool secret_open(const struct secret_key *key, const char *sealed, const char *about,
                 struct arena *arena, char **ret_text, struct error *error)
{
    size_t room = strlen(sealed), size = 0;
    unsigned char *box = arena_alloc(arena, room + 1);
    if (sodium_base642bin(box, room, sealed, room, NULL, &size, NULL, VARIANT) != 0 ||
        size < NONCE_SIZE + TAG_SIZE)
        return fail(error, ERROR_INTERNAL, "", "a sealed secret of %s is damaged", about);
    char *text = arena_alloc(arena, size - NONCE_SIZE - TAG_SIZE + 1);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            (unsigned char *)text, NULL, NULL, box + NONCE_SIZE, size - NONCE_SIZE,
            (const unsigned char *)about, strlen(about), box, key->bytes) != 0)
        return fail(error, ERROR_INTERNAL, "",
                    "a sealed secret of %s does not open with this key file", about);
    *ret_text = text;
    return true;
}

struct secret_key secret_derive(const struct secret_key *key, const char *purpose)
{
    char context[SECRET_PURPOSE_SIZE] = {0};
    struct secret_key derived;
    size_t size = strlen(purpose);
    assert(size && size <= sizeof context);
    memcpy(context, purpose, size);
    crypto_kdf_derive_from_key(derived.bytes, sizeof derived.bytes, 1, context, key->bytes);
    return derived;
}

void secret_hmac(struct bytes key, struct bytes text, unsigned char ret_hmac[SECRET_HMAC_SIZE])
{
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key.data, key.size);
    crypto_auth_hmacsha256_update(&state, text.data, text.size);
    crypto_auth_hmacsha256_final(&state, ret_hmac);
    sodium_memzero(&state, sizeof state);
}

char *secret_mac(const struct secret_key *key, const char *text, struct arena *arena)
{
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    char hex[2 * sizeof mac + 1];
    crypto_auth_hmacsha256(mac, (const unsigned char *)text, strlen(text), key->bytes);
    return arena_copy(arena, sodium_bin2hex(hex, sizeof hex, mac, sizeof mac));
}

bool secret_mac_holds(const struct secret_key *key, const char *text, const char *mac)
{
    unsigned char given[crypto_auth_hmacsha256_BYTES];
    size_t size = 0;
    if (strlen(mac) != 2 * sizeof given ||
        sodium_hex2bin(given, sizeof given, mac, 2 * sizeof given, NULL, &size, NULL) != 0 ||
        size != sizeof given)
        return false;
    return crypto_auth_hmacsha256_verify(given, (const unsigned char *)text, strlen(text),
                                         key->bytes) == 0;
}
