#include "base/id.h"

#include <assert.h>
#include <pthread.h>
#include <sodium.h>
#include <stdint.h>
#include <string.h>

#include "base/clock.h"

__extension__ typedef unsigned __int128 bits128; /* gcc's and clang's own */

static const char CROCKFORD[] = "0123456789abcdefghjkmnpqrstvwxyz";

static const char *spell_uuid(const unsigned char raw[16], struct arena *arena)
{
    static const char HEX[] = "0123456789abcdef";
    char *text = arena_alloc(arena, ID_SIZE + 1), *at = text;
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *at++ = '-';
        *at++ = HEX[raw[i] >> 4];
        *at++ = HEX[raw[i] & 15];
    }
    return text;
}

/* By the handful: each call of the kernel costs more than all else here. */
static void take_random(unsigned char ret_random[8])
{
    static _Thread_local unsigned char handful[256];
    static _Thread_local size_t left;
    if (!left) {
        randombytes_buf(handful, sizeof handful);
        left = sizeof handful;
    }
    left -= 8;
    memcpy(ret_random, handful + left, 8);
}

/* RFC 9562 method 1 (section 6.2): a counter in rand_a keeps one millisecond's ids in order. */
static void stamp(uint64_t *ret_ms, unsigned *ret_counter)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static uint64_t last_ms;
    static unsigned counter;
    pthread_mutex_lock(&lock);
    uint64_t now = (uint64_t)clock_now().ms;
    if (now > last_ms) {
        last_ms = now;
        unsigned char random[8];
        take_random(random);
        counter = (random[0] | (unsigned)random[1] << 8) & 0x3FF;
    } else if (++counter > 0xFFF) {
        last_ms++;
        counter = 0;
    }
    *ret_ms = last_ms;
    *ret_counter = counter;
    pthread_mutex_unlock(&lock);
}

const char *id_new(struct arena *arena)
{
    unsigned char raw[16];
    uint64_t ms;
    unsigned counter;
    stamp(&ms, &counter);
    take_random(raw + 8);
    for (int i = 0; i < 6; i++)
        raw[i] = (unsigned char)(ms >> (40 - 8 * i));
    raw[6] = (unsigned char)(0x70 | counter >> 8);
    raw[7] = (unsigned char)counter;
    raw[8] = (raw[8] & 0x3F) | 0x80;
    return spell_uuid(raw, arena);
}

static int hex_value(char character)
{
    if (character >= '0' && character <= '9')
        return character - '0';
    character |= 0x20;
    return character >= 'a' && character <= 'f' ? character - 'a' + 10 : -1;
}

static bool read_uuid(const char *text, unsigned char raw[16])
{
    for (int i = 0; i < 16; i++) {
        if ((i == 4 || i == 6 || i == 8 || i == 10) && *text++ != '-')
            return false;
        int high = hex_value(text[0]), low = high < 0 ? -1 : hex_value(text[1]);
        if (low < 0)
            return false;
        raw[i] = (unsigned char)(high << 4 | low);
        text += 2;
    }
    return !*text;
}

static int crockford_value(char character)
{
    character = (char)(character >= 'A' && character <= 'Z' ? character | 0x20 : character);
    if (character == 'o')
        character = '0';
    if (character == 'i' || character == 'l')
        character = '1';
    const char *found = character ? strchr(CROCKFORD, character) : NULL;
    return found ? (int)(found - CROCKFORD) : -1;
}

static bool read_ulid(const char *text, unsigned char raw[16])
{
    bits128 value = 0;
    for (int i = 0; i < ID_ULID_SIZE; i++) {
        int digit = crockford_value(text[i]);
        if (digit < 0 || (i == 0 && digit > 7))
            return false;
        value = value << 5 | (unsigned)digit;
    }
    for (int i = 15; i >= 0; i--, value >>= 8)
        raw[i] = (unsigned char)value;
    return true;
}

const char *id_read(const char *text, struct arena *arena)
{
    unsigned char raw[16];
    size_t size = strlen(text);
    if (size == ID_SIZE && read_uuid(text, raw))
        return spell_uuid(raw, arena);
    const char *prefix_end = strrchr(text, '_');
    const char *ulid = prefix_end ? prefix_end + 1 : text;
    if (strlen(ulid) == ID_ULID_SIZE && size < 64 && read_ulid(ulid, raw))
        return spell_uuid(raw, arena);
    return NULL;
}

const char *id_ulid(const char *id, const char *prefix, struct arena *arena)
{
    unsigned char raw[16];
    bool ok = read_uuid(id, raw);
    assert(ok);
    (void)ok;
    bits128 value = 0;
    for (int i = 0; i < 16; i++)
        value = value << 8 | raw[i];
    size_t before = strlen(prefix);
    char *text = arena_alloc(arena, before + ID_ULID_SIZE + 1);
    memcpy(text, prefix, before);
    for (int i = ID_ULID_SIZE - 1; i >= 0; i--, value >>= 5) {
        char digit = CROCKFORD[(unsigned)value & 31];
        text[before + (size_t)i] = (char)(digit >= 'a' ? digit - ('a' - 'A') : digit);
    }
    return text;
}

const char *id_of_text(const char *text, struct arena *arena)
{
    unsigned char raw[16];
    crypto_generichash(raw, sizeof raw, (const unsigned char *)text, strlen(text), NULL, 0);
    raw[6] = (raw[6] & 0x0F) | 0x80;
    raw[8] = (raw[8] & 0x3F) | 0x80;
    return spell_uuid(raw, arena);
}
