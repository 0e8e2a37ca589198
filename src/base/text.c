#include "base/text.h"

#include <sodium.h>
#include <string.h>
#include <strings.h>

bool text_equal(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

bool text_equal_nocase(const char *a, const char *b)
{
    return a && b ? strcasecmp(a, b) == 0 : a == b;
}

bool text_starts(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

bool text_is_empty(const char *text)
{
    return !text || !*text;
}

static size_t sequence_size(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first >= 0xC2 && first < 0xE0)
        return 2;
    if (first >= 0xE0 && first < 0xF0)
        return 3;
    return first >= 0xF0 && first < 0xF5 ? 4 : 0;
}

/* RFC 3629: the second byte is narrower after E0, ED, F0 and F4. */
static bool second_fits(unsigned char first, unsigned char second)
{
    switch (first) {
    case 0xE0: return second >= 0xA0;
    case 0xED: return second < 0xA0;
    case 0xF0: return second >= 0x90;
    case 0xF4: return second < 0x90;
    default: return true;
    }
}

/* The bytes of the character that data begins with; 0 where it is none. */
static size_t character_size(const unsigned char *data, size_t size)
{
    size_t length = sequence_size(*data);
    if (size < length || (length > 2 && !second_fits(data[0], data[1])))
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((data[i] & 0xC0) != 0x80)
            return 0;
    return length;
}

/* Most text is ASCII, so eight bytes are looked at together first. */
size_t text_utf8_size(const char *data, size_t size)
{
    const unsigned char *text = (const unsigned char *)data;
    size_t at = 0;
    while (at < size) {
        uint64_t eight;
        while (size - at >= sizeof eight) {
            memcpy(&eight, text + at, sizeof eight);
            if (eight & 0x8080808080808080)
                break;
            at += sizeof eight;
        }
        if (at == size)
            break;
        size_t length = character_size(text + at, size - at);
        if (!length)
            break;
        at += length;
    }
    return at;
}

bool text_is_utf8(const char *data, size_t size)
{
    return text_utf8_size(data, size) == size;
}

bool text_is_ascii(const char *text)
{
    while (*text && !(*text & 0x80)) /* plain char is unsigned on ARM: no comparing with 0 */
        text++;
    return !*text;
}

bool text_has_line_break(const char *text)
{
    return text && strpbrk(text, "\r\n");
}

/* Not strcspn and strspn: under a strict sanitizer these look at all of the text each time. */
size_t text_line_size(const char *text)
{
    size_t size = 0;
    while (text[size] && text[size] != '\r' && text[size] != '\n')
        size++;
    return size;
}

static bool is_space(char character)
{
    return character == ' ' || character == '\t' || character == '\r' || character == '\n' ||
           character == '\f';
}

size_t text_space_size(const char *text)
{
    size_t size = 0;
    while (is_space(text[size]))
        size++;
    return size;
}

bool text_has_control(const char *text)
{
    for (; text && *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7F)
            return true;
    return false;
}

const char *text_or(const char *text, const char *otherwise)
{
    return text ? text : otherwise;
}

char *text_lower(const char *text, struct arena *arena)
{
    char *lower = arena_copy(arena, text);
    for (char *at = lower; at && *at; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at + ('a' - 'A'));
    return lower;
}

char *text_trim(const char *text, struct arena *arena)
{
    static const char SPACE[] = " \t\r\n";
    text += strspn(text, SPACE);
    size_t size = strlen(text);
    while (size && strchr(SPACE, text[size - 1]))
        size--;
    return arena_copy_bytes(arena, text, size);
}

char *text_clean(const char *data, size_t size, struct arena *arena)
{
    char *text = arena_copy_bytes(arena, data, size);
    for (size_t at = 0; at < size;) {
        size_t length = character_size((const unsigned char *)text + at, size - at);
        bool is_control = (unsigned char)text[at] < 0x20 || text[at] == 0x7F;
        if (!length || is_control)
            text[at] = is_control ? ' ' : '?';
        at += length ? length : 1;
    }
    return text;
}

char *text_hex(const void *data, size_t size, struct arena *arena)
{
    char *hex = arena_alloc(arena, size * 2 + 1);
    return sodium_bin2hex(hex, size * 2 + 1, data, size);
}

char *text_base64(const void *data, size_t size, struct arena *arena)
{
    size_t room = sodium_base64_encoded_len(size, sodium_base64_VARIANT_ORIGINAL);
    char *text = arena_alloc(arena, room);
    return sodium_bin2base64(text, room, data, size, sodium_base64_VARIANT_ORIGINAL);
}
