#include "mime/invisible.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

static const struct range {
    uint32_t first, last;
} INVISIBLE[] = {
    {0x00A0, 0x00A0}, {0x00AD, 0x00AD}, {0x034F, 0x034F},   {0x061C, 0x061C},   {0x115F, 0x1160},
    {0x1680, 0x1680}, {0x17B4, 0x17B5}, {0x180B, 0x180F},   {0x2000, 0x200F},   {0x202A, 0x202F},
    {0x205F, 0x206F}, {0x3000, 0x3000}, {0x3164, 0x3164},   {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},
    {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFF8}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
};

/* Of UTF-8 text; a byte that is none stands for itself. Never reads past the NUL. */
static uint32_t invisible_code_point(const char *text, size_t *ret_size)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t size = bytes[0] >= 0xF0 ? 4 : bytes[0] >= 0xE0 ? 3 : bytes[0] >= 0xC0 ? 2 : 1;
    uint32_t code_point = size == 1 ? bytes[0] : bytes[0] & (0xFFU >> (size + 1));
    *ret_size = 1;
    for (size_t i = 1; i < size; i++) {
        if ((bytes[i] & 0xC0) != 0x80)
            return bytes[0];
        code_point = code_point << 6 | (bytes[i] & 0x3FU);
    }
    *ret_size = size;
    return code_point;
}

size_t invisible_size(const char *text)
{
    size_t size;
    uint32_t code_point = invisible_code_point(text, &size);
    for (size_t i = 0; i < sizeof INVISIBLE / sizeof *INVISIBLE; i++)
        if (code_point >= INVISIBLE[i].first && code_point <= INVISIBLE[i].last)
            return size;
    return 0;
}

static size_t invisible_or_blank_size(const char *text)
{
    return *text == ' ' || *text == '\t' ? 1 : invisible_size(text);
}

const char *invisible_trim(const char *text, struct arena *arena)
{
    size_t size;
    while ((size = invisible_or_blank_size(text)))
        text += size;
    const char *end = text;
    for (const char *at = text; *at; at += size) {
        size_t blank = invisible_or_blank_size(at);
        size = blank ? blank : 1;
        if (!blank)
            end = at + 1;
    }
    return arena_copy_bytes(arena, text, (size_t)(end - text));
}

const char *invisible_find(const char *text, struct arena *arena)
{
    for (size_t size; *text; text += size) {
        uint32_t code_point = invisible_code_point(text, &size);
        if (invisible_size(text))
            return arena_format(arena, "U+%04X", (unsigned)code_point);
    }
    return NULL;
}

const char *invisible_show(const char *text, struct arena *arena)
{
    enum { LONGEST = sizeof "<U+E0FFF>" - 1 };
    struct buf shown = BUF(arena, strlen(text) * LONGEST + 1);
    struct error none;
    for (size_t size; *text; text += size) {
        uint32_t code_point = invisible_code_point(text, &size);
        if (invisible_size(text))
            buf_addf(&shown, "<U+%04X>", (unsigned)code_point);
        else
            buf_add_bytes(&shown, text, size);
    }
    return buf_text(&shown, &none);
}

bool invisible_turns_here(const char *text)
{
    size_t size;
    uint32_t code_point = invisible_code_point(text, &size);
    return (code_point >= 0x202A && code_point <= 0x202E) ||
           (code_point >= 0x2066 && code_point <= 0x2069);
}

bool invisible_turns(const char *text)
{
    for (; *text; text++)
        if (invisible_turns_here(text))
            return true;
    return false;
}
