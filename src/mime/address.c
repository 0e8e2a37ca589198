#include "mime/address.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/text.h"
#include "mime/addr_spec.h"
#include "mime/encoded_word.h"
#include "mime/invisible.h"

enum {
    TEXT_MAX_BYTES = 2000,
    NAME_MAX_BYTES = 8000, /* decoded */
    SHOWN_MAX_BYTES = 100,
};

/* Why a text is no address: completes "TEXT ...". */
static const char NO_ADDRESS[] = "is not an email address";
static const char TURNED_NAME[] = "has a character in its name that turns the direction of writing";
static const char COMMA_IN_NAME[] = "has a comma in its name: put the name in quotes, as in "
                                    "\"Doe, John\" <john@example.com>";
static const char NOT_NOW[] = "could not be read just now";
static const char TWO_ADDRESSES[] = "has two addresses that differ";

/* By the process that reads strangers' bytes: they name any charset. */
static const char *address_decode(const char *text, struct arena *arena, const char **ret_text)
{
    struct error error;
    bool has_nul = false;
    if (!encoded_word_read(text, arena, ret_text, &has_nul, &error))
        return error.code == ERROR_UNAVAILABLE ? NOT_NOW : NO_ADDRESS;
    return has_nul ? NO_ADDRESS : NULL;
}

/* whole: decoded; NULL when it was too long. */
static const char *address_finish_name(const char *whole, struct arena *arena,
                                       const char **ret_name)
{
    if (!whole || addr_spec_has_control(whole) || !text_is_utf8(whole, strlen(whole)))
        return NO_ADDRESS;
    if (invisible_turns(whole))
        return TURNED_NAME;
    whole = invisible_trim(whole, arena);
    *ret_name = *whole ? whole : NULL;
    return NULL;
}

/* A phrase of atoms, dots among them (RFC 5322 4.1), quoted-strings and encoded-words. Comments in
 * it are kept as part of the name: `Ann (Sales)`. NULL: it was read. */
static const char *address_read_name(const char *text, struct arena *arena, const char **ret_name)
{
    struct buf name = BUF(arena, NAME_MAX_BYTES);
    struct error none;
    for (size_t size; *text; text += size) {
        const char *decoded = "";
        size = *text == '(' ? comment_size(text) : strcspn(text, "\"(");
        if (!size && *text != '"')
            return NO_ADDRESS;
        if (*text != '(' && strcspn(text, ")<>[]:;@\\,") < size)
            return text[strcspn(text, ")<>[]:;@\\,")] == ',' ? COMMA_IN_NAME : NO_ADDRESS;
        const char *why = address_decode(arena_copy_bytes(arena, text, size), arena, &decoded);
        if (why)
            return why;
        buf_add(&name, decoded);
        if (!size && !(size = quoted_string_size(text)))
            return NO_ADDRESS;
        if (*text == '"')
            quoted_string_add(&name, text, size);
    }
    return address_finish_name(buf_text(&name, &none), arena, ret_name);
}

/* What a comment says, without its parentheses. */
static const char *address_read_comment(const char *text, struct arena *arena,
                                        const char **ret_name)
{
    char *says = arena_copy(arena, text), *to = says;
    for (; *text; text++) {
        if (*text == '\\' && text[1])
            text++;
        *to++ = *text;
    }
    *to = '\0';
    const char *decoded = "", *why = address_decode(says, arena, &decoded);
    return why ? why : address_finish_name(decoded, arena, ret_name);
}

/* The size of a comment or a quoted-string; 0: neither. Behind a quote without an end none has one:
 * they are not looked for again, so that a text of nothing but quotes is read once. */
static size_t address_enclosed_size(const char *text, bool *has_open_quote)
{
    if (*text == '(')
        return comment_size(text);
    if (*text != '"' || *has_open_quote)
        return 0;
    size_t size = quoted_string_size(text);
    *has_open_quote = !size;
    return size;
}

/* Where `<` stands outside of quotes and comments; NULL when nowhere. */
static const char *address_find_bracket(const char *text)
{
    bool has_open_quote = false;
    while (*text && *text != '<') {
        size_t size = address_enclosed_size(text, &has_open_quote);
        text += size ? size : 1;
    }
    return *text ? text : NULL;
}

/* Without its comments (RFC 5322 3.2.2); one that parts two words leaves a space. ret_comment: what
 * the last one says, for that is where a name stood once (3.4). */
static const char *address_uncomment(const char *text, struct arena *arena,
                                     const char **ret_comment)
{
    struct buf plain = BUF(arena, TEXT_MAX_BYTES);
    struct error none;
    bool is_parted = false, has_open_quote = false;
    for (size_t size; *text; text += size) {
        size = address_enclosed_size(text, &has_open_quote);
        if (size && *text == '(') {
            *ret_comment = arena_copy_bytes(arena, text + 1, size - 2);
            is_parted = true;
            continue;
        }
        size = size ? size : 1;
        if (is_parted && plain.size && *text != '@' && plain.data[plain.size - 1] != '@')
            buf_add_char(&plain, ' ');
        is_parted = false;
        buf_add_bytes(&plain, text, size);
    }
    return invisible_trim(buf_text(&plain, &none), arena);
}

/* What is left of a pasted address: of a link, of a list that ends with a separator, of quotes that
 * a sheet puts around text. */
static const char *address_unwrap(const char *text, struct arena *arena)
{
    static const char LINK[] = "mailto:";
    text = invisible_trim(text, arena);
    size_t size = strlen(text), link = sizeof LINK - 1;
    while (size && strchr(",;", text[size - 1])) {
        text = invisible_trim(arena_copy_bytes(arena, text, size - 1), arena);
        size = strlen(text);
    }
    if (size > link && strncasecmp(text, LINK, link) == 0 && !strpbrk(text, "?%"))
        return arena_copy_bytes(arena, text + link, size - link);
    if (size > 2 && text[0] == '\'' && text[size - 1] == '\'' && !address_find_bracket(text))
        return arena_copy_bytes(arena, text + 1, size - 2);
    return arena_copy_bytes(arena, text, size);
}

static const char *address_read_spec(const char *text, struct arena *arena, const char **ret_email)
{
    *ret_email = addr_spec_read(text, arena);
    const char *invisible = invisible_find(text, arena);
    if (invisible)
        return arena_format(arena, "has the invisible character %s in it: type the address anew",
                            invisible);
    return *ret_email ? NULL : NO_ADDRESS;
}

/* What is between < and >, which end the text but for comments. */
static const char *address_read_bracket(const char *text, struct arena *arena,
                                        const char **ret_comment, const char **ret_email)
{
    text = address_uncomment(text, arena, ret_comment);
    size_t size = strlen(text);
    if (size < 2 || text[size - 1] != '>')
        return NO_ADDRESS;
    text = address_unwrap(arena_copy_bytes(arena, text + 1, size - 2), arena);
    return address_read_spec(text, arena, ret_email);
}

/* `a@b.c <a@b.c>` has no name, whichever program wrote it. */
static const char *address_read_phrase(const char *text, const char *email, struct arena *arena,
                                       const char **ret_name)
{
    const char *plain = address_unwrap(text, arena);
    const char *spec = addr_spec_read(plain, arena);
    if (!spec)
        return address_read_name(text, arena, ret_name);
    return text_equal_nocase(spec, email) ? NULL : TWO_ADDRESSES;
}

static const char *address_parse_plain(const char *text, struct arena *arena,
                                       struct address *ret_address)
{
    struct address address = {0};
    const char *comment = NULL, *why, *bracket = address_find_bracket(text);
    if (bracket) {
        const char *phrase = arena_copy_bytes(arena, text, (size_t)(bracket - text));
        why = address_read_bracket(bracket, arena, &comment, &address.email);
        if (!why)
            why = address_read_phrase(phrase, address.email, arena, &address.name);
    } else {
        text = address_unwrap(address_uncomment(text, arena, &comment), arena);
        why = address_read_spec(text, arena, &address.email);
    }
    if (!why && !address.name && comment)
        why = address_read_comment(comment, arena, &address.name);
    *ret_address = address;
    return why;
}

/* A whole mailbox that some program has quoted, or encoded, as if it were a name; NULL for none. */
static const char *address_uncover(const char *text, struct arena *arena)
{
    const char *plain = NULL;
    struct buf said = BUF(arena, TEXT_MAX_BYTES);
    struct error none;
    size_t size = strlen(text);
    if (size > 2 && quoted_string_size(text) == size) {
        quoted_string_add(&said, text, size);
        plain = buf_text(&said, &none);
    } else if (!strstr(text, "=?") || strchr(text, '@') || address_decode(text, arena, &plain)) {
        return NULL;
    }
    bool is_one = plain && strchr(plain, '@') && text_is_utf8(plain, strlen(plain)) &&
                  !addr_spec_has_control(plain);
    return is_one ? address_unwrap(plain, arena) : NULL;
}

/* NULL: it was read. */
static const char *address_parse(const char *text, struct arena *arena, struct address *ret_address)
{
    const char *uncovered = address_find_bracket(text) ? NULL : address_uncover(text, arena);
    return address_parse_plain(text_or(uncovered, text), arena, ret_address);
}

/* For an error message: short, whole characters, all of them visible. */
static const char *address_show(const char *text, struct arena *arena)
{
    size_t size = strlen(text);
    if (size > SHOWN_MAX_BYTES)
        for (size = SHOWN_MAX_BYTES; size && (text[size] & 0xC0) == 0x80;)
            size--;
    char *copy = arena_copy_bytes(arena, text, size);
    for (char *at = copy; *at; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7F)
            *at = '?';
    return text_is_utf8(copy, size) ? invisible_show(copy, arena) : "this text";
}

bool mime_address_read(const char *text, struct arena *arena, struct address *ret_address,
                       struct error *error)
{
    struct address address;
    const char *why = NO_ADDRESS, *bare = text;
    if (strlen(text) <= TEXT_MAX_BYTES && text_is_utf8(text, strlen(text))) {
        bare = address_unwrap(text, arena);
        if (!addr_spec_has_control(bare))
            why = address_parse(bare, arena, &address);
    }
    if (why)
        return fail(error, why == NOT_NOW ? ERROR_UNAVAILABLE : ERROR_INVALID, "", "%s %s",
                    address_show(bare, arena), why);
    *ret_address = address;
    return true;
}

/* Up to a separator that stands outside of quotes, comments and brackets. */
static size_t address_piece_size(const char *text, bool *has_open_quote)
{
    size_t size = 0;
    for (bool is_inside = false; text[size] && (is_inside || !strchr(",;", text[size]));) {
        size_t enclosed = address_enclosed_size(text + size, has_open_quote);
        is_inside = text[size] == '<' || (is_inside && text[size] != '>');
        size += enclosed ? enclosed : 1;
    }
    return size;
}

/* Up to white space between two mailboxes that nothing separates: behind a `>`, or behind an
 * address where the next word is one, too. The size of text when it is one mailbox. */
static size_t address_mailbox_size(const char *text, bool *has_open_quote)
{
    const char *last_sign = strrchr(text, '@');
    bool is_inside = false, has_ended = false, has_sign = false;
    for (size_t size = 0, enclosed = 0; text[size]; size += enclosed ? enclosed : 1) {
        enclosed = address_enclosed_size(text + size, has_open_quote);
        if (enclosed)
            continue;
        is_inside = text[size] == '<' || (is_inside && text[size] != '>');
        has_ended = has_ended || text[size] == '>';
        has_sign = has_sign || text[size] == '@';
        if (text[size] != ' ' || is_inside || !has_sign)
            continue;
        const char *next = text + size + strspn(text + size, " ");
        size_t word = strcspn(next, " ");
        bool is_address = memchr(next, '@', word) && next[0] != '@' && next[word - 1] != '@' &&
                          text[size - 1] != '@' && *next != '<' && *next != '(';
        if (has_ended ? last_sign >= next : is_address)
            return size;
    }
    return strlen(text);
}

/* Adds the mailboxes of a piece; there may be no more of them than it has @. */
static void address_add_piece(struct list *pieces, const char *piece, struct arena *arena)
{
    const char **items = pieces->items;
    bool has_open_quote = false;
    for (size_t size; *piece; piece += size, piece += strspn(piece, " ")) {
        size = address_mailbox_size(piece, &has_open_quote);
        items[pieces->count++] = arena_copy_bytes(arena, piece, size);
    }
}

struct list mime_address_split(const char *text, struct arena *arena)
{
    struct list pieces = {0};
    size_t most = 1, size;
    bool has_open_quote = false;
    for (const char *at = text; *at; at++)
        most += *at == ',' || *at == ';' || *at == '@';
    const char **items = arena_new(arena, const char *, most);
    pieces.items = items;
    for (const char *at = text; *at; at += size + (at[size] != '\0')) {
        size = address_piece_size(at, &has_open_quote);
        const char *piece = invisible_trim(arena_copy_bytes(arena, at, size), arena);
        if (!strchr(piece, '@') && *piece)
            return (struct list){0}; /* a name with a comma, or a group: one text with one error */
        if (*piece)
            address_add_piece(&pieces, piece, arena);
    }
    return pieces.count > 1 ? pieces : (struct list){0};
}

const char *mime_address_text(const struct address *address, struct arena *arena)
{
    if (text_is_empty(address->name))
        return arena_copy(arena, address->email);
    return arena_format(arena, "%s <%s>", quoted_string(address->name, arena), address->email);
}
