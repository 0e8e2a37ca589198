#include "provider/outlook_message.h"

#include "base/text.h"
#include "json/builder.h"

/* What Exchange makes In-Reply-To and References of (MS-OXOMSG); these two headers themselves are
 * not taken. */
#define IN_REPLY_TO "String 0x1042"
#define REFERENCES "String 0x1039"

static void add_person(struct builder *builder, const char *key, const struct address *address)
{
    builder_object(builder, key);
    builder_object(builder, "emailAddress");
    builder_text(builder, "address", address->email);
    if (!text_is_empty(address->name))
        builder_text(builder, "name", address->name);
    builder_end(builder);
    builder_end(builder);
}

static void add_people(struct builder *builder, const char *key, const struct list *addresses)
{
    builder_array(builder, key);
    for (size_t i = 0; i < addresses->count; i++)
        add_person(builder, NULL, (const struct address *)addresses->items + i);
    builder_end(builder);
}

static void add_property(struct builder *builder, const char *id, const char *value)
{
    if (text_is_empty(value))
        return;
    builder_object(builder, NULL);
    builder_text(builder, "id", id);
    builder_text(builder, "value", value);
    builder_end(builder);
}

/* email: of a new mail, whose parents are told; NULL: Exchange knows them. */
static void add_properties(struct builder *builder, const char *tag, const struct email *email)
{
    builder_array(builder, "singleValueExtendedProperties");
    add_property(builder, OUTLOOK_TAG, tag);
    if (email) {
        add_property(builder, IN_REPLY_TO, email->in_reply_to);
        add_property(builder, REFERENCES, email->reference_ids);
    }
    builder_end(builder);
}

static void add_headers(struct builder *builder, const struct email *email)
{
    builder_array(builder, "internetMessageHeaders");
    builder_object(builder, NULL);
    builder_text(builder, "name", EMAIL_REFERENCE_HEADER);
    builder_text(builder, "value", email->id);
    builder_end(builder);
    builder_end(builder);
}

static void add_content(struct builder *builder, const struct email *email,
                        const struct mime_mail *mime)
{
    const struct address from = {email->from_email, email->from_name};
    builder_text(builder, "subject", text_or(mime->subject, ""));
    builder_object(builder, "body");
    builder_text(builder, "contentType", mime->html ? "html" : "text");
    builder_text(builder, "content", mime->html ? mime->html : text_or(mime->text, ""));
    builder_end(builder);
    add_person(builder, "from", &from);
    add_people(builder, "toRecipients", &email->to_recipients);
    add_people(builder, "ccRecipients", &email->cc_recipients);
    add_people(builder, "bccRecipients", &email->bcc_recipients);
    add_people(builder, "replyTo", &email->reply_to_recipients);
    builder_text(builder, "internetMessageId", email->message_id);
}

static struct builder begin(const struct outlook *outlook)
{
    struct builder builder = BUILDER(outlook->web.arena, OUTLOOK_REQUEST_BYTES_MAX);
    builder_object(&builder, NULL);
    return builder;
}

static const char *end(struct builder *builder, struct error *error)
{
    builder_end(builder);
    return builder_finish(builder, error);
}

const char *outlook_message_new(const struct outlook *outlook, const struct mime_mail *mime,
                                struct error *error)
{
    const struct email *email = outlook->attempt->email;
    struct builder builder = begin(outlook);
    add_content(&builder, email, mime);
    add_headers(&builder, email);
    add_properties(&builder, email->id, email);
    return end(&builder, error);
}

const char *outlook_message_marks(const struct outlook *outlook, struct error *error)
{
    const struct email *email = outlook->attempt->email;
    struct builder builder = begin(outlook);
    builder_object(&builder, "message");
    add_headers(&builder, email);
    add_properties(&builder, email->id, NULL);
    builder_end(&builder);
    return end(&builder, error);
}

const char *outlook_message_answer(const struct outlook *outlook, const struct mime_mail *mime,
                                   struct error *error)
{
    const struct email *email = outlook->attempt->email;
    struct builder builder = begin(outlook);
    add_content(&builder, email, mime);
    add_properties(&builder, email->id, NULL);
    return end(&builder, error);
}

const char *outlook_message_lacks(const struct outlook *outlook, const char *message_id,
                                  struct error *error)
{
    const struct email *email = outlook->attempt->email;
    struct builder builder = begin(outlook);
    if (!text_equal(message_id, email->message_id))
        builder_text(&builder, "internetMessageId", email->message_id);
    add_properties(&builder, email->id, NULL);
    return end(&builder, error);
}
