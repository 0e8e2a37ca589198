#include "notice/notice_key.h"

#include <string.h>

#include "base/secret.h"
#include "base/text.h"

/* Standard Webhooks: 24 to 64 bytes. */
enum { KEY_BYTES = 32, KEY_BYTES_LEAST = 24, KEY_BYTES_MOST = 64 };
static const char PREFIX[] = "whsec_";

const char *notice_key_new(struct arena *arena)
{
    unsigned char key[KEY_BYTES];
    secret_random_bytes(key, sizeof key);
    return arena_format(arena, "%s%s", PREFIX, text_base64(key, sizeof key, arena));
}

bool notice_key_read(const char *secret, struct arena *arena, struct bytes *ret_key,
                     struct error *error)
{
    struct base64_reader reader = {0};
    size_t size = 0, rest = 0, start = sizeof PREFIX - 1;
    if (text_starts(secret, PREFIX)) {
        size_t length = strlen(secret + start);
        unsigned char *key = arena_alloc(arena, length / 4 * 3 + 3);
        if (base64_read(&reader, secret + start, length, key, &size) &&
            base64_finish(&reader, key + size, &rest) && size + rest >= KEY_BYTES_LEAST &&
            size + rest <= KEY_BYTES_MOST) {
            *ret_key = (struct bytes){key, size + rest};
            return true;
        }
    }
    return fail(error, ERROR_INTERNAL, "", "the secret of a webhook is damaged");
}
