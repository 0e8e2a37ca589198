#include "mime/attachment.h"

#include <string.h>
#include <unistd.h>

#include "base/file_name.h"
#include "base/media_type.h"
#include "base/text.h"
#include "mime/body.h"
#include "mime/header.h"
#include "mime/invisible.h"

enum { FILENAME_MAX_BYTES = 255, CONTENT_ID_MAX_BYTES = 250, LOOKED_AT_BYTES = 64 * 1024 };

static const char BINARY[] = "application/octet-stream";

const char *attachment_filename(const char *filename, struct arena *arena)
{
    if (!filename)
        return NULL;
    char *clean = file_name_strip(arena_copy(arena, filename)), *to = clean;
    for (const char *at = clean; *at;) {
        if (invisible_turns_here(at))
            at += 3;
        else
            *to++ = *at++;
    }
    *to = '\0';
    clean = text_trim(clean, arena);
    bool is_name = *clean && !text_equal(clean, ".") && !text_equal(clean, "..");
    return is_name ? clean : NULL;
}

static bool check_filename(const char *filename, const char *field, struct arena *arena,
                           struct error *error)
{
    if (!filename)
        return true;
    if (text_has_control(filename) || !text_is_utf8(filename, strlen(filename)))
        return fail(error, ERROR_INVALID, field, "must not hold line breaks or control characters");
    const char *name = attachment_filename(filename, arena);
    if (name && strlen(name) > FILENAME_MAX_BYTES)
        return fail(error, ERROR_INVALID, field, "must have at most %d bytes", FILENAME_MAX_BYTES);
    return true;
}

bool attachment_is_content_id(const char *id)
{
    return *id && strlen(id) <= CONTENT_ID_MAX_BYTES && text_is_ascii(id) &&
           !text_has_control(id) && !strpbrk(id, " <>");
}

bool attachment_check(const struct mime_attachment *attachment, const char *field,
                      struct arena *arena, struct error *error)
{
    if (!check_filename(attachment->filename, arena_format(arena, "%s.filename", field), arena,
                        error))
        return false;
    if (attachment->content_type && !media_type_is_valid(attachment->content_type))
        return fail(error, ERROR_INVALID, arena_format(arena, "%s.content_type", field),
                    "must be a media type, such as application/pdf");
    if (attachment->content_id && !attachment_is_content_id(attachment->content_id))
        return fail(error, ERROR_INVALID, arena_format(arena, "%s.content_id", field),
                    "must be at most %d ASCII characters without spaces or <>",
                    CONTENT_ID_MAX_BYTES);
    return true;
}

/* Whether the file begins as UTF-8 does: then it is called so, for a reader would guess. */
static bool attachment_is_utf8(int file, struct arena *arena)
{
    char *start = arena_alloc(arena, LOOKED_AT_BYTES);
    ssize_t size = pread(file, start, LOOKED_AT_BYTES, 0);
    size_t whole = size > 0 ? text_utf8_size(start, (size_t)size) : 0;
    bool is_cut = size == LOOKED_AT_BYTES && whole + 3 >= LOOKED_AT_BYTES;
    return size > 0 && ((size_t)size == whole || is_cut) && !memchr(start, '\0', whole);
}

/* The names of files have a field of their own; a boundary would be that of another message. */
static bool attachment_keeps(const struct media_parameter *parameter)
{
    static const char *const OURS[] = {"name", "filename", "boundary"};
    for (size_t i = 0; i < sizeof OURS / sizeof *OURS; i++)
        if (text_equal(parameter->name, OURS[i]))
            return false;
    return true;
}

static void attachment_write_type(struct output *output, const struct mime_attachment *attachment,
                                  const struct media_type *type, const char *filename,
                                  struct arena *arena)
{
    struct header header = header_begin(output, arena, "Content-Type");
    header_word(&header, type->essence);
    for (size_t i = 0; i < type->parameter_count; i++)
        if (attachment_keeps(&type->parameters[i]))
            header_parameter(&header, type->parameters[i].name, type->parameters[i].value);
    if (text_starts(type->essence, "text/") && !media_type_parameter(type, "charset") &&
        attachment_is_utf8(attachment->file, arena))
        header_parameter(&header, "charset", "utf-8");
    if (filename)
        header_parameter(&header, "name", filename);
    header_end(&header);
}

static void attachment_write_header(struct output *output, const struct mime_attachment *attachment,
                                    const struct media_type *type, bool is_inline,
                                    struct arena *arena)
{
    const char *filename = attachment_filename(attachment->filename, arena);
    attachment_write_type(output, attachment, type, filename, arena);
    struct header header = header_begin(output, arena, "Content-Disposition");
    header_word(&header, is_inline ? "inline" : "attachment");
    if (filename)
        header_parameter(&header, "filename", filename);
    header_end(&header);
    if (attachment->content_id) {
        header = header_begin(output, arena, "Content-ID");
        header_word(&header, arena_format(arena, "<%s>", attachment->content_id));
        header_end(&header);
    }
}

static void attachment_write_encoding(struct output *output, enum encoding encoding)
{
    output_text(output, "Content-Transfer-Encoding: ");
    output_text(output, ENCODING_NAMES[encoding]);
    output_text(output, "\r\n\r\n");
}

bool attachment_is_invitation(const struct mime_attachment *attachment, struct arena *arena)
{
    struct media_type type;
    return attachment->content_type && media_type_read(attachment->content_type, arena, &type) &&
           text_equal(type.essence, "text/calendar") && media_type_parameter(&type, "method");
}

void attachment_write_alternative(struct output *output, const struct mime_attachment *attachment,
                                  struct arena *arena)
{
    struct media_type type;
    media_type_read(attachment->content_type, arena, &type);
    attachment_write_type(output, attachment, &type, NULL, arena);
    attachment_write_encoding(output, ENCODING_BASE64);
    body_write_file(output, attachment->file);
}

void attachment_write(struct output *output, const struct mime_attachment *attachment,
                      bool is_inline, const char *seed, struct arena *arena)
{
    const char *named = text_or(media_type_of_name(attachment->filename), BINARY);
    struct media_type type, binary = {.essence = BINARY};
    if (!media_type_read(text_or(attachment->content_type, named), arena, &type))
        type = binary;
    bool is_enclosed = text_equal(type.essence, "message/rfc822") &&
                       body_may_enclose(attachment->file, seed);
    if (!is_enclosed &&
        (text_starts(type.essence, "message/") || text_starts(type.essence, "multipart/")))
        type = binary;
    attachment_write_header(output, attachment, &type, is_inline, arena);
    enum encoding encoding = is_enclosed ? ENCODING_7BIT : ENCODING_BASE64;
    attachment_write_encoding(output, encoding);
    (is_enclosed ? body_write_enclosed : body_write_file)(output, attachment->file);
}
