#include "mime/part.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/file_name.h"
#include "base/media_type.h"
#include "base/text.h"
#include "mime/attachment.h"
#include "mime/charset.h"
#include "mime/encoded_word.h"
#include "mime/library.h"

/* More than any real one has; GMime compares parameters with each other. */
enum { FIELD_MAX_BYTES = 8 * 1024, FILENAME_MAX_BYTES = 255 };

static const char *field(const struct head *head, enum head_field name)
{
    const char *value = head->values[name];
    return value && *value && strlen(value) <= FIELD_MAX_BYTES ? value : NULL;
}

/* GMime would decode encoded-words in parameters, where they must not be but are, and lose some;
 * so it does not get to see them. Fields have no control characters of their own. It would also
 * take the backslashes of a path (`"C:\Users\x.pdf"`) for escapes, so each of them stands twice. */
enum { COVER = '\x01' };

static const char *cover_words(const char *value, struct arena *arena)
{
    char *covered = arena_alloc(arena, strlen(value) * 2 + 1), *to = covered;
    bool is_quoted = false;
    for (; *value; value++) {
        bool is_escape = is_quoted && *value == '\\';
        *to++ = *value;
        if (is_escape && (value[1] == '"' || value[1] == '\\'))
            *to++ = *++value;
        else if (is_escape)
            *to++ = '\\';
        else if (*value == '"')
            is_quoted = !is_quoted;
        else if (text_starts(value, "=?"))
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

/* Without the quotes that some put around it, or around all of the field. */
static const char *part_unquoted(const char *value, struct arena *arena)
{
    const char *end = *value == '"' || *value == '\'' ? strchr(value + 1, *value) : NULL;
    return end ? arena_format(arena, "%.*s%s", (int)(end - value - 1), value + 1, end + 1) : value;
}

/* `text` alone, as it was before MIME, or a subtype alone. */
static const char *with_subtype(const char *value, struct arena *arena)
{
    static const char *const ALONE[][2] = {
        {"text", "text/plain"}, {"plain", "text/plain"}, {"html", "text/html"}};
    size_t size = strcspn(value, "; \t");
    const char *type = arena_copy_bytes(arena, value, size);
    for (size_t i = 0; i < sizeof ALONE / sizeof *ALONE; i++)
        if (text_equal_nocase(type, ALONE[i][0]))
            return arena_format(arena, "%s%s", ALONE[i][1], value + size);
    return value;
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

/* What a part says of its content is kept, as far as there is room, but for what is said anew when
 * it is sent on: its name, and the boundary of a multipart. */
static bool part_keeps(const char *name)
{
    static const char *const NEW[] = {"name", "filename", "boundary", "charset"};
    for (size_t i = 0; i < sizeof NEW / sizeof *NEW; i++)
        if (text_equal_nocase(name, NEW[i]))
            return false;
    return !strpbrk(name, "*'%") && strncasecmp(name, "x-", 2) != 0;
}

static void part_add_parameter(struct buf *type, const char *name, const char *value,
                               struct arena *arena)
{
    struct error none;
    struct media_type read;
    struct buf quoted = BUF(arena, SIZE_MAX / 4);
    const char *start = arena_format(arena, "%s; %s=", buf_text(type, &none),
                                     text_lower(name, arena));
    const char *plain = arena_format(arena, "%s%s", start, value);
    if (media_type_read(plain, arena, &read)) {
        type->size = 0;
        buf_add(type, plain);
        return;
    }
    buf_addf(&quoted, "%s\"", start);
    for (; *value; value++) {
        if (*value == '"' || *value == '\\')
            buf_add_char(&quoted, '\\');
        buf_add_char(&quoted, *value);
    }
    buf_add_char(&quoted, '"');
    const char *longer = buf_text(&quoted, &none);
    if (!media_type_read(longer, arena, &read))
        return;
    type->size = 0;
    buf_add(type, longer);
}

static const char *part_full_type(const struct part *part, GMimeContentType *type,
                                  struct arena *arena)
{
    struct error none;
    struct buf full = BUF(arena, SIZE_MAX / 4);
    GMimeParamList *list = g_mime_content_type_get_parameters(type);
    int count = g_mime_param_list_length(list);
    buf_add(&full, part->type);
    if (!text_is_empty(part->charset))
        part_add_parameter(&full, "charset", part->charset, arena);
    for (int i = 0; i < count && i < MEDIA_TYPE_PARAMETERS_MAX; i++) {
        GMimeParam *found = g_mime_param_list_get_parameter_at(list, i);
        const char *value = parameter(g_mime_param_get_value(found), arena);
        if (value && part_keeps(g_mime_param_get_name(found)))
            part_add_parameter(&full, g_mime_param_get_name(found), value, arena);
    }
    return buf_text(&full, &none);
}

static void read_type(struct part *part, const char *value, struct arena *arena)
{
    value = with_subtype(part_unquoted(value, arena), arena);
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
    part->root = parameter(g_mime_content_type_get_parameter(type, "start"), arena);
    part->full_type = part_full_type(part, type, arena);
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

static const char *part_bare_id(const char *value, struct arena *arena)
{
    const char *start = strchr(value, '<');
    const char *end = start ? strchr(start, '>') : NULL;
    return start && end ? arena_copy_bytes(arena, start + 1, (size_t)(end - start - 1)) : value;
}

const char *part_content_id(const char *value, struct arena *arena)
{
    value = part_bare_id(value, arena);
    return attachment_is_content_id(value) ? value : NULL;
}

static const char *part_read_location(const char *value, struct arena *arena)
{
    const char *location = charset_line(encoded_word_decode(value, arena, NULL), arena);
    return !text_is_empty(location) && strlen(location) <= FILENAME_MAX_BYTES ? location : NULL;
}

struct part part_read(const struct head *head, const char *default_type, struct arena *arena)
{
    struct part part = {.type = default_type, .full_type = default_type};
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
    const char *location = field(head, HEAD_CONTENT_LOCATION);
    if (content_id)
        part.content_id = part_content_id(content_id, arena);
    if (location || (content_id && !part.content_id))
        part.location = part_read_location(
            text_or(location, part_bare_id(text_or(content_id, ""), arena)), arena);
    if (part.root)
        part.root = part_content_id(part.root, arena);
    return part;
}
