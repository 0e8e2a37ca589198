#include "provider/web_body.h"

#include <string.h>

#include "base/text.h"

/* Three bytes are four letters: any place in the spelled mail is found without those before it. */
enum { QUADS = 1024, BYTES_OF_QUAD = 3, LETTERS_OF_QUAD = 4 };

static uint64_t mail_size(const struct web_body *body)
{
    uint64_t size = spool_size(body->mail);
    return size > body->skip ? size - body->skip : 0;
}

static uint64_t spelled_size(const struct web_body *body)
{
    uint64_t size = mail_size(body);
    return body->spelling == WEB_AS_IT_IS
               ? size
               : (size + BYTES_OF_QUAD - 1) / BYTES_OF_QUAD * LETTERS_OF_QUAD;
}

static int64_t read_all(const struct web_body *body, uint64_t offset, unsigned char *data,
                        size_t size)
{
    size_t done = 0;
    while (done < size) {
        int64_t got = spool_read(body->mail, body->skip + offset + done, data + done, size - done);
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        done += (size_t)got;
    }
    return (int64_t)done;
}

static size_t spell(const unsigned char *data, size_t size, bool is_for_url, char *ret_letters)
{
    static const char LETTERS[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    static const char URL_LETTERS[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const char *letters = is_for_url ? URL_LETTERS : LETTERS;
    char *out = ret_letters;
    for (size_t i = 0; i < size; i += BYTES_OF_QUAD, out += LETTERS_OF_QUAD) {
        size_t left = size - i;
        unsigned b = left > 1 ? data[i + 1] : 0, c = left > 2 ? data[i + 2] : 0;
        unsigned bits = (unsigned)data[i] << 16 | b << 8 | c;
        out[0] = letters[bits >> 18];
        out[1] = letters[bits >> 12 & 63];
        out[2] = left > 1 ? letters[bits >> 6 & 63] : '=';
        out[3] = left > 2 ? letters[bits & 63] : '=';
    }
    return (size_t)(out - ret_letters);
}

static int64_t read_spelled(const struct web_body *body, uint64_t offset, char *data, size_t size)
{
    unsigned char bytes[QUADS * BYTES_OF_QUAD];
    char letters[QUADS * LETTERS_OF_QUAD];
    size_t skip = (size_t)(offset % LETTERS_OF_QUAD);
    int64_t got = read_all(body, offset / LETTERS_OF_QUAD * BYTES_OF_QUAD, bytes, sizeof bytes);
    if (got <= 0)
        return -1;
    size_t spelled = spell(bytes, (size_t)got, body->spelling == WEB_BASE64URL, letters) - skip;
    size_t some = spelled < size ? spelled : size;
    memcpy(data, letters + skip, some);
    return (int64_t)some;
}

static int64_t read_mail(const struct web_body *body, uint64_t offset, void *data, size_t size)
{
    if (body->spelling != WEB_AS_IT_IS)
        return read_spelled(body, offset, data, size);
    int64_t got = spool_read(body->mail, body->skip + offset, data, size);
    return got > 0 ? got : -1;
}

static int64_t read_text(const char *text, uint64_t offset, void *data, size_t size)
{
    size_t left = strlen(text) - (size_t)offset;
    size_t some = left < size ? left : size;
    memcpy(data, text + offset, some);
    return (int64_t)some;
}

static int64_t read_body(void *context, uint64_t offset, void *data, size_t size)
{
    const struct web_body *body = context;
    const char *before = text_or(body->before, "");
    uint64_t mail_at = strlen(before), after_at = mail_at + spelled_size(body);
    if (offset < mail_at)
        return read_text(before, offset, data, size);
    if (offset >= after_at)
        return read_text(text_or(body->after, ""), offset - after_at, data, size);
    uint64_t left = after_at - offset;
    return read_mail(body, offset - mail_at, data, left < size ? (size_t)left : size);
}

struct http_stream web_body_stream(struct web_body *body)
{
    return (struct http_stream){
        .context = body,
        .size = strlen(text_or(body->before, "")) + spelled_size(body) +
                strlen(text_or(body->after, "")),
        .read = read_body,
    };
}
