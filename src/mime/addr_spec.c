#include "mime/addr_spec.h"

#include <string.h>

#include "base/text.h"
#include "mime/domain.h"

enum { LOCAL_MAX_BYTES = 64, EMAIL_MAX_BYTES = 254 };

static const char ATOM_AND_DOT[] = ".ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                   "!#$%&'*+-/=?^_`{|}~";
static const char *const ATOM = ATOM_AND_DOT + 1;

const char *quoted_string(const char *text, struct arena *arena)
{
    char *quoted = arena_alloc(arena, strlen(text) * 2 + 3), *to = quoted;
    *to++ = '"';
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            *to++ = '\\';
        *to++ = *text;
    }
    *to = '"';
    return quoted;
}

size_t quoted_string_size(const char *text)
{
    if (*text != '"')
        return 0;
    for (size_t i = 1; text[i]; i++) {
        if (text[i] == '"')
            return i + 1;
        if (text[i] == '\\' && !text[++i])
            return 0;
    }
    return 0;
}

void quoted_string_add(struct buf *buf, const char *quoted, size_t size)
{
    for (size_t i = 1; i + 1 < size; i++) {
        if (quoted[i] == '\\')
            i++;
        buf_add_char(buf, quoted[i]);
    }
}

size_t comment_size(const char *text)
{
    size_t depth = 0;
    for (size_t size = 0; text[size]; size++) {
        if (text[size] == '\\' && text[size + 1])
            size++;
        else if (text[size] == '(')
            depth++;
        else if (text[size] == ')' && --depth == 0)
            return size + 1;
        if (!depth)
            return 0;
    }
    return 0;
}

/* dot-atom (RFC 5322 3.2.3), its letters extended by RFC 6532 */
static size_t dot_atom_size(const char *text)
{
    size_t size = 0;
    for (;;) {
        size_t start = size;
        while (text[size] && (text[size] < 0 || strchr(ATOM, text[size])))
            size++;
        if (size == start)
            return 0;
        if (text[size] != '.')
            return size;
        size++;
    }
}

const char *addr_spec_read(const char *text, struct arena *arena)
{
    size_t local = *text == '"' ? quoted_string_size(text) : dot_atom_size(text);
    if (!local || local > LOCAL_MAX_BYTES || text[local] != '@' || addr_spec_has_control(text) ||
        !text_is_utf8(text, strlen(text)))
        return NULL;
    const char *domain = domain_read(text + local + 1, arena);
    if (!domain || local + 1 + strlen(domain) > EMAIL_MAX_BYTES)
        return NULL;
    return arena_format(arena, "%.*s@%s", (int)local, text, domain);
}

const char *addr_spec_read_loosely(const char *text, struct arena *arena)
{
    const char *strict = addr_spec_read(text, arena);
    if (strict)
        return strict;
    const char *at = strchr(text, '@');
    size_t size = strlen(text);
    if (!at || at == text || size > EMAIL_MAX_BYTES || !text_is_ascii(text))
        return NULL;
    const char *domain = text_lower(at + 1, arena);
    if (!*domain || domain[strspn(domain, "abcdefghijklmnopqrstuvwxyz0123456789-_.")] ||
        text + strspn(text, ATOM_AND_DOT) != at)
        return NULL;
    return arena_format(arena, "%.*s@%s", (int)(at - text), text, domain);
}

bool addr_spec_has_control(const char *text)
{
    if (text_has_control(text) || strstr(text, "\xE2\x80\xA8") || strstr(text, "\xE2\x80\xA9"))
        return true;
    for (; *text; text++)
        if (text_starts(text, "\xC2") && (unsigned char)text[1] < 0xA0)
            return true;
    return false;
}
