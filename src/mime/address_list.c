#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "mime/addr_spec.h"
#include "mime/address.h"
#include "mime/charset.h"
#include "mime/encoded_word.h"

/* Read here and not by GMime, which finds nothing in a list with one address against the rules
 * (`a..b@docomo.ne.jp` is millions of people's), and leaks memory for some. */

enum { LIST_MAX_BYTES = 256 * 1024, ADDRESSES_MAX = 5000 };

struct reader {
    struct arena *arena;
    struct address *items;
    size_t count, room;
    struct buf phrase, spec, comment; /* of the item that is being read */
    bool is_inside, has_spec;         /* between < and >; has been */
    bool has_open_quote;              /* without an end; so are all that follow */
};

/* One without an end goes on to the end of the text. */
static size_t comment_size_or_rest(const char *text)
{
    size_t size = comment_size(text);
    return size ? size : strlen(text);
}

/* Quoted-strings become what they say. Encoded-words may not stand in them; they do. */
static const char *decode_name(struct buf *raw)
{
    struct error none;
    struct buf name = BUF(raw->arena, LIST_MAX_BYTES);
    bool has_open_quote = false;
    for (const char *at = buf_text(raw, &none); *at;) {
        size_t size = has_open_quote ? 0 : quoted_string_size(at);
        has_open_quote = has_open_quote || (*at == '"' && !size);
        if (size)
            quoted_string_add(&name, at, size);
        else
            buf_add_char(&name, *at);
        at += size ? size : 1;
    }
    const char *decoded = encoded_word_decode(buf_text(&name, &none), raw->arena, NULL);
    const char *line = charset_line(decoded, raw->arena);
    return *line ? line : NULL;
}

static void finish_item(struct reader *reader)
{
    struct error none;
    bool has_spec = reader->has_spec || reader->is_inside;
    struct buf *spec = has_spec ? &reader->spec : &reader->phrase;
    const char *text = text_trim(buf_text(spec, &none), reader->arena);
    const char *email = reader->count < reader->room ? addr_spec_read_loosely(text, reader->arena)
                                                     : NULL;
    if (email)
        reader->items[reader->count++] = (struct address){
            email, decode_name(has_spec ? &reader->phrase : &reader->comment)};
    reader->phrase.size = reader->spec.size = reader->comment.size = 0;
    reader->is_inside = reader->has_spec = false;
}

/* The name of a group, or a route within <>: `<@a,@b:c@d>`. */
static void add_colon(struct reader *reader)
{
    struct buf *target = reader->is_inside ? &reader->spec : &reader->phrase;
    bool has_sign = target->size && memchr(target->data, '@', target->size);
    if (has_sign && (!reader->is_inside || target->data[0] != '@'))
        buf_add_char(target, ':'); /* of an IPv6 address */
    else
        target->size = 0;
}

static void add_character(struct reader *reader, char character)
{
    struct buf *target = reader->is_inside ? &reader->spec : &reader->phrase;
    bool is_route = reader->is_inside && target->size && target->data[0] == '@';
    if (character == '<') {
        reader->is_inside = true;
        reader->spec.size = 0;
    } else if (character == '>') {
        reader->has_spec = reader->has_spec || reader->is_inside;
        reader->is_inside = false;
    } else if (character == ':') {
        add_colon(reader);
    } else if ((character == ',' || character == ';') && !is_route) {
        finish_item(reader);
    } else {
        buf_add_char(target, character);
    }
}

/* What is encoded may hold commas and colons, though it should not; never where another address
 * could be lost in it. */
static size_t word_size(const char *text)
{
    size_t size = encoded_word_size(text);
    for (size_t i = 0; i < size; i++)
        if (strchr("<>@\"", text[i]))
            return 0;
    return size;
}

/* Reads a comment, a quoted-string or an encoded-word; gives its size, 0 for none of them. */
static size_t add_enclosed(struct reader *reader, const char *text)
{
    size_t size = 0;
    if (*text == '(')
        size = comment_size_or_rest(text);
    else if (*text == '=')
        size = word_size(text);
    else if (!reader->has_open_quote)
        size = quoted_string_size(text);
    reader->has_open_quote = reader->has_open_quote || (*text == '"' && !size);
    if (*text == '(') {
        reader->comment.size = 0;
        buf_add_bytes(&reader->comment, text + 1, size - 1 - (size > 1 && text[size - 1] == ')'));
        buf_add_char(reader->is_inside ? &reader->spec : &reader->phrase, ' ');
    } else if (size) {
        buf_add_bytes(reader->is_inside ? &reader->spec : &reader->phrase, text, size);
    }
    return size;
}

static size_t count_signs(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += *text == '@';
    return count < ADDRESSES_MAX ? count : ADDRESSES_MAX;
}

struct list mime_address_list(const char *text, struct arena *arena)
{
    if (text_is_empty(text) || strlen(text) > LIST_MAX_BYTES)
        return (struct list){0};
    struct reader reader = {.arena = arena, .room = count_signs(text)};
    reader.items = arena_new(arena, struct address, reader.room);
    reader.phrase = reader.spec = reader.comment = BUF(arena, LIST_MAX_BYTES);
    while (*text) {
        size_t size = add_enclosed(&reader, text);
        if (!size)
            add_character(&reader, *text);
        text += size ? size : 1;
    }
    finish_item(&reader);
    return (struct list){reader.items, reader.count};
}
