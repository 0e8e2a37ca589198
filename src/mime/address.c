#include "mime/address.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "mime/addr_spec.h"
#include "mime/charset.h"
#include "mime/library.h"

enum {
    TEXT_MAX_BYTES = 2000,
    SHOWN_MAX_BYTES = 100,
    LIST_MAX_BYTES = 256 * 1024,
    ADDRESSES_MAX = 5000,
};

static void add_unquoted(struct buf *name, const char *quoted, size_t size)
{
    for (size_t i = 1; i + 1 < size; i++) {
        if (quoted[i] == '\\')
            i++;
        buf_add_char(name, quoted[i]);
    }
}

static void add_decoded(struct buf *name, const char *words, size_t size)
{
    library_start();
    AUTO_TEXT decoded = g_mime_utils_header_decode_phrase(
        NULL, arena_copy_bytes(name->arena, words, size));
    buf_add(name, decoded);
}

/* A phrase of atoms, dots among them (RFC 5322 4.1), quoted-strings and encoded-words. */
static bool read_name(const char *text, struct arena *arena, const char **ret_name)
{
    struct buf name = BUF(arena, TEXT_MAX_BYTES * 4);
    struct error none;
    while (*text) {
        size_t size = strcspn(text, "\"");
        if (strcspn(text, "()<>[]:;@\\,") < size)
            return false;
        if (size)
            add_decoded(&name, text, size);
        text += size;
        size = quoted_string_size(text);
        if (*text && !size)
            return false;
        add_unquoted(&name, text, size);
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

static const char *name_of(InternetAddress *item, struct arena *arena)
{
    const char *name = charset_line(internet_address_get_name(item), arena);
    return text_is_empty(name) ? NULL : name;
}

struct found {
    struct address *items;
    size_t count, room;
};

/* At least one for each address there can be. */
static size_t count_signs(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += *text == '@';
    return count < ADDRESSES_MAX ? count : ADDRESSES_MAX;
}

static void add_mailboxes(struct found *found, InternetAddressList *list, struct arena *arena)
{
    int length = internet_address_list_length(list);
    for (int i = 0; i < length && found->count < found->room; i++) {
        InternetAddress *item = internet_address_list_get_address(list, i);
        if (INTERNET_ADDRESS_IS_GROUP(item)) {
            /* GMime reads no groups within groups */
            add_mailboxes(found, internet_address_group_get_members(INTERNET_ADDRESS_GROUP(item)),
                          arena);
            continue;
        }
        const char *text = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(item));
        const char *email = text ? addr_spec_read_loosely(text, arena) : NULL;
        if (email)
            found->items[found->count++] = (struct address){email, name_of(item, arena)};
    }
}

struct list mime_address_list(const char *text, struct arena *arena)
{
    library_start();
    if (text_is_empty(text) || strlen(text) > LIST_MAX_BYTES)
        return (struct list){0};
    AUTO_OBJECT(InternetAddressList) parsed = internet_address_list_parse(NULL, text);
    if (!parsed)
        return (struct list){0};
    size_t room = count_signs(text);
    struct found found = {arena_new(arena, struct address, room), 0, room};
    add_mailboxes(&found, parsed, arena);
    return (struct list){found.items, found.count};
}
