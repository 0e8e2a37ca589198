#include "json/lift.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

static const char KEY[] = "data_base64";

enum { OUT_SIZE = 48 * 1024, WRONG = -1 };

/* The characters of a JSON string, one byte after the other. */
struct unescape {
    enum { PLAIN, AFTER_BACKSLASH, IN_HEX } state;
    unsigned digits; /* of the four: how many came */
    int code;
};

/* In JSON a colon follows a key and nothing else. So two facts suffice to find the values, at
 * any depth and in bounded memory: what the last string was, and what came since. */
struct lift {
    struct lift_sink sink;
    struct arena *arena; /* holds the struct itself */
    struct spool *kept;
    struct error failure; /* of kept: asked for after each piece that was fed */
    enum { BETWEEN, IN_STRING, IN_VALUE } where;
    enum { ANYTHING, COLON, VALUE } next; /* in BETWEEN, only white space having come since */
    struct unescape unescape;
    const char *rest; /* IN_STRING: what of KEY is to come; NULL: it is another string */
    unsigned count;   /* values so far */
    bool is_base64;   /* the value so far */
    struct base64_reader reader;
    size_t out_size;
    unsigned char *out; /* OUT_SIZE bytes, as soon as there is a value */
};

struct lift *lift_create(struct spool *kept, const struct lift_sink *sink, struct arena *arena)
{
    struct lift *lift = arena_alloc(arena, sizeof *lift);
    lift->sink = *sink;
    lift->arena = arena;
    lift->kept = kept;
    return lift;
}

static void keep(struct lift *lift, const char *start, const char *end)
{
    if (!lift->failure.code)
        spool_write(lift->kept, start, (size_t)(end - start), &lift->failure);
}

static void keep_number(struct lift *lift)
{
    char number[16];
    int size = snprintf(number, sizeof number, "%u\"", lift->count++);
    keep(lift, number, number + size);
}

static int hex_value(unsigned char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    digit |= 0x20;
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : WRONG;
}

static int after_backslash(unsigned char byte)
{
    static const char FROM[] = "\"\\/bfnrt", TO[] = "\"\\/\b\f\n\r\t";
    const char *found = byte ? strchr(FROM, byte) : NULL;
    return found ? TO[found - FROM] : WRONG;
}

/* Whether a character is complete with this byte. It is WRONG where it can be none. */
static bool unescape(struct unescape *unescape, unsigned char byte, int *ret_character)
{
    switch (unescape->state) {
    case PLAIN:
        if (byte == '\\')
            unescape->state = AFTER_BACKSLASH;
        *ret_character = byte < ' ' ? WRONG : byte;
        return byte != '\\';
    case AFTER_BACKSLASH:
        *unescape = (struct unescape){.state = byte == 'u' ? IN_HEX : PLAIN};
        *ret_character = after_backslash(byte);
        return byte != 'u';
    case IN_HEX: break;
    }
    int digit = hex_value(byte);
    unescape->code = unescape->code << 4 | (digit & 15);
    if (digit != WRONG && ++unescape->digits < 4)
        return false;
    *ret_character = digit == WRONG ? WRONG : unescape->code;
    unescape->state = PLAIN;
    return true;
}

static uint64_t eight(unsigned char byte)
{
    return UINT64_C(0x0101010101010101) * byte;
}

/* Has a bit where a byte of the eight is below `least` (up to 128) or may be: none: none is. */
static uint64_t below(uint64_t bytes, unsigned char least)
{
    return (bytes - eight(least)) & ~bytes & eight(0x80);
}

/* Whether none of eight bytes ends a string, begins an escape or is forbidden. */
static bool are_plain(const char *at)
{
    uint64_t bytes;
    memcpy(&bytes, at, sizeof bytes);
    return !(below(bytes, ' ') | below(bytes ^ eight('"'), 1) | below(bytes ^ eight('\\'), 1));
}

/* Bytes of a string that stand for themselves, and neither end it nor are forbidden in it. */
static const char *skip_plain(const char *at, const char *end)
{
    while (end - at >= 8 && are_plain(at))
        at += 8;
    while (at < end && *at != '"' && *at != '\\' && (unsigned char)*at >= ' ')
        at++;
    return at;
}

static bool ends_string(const struct lift *lift, char byte)
{
    return byte == '"' && lift->unescape.state != AFTER_BACKSLASH;
}

static bool flush(struct lift *lift, struct error *error)
{
    size_t size = lift->out_size;
    lift->out_size = 0;
    return !size || lift->sink.write(lift->sink.context, lift->out, size, error);
}

static bool decode(struct lift *lift, const char *data, size_t size, struct error *error)
{
    enum { PIECE_MAX = OUT_SIZE / 2 };
    while (size && lift->is_base64) {
        size_t piece = size < PIECE_MAX ? size : PIECE_MAX, made = 0;
        if (OUT_SIZE - lift->out_size < piece / 4 * 3 + 3 && !flush(lift, error))
            return false;
        lift->is_base64 = base64_read(&lift->reader, data, piece, lift->out + lift->out_size,
                                      &made);
        lift->out_size += made;
        data += piece;
        size -= piece;
    }
    return true;
}

static bool begin_value(struct lift *lift, struct error *error)
{
    lift->where = IN_VALUE;
    if (!lift->out)
        lift->out = arena_alloc(lift->arena, OUT_SIZE);
    lift->is_base64 = true;
    lift->reader = (struct base64_reader){0};
    return lift->sink.begin(lift->sink.context, error);
}

static bool end_value(struct lift *lift, struct error *error)
{
    size_t made = 0;
    lift->where = BETWEEN;
    if (OUT_SIZE - lift->out_size < 3 && !flush(lift, error))
        return false;
    lift->is_base64 = lift->is_base64 &&
                      base64_finish(&lift->reader, lift->out + lift->out_size, &made);
    lift->out_size += made;
    return flush(lift, error) && lift->sink.end(lift->sink.context, lift->is_base64, error);
}

/* The three below take what their state lasts, and return where it ends; NULL: it failed. */

static const char *take_between(struct lift *lift, const char *at, const char *end,
                                struct error *error)
{
    const char *start = at;
    while (at < end && *at != '"') {
        char byte = *at++;
        if (byte == ':' && lift->next == COLON)
            lift->next = VALUE;
        else if (byte != ' ' && byte != '\t' && byte != '\n' && byte != '\r')
            lift->next = ANYTHING;
    }
    bool is_value = lift->next == VALUE, is_string = at < end;
    at += is_string;
    keep(lift, start, at);
    if (!is_string)
        return at;
    lift->next = ANYTHING;
    lift->unescape = (struct unescape){0};
    lift->rest = KEY;
    lift->where = IN_STRING;
    return is_value && !begin_value(lift, error) ? NULL : at;
}

static const char *take_string(struct lift *lift, const char *at, const char *end)
{
    const char *start = at;
    while (at < end && lift->where == IN_STRING) {
        int character;
        if (!lift->rest && lift->unescape.state == PLAIN)
            at = skip_plain(at, end);
        if (at == end)
            break;
        char byte = *at++;
        if (ends_string(lift, byte)) {
            lift->where = BETWEEN;
            bool is_key = lift->rest && !*lift->rest && lift->unescape.state == PLAIN;
            lift->next = is_key ? COLON : ANYTHING;
        } else if (unescape(&lift->unescape, (unsigned char)byte, &character) && lift->rest) {
            bool is_next = *lift->rest && character == *lift->rest;
            lift->rest = is_next ? lift->rest + 1 : NULL;
        }
    }
    keep(lift, start, at);
    return at;
}

static const char *take_value(struct lift *lift, const char *at, const char *end,
                              struct error *error)
{
    while (at < end) {
        int character;
        const char *plain = lift->unescape.state == PLAIN ? skip_plain(at, end) : at;
        if (!decode(lift, at, (size_t)(plain - at), error))
            return NULL;
        if (plain == end)
            return end;
        at = plain + 1;
        if (ends_string(lift, *plain)) {
            keep_number(lift);
            lift->is_base64 = lift->is_base64 && lift->unescape.state == PLAIN;
            return end_value(lift, error) ? at : NULL;
        }
        if (!unescape(&lift->unescape, (unsigned char)*plain, &character))
            continue;
        char decoded = (char)character;
        lift->is_base64 = lift->is_base64 && character >= 0 && character < 0x80;
        if (!decode(lift, &decoded, 1, error))
            return NULL;
    }
    return at;
}

bool lift_feed(struct lift *lift, const void *data, size_t size, struct error *error)
{
    const char *at = data, *end = at + size;
    while (at && at < end) {
        switch (lift->where) {
        case BETWEEN: at = take_between(lift, at, end, error); break;
        case IN_STRING: at = take_string(lift, at, end); break;
        case IN_VALUE: at = take_value(lift, at, end, error); break;
        }
        if (at && lift->failure.code) {
            *error = lift->failure;
            return false;
        }
    }
    return at || !size;
}

bool lift_finish(struct lift *lift, struct error *error)
{
    lift->is_base64 = false;
    return lift->where != IN_VALUE || end_value(lift, error);
}
