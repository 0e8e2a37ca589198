/* secret.c - randomness, hashes, sealing, and the life of a key file. */
#include "base/secret.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/secret_ring.h"

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

/* A new key in a new file beside the path, mode 0600 and on the disk. */
static bool secret_key_draft(const char *path, char *ret_draft, size_t size, struct error *error)
{
    unsigned char key[SECRET_KEY_SIZE];
    if ((size_t)snprintf(ret_draft, size, "%s.XXXXXX", path) >= size)
        return fail(error, ERROR_INVALID, "", "the path of the key file is too long");
    int file = mkostemp(ret_draft, O_CLOEXEC); /* another may be making it just now */
    if (file < 0)
        return fail_errno(error, path);
    randombytes_buf(key, sizeof key);
    bool is_written = write(file, key, sizeof key) == (ssize_t)sizeof key && fsync(file) == 0;
    sodium_memzero(key, sizeof key);
    close(file);
    if (!is_written) {
        fail_errno(error, path);
        unlink(ret_draft);
    }
    return is_written;
}

/* Written under another name first, so that a crash never leaves half a key under this one. */
static bool make_key(const char *path, struct error *error)
{
    char draft[4096];
    if (!secret_key_draft(path, draft, sizeof draft, error))
        return false;
    if (link(draft, path) != 0) {
        bool other_was_first = errno == EEXIST;
        unlink(draft);
        return other_was_first || fail_errno(error, path);
    }
    unlink(draft);
    return sync_folder_of(path) || fail_errno(error, path);
}

/* The former key has its second name on the disk before the new one takes its first. */
static bool secret_key_replace(const char *path, const char *former, struct error *error)
{
    char draft[4096];
    if (!secret_key_draft(path, draft, sizeof draft, error))
        return false;
    bool is_replaced = (link(path, former) == 0 || errno == EEXIST) && sync_folder_of(path);
    if (is_replaced) {
        FAULT(KEY_LINKED);
        is_replaced = rename(draft, path) == 0 && sync_folder_of(path);
    }
    if (!is_replaced) {
        fail_errno(error, path);
        unlink(draft);
    }
    FAULT(KEY_REPLACED);
    return is_replaced;
}

bool secret_key_renew(const char *path, struct arena *arena, struct secret_renewal *ret_renewal,
                      const char **ret_former, struct error *error)
{
    char id[SECRET_ID_SIZE + 1];
    size_t count;
    const char *slash = strrchr(path, '/');
    const char *folder = slash ? arena_format(arena, "%.*s", (int)(slash - path) + 1, path) : ".";
    struct secret_renewal renewal = {open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (renewal.folder < 0)
        return fail_errno(error, folder);
    bool is_mine = flock(renewal.folder, LOCK_EX | LOCK_NB) == 0;
    if (!is_mine)
        fail(error, ERROR_CONFLICT, "", "the key is being rotated by another process");
    struct secret_ring *ring = is_mine ? secret_ring_of(path, error) : NULL;
    if (ring) {
        secret_ring_id(secret_ring_take(ring, &count)[0], id);
        secret_ring_give(ring);
        *ret_former = arena_format(arena, "%s.%s", path, id);
    }
    if (ring && count >= SECRET_RING_MOST - 1)
        ring = NULL,
        fail(error, ERROR_CONFLICT, "",
             "there are %d former keys beside %s; move those away that no backup needs",
             (int)count - 1, path);
    if (!ring || !secret_key_replace(path, *ret_former, error)) {
        secret_key_renewed(&renewal);
        return false;
    }
    secret_ring_refresh(ring);
    *ret_renewal = renewal;
    return true;
}

void secret_key_renewed(struct secret_renewal *renewal)
{
    close(renewal->folder);
}

bool secret_key_open(const char *path, struct secret_key *ret_key, struct error *error)
{
    if (access(path, F_OK) != 0 && !make_key(path, error))
        return false;
    struct secret_ring *ring = secret_ring_of(path, error);
    if (ring)
        *ret_key = (struct secret_key){.ring = ring};
    return ring;
}

bool secret_key_is_locked(const struct secret_key *key)
{
    return key->ring && secret_ring_is_locked(key->ring);
}

void secret_end(void)
{
    secret_ring_wipe();
}

/* What the key is for; of a file's, one after the other: from 0, the current one, while there are
 * more. It is on the stack as short as can be. */
static bool secret_key_nth(const struct secret_key *key, size_t number, unsigned char *ret_bytes)
{
    size_t count = 1;
    if (!key->ring) {
        memcpy(ret_bytes, key->bytes, SECRET_KEY_SIZE);
        return number == 0;
    }
    const unsigned char(*keys)[SECRET_KEY_SIZE] = secret_ring_take(key->ring, &count);
    if (number < count && *key->purpose)
        crypto_kdf_derive_from_key(ret_bytes, SECRET_KEY_SIZE, 1, key->purpose, keys[number]);
    else if (number < count)
        memcpy(ret_bytes, keys[number], SECRET_KEY_SIZE);
    secret_ring_give(key->ring);
    return number < count;
}

bool secret_key_equal(const struct secret_key *a, const struct secret_key *b)
{
    unsigned char one[SECRET_KEY_SIZE], other[SECRET_KEY_SIZE];
    bool is_equal = secret_key_nth(a, 0, one) && secret_key_nth(b, 0, other) &&
                    sodium_memcmp(one, other, sizeof one) == 0;
    sodium_memzero(one, sizeof one);
    sodium_memzero(other, sizeof other);
    return is_equal;
}

static void secret_key_refresh(const struct secret_key *key)
{
    if (key->ring)
        secret_ring_refresh(key->ring);
}

char *secret_seal(const struct secret_key *key, const char *text, const char *about,
                  struct arena *arena)
{
    size_t size = strlen(text);
    unsigned char bytes[SECRET_KEY_SIZE], *box = arena_alloc(arena, NONCE_SIZE + size + TAG_SIZE);
    secret_key_refresh(key);
    secret_key_nth(key, 0, bytes);
    randombytes_buf(box, NONCE_SIZE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(box + NONCE_SIZE, NULL, (const unsigned char *)text,
                                               size, (const unsigned char *)about, strlen(about),
                                               NULL, box, bytes);
    sodium_memzero(bytes, sizeof bytes);
    size_t room = sodium_base64_encoded_len(NONCE_SIZE + size + TAG_SIZE, VARIANT);
    return sodium_bin2base64(arena_alloc(arena, room), room, box, NONCE_SIZE + size + TAG_SIZE,
                             VARIANT);
}

struct sealed { /* out of its base64 */
    unsigned char *box;
    size_t size;
    const char *about;
};

static bool secret_unpack(const char *text, const char *about, struct arena *arena,
                          struct sealed *ret_sealed)
{
    size_t room = strlen(text), size = 0;
    unsigned char *box = arena_alloc(arena, room + 1);
    *ret_sealed = (struct sealed){box, 0, about};
    if (sodium_base642bin(box, room, text, room, NULL, &size, NULL, VARIANT) != 0)
        return false;
    ret_sealed->size = size;
    return size >= NONCE_SIZE + TAG_SIZE;
}

/* text: room for what is sealed, and a byte. */
static bool secret_open_with(const struct secret_key *key, size_t number,
                             const struct sealed *sealed, char *text)
{
    unsigned char bytes[SECRET_KEY_SIZE];
    bool is_open = secret_key_nth(key, number, bytes) &&
                   crypto_aead_xchacha20poly1305_ietf_decrypt(
                       (unsigned char *)text, NULL, NULL, sealed->box + NONCE_SIZE,
                       sealed->size - NONCE_SIZE, (const unsigned char *)sealed->about,
                       strlen(sealed->about), sealed->box, bytes) == 0;
    sodium_memzero(bytes, sizeof bytes);
    return is_open;
}

static bool secret_open_with_any(const struct secret_key *key, const struct sealed *sealed,
                                 char *text)
{
    unsigned char ignored[SECRET_KEY_SIZE];
    bool is_open = false;
    for (size_t i = 0; !is_open && secret_key_nth(key, i, ignored); i++)
        is_open = secret_open_with(key, i, sealed, text);
    sodium_memzero(ignored, sizeof ignored);
    return is_open;
}

bool secret_is_current(const struct secret_key *key, const char *sealed, const char *about)
{
    AUTO_ARENA arena = arena_create();
    struct sealed unpacked;
    secret_key_refresh(key);
    return secret_unpack(sealed, about, arena, &unpacked) &&
           secret_open_with(key, 0, &unpacked, arena_alloc(arena, unpacked.size));
}

bool secret_open(const struct secret_key *key, const char *sealed, const char *about,
                 struct arena *arena, char **ret_text, struct error *error)
{
    struct sealed unpacked;
    if (!secret_unpack(sealed, about, arena, &unpacked))
        return fail(error, ERROR_INTERNAL, "", "a sealed secret of %s is damaged", about);
    char *text = arena_alloc(arena, unpacked.size - NONCE_SIZE - TAG_SIZE + 1);
    if (!secret_open_with_any(key, &unpacked, text) &&
        (!key->ring || !secret_ring_refresh(key->ring) ||
         !secret_open_with_any(key, &unpacked, text)))
        return fail(error, ERROR_INTERNAL, "",
                    "a sealed secret of %s does not open with this key file", about);
    *ret_text = text;
    return true;
}

/* Of a file's key, the purpose is kept: a link that was signed with a former key holds on. */
struct secret_key secret_derive(const struct secret_key *key, const char *purpose)
{
    struct secret_key derived = {.ring = key->ring};
    size_t size = strlen(purpose);
    assert(size && size <= SECRET_PURPOSE_SIZE && !*key->purpose);
    memcpy(derived.purpose, purpose, size);
    if (!key->ring)
        crypto_kdf_derive_from_key(derived.bytes, sizeof derived.bytes, 1, derived.purpose,
                                   key->bytes);
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
    unsigned char mac[crypto_auth_hmacsha256_BYTES], bytes[SECRET_KEY_SIZE];
    char hex[2 * sizeof mac + 1];
    secret_key_nth(key, 0, bytes);
    crypto_auth_hmacsha256(mac, (const unsigned char *)text, strlen(text), bytes);
    sodium_memzero(bytes, sizeof bytes);
    return arena_copy(arena, sodium_bin2hex(hex, sizeof hex, mac, sizeof mac));
}

bool secret_mac_holds(const struct secret_key *key, const char *text, const char *mac)
{
    unsigned char given[crypto_auth_hmacsha256_BYTES], bytes[SECRET_KEY_SIZE];
    size_t size = 0;
    bool holds = false;
    if (strlen(mac) != 2 * sizeof given ||
        sodium_hex2bin(given, sizeof given, mac, 2 * sizeof given, NULL, &size, NULL) != 0 ||
        size != sizeof given)
        return false;
    for (size_t i = 0; !holds && secret_key_nth(key, i, bytes); i++)
        holds = crypto_auth_hmacsha256_verify(given, (const unsigned char *)text, strlen(text),
                                              bytes) == 0;
    sodium_memzero(bytes, sizeof bytes);
    return holds;
}
