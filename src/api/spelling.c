#include "api/spelling.h"

#include "base/id.h"
#include "base/media_type.h"
#include "base/text.h"
#include "mime/address.h"
#include "mime/domain.h"
#include "mime/message_id.h"
#include "model/email.h"

static bool read_id(const char *text, struct arena *arena, void *member, struct error *error)
{
    (void)error;
    const char *id = id_read(text, arena);
    *(const char **)member = id ? id : arena_copy(arena, text);
    return true;
}

static const char *write_uuid(const void *member, struct arena *arena)
{
    (void)arena;
    return *(const char *const *)member;
}

static const char *write_ulid(const void *member, const char *prefix, struct arena *arena)
{
    const char *id = *(const char *const *)member;
    return id ? id_ulid(id, prefix, arena) : NULL;
}

static const char *write_draft(const void *member, struct arena *arena)
{
    return write_ulid(member, "draft_", arena);
}

static const char *write_correspondence(const void *member, struct arena *arena)
{
    return write_ulid(member, "corr_", arena);
}

static const char *write_document(const void *member, struct arena *arena)
{
    return write_ulid(member, "doc_", arena);
}

static bool read_time(const char *text, struct arena *arena, void *member, struct error *error)
{
    (void)arena;
    return moment_read(text, member, error);
}

static const char *write_seconds(const void *member, struct arena *arena)
{
    moment when = *(const moment *)member;
    return when.ms ? moment_text(when, 0, arena) : NULL;
}

static const char *write_milliseconds(const void *member, struct arena *arena)
{
    moment when = *(const moment *)member;
    return when.ms ? moment_text(when, 3, arena) : NULL;
}

static bool read_address(const char *text, struct arena *arena, void *member, struct error *error)
{
    return mime_address_read(text, arena, member, error);
}

static const char *write_address(const void *member, struct arena *arena)
{
    return mime_address_text(member, arena);
}

static bool read_attached(const char *text, struct arena *arena, void *member, struct error *error)
{
    return read_id(text, arena, &((struct attachment *)member)->document_id, error);
}

static bool read_line(const char *text, struct arena *arena, void *member, struct error *error)
{
    if (!email_is_header_text(text))
        return fail(error, ERROR_INVALID, "",
                    "must be one line without control characters: it becomes a header of the mail");
    *(const char **)member = arena_copy(arena, text);
    return true;
}

/* They are passed on as they are, or not at all. */
static bool read_message_id(const char *text, struct arena *arena, void *member,
                            struct error *error)
{
    return read_line(text, arena, member, error) &&
           (mime_is_message_id(text) ||
            fail(error, ERROR_INVALID, "", "must be %s", MESSAGE_ID.what));
}

static bool read_message_ids(const char *text, struct arena *arena, void *member,
                             struct error *error)
{
    return read_line(text, arena, member, error) &&
           (mime_are_message_ids(text) ||
            fail(error, ERROR_INVALID, "", "must be %s", MESSAGE_IDS.what));
}

/* What came in from elsewhere may lack the brackets. */
static const char *write_message_id(const void *member, struct arena *arena)
{
    const char *id = *(const char *const *)member;
    return text_is_empty(id) || *id == '<' ? id : arena_format(arena, "<%s>", id);
}

static bool read_plain(const char *text, struct arena *arena, void *member, struct error *error)
{
    if (text_has_control(text))
        return fail(error, ERROR_INVALID, "", "must not hold control characters");
    *(const char **)member = arena_copy(arena, text);
    return true;
}

static bool read_content_type(const char *text, struct arena *arena, void *member,
                              struct error *error)
{
    if (!media_type_is_valid(text))
        return fail(error, ERROR_INVALID, "",
                    "must be type/subtype of at most %d bytes, such as application/pdf, with its "
                    "parameters, such as text/calendar; method=REQUEST",
                    MEDIA_TYPE_ESSENCE_MAX_BYTES);
    *(const char **)member = arena_copy(arena, text);
    return true;
}

static bool read_content_id(const char *text, struct arena *arena, void *member,
                            struct error *error)
{
    if (!email_is_content_id(text))
        return fail(error, ERROR_INVALID, "", "must be an id without <>, such as logo@mail");
    *(const char **)member = arena_copy(arena, text);
    return true;
}

static bool spelling_read_host(const char *text, struct arena *arena, void *member,
                               struct error *error)
{
    (void)error;
    *(const char **)member = domain_host(text, arena);
    return true;
}

/* Crockford's base 32 has no I, L, O and U. */
#define ULID_PATTERN "[0-7][0-9A-HJKMNP-TV-Z]{25}$"
#define ULID_EXAMPLE "01KS2RN2T0F90SRASZ1T6PMJRQ"

const struct spelling UUID = {"an id",    "uuid", read_id,
                              write_uuid, NULL,   "019e458a-8b40-7a41-9c2b-3f0e8d6a4b17"};
const struct spelling DRAFT_ID = {
    "an id", NULL, read_id, write_draft, "^draft_" ULID_PATTERN, "draft_" ULID_EXAMPLE};
const struct spelling CORRESPONDENCE_ID = {
    "an id", NULL, read_id, write_correspondence, "^corr_" ULID_PATTERN, "corr_" ULID_EXAMPLE};
const struct spelling DOCUMENT_ID = {
    "an id", NULL, read_id, write_document, "^doc_" ULID_PATTERN, "doc_" ULID_EXAMPLE};
const struct spelling TO_THE_SECOND = {"a time",      "date-time", read_time,
                                       write_seconds, NULL,        "2026-05-20T14:10:00Z"};
const struct spelling TO_THE_MILLISECOND = {
    "a time", "date-time", read_time, write_milliseconds, NULL, "2026-05-20T14:10:00.000Z"};
const struct spelling ADDRESS = {.what = "an email address",
                                 .read = read_address,
                                 .write = write_address,
                                 .example = "customer@example.com",
                                 .split = mime_address_split};
const struct spelling ATTACHED_DOCUMENT = {"a document's id", NULL, read_attached, NULL};
const struct spelling MESSAGE_ID = {.what = "a Message-ID with angle brackets: <id@host>",
                                    .read = read_message_id,
                                    .write = write_message_id};
const struct spelling MESSAGE_IDS = {.what = "Message-IDs with angle brackets and spaces between",
                                     .read = read_message_ids};
const struct spelling ONE_LINE = {"text", NULL, read_line, NULL};
const struct spelling PLAIN = {"text", NULL, read_plain, NULL};
const struct spelling HOST = {"a host", NULL, spelling_read_host, write_uuid};
const struct spelling CONTENT_TYPE = {"a media type", NULL, read_content_type, NULL};
const struct spelling CONTENT_ID = {"an id", NULL, read_content_id, NULL};
const struct spelling BASE64 = {"base64 (RFC 4648)", NULL, read_plain, NULL};
