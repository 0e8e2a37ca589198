#include "base/file_name.h"

#include <string.h>

#include "base/text.h"

static const char SEPARATORS[] = "/\\";

enum { ENDING_MAX_BYTES = 16 };

static bool file_name_is_separator(char character)
{
    return character && strchr(SEPARATORS, character);
}

/* `..` or `.` as one of several parts. */
static bool file_name_has_dots(const char *text)
{
    for (const char *part = text; part; part = strpbrk(part, SEPARATORS)) {
        part += file_name_is_separator(*part);
        size_t dots = strspn(part, ".");
        bool is_last = !part[dots] && part != text;
        if ((dots == 1 || dots == 2) && (is_last || file_name_is_separator(part[dots])))
            return true;
    }
    return false;
}

static bool file_name_is_path(const char *text)
{
    size_t size = strlen(text);
    bool has_drive = size > 2 && text[1] == ':' && file_name_is_separator(text[2]);
    bool is_home = text[0] == '~' && file_name_is_separator(text[1]);
    return size && (file_name_is_separator(text[0]) || file_name_is_separator(text[size - 1]) ||
                    has_drive || is_home || strstr(text, "://") || file_name_has_dots(text));
}

char *file_name_strip(char *text)
{
    bool is_path = file_name_is_path(text);
    for (char *at = text; (at = strpbrk(at, SEPARATORS)); at++) {
        *at = '_';
        text = is_path ? at + 1 : text;
    }
    if (text_equal(text, ".") || text_equal(text, ".."))
        *text = '\0';
    return text;
}

const char *file_name_cut(const char *name, size_t most_bytes, struct arena *arena)
{
    size_t size = strlen(name);
    if (size <= most_bytes)
        return name;
    const char *ending = strrchr(name, '.');
    size_t ending_size = ending ? strlen(ending) : 0;
    if (ending_size > ENDING_MAX_BYTES || ending_size >= most_bytes)
        ending_size = 0;
    size_t kept = most_bytes - ending_size;
    while (kept && (name[kept] & 0xC0) == 0x80)
        kept--;
    return arena_format(arena, "%.*s%s", (int)kept, name, name + size - ending_size);
}
