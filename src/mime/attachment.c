#include "mime/attachment.h"

#include <string.h>

#include "base/text.h"
#include "mime/body.h"
#include "mime/header.h"
#include "mime/invisible.h"

enum { FILENAME_MAX_BYTES = 255, TYPE_MAX_BYTES = 127, CONTENT_ID_MAX_BYTES = 250 };

static const char BINARY[] = "application/octet-stream";

const char *attachment_filename(const char *filename, struct arena *arena)
{
    if (!filename)
        return NULL;
    for (const char *at = filename; (at = strpbrk(at, "/\\")); filename = ++at)
        ;
    char *clean = arena_copy(arena, filename), *to = clean;
    for (const char *at = filename; *at;) {
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

/* RFC 2045 5.1: two tokens with a slash between. */
bool attachment_is_type(const char *type)
{
    static const char TOKEN[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                "!#$%&'*+-.^_`{|}~";
    size_t main_size = strspn(type, TOKEN);
    if (!main_size || type[main_size] != '/' || strlen(type) > TYPE_MAX_BYTES)
        return false;
    size_t sub_size = strspn(type + main_size + 1, TOKEN);
    return sub_size && !type[main_size + 1 + sub_size];
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
    if (attachment->content_type && !attachment_is_type(attachment->content_type))
        return fail(error, ERROR_INVALID, arena_format(arena, "%s.content_type", field),
                    "must be a type and a subtype, such as application/pdf");
    if (attachment->content_id && !attachment_is_content_id(attachment->content_id))
        return fail(error, ERROR_INVALID, arena_format(arena, "%s.content_id", field),
                    "must be at most %d ASCII characters without spaces or <>",
                    CONTENT_ID_MAX_BYTES);
    return true;
}

static void write_header(struct output *output, const struct mime_attachment *attachment,
                         const char *type, bool is_inline, struct arena *arena)
{
    const char *filename = attachment_filename(attachment->filename, arena);
    struct header header = header_begin(output, arena, "Content-Type");
    header_word(&header, type);
    if (filename)
        header_parameter(&header, "name", filename);
    header_end(&header);
    header = header_begin(output, arena, "Content-Disposition");
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

void attachment_write(struct output *output, const struct mime_attachment *attachment,
                      bool is_inline, const char *seed, struct arena *arena)
{
    const char *type = text_or(attachment->content_type, BINARY);
    const char *lower = text_lower(type, arena);
    bool is_enclosed = text_equal(lower, "message/rfc822") &&
                       body_may_enclose(attachment->file, seed);
    if (!is_enclosed && (text_starts(lower, "message/") || text_starts(lower, "multipart/")))
        type = BINARY;
    write_header(output, attachment, type, is_inline, arena);
    enum encoding encoding = is_enclosed ? ENCODING_7BIT : ENCODING_BASE64;
    output_text(output, "Content-Transfer-Encoding: ");
    output_text(output, ENCODING_NAMES[encoding]);
    output_text(output, "\r\n\r\n");
    (is_enclosed ? body_write_enclosed : body_write_file)(output, attachment->file);
}
