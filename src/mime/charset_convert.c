#include "mime/charset_convert.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "mime/charset_runs.h"

enum { PIECE_SIZE = 4096, OPEN_MOST = 12 };

static const char REPLACEMENT[] = "\xEF\xBF\xBD";

/* What the converters lack and the web has (WHATWG Encoding, gbk decoder; index big5). */
static const struct {
    const char *name, *bytes, *utf8;
} EXTRAS[] = {
    {"gb18030", "\x80", "€"},
    {"cp949", "\x80", "€"}, /* as some phones write it; unassigned otherwise */
};

/* Of one text: each set is opened once. */
struct conversion {
    struct buf *out;
    size_t lost;
    struct {
        const char *name;
        iconv_t converter;
    } open[OPEN_MOST];
    size_t open_count;
};

static iconv_t conversion_find(struct conversion *conversion, const char *name)
{
    for (size_t i = 0; i < conversion->open_count; i++)
        if (text_equal(conversion->open[i].name, name))
            return conversion->open[i].converter;
    if (conversion->open_count == OPEN_MOST)
        return (iconv_t)-1;
    iconv_t converter = iconv_open("UTF-8", name);
    conversion->open[conversion->open_count].name = name;
    conversion->open[conversion->open_count++].converter = converter;
    return converter;
}

static void conversion_close(struct conversion *conversion)
{
    for (size_t i = 0; i < conversion->open_count; i++)
        if (conversion->open[i].converter != (iconv_t)-1)
            iconv_close(conversion->open[i].converter);
}

static void convert_add(struct buf *out, const char *data, size_t size)
{
    while (size) {
        size_t part = strnlen(data, size);
        buf_add_bytes(out, data, part);
        part += part < size;
        data += part;
        size -= part;
    }
}

/* Whether two bytes may begin with it. */
static bool convert_is_lead(const char *name, unsigned char byte)
{
    if (text_equal(name, "cp932") && (byte == 0xA0 || byte > 0xFC))
        return false;
    return byte > 0x80 && byte < 0xFF;
}

static size_t convert_gb18030_size(const unsigned char *at, size_t left)
{
    bool is_four = left > 3 && at[1] >= '0' && at[1] <= '9' && at[2] > 0x80 && at[2] < 0xFF &&
                   at[3] >= '0' && at[3] <= '9';
    return is_four ? 4 : left > 1 && (at[1] & 0x80) ? 2 : 1;
}

/* How far a character goes that cannot be read. Where the second of two bytes is ASCII, it is that
 * (WHATWG Encoding, the decoders): a broken character must not swallow a `<` or a line end. */
static size_t convert_unread_size(const struct charset *charset, size_t unit,
                                  const unsigned char *at, size_t left)
{
    size_t size = unit;
    if (!unit)
        switch (charset->form) {
        case CHARSET_DOUBLE:
            size = convert_is_lead(charset->name, *at) && left > 1 && (at[1] & 0x80) ? 2 : 1;
            break;
        case CHARSET_GB18030:
            size = convert_is_lead(charset->name, *at) ? convert_gb18030_size(at, left) : 1;
            break;
        case CHARSET_UTF16: size = 2; break;
        case CHARSET_UTF32: size = 4; break;
        default: size = 1;
        }
    return size < left ? size : left;
}

static bool convert_extra(struct conversion *conversion, const char *name, char **from,
                          size_t *left)
{
    for (size_t i = 0; i < sizeof EXTRAS / sizeof *EXTRAS; i++) {
        size_t size = strlen(EXTRAS[i].bytes);
        if (text_equal(EXTRAS[i].name, name) && *left >= size &&
            memcmp(*from, EXTRAS[i].bytes, size) == 0) {
            buf_add(conversion->out, EXTRAS[i].utf8);
            *from += size;
            *left -= size;
            return true;
        }
    }
    return false;
}

/* unit: of each character; 0: as the set has them. */
static void convert(struct conversion *conversion, const struct charset *charset, size_t unit,
                    const struct bytes *bytes)
{
    iconv_t converter = conversion_find(conversion, charset->name);
    char *from = (char *)(uintptr_t)bytes->data; /* iconv does not write to it */
    size_t left = bytes->size;
    if (converter == (iconv_t)-1) {
        conversion->lost += charset_convert_utf8(bytes, conversion->out);
        return;
    }
    for (bool is_done = false; !is_done;) {
        char piece[PIECE_SIZE], *to = piece;
        size_t room = sizeof piece;
        bool is_last = !left;
        size_t result = iconv(converter, is_last ? NULL : &from, &left, &to, &room);
        convert_add(conversion->out, piece, sizeof piece - room);
        is_done = is_last && (result != (size_t)-1 || errno != E2BIG);
        if (is_last || result != (size_t)-1 || errno == E2BIG)
            continue;
        if (convert_extra(conversion, charset->name, &from, &left))
            continue;
        buf_add(conversion->out, REPLACEMENT);
        conversion->lost++;
        size_t unread = convert_unread_size(charset, unit, (const unsigned char *)from, left);
        from += unread;
        left -= unread;
    }
}

static void convert_take(void *context, const char *name, size_t unit, const struct bytes *piece)
{
    struct conversion *conversion = context;
    if (!name) {
        buf_add(conversion->out, REPLACEMENT);
        conversion->lost++;
    } else if (text_equal(name, "us-ascii")) {
        convert_add(conversion->out, piece->data, piece->size);
    } else {
        convert(conversion, &(struct charset){name, CHARSET_OTHER}, unit, piece);
    }
}

size_t charset_convert(const struct charset *charset, const struct bytes *bytes, struct buf *out)
{
    struct conversion conversion = {.out = out};
    switch (charset->form) {
    case CHARSET_UTF8:
    case CHARSET_ASCII: return charset_convert_utf8(bytes, out);
    case CHARSET_2022_JP:
    case CHARSET_2022_KR:
    case CHARSET_2022_CN:
    case CHARSET_HZ:
    case CHARSET_EUC_JP:
    case CHARSET_BIG5: charset_runs_read(charset->form, bytes, convert_take, &conversion); break;
    default: convert(&conversion, charset, 0, bytes);
    }
    conversion_close(&conversion);
    return conversion.lost;
}

size_t charset_convert_utf8(const struct bytes *bytes, struct buf *out)
{
    size_t lost = 0;
    const char *at = bytes->data, *end = at + bytes->size;
    while (at < end) {
        size_t good = text_utf8_size(at, (size_t)(end - at));
        convert_add(out, at, good);
        at += good;
        if (at == end)
            break;
        size_t size = 1;
        while ((*at & 0x80) && size < 4 && at + size < end && (at[size] & 0xC0) == 0x80)
            size++;
        buf_add(out, REPLACEMENT);
        lost++;
        at += size;
    }
    return lost;
}
