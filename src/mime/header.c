#include "mime/header.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "mime/addr_spec.h"

/* Lines with encoded-words may have 76 characters (RFC 2047 2), so all keep to that. A word may
 * have 75, of which 12 are `=?UTF-8?Q?` and `?=`. */
enum { WIDTH = 76, ENCODED_FRAME = 12, ENCODED_MAX = 75 - ENCODED_FRAME, WORD_MAX = 60 };

static const char LETTERS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
static const char HEX[] = "0123456789ABCDEF";

static bool is_letter(unsigned char byte)
{
    return byte && strchr(LETTERS, byte);
}

static size_t character_size(const char *text)
{
    size_t size = 1;
    while ((text[size] & 0xC0) == 0x80)
        size++;
    return size;
}

struct header header_begin(struct output *output, struct arena *arena, const char *name)
{
    output_text(output, name);
    output_text(output, ":");
    size_t start = strlen(name) + 1;
    return (struct header){output, arena, start, start};
}

void header_end(struct header *header)
{
    output_text(header->output, "\r\n");
}

void header_fold(struct header *header)
{
    output_text(header->output, "\r\n");
    header->column = header->start = 0;
}

/* The first word stays on the line of the name: some programs lose an id that does not. */
static void add_word(struct header *header, const char *word, size_t size)
{
    if (header->column > header->start && header->column + 1 + size > WIDTH)
        header_fold(header);
    output_text(header->output, " ");
    output_add(header->output, word, size);
    header->column += 1 + size;
}

void header_word(struct header *header, const char *word)
{
    add_word(header, word, strlen(word));
}

void header_words(struct header *header, const char *text)
{
    while (*text) {
        /* of several spaces, one stands at the fold and the rest belong to the word */
        size_t size = strspn(text, " ");
        size += strcspn(text + size, " ");
        add_word(header, text, size);
        text += size;
        text += *text == ' ';
    }
}

static size_t longest_word(const char *text)
{
    size_t longest = 0;
    while (*text) {
        size_t size = strspn(text, " ");
        size += strcspn(text + size, " ");
        longest = size > longest ? size : longest;
        text += size;
        text += *text == ' ';
    }
    return longest;
}

static bool is_plain_text(const char *text)
{
    size_t size = strlen(text);
    return !size || (text_is_ascii(text) && !text_has_control(text) && !strstr(text, "=?") &&
                     *text != ' ' && text[size - 1] != ' ' && longest_word(text) <= WORD_MAX);
}

/* The few characters that RFC 2047 5 allows in each place where an encoded-word may stand. */
static bool is_literal_in_word(unsigned char byte)
{
    return is_letter(byte) || (byte && strchr("!*+-/", byte));
}

static size_t quoted_size(const char *text, size_t size)
{
    size_t quoted = 0;
    for (size_t i = 0; i < size; i++)
        quoted += text[i] == ' ' || is_literal_in_word((unsigned char)text[i]) ? 1 : 3;
    return quoted;
}

static size_t base64_size(const char *text, size_t size)
{
    (void)text;
    return (size + 2) / 3 * 4;
}

static const char *quoted(const char *text, size_t size, struct arena *arena)
{
    char *word = arena_alloc(arena, size * 3 + 1), *to = word;
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte == ' ' || is_literal_in_word(byte)) {
            *to++ = byte == ' ' ? '_' : text[i];
            continue;
        }
        *to++ = '=';
        *to++ = HEX[byte >> 4];
        *to++ = HEX[byte & 15];
    }
    return word;
}

static size_t prefix_size(const char *text, size_t room, size_t (*measure)(const char *, size_t),
                          size_t multiple)
{
    size_t best = 0;
    for (size_t size = 0;
         text[size] && measure(text, size + character_size(text + size)) <= room;) {
        size += character_size(text + size);
        if (size % multiple == 0 || !text[size])
            best = size;
    }
    return best;
}

/* A word in base64 that is not the last ends without padding: some programs decode the words of
 * a line in one go, and stop there. Where characters do not allow it, that word is quoted. */
static void add_encoded(struct header *header, const char *text)
{
    bool is_base64 = base64_size(text, strlen(text)) < quoted_size(text, strlen(text));
    while (*text) {
        size_t used = header->column + 1 + ENCODED_FRAME, room = used < WIDTH ? WIDTH - used : 0;
        if (room < 16 || room > ENCODED_MAX)
            room = ENCODED_MAX; /* too little: on the next line */
        size_t part = is_base64 ? prefix_size(text, room, base64_size, 3) : 0;
        char kind = part ? 'B' : 'Q';
        if (!part)
            part = prefix_size(text, room, quoted_size, 1);
        const char *word = kind == 'B' ? text_base64(text, part, header->arena)
                                       : quoted(text, part, header->arena);
        header_word(header, arena_format(header->arena, "=?UTF-8?%c?%s?=", kind, word));
        text += part;
    }
}

void header_text(struct header *header, const char *text)
{
    if (is_plain_text(text))
        header_words(header, text);
    else
        add_encoded(header, text);
}

static bool is_atoms(const char *name)
{
    for (; *name; name++)
        if (!is_letter((unsigned char)*name) && !strchr(" !#$%&'*+-/=?^_`{|}~", *name))
            return false;
    return true;
}

static void add_name(struct header *header, const char *name)
{
    bool is_plain = is_plain_text(name);
    if (is_plain && is_atoms(name) && !strstr(name, "  "))
        header_words(header, name);
    else if (is_plain && strlen(name) <= WORD_MAX)
        header_word(header, quoted_string(name, header->arena));
    else
        add_encoded(header, name);
}

void header_address(struct header *header, const struct address *address, bool is_last)
{
    bool has_name = !text_is_empty(address->name);
    if (has_name)
        add_name(header, address->name);
    header_word(header, arena_format(header->arena, has_name ? "<%s>%s" : "%s%s", address->email,
                                     is_last ? "" : ","));
}

void header_addresses(struct header *header, const struct list *addresses)
{
    const struct address *items = addresses->items;
    for (size_t i = 0; i < addresses->count; i++)
        header_address(header, &items[i], i + 1 == addresses->count);
}

static bool is_plain_value(const char *value)
{
    return text_is_ascii(value) && strlen(value) <= WORD_MAX && !strpbrk(value, "\"\\%") &&
           !strstr(value, "=?");
}

/* What a program sees that does not know RFC 2231: `_` for a character, the middle of a long
 * one left out, the ending (`.pdf`) kept. */
static const char *plain_value(const char *value, struct arena *arena)
{
    char *plain = arena_alloc(arena, strlen(value) + 1);
    size_t size = 0;
    for (const char *at = value; *at; at += character_size(at))
        plain[size++] = *at < 0 || strchr("\"\\%?", *at) ? '_' : *at;
    const char *ending = strrchr(plain, '.');
    size_t ending_size = ending ? strlen(ending) : 0;
    if (size <= WORD_MAX)
        return plain;
    if (ending_size > 16)
        ending_size = 0;
    memmove(plain + WORD_MAX - ending_size, plain + size - ending_size, ending_size);
    plain[WORD_MAX] = '\0';
    return plain;
}

/* One character as RFC 2231 7 wants it; attribute-char stays, the rest becomes %XX. */
static const char *percent_encoded(const char *character, size_t size, struct arena *arena)
{
    char *encoded = arena_alloc(arena, size * 3 + 1), *to = encoded;
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)character[i];
        if (is_letter(byte) || strchr("!#$&+-.^_`{|}~", byte)) {
            *to++ = character[i];
            continue;
        }
        *to++ = '%';
        *to++ = HEX[byte >> 4];
        *to++ = HEX[byte & 15];
    }
    return encoded;
}

static void add_extended(struct header *header, const char *name, const char *value)
{
    struct arena *arena = header->arena;
    struct buf whole = BUF(arena, strlen(value) * 3);
    struct buf section = BUF(arena, WIDTH);
    struct error none;
    for (const char *at = value; *at; at += character_size(at))
        buf_add(&whole, percent_encoded(at, character_size(at), arena));
    if (strlen(name) + sizeof "*=UTF-8''; " + whole.size <= WIDTH) {
        header_word(header, arena_format(arena, "%s*=UTF-8''%s;", name, buf_text(&whole, &none)));
        return;
    }
    for (unsigned number = 0; *value; number++) {
        section.size = 0;
        buf_addf(&section, "%s*%u*=%s", name, number, number ? "" : "UTF-8''");
        for (; *value; value += character_size(value)) {
            const char *next = percent_encoded(value, character_size(value), arena);
            if (section.size + strlen(next) + 2 > WIDTH)
                break;
            buf_add(&section, next);
        }
        buf_add(&section, ";");
        header_word(header, buf_text(&section, &none));
    }
}

void header_parameter(struct header *header, const char *name, const char *value)
{
    output_text(header->output, ";");
    header->column += 1;
    bool is_plain = is_plain_value(value);
    if (!is_plain)
        add_extended(header, name, value);
    const char *plain = is_plain ? value : plain_value(value, header->arena);
    header_word(header, arena_format(header->arena, "%s=\"%s\"", name, plain));
}
