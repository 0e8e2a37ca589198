#include "base/media_type.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"

/* RFC 6838 4.2 for types; RFC 2045 5.1 for names and values of parameters. */
static const char TYPE_CHARACTERS[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    "!#$&-^_.+%'`{|}~";
static const char TOKEN_CHARACTERS[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    "!#$&-^_.+%'`{|}~*";

static size_t media_type_space(const char *text)
{
    return strspn(text, " \t");
}

/* A token, or a quoted-string; what it says. 0: none of them. */
static size_t media_type_value(const char *text, struct arena *arena, const char **ret_value)
{
    size_t size = strspn(text, TOKEN_CHARACTERS);
    if (*text != '"') {
        *ret_value = arena_copy_bytes(arena, text, size);
        return size;
    }
    char *value = arena_alloc(arena, strlen(text)), *to = value;
    for (size = 1; text[size] && text[size] != '"'; size++) {
        if (text[size] == '\\' && text[size + 1])
            size++;
        *to++ = text[size];
    }
    *ret_value = value;
    return text[size] ? size + 1 : 0;
}

static bool media_type_add_parameter(struct media_type *type, const char *text, size_t *ret_size,
                                     struct arena *arena)
{
    size_t name = strspn(text, TOKEN_CHARACTERS);
    if (!name || text[name] != '=' || type->parameter_count == MEDIA_TYPE_PARAMETERS_MAX)
        return false;
    struct media_parameter parameter = {
        .name = text_lower(arena_copy_bytes(arena, text, name), arena)};
    size_t value = media_type_value(text + name + 1, arena, &parameter.value);
    if (!value || media_type_parameter(type, parameter.name))
        return false;
    type->parameters[type->parameter_count++] = parameter;
    *ret_size = name + 1 + value;
    return true;
}

bool media_type_read(const char *text, struct arena *arena, struct media_type *ret_type)
{
    struct media_type type = {0};
    size_t size = strlen(text);
    if (size > MEDIA_TYPE_MAX_BYTES || text_has_control(text) || !text_is_utf8(text, size))
        return false;
    text += media_type_space(text);
    size_t main_type = strspn(text, TYPE_CHARACTERS);
    size_t subtype = main_type && text[main_type] == '/'
                         ? strspn(text + main_type + 1, TYPE_CHARACTERS)
                         : 0;
    if (!subtype || main_type + 1 + subtype > MEDIA_TYPE_ESSENCE_MAX_BYTES)
        return false;
    type.essence = text_lower(arena_copy_bytes(arena, text, main_type + 1 + subtype), arena);
    text += main_type + 1 + subtype;
    for (text += media_type_space(text); *text; text += media_type_space(text)) {
        if (*text++ != ';')
            return false;
        text += media_type_space(text);
        size_t parameter = 0;
        if (*text && *text != ';' && !media_type_add_parameter(&type, text, &parameter, arena))
            return false;
        text += parameter;
    }
    *ret_type = type;
    return true;
}

bool media_type_is_valid(const char *text)
{
    AUTO_ARENA arena = arena_create();
    struct media_type type;
    return media_type_read(text, arena, &type);
}

const char *media_type_parameter(const struct media_type *type, const char *name)
{
    for (size_t i = 0; i < type->parameter_count; i++)
        if (text_equal(type->parameters[i].name, name))
            return type->parameters[i].value;
    return NULL;
}

/* Those that people attach to mail. Debian's media-types has more, but it is a file that another
 * machine may lack, and what a mail says must not depend on the machine. */
static const struct {
    const char *ending, *type;
} ENDINGS[] = {
    {".7z", "application/x-7z-compressed"},
    {".avif", "image/avif"},
    {".bmp", "image/bmp"},
    {".csv", "text/csv"},
    {".doc", "application/msword"},
    {".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {".eml", "message/rfc822"},
    {".epub", "application/epub+zip"},
    {".gif", "image/gif"},
    {".gz", "application/gzip"},
    {".heic", "image/heic"},
    {".htm", "text/html"},
    {".html", "text/html"},
    {".ics", "text/calendar"},
    {".jpeg", "image/jpeg"},
    {".jpg", "image/jpeg"},
    {".json", "application/json"},
    {".md", "text/markdown"},
    {".mov", "video/quicktime"},
    {".mp3", "audio/mpeg"},
    {".mp4", "video/mp4"},
    {".odp", "application/vnd.oasis.opendocument.presentation"},
    {".ods", "application/vnd.oasis.opendocument.spreadsheet"},
    {".odt", "application/vnd.oasis.opendocument.text"},
    {".ogg", "audio/ogg"},
    {".pdf", "application/pdf"},
    {".png", "image/png"},
    {".ppt", "application/vnd.ms-powerpoint"},
    {".pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
    {".rtf", "application/rtf"},
    {".svg", "image/svg+xml"},
    {".tar", "application/x-tar"},
    {".tif", "image/tiff"},
    {".tiff", "image/tiff"},
    {".txt", "text/plain"},
    {".vcf", "text/vcard"},
    {".wav", "audio/x-wav"},
    {".webp", "image/webp"},
    {".xls", "application/vnd.ms-excel"},
    {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {".xml", "application/xml"},
    {".zip", "application/zip"},
};

const char *media_type_of_name(const char *filename)
{
    const char *ending = filename ? strrchr(filename, '.') : NULL;
    for (size_t i = 0; ending && i < sizeof ENDINGS / sizeof *ENDINGS; i++)
        if (strcasecmp(ending, ENDINGS[i].ending) == 0)
            return ENDINGS[i].type;
    return NULL;
}
