#include "mime/address.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "mime/addr_spec.h"
#include "mime/encoded_word.h"

enum {
    TEXT_MAX_BYTES = 2000,
    NAME_MAX_BYTES = 8000, /* decoded */
    SHOWN_MAX_BYTES = 100,
};

/* A phrase of atoms, dots among them (RFC 5322 4.1), quoted-strings and encoded-words. */
static bool read_name(const char *text, struct arena *arena, const char **ret_name)
{
    struct buf name = BUF(arena, NAME_MAX_BYTES);
    struct error none;
    bool has_nul = false;
    while (*text) {
        size_t size = strcspn(text, "\"");
        if (strcspn(text, "()<>[]:;@\\,") < size)
            return false;
        buf_add(&name, encoded_word_decode(arena_copy_bytes(arena, text, size), arena, &has_nul));
        if (has_nul)
            return false;
        text += size;
        size = quoted_string_size(text);
        if (*text && !size)
            return false;
        quoted_string_add(&name, text, size);
        text += size;
    }
    const char *whole = buf_text(&name, &none);
    if (!whole || addr_spec_has_control(whole) || !text_is_utf8(whole, strlen(whole)))
        return false;
    whole = text_trim(whole, arena);
    *ret_name = *whole ? whole : NULL;
    return true;
}

/* Where `<` stands outside of quotes; NULL when nowhere. */
static const char *find_bracket(const char *text)
{
    while (*text && *text != '<') {
        size_t quoted = quoted_string_size(text);
        text += quoted ? quoted : 1;
    }
    return *text ? text : NULL;
}

static bool read_address(const char *text, struct arena *arena, struct address *ret_address)
{
    struct address address = {0};
    const char *bracket = find_bracket(text);
    if (bracket) {
        size_t size = strlen(bracket);
        if (bracket[size - 1] != '>' ||
            !read_name(arena_copy_bytes(arena, text, (size_t)(bracket - text)), arena,
                       &address.name))
            return false;
        text = arena_copy_bytes(arena, bracket + 1, size - 2);
    }
    address.email = addr_spec_read(text, arena);
    *ret_address = address;
    return address.email;
}

/* For an error message: short, whole characters, no controls. */
static const char *shown(const char *text, struct arena *arena)
{
    size_t size = strlen(text);
    if (size > SHOWN_MAX_BYTES)
        for (size = SHOWN_MAX_BYTES; size && (text[size] & 0xC0) == 0x80;)
            size--;
    char *copy = arena_copy_bytes(arena, text, size);
    for (char *at = copy; *at; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7F)
            *at = '?';
    return text_is_utf8(copy, size) ? copy : "this text";
}

bool mime_address_read(const char *text, struct arena *arena, struct address *ret_address,
                       struct error *error)
{
    struct address address;
    if (strlen(text) > TEXT_MAX_BYTES || addr_spec_has_control(text) ||
        !text_is_utf8(text, strlen(text)) || !read_address(text_trim(text, arena), arena, &address))
        return fail(error, ERROR_INVALID, "", "%s is not an email address", shown(text, arena));
    *ret_address = address;
    return true;
}

const char *mime_address_text(const struct address *address, struct arena *arena)
{
    if (text_is_empty(address->name))
        return arena_copy(arena, address->email);
    return arena_format(arena, "%s <%s>", quoted_string(address->name, arena), address->email);
}
