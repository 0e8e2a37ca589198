#include "http/target.h"

#include <string.h>

#include "base/text.h"

int target_hex_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    char lower = (char)(digit | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* NULL when it is no text. A plus is a space in a query, and itself in a path. */
static char *decode(const char *text, size_t size, bool is_query, struct arena *arena)
{
    char *decoded = arena_alloc(arena, size + 1);
    size_t length = 0;
    for (size_t i = 0; i < size; i++) {
        char character = text[i];
        if (character == '%') {
            int high = i + 2 < size ? target_hex_value(text[i + 1]) : -1;
            int low = high >= 0 ? target_hex_value(text[i + 2]) : -1;
            if (low < 0)
                return NULL;
            character = (char)(high * 16 + low);
            i += 2;
        } else if (character == '+' && is_query) {
            character = ' ';
        }
        if (!character)
            return NULL;
        decoded[length++] = character;
    }
    return text_is_utf8(decoded, length) ? decoded : NULL;
}

static bool read_query(const char *text, struct arena *arena, const struct query_pair **ret_query,
                       struct error *error)
{
    const struct query_pair *first = NULL, **end = &first;
    size_t count = 0;
    while (*text) {
        if (++count > TARGET_PARAMETERS_MOST)
            return fail(error, ERROR_TARGET_TOO_LONG, "", "the query has more than %d parameters",
                        TARGET_PARAMETERS_MOST);
        size_t size = strcspn(text, "&");
        size_t name_size = strcspn(text, "=&");
        const char *value = text + name_size + (name_size < size);
        struct query_pair *pair = arena_new(arena, struct query_pair, 1);
        pair->name = decode(text, name_size, true, arena);
        pair->value = decode(value, (size_t)(text + size - value), true, arena);
        if (!pair->name || !pair->value)
            return fail(error, ERROR_INVALID, "query", "must be percent-encoded UTF-8");
        if (size) {
            *end = pair;
            end = &pair->next;
        }
        text += size + (text[size] == '&');
    }
    *ret_query = first;
    return true;
}

/* http://host:port/path is a target too (RFC 9112, 3.2.2); the authority is not looked at, and
 * what follows it may lack a path. */
static const char *skip_authority(const char *text)
{
    const char *colon = *text == '/' ? NULL : strstr(text, "://");
    return colon ? colon + 3 + strcspn(colon + 3, "/?") : text;
}

static bool target_hides_separator(const char *text, size_t size)
{
    for (size_t i = 0; i + 2 < size; i++)
        if (text[i] == '%') {
            int byte = target_hex_value(text[i + 1]) * 16 + target_hex_value(text[i + 2]);
            if (byte == '/' || byte == '\\')
                return true;
        }
    return false;
}

static bool target_has_dots(const char *path)
{
    for (; *path; path += strcspn(path, "/")) {
        path += *path == '/';
        size_t size = strcspn(path, "/");
        if ((size == 1 && *path == '.') || (size == 2 && text_starts(path, "..")))
            return true;
    }
    return false;
}

static bool target_read_path(const char *text, size_t size, struct arena *arena,
                             const char **ret_path, struct error *error)
{
    if (target_hides_separator(text, size))
        return fail(error, ERROR_INVALID, "path", "must not hold an escaped slash or backslash");
    const char *path = decode(text, size, false, arena);
    if (!path || (*path != '/' && !text_equal(path, "*")))
        return fail(error, ERROR_INVALID, "path", "must be percent-encoded UTF-8 and begin with /");
    *ret_path = path; /* a refusal is spelled in the manner of its family */
    return !target_has_dots(path) ||
           fail(error, ERROR_INVALID, "path", "must not hold the segments . or ..");
}

bool target_read(const char *text, struct arena *arena, struct target *ret_target,
                 struct error *error)
{
    const char *start = skip_authority(text);
    size_t size = strcspn(start, "?");
    bool is_bare = start != text && !size; /* "http://host" alone */
    struct target target = {.path = is_bare ? "/" : ""};
    bool is_read = is_bare || target_read_path(start, size, arena, &target.path, error);
    ret_target->path = target.path; /* also where it, or its query, is wrong */
    if (!is_read)
        return false;
    if (start[size] && !read_query(start + size + 1, arena, &target.query, error))
        return false;
    *ret_target = target;
    return true;
}
