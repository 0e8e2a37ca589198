#include "mime/addr_spec.h"

#include <string.h>

#include "base/text.h"
#include "mime/domain.h"

/* Comments inside comments: as deep as anybody writes, and so that a text of nothing but ( is not
 * looked through again from each of them. */
enum { COMMENT_DEPTH_MAX = 32 };

/* RFC 5321 4.5.3.1: of a path, without its brackets. Local parts have no limit of their own here:
 * those that ticket systems put into Reply-To are longer than its 64, and arrive. */
enum { EMAIL_MAX_BYTES = 254 };

static const char ATOM_AND_DOT[] = ".ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                   "!#$%&'*+-/=?^_`{|}~";
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
        if (!depth || depth > COMMENT_DEPTH_MAX)
            return 0;
    }
    return 0;
}

/* dot-atom (RFC 5322 3.2.3), its letters extended by RFC 6532 */
static bool addr_spec_is_dot_atom(const char *text)
{
    bool is_after_dot = true;
    for (; *text; text++) {
        if (is_after_dot && *text == '.')
            return false;
        if (!(*text & 0x80) && !strchr(ATOM_AND_DOT, *text))
            return false;
        is_after_dot = *text == '.';
    }
    return !is_after_dot;
}

/* The size of the atoms and dots, in whatever order, or of the quoted-string that text begins with.
 */
static size_t addr_spec_local_size(const char *text)
{
    size_t size = 0;
    if (*text == '"')
        return quoted_string_size(text);
    while (text[size] && ((text[size] & 0x80) || strchr(ATOM_AND_DOT, text[size])))
        size++;
    return size;
}

/* As it may be written: in quotes where it must be, and only there. */
static const char *addr_spec_local(const char *text, size_t size, struct arena *arena)
{
    struct buf plain = BUF(arena, EMAIL_MAX_BYTES);
    struct error none;
    if (*text == '"')
        quoted_string_add(&plain, text, size);
    else
        buf_add_bytes(&plain, text, size);
    const char *local = buf_text(&plain, &none);
    return !local || addr_spec_is_dot_atom(local) ? local : quoted_string(local, arena);
}

const char *addr_spec_read(const char *text, struct arena *arena)
{
    size_t size = addr_spec_local_size(text);
    const char *at = text + size + strspn(text + size, " ");
    if (!size || *at != '@' || addr_spec_has_control(text) || !text_is_utf8(text, strlen(text)))
        return NULL;
    const char *name = text_trim(at + 1, arena);
    size_t name_size = strlen(name);
    if (name_size > 1 && name[name_size - 1] == '.')
        name = arena_copy_bytes(arena, name, name_size - 1);
    const char *local = addr_spec_local(text, size, arena), *domain = domain_read(name, arena);
    if (!local || !domain || strlen(local) + 1 + strlen(domain) > EMAIL_MAX_BYTES)
        return NULL;
    return arena_format(arena, "%s@%s", local, domain);
}

/* Of several dots in a row one is left, of those at the ends none, and no white space around them.
 */
static const char *addr_spec_mend_domain(const char *text, struct arena *arena)
{
    char *domain = arena_alloc(arena, strlen(text) + 1), *to = domain;
    bool is_after_dot = true;
    for (; *text; text++) {
        if (*text == ' ' && (is_after_dot || strchr(" .", text[1])))
            continue;
        if (*text == '.' && is_after_dot)
            continue;
        is_after_dot = *text == '.';
        *to++ = *text;
    }
    while (to > domain && strchr(". ", to[-1]))
        to--;
    *to = '\0';
    return domain;
}

const char *addr_spec_read_loosely(const char *text, struct arena *arena)
{
    const char *email = addr_spec_read(text, arena);
    if (email || strlen(text) > 4 * EMAIL_MAX_BYTES)
        return email;
    const char *at = strrchr(text, '@');
    if (!at || at == text)
        return NULL;
    size_t size = addr_spec_local_size(text);
    const char *local = arena_copy_bytes(arena, text, (size_t)(at - text));
    if (text + size + strspn(text + size, " ") != at) /* `ann . lee @ x.example` (RFC 5322 4.4) */
        local = *text == '"' ? local : addr_spec_mend_domain(local, arena);
    return addr_spec_read(arena_format(arena, "%s@%s", local, addr_spec_mend_domain(at + 1, arena)),
                          arena);
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
