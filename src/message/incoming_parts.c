#include "message/incoming_parts.h"

#include <string.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/media_type.h"
#include "base/text.h"
#include "mime/invitation.h"

enum { INCOMING_CALENDARS_MAX = 4 }; /* of one mail, that are looked into */

/* For attachments without a name, so that they can be saved and opened. */
static const struct {
    const char *content_type, *extension;
} EXTENSIONS[] = {
    {"message/rfc822", ".eml"},
    {"message/global", ".eml"},
    {"message/delivery-status", ".txt"},
    {"message/disposition-notification", ".txt"},
    {"text/plain", ".txt"},
    {"text/html", ".html"},
    {"text/calendar", ".ics"},
    {"text/csv", ".csv"},
    {"text/markdown", ".md"},
    {"text/rfc822-headers", ".txt"},
    {"text/x-amp-html", ".html"},
    {"text/vcard", ".vcf"},
    {"image/png", ".png"},
    {"image/jpeg", ".jpg"},
    {"image/gif", ".gif"},
    {"application/pdf", ".pdf"},
    {"application/ics", ".ics"},
    {"application/pgp-encrypted", ".asc"},
    {"application/pgp-keys", ".asc"},
    {"application/pgp-signature", ".asc"},
    {"application/pkcs7-mime", ".p7m"},
    {"application/pkcs7-signature", ".p7s"},
};

void incoming_parts_start(struct incoming_parts *parts, struct blobs *blobs, struct arena *arena)
{
    *parts = (struct incoming_parts){.blobs = blobs, .arena = arena};
}

static const char *name_of(const struct mime_attachment *part, size_t number, struct arena *arena)
{
    const char *extension = "";
    if (part->filename)
        return part->filename;
    const char *type = arena_copy_bytes(arena, part->content_type,
                                        strcspn(part->content_type, ";"));
    for (size_t i = 0; i < sizeof EXTENSIONS / sizeof *EXTENSIONS; i++)
        if (text_equal(type, EXTENSIONS[i].content_type))
            extension = EXTENSIONS[i].extension;
    return arena_format(arena, "attachment-%zu%s", number, extension);
}

/* --- calendars */

static bool incoming_parts_is_calendar(const struct mime_attachment *part, struct arena *arena)
{
    static const char *const TYPES[] = {"text/calendar", "application/ics", "text/x-vcalendar"};
    const char *type = arena_copy_bytes(arena, part->content_type,
                                        strcspn(part->content_type, ";"));
    for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++)
        if (text_equal(type, TYPES[i]))
            return true;
    const char *ending = part->filename ? strrchr(part->filename, '.') : NULL;
    return ending && text_equal_nocase(ending, ".ics");
}

static void incoming_parts_begin_calendar(struct incoming_parts *parts,
                                          const struct mime_attachment *part)
{
    parts->has_calendar = parts->calendars.count < INCOMING_CALENDARS_MAX &&
                          incoming_parts_is_calendar(part, parts->arena);
    parts->calendar = BUF(parts->arena, INVITATION_BYTES_MAX);
}

static void incoming_parts_end_calendar(struct incoming_parts *parts, const char *content_type)
{
    const struct buf *read = &parts->calendar;
    if (!parts->has_calendar || read->is_over || !read->size)
        return;
    if (!parts->calendars.items)
        parts->calendars.items = arena_new(parts->arena, struct incoming_calendar,
                                           INCOMING_CALENDARS_MAX);
    ((struct incoming_calendar *)parts->calendars.items)[parts->calendars.count++] =
        (struct incoming_calendar){{read->data, read->size}, content_type};
}

struct calendar incoming_parts_calendar(const struct incoming_parts *parts)
{
    const struct incoming_calendar *items = parts->calendars.items;
    struct calendar best = {0};
    for (size_t i = 0; i < parts->calendars.count && !best.method; i++) {
        struct media_type type = {0};
        struct calendar found;
        media_type_read(items[i].content_type, parts->arena, &type);
        if (!invitation_read(&items[i].file, media_type_parameter(&type, "charset"), parts->arena,
                             &found))
            continue;
        if (!found.method && text_equal(type.essence, "text/calendar"))
            found.method = media_type_parameter(&type, "method");
        if (!best.start || found.method)
            best = found;
    }
    return best;
}

/* --- attachments on their way */

static struct attachment *last(const struct incoming_parts *parts)
{
    return (struct attachment *)parts->attachments.items + parts->attachments.count - 1;
}

static bool begin(void *context, const struct mime_attachment *part, struct error *error)
{
    struct incoming_parts *parts = context;
    struct list *list = &parts->attachments;
    if (!list->items) {
        list->items = arena_new(parts->arena, struct attachment, INCOMING_PARTS_MAX);
        parts->locations = arena_new(parts->arena, const char *, INCOMING_PARTS_MAX);
        parts->buffer = arena_alloc(parts->arena, INCOMING_BUFFER_SIZE);
    }
    parts->writer = blob_begin(parts->blobs, error);
    if (!parts->writer)
        return false;
    list->count++;
    incoming_parts_begin_calendar(parts, part);
    bool has_id = part->content_id && email_is_content_id(part->content_id);
    *last(parts) = (struct attachment){
        .document_id = id_new(parts->arena),
        .filename = name_of(part, list->count, parts->arena),
        .content_type = part->content_type,
        .content_id = has_id ? part->content_id : NULL,
    };
    parts->locations[list->count - 1] = part->location;
    return true;
}

static bool flush(struct incoming_parts *parts, struct error *error)
{
    size_t size = parts->buffered;
    parts->buffered = 0;
    return blob_write(parts->writer, parts->buffer, size, error);
}

static bool take(void *context, const void *data, size_t size, struct error *error)
{
    struct incoming_parts *parts = context;
    if (parts->has_calendar)
        buf_add_bytes(&parts->calendar, data, size);
    if (parts->buffered + size > INCOMING_BUFFER_SIZE && !flush(parts, error))
        return false;
    if (size > INCOMING_BUFFER_SIZE)
        return blob_write(parts->writer, data, size, error);
    memcpy(parts->buffer + parts->buffered, data, size);
    parts->buffered += size;
    return true;
}

static bool end(void *context, struct error *error)
{
    struct incoming_parts *parts = context;
    if (!flush(parts, error))
        return false;
    struct blob_writer *writer = parts->writer;
    incoming_parts_end_calendar(parts, last(parts)->content_type);
    parts->writer = NULL;
    last(parts)->size_bytes = (int64_t)blob_size(writer);
    return blob_finish(writer, parts->arena, &last(parts)->sha256, error);
}

static void incoming_parts_again(void *context)
{
    struct incoming_parts *parts = context;
    incoming_parts_cleanup(parts);
    parts->attachments.count = parts->calendars.count = parts->buffered = 0;
}

struct mime_sink incoming_parts_sink(struct incoming_parts *parts)
{
    return (struct mime_sink){parts, begin, take, end, incoming_parts_again};
}

bool incoming_parts_add_file(struct incoming_parts *parts, const char *filename,
                             const char *content_type, const struct spool *file,
                             struct error *error)
{
    struct mime_attachment part = {.filename = filename, .content_type = content_type};
    return begin(parts, &part, error) && spool_each(file, take, parts, error) && end(parts, error);
}

bool incoming_parts_add(struct incoming_parts *parts, const char *filename,
                        const char *content_type, const char *content, struct error *error)
{
    struct mime_attachment part = {.filename = filename, .content_type = content_type};
    return begin(parts, &part, error) && take(parts, content, strlen(content), error) &&
           end(parts, error);
}

struct list incoming_parts_documents(const struct incoming_parts *parts)
{
    const struct attachment *attachments = parts->attachments.items;
    size_t count = parts->attachments.count;
    struct document *documents = arena_new(parts->arena, struct document, count);
    moment now = clock_now();
    for (size_t i = 0; i < count; i++)
        documents[i] = (struct document){
            .id = attachments[i].document_id,
            .sha256 = attachments[i].sha256,
            .filename = attachments[i].filename,
            .mime_type = attachments[i].content_type,
            .size_bytes = attachments[i].size_bytes,
            .origin = DOCUMENT_ATTACHED,
            .created_at = now,
            .updated_at = now,
        };
    return (struct list){documents, count};
}

void incoming_parts_cleanup(struct incoming_parts *parts)
{
    blob_abandon(parts->writer);
    parts->writer = NULL;
}
