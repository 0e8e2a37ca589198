#include "mime/part.h"

#include <string.h>

#include "base/file_name.h"
#include "base/media_type.h"
#include "base/text.h"
#include "mime/attachment.h"
#include "mime/charset.h"
#include "mime/encoded_word.h"
#include "mime/library.h"

/* More than any real one has; GMime compares parameters with each other. */
enum { FIELD_MAX_BYTES = 8 * 1024, BOUNDARY_MAX_BYTES = 200, FILENAME_MAX_BYTES = 255 };

static const char *field(const struct head *head, enum head_field name)
{
    const char *value = head->values[name];
    return value && *value && strlen(value) <= FIELD_MAX_BYTES ? value : NULL;
}

/* GMime would decode encoded-words in parameters, where they must not be but are, and lose some;
 * so it does not get to see them. Fields have no control characters of their own. */
enum { COVER = '\x01' };

static const char *cover_words(const char *value, struct arena *arena)
{
    char *covered = arena_alloc(arena, strlen(value) * 2 + 1), *to = covered;
    for (; *value; value++) {
        *to++ = *value;
        if (text_starts(value, "=?"))
            *to++ = COVER;
    }
    return covered;
}

static const char *parameter(const char *value, struct arena *arena)
{
    if (!value)
        return NULL;
    char *words = arena_copy(arena, value), *to = words;
    for (; *value; value++)
        if (*value != COVER)
            *to++ = *value;
    *to = '\0';
    return charset_line(encoded_word_decode(words, arena, NULL), arena);
}

static const char *filename_of(const char *named, struct arena *arena)
{
    const char *filename = attachment_filename(parameter(named, arena), arena);
    return filename ? file_name_cut(filename, FILENAME_MAX_BYTES, arena) : NULL;
}

/* `text` alone, as it was before MIME. */
static const char *with_subtype(const char *value, struct arena *arena)
{
    size_t size = strcspn(value, "; \t");
    bool is_alone = text_equal_nocase(arena_copy_bytes(arena, value, size), "text");
    return is_alone ? arena_format(arena, "text/plain%s", value + size) : value;
}

/* Without the comments and semicolons that some put behind it. */
static GMimeContentEncoding read_encoding(const char *value, struct arena *arena)
{
    value += strspn(value, "\"");
    return g_mime_content_encoding_from_string(
        arena_copy_bytes(arena, value, strcspn(value, "\"(; \t")));
}

static bool parameter_is(GMimeContentType *type, const char *name, const char *wanted,
                         struct arena *arena)
{
    const char *value = parameter(g_mime_content_type_get_parameter(type, name), arena);
    return value && text_equal_nocase(text_trim(value, arena), wanted);
}

static void read_type(struct part *part, const char *value, struct arena *arena)
{
    value = with_subtype(value, arena);
    AUTO_OBJECT(GMimeContentType) type = g_mime_content_type_parse(NULL, cover_words(value, arena));
    AUTO_TEXT name = g_mime_content_type_get_mime_type(type);
    name = name ? name : g_strdup("text/plain");
    if (media_type_is_valid(name))
        part->type = text_lower(name, arena);
    part->charset = parameter(g_mime_content_type_get_parameter(type, "charset"), arena);
    part->filename = filename_of(g_mime_content_type_get_parameter(type, "name"), arena);
    part->is_flowed = text_equal(part->type, "text/plain") &&
                      parameter_is(type, "format", "flowed", arena);
    part->deletes_space = parameter_is(type, "delsp", "yes", arena);
    const char *boundary = parameter(g_mime_content_type_get_parameter(type, "boundary"), arena);
    if (text_starts(part->type, "multipart/") && !text_is_empty(boundary) &&
        strlen(boundary) <= BOUNDARY_MAX_BYTES)
        part->boundary = arena_copy(arena, boundary);
}

static void read_disposition(struct part *part, const char *value, struct arena *arena)
{
    AUTO_OBJECT(GMimeContentDisposition)
    read = g_mime_content_disposition_parse(NULL, cover_words(value, arena));
    const char *kind = g_mime_content_disposition_get_disposition(read);
    part->is_attachment = kind && !text_equal_nocase(kind, "inline");
    const char *filename = filename_of(g_mime_content_disposition_get_parameter(read, "filename"),
                                       arena);
    part->filename = text_or(filename, part->filename);
}

static const char *read_content_id(const char *value, struct arena *arena)
{
    const char *start = strchr(value, '<');
    const char *end = start ? strchr(start, '>') : NULL;
    if (start && end)
        value = arena_copy_bytes(arena, start + 1, (size_t)(end - start - 1));
    return attachment_is_content_id(value) ? value : NULL;
}

struct part part_read(const struct head *head, const char *default_type, struct arena *arena)
{
    struct part part = {.type = default_type};
    const char *type = field(head, HEAD_CONTENT_TYPE);
    const char *disposition = field(head, HEAD_CONTENT_DISPOSITION);
    const char *encoding = field(head, HEAD_CONTENT_TRANSFER_ENCODING);
    const char *content_id = field(head, HEAD_CONTENT_ID);
    if (type)
        read_type(&part, type, arena);
    if (disposition)
        read_disposition(&part, disposition, arena);
    if (encoding)
        part.encoding = read_encoding(encoding, arena);
    if (content_id)
        part.content_id = read_content_id(content_id, arena);
    return part;
}
