#include "mime/form.h"

#include <string.h>

#include "base/calendar.h"
#include "base/media_type.h"
#include "mime/addr_spec.h"
#include "mime/attachment.h"
#include "mime/parse.h"

enum {
    LINE_BYTES_MAX = 4 * MIME_HEADER_BYTES_MAX, /* decoded, a header may be longer */
    ADDRESSES_MAX = 5000,
    NAME_BYTES_MAX = 1024,
};

static bool form_read_email(const char *text, struct arena *arena, void *member,
                            struct error *error)
{
    const char *email = addr_spec_read_loosely(text, arena);
    *(const char **)member = email;
    return email || fail(error, ERROR_INVALID, "", "is no address");
}

static bool form_read_line(const char *text, struct arena *arena, void *member, struct error *error)
{
    (void)arena, (void)member;
    return !addr_spec_has_control(text) || fail(error, ERROR_INVALID, "", "is not one line");
}

static bool form_read_filename(const char *text, struct arena *arena, void *member,
                               struct error *error)
{
    *(const char **)member = attachment_filename(text, arena);
    return form_read_line(text, arena, member, error);
}

static bool form_read_type(const char *text, struct arena *arena, void *member, struct error *error)
{
    (void)arena, (void)member;
    return media_type_is_valid(text) || fail(error, ERROR_INVALID, "", "is no type");
}

static bool form_read_content_id(const char *text, struct arena *arena, void *member,
                                 struct error *error)
{
    (void)arena, (void)member;
    return attachment_is_content_id(text) || fail(error, ERROR_INVALID, "", "is no content id");
}

static const struct spelling EMAIL = {.what = "an address", .read = form_read_email};
static const struct spelling LINE = {.what = "one line", .read = form_read_line};
static const struct spelling FILENAME = {.what = "a file's name", .read = form_read_filename};
static const struct spelling TYPE = {.what = "a type", .read = form_read_type};
static const struct spelling CONTENT_ID = {.what = "a content id", .read = form_read_content_id};

static const char *const ORDER_NAMES[] = {"alternatives", "text_first", "html_first", NULL};

/* clang-format off */
static const struct field ADDRESS_FIELDS[] = {
    FIELD(struct address, email, .use = REQUIRED, .spelling = &EMAIL),
    FIELD(struct address, name, .max = LINE_BYTES_MAX, .spelling = &LINE),
    {0},
};
static const struct schema ADDRESS_FORM = SCHEMA(struct address, ADDRESS_FIELDS);

static const struct field SENDER_FIELDS[] = {
    FIELD(struct mime_mail, from.email, .spelling = &EMAIL),
    FIELD(struct mime_mail, from.name, .max = LINE_BYTES_MAX, .spelling = &LINE),
    {0},
};
static const struct schema SENDER_FORM = SCHEMA(struct mime_mail, SENDER_FIELDS);

static const struct field ATTACHMENT_FIELDS[] = {
    FIELD(struct mime_attachment, filename, .max = NAME_BYTES_MAX, .spelling = &FILENAME),
    FIELD(struct mime_attachment, content_type, .max = NAME_BYTES_MAX, .spelling = &TYPE),
    FIELD(struct mime_attachment, content_id, .max = NAME_BYTES_MAX, .spelling = &CONTENT_ID),
    FIELD(struct mime_attachment, location, .max = NAME_BYTES_MAX, .spelling = &LINE),
    FIELD(struct mime_attachment, is_inline),
    {0},
};
const struct schema MIME_ATTACHMENT_FORM = SCHEMA(struct mime_attachment, ATTACHMENT_FIELDS);

#define ADDRESSES(member) \
    FIELD(struct mime_mail, member, .max = ADDRESSES_MAX, .items = &ADDRESS_FORM)
#define LINES(member) \
    FIELD(struct mime_mail, member, .max = LINE_BYTES_MAX, .spelling = &LINE)
static const struct field MAIL_FIELDS[] = {
    OBJECT_FIELD("from", 0, &SENDER_FORM),
    ADDRESSES(to),
    ADDRESSES(cc),
    ADDRESSES(bcc),
    ADDRESSES(reply_to),
    LINES(subject),
    FIELD(struct mime_mail, text, .max = MIME_BODY_BYTES_MAX),
    FIELD(struct mime_mail, html, .max = MIME_BODY_BYTES_MAX),
    LINES(message_id),
    LINES(in_reply_to),
    LINES(references),
    LINES(reported),
    FIELD(struct mime_mail, list_post, .spelling = &EMAIL),
    FIELD(struct mime_mail, is_automatic),
    FIELD(struct mime_mail, is_report),
    FIELD(struct mime_mail, date),
    FIELD(struct mime_mail, attachments, .max = MIME_PARTS_MAX + 1, .items = &MIME_ATTACHMENT_FORM),
    NAME_FIELD(struct mime_mail, order, ORDER_NAMES),
    {0},
};
/* clang-format on */
const struct schema MIME_MAIL_FORM = SCHEMA(struct mime_mail, MAIL_FIELDS);

static const struct field CALENDAR_FIELDS[] = {
    FIELD(struct calendar, method, .max = NAME_BYTES_MAX, .spelling = &LINE),
    FIELD(struct calendar, summary, .max = NAME_BYTES_MAX, .spelling = &LINE),
    FIELD(struct calendar, start, .max = NAME_BYTES_MAX, .spelling = &LINE),
    FIELD(struct calendar, end, .max = NAME_BYTES_MAX, .spelling = &LINE),
    FIELD(struct calendar, organizer, .max = NAME_BYTES_MAX, .spelling = &LINE),
    {0},
};
const struct schema MIME_CALENDAR_FORM = SCHEMA(struct calendar, CALENDAR_FIELDS);
