#include "mime/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/text.h"

enum { NAME_MAX_BYTES = 40, PIECE_SIZE = 4096, HTML_START_SIZE = 2048 };

static const char WESTERN[] = "windows-1252";
static const char REPLACEMENT[] = "\xEF\xBF\xBD";

/* Labels that in practice mean the larger set with the same beginning. */
static const struct {
    const char *label, *meant;
} WIDER[] = {
    {"iso-8859-1", WESTERN},
    {"latin1", WESTERN},
    {"iso-8859-9", "windows-1254"},
    {"gb2312", "gb18030"},
    {"gbk", "gb18030"},
    {"ks_c_5601-1987", "cp949"},
    {"euc-kr", "cp949"},
    {"shift_jis", "cp932"},
    {"tis-620", "windows-874"},
    {"big5", "big5-hkscs"},
    {"iso-8859-8-i", "iso-8859-8"},
};

/* The name goes to iconv_open, which takes options and looks for files. */
static bool is_name(const char *charset)
{
    static const char LETTERS[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:";
    return !text_is_empty(charset) && strlen(charset) <= NAME_MAX_BYTES &&
           !charset[strspn(charset, LETTERS)];
}

static bool is_unknown(const char *charset)
{
    static const char *const NOTHING[] = {"us-ascii",  "ascii",   "ansi_x3.4-1968", "unknown-8bit",
                                          "x-unknown", "default", "utf-8",          "utf8"};
    for (size_t i = 0; i < sizeof NOTHING / sizeof *NOTHING; i++)
        if (text_equal_nocase(charset, NOTHING[i]))
            return true;
    return !is_name(charset);
}

static const char *meant_by(const char *charset)
{
    for (size_t i = 0; i < sizeof WIDER / sizeof *WIDER; i++)
        if (text_equal_nocase(charset, WIDER[i].label))
            return WIDER[i].meant;
    return charset;
}

static void add_without_nul(struct buf *buf, const char *data, size_t size)
{
    while (size) {
        size_t part = strnlen(data, size);
        buf_add_bytes(buf, data, part);
        part += part < size;
        data += part;
        size -= part;
    }
}

static void convert(struct buf *buf, iconv_t converter, const struct bytes *bytes)
{
    char *from = (char *)(uintptr_t)bytes->data; /* iconv does not write to it */
    size_t left = bytes->size;
    for (bool is_done = false; !is_done;) {
        char piece[PIECE_SIZE], *to = piece;
        size_t room = sizeof piece;
        bool is_last = !left;
        size_t result = iconv(converter, is_last ? NULL : &from, &left, &to, &room);
        add_without_nul(buf, piece, sizeof piece - room);
        is_done = is_last && (result != (size_t)-1 || errno != E2BIG);
        if (is_last || result != (size_t)-1 || errno == E2BIG)
            continue;
        buf_add(buf, REPLACEMENT);
        from += left > 0;
        left -= left > 0;
    }
}

static void repair_utf8(struct buf *buf, const struct bytes *bytes)
{
    const char *at = bytes->data, *end = at + bytes->size;
    while (at < end) {
        size_t size = 1;
        while (*at < 0 && size < 4 && at + size < end && (at[size] & 0xC0) == 0x80)
            size++;
        if (text_is_utf8(at, size))
            add_without_nul(buf, at, size);
        else
            buf_add(buf, REPLACEMENT);
        at += size;
    }
}

const char *charset_utf8(const struct bytes *bytes, const char *charset, struct arena *arena)
{
    struct buf buf = BUF(arena, SIZE_MAX / 4);
    struct error none;
    bool is_utf8 = text_is_utf8(bytes->data, bytes->size);
    bool says_utf8 = text_equal_nocase(charset, "utf-8") || text_equal_nocase(charset, "utf8");
    iconv_t converter = (iconv_t)-1;
    if (!is_unknown(charset))
        converter = iconv_open("UTF-8", meant_by(charset));
    if (converter == (iconv_t)-1 && !is_utf8 && !says_utf8)
        converter = iconv_open("UTF-8", WESTERN);
    if (converter == (iconv_t)-1) {
        repair_utf8(&buf, bytes);
    } else {
        convert(&buf, converter, bytes);
        iconv_close(converter);
    }
    return buf_text(&buf, &none);
}

/* The value of `charset=` within the text of a tag. */
static const char *charset_of_tag(const char *tag, struct arena *arena)
{
    const char *at = strcasestr(tag, "charset");
    if (!at)
        return NULL;
    at += strlen("charset");
    at += strspn(at, " \t\r\n");
    if (*at != '=')
        return NULL;
    at += 1 + strspn(at + 1, " \t\r\n\"'");
    const char *name = arena_copy_bytes(arena, at, strcspn(at, " \t\r\n\"';/>"));
    /* whoever reads this far reads no UTF-16 */
    return *name && strncasecmp(name, "utf-16", strlen("utf-16")) != 0 ? name : NULL;
}

static bool has_high_bytes(const struct bytes *bytes)
{
    const char *data = bytes->data;
    for (size_t i = 0; i < bytes->size; i++)
        if (data[i] & 0x80)
            return true;
    return false;
}

const char *charset_of_html(const struct bytes *html, struct arena *arena)
{
    size_t size = html->size < HTML_START_SIZE ? html->size : HTML_START_SIZE;
    const char *start = arena_copy_bytes(arena, html->data, size), *found = NULL;
    bool is_converted = has_high_bytes(html) && text_is_utf8(html->data, html->size);
    for (const char *at = start; !is_converted && !found && (at = strcasestr(at, "<meta"));) {
        at += strlen("<meta");
        found = charset_of_tag(arena_copy_bytes(arena, at, strcspn(at, ">")), arena);
    }
    return found;
}

/* C0, DEL, C1 (U+0080 to U+009F), and the line and paragraph separators (U+2028, U+2029). */
static size_t control_size(const char *text)
{
    if ((unsigned char)*text < 0x20 || *text == 0x7F)
        return 1;
    if (text_starts(text, "\xC2"))
        return (unsigned char)text[1] < 0xA0 ? 2 : 0;
    return text_starts(text, "\xE2\x80\xA8") || text_starts(text, "\xE2\x80\xA9") ? 3 : 0;
}

const char *charset_line(const char *text, struct arena *arena)
{
    if (!text)
        return NULL;
    const char *utf8 = charset_utf8(&(struct bytes){text, strlen(text)}, NULL, arena);
    char *line = arena_alloc(arena, strlen(utf8) + 1), *to = line;
    while (*utf8) {
        size_t size = control_size(utf8);
        *to++ = size ? ' ' : *utf8;
        utf8 += size ? size : 1;
    }
    return text_trim(line, arena);
}
