#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "mime/addr_spec.h"
#include "mime/address.h"
#include "mime/charset.h"
#include "mime/encoded_word.h"

/* Read here and not by GMime, which finds nothing in a list with one address against the rules
 * (`a..b@docomo.ne.jp` is millions of people's), and leaks memory for some. */

enum { LIST_MAX_BYTES = 256 * 1024, ADDRESSES_MAX = 5000, WORD_ADDRESSES_MAX = 4 };

struct reader {
    struct arena *arena;
    struct address *items;
    size_t count, room;
    struct buf phrase, spec, comment; /* of the item that is being read */
    struct buf after;                 /* what stands behind its > */
    bool is_inside, has_spec;         /* between < and >; has been */
    bool is_within;                   /* reading what a mailbox's quotes or encoded-words hold */
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

static void address_list_add(struct reader *reader, const char *email, const char *name)
{
    if (email && reader->count < reader->room)
        reader->items[reader->count++] = (struct address){email, name};
}

/* `a@b.c d@e.f`: words that are addresses; those before one are its name. */
static bool address_list_add_words(struct reader *reader, const char *text)
{
    const char *name = text;
    size_t before = reader->count;
    for (const char *at = text; *(at += strspn(at, " "));) {
        size_t size = strcspn(at, " ");
        const char *word = arena_copy_bytes(reader->arena, at, size);
        const char *email = memchr(at, '@', size) ? addr_spec_read(word, reader->arena) : NULL;
        if (email) {
            struct buf raw = BUF(reader->arena, LIST_MAX_BYTES);
            buf_add_bytes(&raw, name, (size_t)(at - name));
            address_list_add(reader, email, decode_name(&raw));
            name = at + size;
        }
        at += size;
    }
    return reader->count > before;
}

static void address_list_read(struct reader *reader, const char *text);

/* A mailbox, or several, that some program took for a name: in quotes, or as encoded-words. */
static bool address_list_uncover(struct reader *reader, struct buf *raw)
{
    struct error none;
    const char *covered = buf_text(raw, &none), *said = decode_name(raw);
    if (reader->is_within || !said || !strchr(said, '@') || text_equal(said, covered))
        return false;
    size_t before = reader->count;
    struct reader within = {.arena = reader->arena,
                            .items = reader->items,
                            .count = before,
                            .room = reader->room,
                            .is_within = true};
    address_list_read(&within, said);
    reader->count = within.count;
    return within.count > before;
}

/* Without the quotes that are none in mail: 'a@b.c'. */
static const char *address_list_unquote(const char *text, struct arena *arena)
{
    size_t size = strlen(text);
    bool is_quoted = size > 2 && text[0] == '\'' && text[size - 1] == '\'';
    return is_quoted ? arena_copy_bytes(arena, text + 1, size - 2) : text;
}

static void finish_item(struct reader *reader)
{
    struct error none;
    bool has_spec = reader->has_spec || reader->is_inside;
    struct buf *spec = has_spec ? &reader->spec : &reader->phrase;
    const char *text = address_list_unquote(text_trim(buf_text(spec, &none), reader->arena),
                                            reader->arena);
    const char *email = addr_spec_read_loosely(text, reader->arena);
    size_t before = reader->count;
    buf_add(&reader->phrase, buf_text(&reader->after, &none));
    if (email)
        address_list_add(reader, email, decode_name(has_spec ? &reader->phrase : &reader->comment));
    else if (!address_list_uncover(reader, spec))
        address_list_add_words(reader, text);
    else if (has_spec && reader->count == before + 1 && !reader->items[before].name)
        reader->items[before].name = decode_name(&reader->phrase);
    reader->phrase.size = reader->spec.size = reader->comment.size = reader->after.size = 0;
    reader->is_inside = reader->has_spec = false;
}

/* Another `<`: without a comma before it, where the one before held an address. */
static void address_list_open(struct reader *reader)
{
    struct error none;
    if (reader->has_spec && addr_spec_read_loosely(buf_text(&reader->spec, &none), reader->arena)) {
        const char *name = arena_copy(reader->arena, buf_text(&reader->after, &none));
        reader->after.size = 0;
        finish_item(reader);
        buf_add(&reader->phrase, name);
    }
    reader->is_inside = true;
    reader->spec.size = 0;
}

static struct buf *address_list_target(struct reader *reader)
{
    return reader->is_inside ? &reader->spec : reader->has_spec ? &reader->after : &reader->phrase;
}

/* The name of a group, or a route within <>: `<@a,@b:c@d>`. */
static void add_colon(struct reader *reader)
{
    struct buf *target = address_list_target(reader);
    bool has_sign = target->size && memchr(target->data, '@', target->size);
    if (has_sign && (!reader->is_inside || target->data[0] != '@'))
        buf_add_char(target, ':'); /* of an IPv6 address */
    else
        target->size = 0;
}

static void add_character(struct reader *reader, char character)
{
    struct buf *target = address_list_target(reader);
    bool is_route = reader->is_inside && target->size && target->data[0] == '@';
    if (character == '<') {
        address_list_open(reader);
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
        buf_add_char(address_list_target(reader), ' ');
    } else if (size) {
        buf_add_bytes(address_list_target(reader), text, size);
    }
    return size;
}

/* How many addresses there may be: each has an @, though perhaps in an encoded-word. */
static size_t count_signs(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += *text == '@' ? 1 : text_starts(text, "=?") ? WORD_ADDRESSES_MAX : 0;
    return count < ADDRESSES_MAX ? count : ADDRESSES_MAX;
}

static void address_list_read(struct reader *reader, const char *text)
{
    reader->phrase = reader->spec = reader->comment = BUF(reader->arena, LIST_MAX_BYTES);
    reader->after = reader->phrase;
    while (*text) {
        size_t size = add_enclosed(reader, text);
        if (!size)
            add_character(reader, *text);
        text += size ? size : 1;
    }
    finish_item(reader);
}

struct list mime_address_list(const char *text, struct arena *arena)
{
    if (text_is_empty(text) || strlen(text) > LIST_MAX_BYTES)
        return (struct list){0};
    struct reader reader = {.arena = arena, .room = count_signs(text)};
    reader.items = arena_new(arena, struct address, reader.room);
    address_list_read(&reader, text);
    return (struct list){reader.items, reader.count};
}
