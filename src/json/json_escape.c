#include "json/json_escape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What follows the backslash; 0 where none is needed. */
static char escape_of(char character)
{
    static const char CONTROLS[] = "uuuuuuuubtnufruuuuuuuuuuuuuuuuuu";
    if ((unsigned char)character < ' ')
        return CONTROLS[(unsigned char)character];
    if (character == '"' || character == '\\')
        return character;
    return '\0';
}

/* Runs of escapes, as of control characters, come together. */
void json_add_part(struct buf *buf, const char *text, size_t size)
{
    static const char HEX[] = "0123456789abcdef";
    enum { LONGEST = 6 };
    char escapes[128 * LONGEST];
    for (const char *at = text, *end = text + size; at < end;) {
        const char *clean = at;
        while (at < end && !escape_of(*at))
            at++;
        buf_add_bytes(buf, clean, (size_t)(at - clean));
        char *to = escapes;
        for (char name;
             at < end && (name = escape_of(*at)) && to + LONGEST <= escapes + sizeof escapes;
             at++) {
            const char escape[] = {'\\', name, '0', '0', HEX[*at >> 4 & 15], HEX[*at & 15]};
            memcpy(to, escape, LONGEST);
            to += name == 'u' ? LONGEST : 2;
        }
        buf_add_bytes(buf, escapes, (size_t)(to - escapes));
    }
}

void json_add_text(struct buf *buf, const char *text)
{
    buf_add_char(buf, '"');
    json_add_part(buf, text, strlen(text));
    buf_add_char(buf, '"');
}

void json_add_integer(struct buf *buf, int64_t number)
{
    char digits[24], *at = digits + sizeof digits;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do
        *--at = (char)('0' + rest % 10);
    while (rest /= 10);
    if (number < 0)
        *--at = '-';
    buf_add_bytes(buf, at, (size_t)(digits + sizeof digits - at));
}

void json_add_real(struct buf *buf, double number)
{
    char text[32];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, number);
        if (strtod(text, NULL) <= number && strtod(text, NULL) >= number)
            break;
    }
    buf_add(buf, text);
    if (!strpbrk(text, ".e")) /* else it would be a whole number from now on */
        buf_add(buf, ".0");
}
