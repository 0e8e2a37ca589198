#include "html/picture.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/text.h"
#include "html/allowed.h"
#include "html/html.h"

/* --- pieces of URLs */

static bool picture_starts(const char *text, const char *start)
{
    return strncasecmp(text, start, strlen(start)) == 0;
}

static int picture_hex_digit(char character)
{
    static const char DIGITS[] = "0123456789ABCDEFabcdef";
    const char *at = character ? strchr(DIGITS, character) : NULL;
    return !at ? -1 : at - DIGITS < 16 ? (int)(at - DIGITS) : (int)(at - DIGITS) - 6;
}

/* A NUL stays as it was written. */
static char *picture_decode(const char *text, struct arena *arena)
{
    char *decoded = arena_copy(arena, text), *to = decoded;
    for (const char *at = decoded; *at; at++) {
        int high = *at == '%' ? picture_hex_digit(at[1]) : -1;
        int low = high >= 0 ? picture_hex_digit(at[2]) : -1;
        *to = *at;
        if (low >= 0 && (high || low)) {
            *to = (char)(high << 4 | low);
            at += 2;
        }
        to++;
    }
    *to = '\0';
    return decoded;
}

static const char *picture_cid(const char *content_id, struct arena *arena)
{
    static const char PLAIN[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$'()*+,;=:@/";
    size_t size = strlen(content_id);
    struct buf url = BUF(arena, 3 * size + strlen("cid:"));
    struct error none;
    buf_add(&url, "cid:");
    for (size_t i = 0; i < size; i++)
        if (strchr(PLAIN, content_id[i]))
            buf_add_char(&url, content_id[i]);
        else
            buf_addf(&url, "%%%02X", (unsigned char)content_id[i]);
    return buf_text(&url, &none);
}

/* --- the picture in the address: RFC 2397, and the WHATWG's forgiving base64 */

static const char *picture_skip_space(const char *text)
{
    return text + strspn(text, " \t\r\n\f");
}

/* By what it begins with, as browsers do, whatever it is called; else by its name. SVG, which can
 * hold scripts, is neither. */
static const char *picture_type(const char *name, const char *base64)
{
    static const struct {
        const char *start, *type;
    } STARTS[] = {
        {"iVBORw0KGgo", "png"}, {"/9j/", "jpeg"}, {"R0lGOD", "gif"},
        {"UklGR", "webp"},      {"Qk", "bmp"},
    };
    static const struct {
        const char *name, *type;
    } NAMES[] = {
        {"image/png", "png"},       {"image/x-png", "png"},
        {"image/jpeg", "jpeg"},     {"image/jpg", "jpeg"},
        {"image/pjpeg", "jpeg"},    {"image/jpe", "jpeg"},
        {"image/gif", "gif"},       {"image/webp", "webp"},
        {"image/bmp", "bmp"},       {"image/x-bmp", "bmp"},
        {"image/x-ms-bmp", "bmp"},  {"image/avif", "avif"},
        {"image/x-icon", "x-icon"}, {"image/vnd.microsoft.icon", "x-icon"},
    };
    static const char *const ANY[] = {"",
                                      "application/octet-stream",
                                      "binary/octet-stream",
                                      "image",
                                      "image/*",
                                      "image/unknown",
                                      "text/plain"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        if (strcasecmp(name, NAMES[i].name) == 0)
            return NAMES[i].type;
    for (size_t i = 0; i < sizeof ANY / sizeof *ANY; i++)
        if (strcasecmp(name, ANY[i]) == 0)
            for (size_t j = 0; j < sizeof STARTS / sizeof *STARTS; j++)
                if (text_starts(base64, STARTS[j].start))
                    return STARTS[j].type;
    return NULL;
}

/* Without white space, padded. NULL: it is no base64. */
static const char *picture_base64(const char *text, struct arena *arena)
{
    static const char ALPHABET[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *clean = arena_alloc(arena, strlen(text) + 3), *to = clean;
    const char *decoded = strchr(text, '%') ? picture_decode(text, arena) : text;
    for (; *(decoded = picture_skip_space(decoded)); decoded++)
        *to++ = *decoded;
    *to = '\0';
    size_t size = strspn(clean, ALPHABET), padding = strspn(clean + size, "=");
    if (clean[size + padding] || padding > 2 || size % 4 == 1)
        return NULL;
    for (to = clean + size; size % 4; size++)
        *to++ = '=';
    *to = '\0';
    return clean;
}

static const char *picture_data(const char *url, struct arena *arena)
{
    url += strlen("data:");
    size_t size = strcspn(url, ",");
    if (!url[size])
        return NULL;
    char *kind = picture_decode(arena_copy_bytes(arena, url, size), arena);
    char *last = strrchr(kind, ';');
    const char *type_name = text_trim(arena_copy_bytes(arena, kind, strcspn(kind, ";")), arena);
    if (!last || strcasecmp(text_trim(last + 1, arena), "base64") != 0)
        return NULL;
    const char *base64 = picture_base64(url + size + 1, arena);
    const char *type = base64 ? picture_type(type_name, base64) : NULL;
    return type ? arena_format(arena, "data:image/%s;base64,%s", type, base64) : NULL;
}

/* --- the files that came along */

static const char *picture_base_name(const char *path)
{
    for (const char *at; (at = strpbrk(path, "/\\:"));)
        path = at + 1;
    return path;
}

static bool picture_same(const char *a, const char *b)
{
    return a && b && *a && strcasecmp(a, b) == 0;
}

/* Ways in which a name may be meant, the surest first. */
static bool picture_is_its_id(const struct html_file *file, const char *name)
{
    return text_equal(file->content_id, name);
}

static bool picture_is_nearly_its_id(const struct html_file *file, const char *name)
{
    return picture_same(file->content_id, name);
}

static bool picture_is_its_location(const struct html_file *file, const char *name)
{
    return text_equal(file->location, name);
}

static bool picture_is_its_file_name(const struct html_file *file, const char *name)
{
    const char *base = picture_base_name(name);
    return picture_same(base, file->filename) ||
           (file->location && picture_same(base, picture_base_name(file->location)));
}

typedef bool picture_match(const struct html_file *file, const char *name);

static const struct html_file *picture_find(const struct list *files, const char *name,
                                            picture_match *const *ways)
{
    const struct html_file *items = files ? files->items : NULL;
    for (; *ways; ways++)
        for (size_t i = 0; items && i < files->count; i++)
            if (items[i].content_id && (*ways)(&items[i], name))
                return &items[i];
    return NULL;
}

/* "<a@b>", " a@b " and "//a@b" are a@b. */
static const char *picture_bare_id(const char *id, struct arena *arena)
{
    id = text_trim(id, arena);
    id += text_starts(id, "//") ? 2 : 0;
    size_t size = strlen(id);
    return size > 2 && *id == '<' && id[size - 1] == '>' ? arena_copy_bytes(arena, id + 1, size - 2)
                                                         : id;
}

static const char *picture_of_id(const char *url, const struct list *files, struct arena *arena)
{
    static picture_match *const WAYS[] = {picture_is_its_id, picture_is_nearly_its_id,
                                          picture_is_its_location, picture_is_its_file_name, NULL};
    const char *written = url + strlen("cid:");
    const char *id = picture_bare_id(picture_decode(written, arena), arena);
    const struct html_file *file = picture_find(files, id, WAYS);
    bool is_plain = !file || text_equal(picture_decode(written, arena), file->content_id);
    return is_plain ? arena_format(arena, "cid:%s", written) : picture_cid(file->content_id, arena);
}

/* A name of a whole place elsewhere is that of a file only if the file says the very same; any
 * other may also be meant by the last part of it. */
static const char *picture_of_name(const char *url, const struct list *files, struct arena *arena)
{
    static picture_match *const WAYS[] = {picture_is_its_location, picture_is_its_file_name, NULL};
    static picture_match *const ELSEWHERE[] = {picture_is_its_location, NULL};
    static const char *const SCHEMES[] = {"http:", "https:", "ftp:", "//", "\\\\"};
    const char *name = picture_decode(url, arena);
    picture_match *const *ways = WAYS;
    for (size_t i = 0; i < sizeof SCHEMES / sizeof *SCHEMES; i++)
        if (picture_starts(url, SCHEMES[i]))
            ways = ELSEWHERE;
    const struct html_file *file = *url ? picture_find(files, url, ways) : NULL;
    if (!file && *url)
        file = picture_find(files, name, ways);
    return file ? picture_cid(file->content_id, arena) : NULL;
}

const char *picture_source(const char *src, const struct list *files, struct arena *arena)
{
    if (picture_starts(picture_skip_space(src), "data:"))
        return picture_data(picture_skip_space(src), arena);
    const char *url = allowed_url(src, arena);
    if (picture_starts(url, "data:"))
        return picture_data(url, arena);
    return picture_starts(url, "cid:") ? picture_of_id(url, files, arena)
                                       : picture_of_name(url, files, arena);
}
