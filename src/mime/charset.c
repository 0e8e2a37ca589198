#include "mime/charset.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/text.h"
#include "mime/charset_convert.h"
#include "mime/charset_label.h"

enum { HTML_START_SIZE = 2048, UTF16_LOOKED_AT = 4096 };

static const char WESTERN[] = "windows-1252";
static const char UTF8_MARK[] = "\xEF\xBB\xBF";

/* What the bytes are, before any label is asked. */
struct facts {
    const struct bytes *bytes;
    bool is_7bit, is_utf8;
    bool is_html;
};

static struct facts charset_look(const struct bytes *bytes, bool is_html)
{
    struct facts facts = {bytes, true, text_is_utf8(bytes->data, bytes->size), is_html};
    const char *data = bytes->data;
    for (size_t i = 0; i < bytes->size && facts.is_7bit; i++)
        facts.is_7bit = !(data[i] & 0x80);
    return facts;
}

/* ISO-2022-JP gives itself away: no other text has these escape sequences. */
static bool charset_is_jis(const struct facts *facts)
{
    const struct bytes *bytes = facts->bytes;
    return facts->is_7bit && memchr(bytes->data, 0x1B, bytes->size) &&
           (memmem(bytes->data, bytes->size, "\x1B$B", 3) ||
            memmem(bytes->data, bytes->size, "\x1B$@", 3) ||
            memmem(bytes->data, bytes->size, "\x1B(I", 3));
}

/* --- what HTML says */

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
    return *name ? name : NULL;
}

/* The one that its first <meta> names; NULL for none, and for one in which ASCII would not be what
 * it is: whoever reads this far has read it as ASCII. */
static const struct charset *charset_of_html(const struct facts *facts, struct arena *arena)
{
    const struct bytes *html = facts->bytes;
    size_t size = html->size < HTML_START_SIZE ? html->size : HTML_START_SIZE;
    const char *label = NULL;
    const char *start = facts->is_html ? arena_copy_bytes(arena, html->data, size) : "";
    for (const char *at = start; !label && (at = strcasestr(at, "<meta"));) {
        at += strlen("<meta");
        label = charset_of_tag(arena_copy_bytes(arena, at, strcspn(at, ">")), arena);
    }
    const struct charset *charset = charset_label_find(label);
    return charset && charset->form < CHARSET_UTF16 ? charset : NULL;
}

/* --- which it is */

static bool charset_has_eight_bits(const struct charset *charset)
{
    return charset && charset->form >= CHARSET_SINGLE && charset->form <= CHARSET_EUC_JP;
}

/* Of text that says nothing, or nothing that can be. */
static const struct charset *charset_guess(const struct facts *facts, struct arena *arena)
{
    const struct charset *said = NULL;
    if (charset_is_jis(facts))
        return charset_label_find("iso-2022-jp");
    if (facts->is_7bit || !facts->is_utf8)
        said = charset_of_html(facts, arena);
    if (said && (facts->is_7bit || charset_has_eight_bits(said)))
        return said;
    return charset_label_find(facts->is_utf8 ? "utf-8" : WESTERN);
}

/* UTF-16 has a NUL in each space, line end and tag; without any it is something else unless hardly
 * anything in it looks like ASCII. A mark decides, and the side on which the NULs stand. */
static const char *charset_utf16(const struct bytes *bytes, const char *name)
{
    const unsigned char *data = bytes->data;
    size_t size = bytes->size < UTF16_LOOKED_AT ? bytes->size : UTF16_LOOKED_AT;
    size_t nuls[2] = {0, 0}, plain = 0;
    if (size >= 2 && data[0] == 0xFF && data[1] == 0xFE)
        return "utf-16le";
    if (size >= 2 && data[0] == 0xFE && data[1] == 0xFF)
        return "utf-16be";
    for (size_t i = 0; i < size; i++) {
        nuls[i % 2] += !data[i];
        plain += (data[i] >= ' ' && data[i] < 0x7F) || data[i] == '\n' || data[i] == '\r';
    }
    if (!nuls[0] && !nuls[1] && plain * 4 > size * 3)
        return NULL;
    return nuls[0] > 4 * nuls[1] ? "utf-16be" : nuls[1] > 4 * nuls[0] ? "utf-16le" : name;
}

/* Bits that a set of seven cannot have: the sets in which the same signs are written with eight. */
static const struct {
    enum charset_form form;
    const char *labels[3];
} EIGHT_BITS[] = {
    {CHARSET_2022_JP, {"euc-jp", "shift_jis", NULL}},
    {CHARSET_2022_KR, {"euc-kr", NULL}},
    {CHARSET_2022_CN, {"gb18030", NULL}},
    {CHARSET_HZ, {"gb18030", NULL}},
};

static const struct charset *charset_of_eight_bits(const struct charset *named,
                                                   const struct facts *facts, struct arena *arena)
{
    if (facts->is_utf8)
        return charset_label_find("utf-8");
    if (memchr(facts->bytes->data, 0x1B, facts->bytes->size))
        return named;
    for (size_t i = 0; i < sizeof EIGHT_BITS / sizeof *EIGHT_BITS; i++)
        for (size_t j = 0; EIGHT_BITS[i].form == named->form && EIGHT_BITS[i].labels[j]; j++) {
            const struct charset *charset = charset_label_find(EIGHT_BITS[i].labels[j]);
            struct buf trial = BUF(arena, SIZE_MAX / 4);
            if (!charset_convert(charset, facts->bytes, &trial))
                return charset;
        }
    return named;
}

/* HTML that says UTF-8 and is, though its label says something else. */
static bool charset_html_is_utf8(const struct facts *facts, struct arena *arena)
{
    const struct charset *said = facts->is_html && facts->is_utf8 && !facts->is_7bit
                                     ? charset_of_html(facts, arena)
                                     : NULL;
    return said && said->form == CHARSET_UTF8;
}

/* What the label means, unless the bytes refute it. */
static const struct charset *charset_choose(const char *label, const struct facts *facts,
                                            struct arena *arena)
{
    const struct charset *named = charset_label_find(label), *said = NULL;
    const char *wide;
    if (!named || named->form == CHARSET_ASCII)
        return charset_guess(facts, arena);
    switch (named->form) {
    case CHARSET_UTF8:
        if (facts->is_utf8)
            return charset_is_jis(facts) ? charset_label_find("iso-2022-jp") : named;
        said = charset_of_html(facts, arena);
        return charset_has_eight_bits(said) ? said : named;
    case CHARSET_UTF16:
        wide = charset_utf16(facts->bytes, named->name);
        return wide ? charset_label_find(wide) : charset_guess(facts, arena);
    case CHARSET_2022_JP:
    case CHARSET_2022_KR:
    case CHARSET_2022_CN:
    case CHARSET_HZ: return facts->is_7bit ? named : charset_of_eight_bits(named, facts, arena);
    case CHARSET_UTF32: return named;
    case CHARSET_OTHER:
        return !facts->is_7bit && text_equal(named->name, "utf-7") ? charset_guess(facts, arena)
                                                                   : named;
    default:
        if (charset_is_jis(facts))
            return charset_label_find("iso-2022-jp");
        return charset_html_is_utf8(facts, arena) ? charset_label_find("utf-8") : named;
    }
}

static bool charset_starts(const struct bytes *bytes, const char *mark)
{
    size_t size = strlen(mark);
    return bytes->size >= size && memcmp(bytes->data, mark, size) == 0;
}

/* A mark at the start says what text is, whatever else is said of it (WHATWG Encoding 6). */
static const struct charset *charset_marked(const struct facts *facts)
{
    const struct bytes *bytes = facts->bytes;
    if (charset_starts(bytes, UTF8_MARK))
        return facts->is_utf8 ? charset_label_find("utf-8") : NULL;
    if (!memchr(bytes->data, '\0', bytes->size))
        return NULL;
    return charset_starts(bytes, "\xFF\xFE")   ? charset_label_find("utf-16le")
           : charset_starts(bytes, "\xFE\xFF") ? charset_label_find("utf-16be")
                                               : NULL;
}

const char *charset_read(const struct bytes *bytes, const char *label, bool is_html,
                         struct arena *arena, const char **ret_name)
{
    struct facts facts = charset_look(bytes, is_html);
    const struct charset *charset = facts.is_7bit ? NULL : charset_marked(&facts);
    charset = charset ? charset : charset_choose(label, &facts, arena);
    struct bytes rest = *bytes;
    if (charset->form == CHARSET_UTF16 &&
        (charset_starts(bytes, "\xFF\xFE") || charset_starts(bytes, "\xFE\xFF")))
        rest = (struct bytes){(const char *)bytes->data + 2, bytes->size - 2};
    struct buf buf = BUF(arena, SIZE_MAX / 4);
    struct error none;
    bool is_plain = facts.is_7bit && charset->form <= CHARSET_EUC_JP;
    size_t lost = is_plain ? charset_convert_utf8(&rest, &buf)
                           : charset_convert(charset, &rest, &buf);
    if (lost && facts.is_utf8 && !facts.is_7bit) { /* no text in that set, and text in this one */
        buf.size = 0;
        charset = charset_label_find("utf-8");
        charset_convert_utf8(&rest, &buf);
    }
    *ret_name = charset->name;
    return buf_text(&buf, &none);
}

const char *charset_utf8(const struct bytes *bytes, const char *label, struct arena *arena)
{
    const char *name = NULL;
    return charset_read(bytes, label, false, arena, &name);
}

bool charset_is_of_headers(const char *name)
{
    const struct charset *charset = charset_label_find(name);
    return charset && charset->form >= CHARSET_SINGLE && charset->form < CHARSET_UTF16;
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
