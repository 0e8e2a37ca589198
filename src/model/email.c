#include "model/email.h"

#include <stdio.h>
#include <string.h>

#include "base/media_type.h"
#include "base/text.h"
#include "model/quota.h"

/* What a place in a list takes, beside its texts. */
enum { ADDRESS_BYTES = 32, ATTACHMENT_BYTES = 256 };

static const struct field ATTACHMENT_FIELDS[] = {
    FIELD(struct attachment, document_id, .use = STORED),
    FIELD(struct attachment, sha256, .use = STORED),
    FIELD(struct attachment, filename, .use = STORED | OMITTED),
    FIELD(struct attachment, content_type, .use = STORED | OMITTED),
    FIELD(struct attachment, size_bytes, .use = STORED),
    FIELD(struct attachment, content_id, .use = STORED | OMITTED),
    FIELD(struct attachment, is_inline, .use = STORED | OMITTED),
    {0},
};
const struct schema ATTACHMENT_SCHEMA = SCHEMA(struct attachment, ATTACHMENT_FIELDS);

const char *const IF_MISSED_NAMES[] = {
    [IF_MISSED_SEND] = "send",
    [IF_MISSED_HOLD] = "hold",
    [IF_MISSED_EXPIRE] = "expire",
    NULL,
};

const char *const EMAIL_KIND_NAMES[] = {"mail", "auto_reply", "report", "calendar", NULL};

static const struct field EMAIL_FIELDS[] = {
    FIELD(struct email, id, .use = STORED),
    FIELD(struct email, organization_id, .use = STORED),
    FIELD(struct email, user_id, .use = STORED),
    FIELD(struct email, account_id, .use = STORED),
    FIELD(struct email, conversation_id, .use = STORED),
    NAME_FIELD(struct email, state, EMAIL_STATE_NAMES, .use = STORED),
    FIELD(struct email, version, .use = STORED),
    FIELD(struct email, client_id, .use = STORED),
    FIELD(struct email, from_email, .use = STORED),
    FIELD(struct email, from_name, .use = STORED),
    FIELD(struct email, to_recipients, .use = STORED, .items = &ADDRESS_SCHEMA),
    FIELD(struct email, cc_recipients, .use = STORED, .items = &ADDRESS_SCHEMA),
    FIELD(struct email, bcc_recipients, .use = STORED, .items = &ADDRESS_SCHEMA),
    FIELD(struct email, reply_to_recipients, .use = STORED, .items = &ADDRESS_SCHEMA),
    NAME_FIELD(struct email, kind, EMAIL_KIND_NAMES, .use = STORED),
    FIELD(struct email, list_post, .use = STORED),
    FIELD(struct email, subject, .use = STORED),
    FIELD(struct email, body_text, .use = STORED),
    FIELD(struct email, body_html, .use = STORED),
    FIELD(struct email, signature_html, .use = STORED),
    FIELD(struct email, signature_text, .use = STORED),
    FIELD(struct email, attachments, .use = STORED, .items = &ATTACHMENT_SCHEMA),
    FIELD(struct email, context_type, .use = STORED),
    FIELD(struct email, context_id, .use = STORED),
    FIELD(struct email, calendar, .use = STORED),
    FIELD(struct email, message_id, .use = STORED),
    FIELD(struct email, written_message_id, .use = STORED),
    FIELD(struct email, message_date, .use = STORED),
    FIELD(struct email, parent_id, .use = STORED),
    FIELD(struct email, in_reply_to, .use = STORED),
    FIELD(struct email, reference_ids, .use = STORED),
    FIELD(struct email, planned_send_at, .use = STORED),
    NAME_FIELD(struct email, if_missed, IF_MISSED_NAMES, .use = STORED),
    FIELD(struct email, expire_after_seconds, .use = STORED),
    FIELD(struct email, requires_approval, .use = STORED),
    FIELD(struct email, content_sha256, .use = STORED),
    FIELD(struct email, asked_by, .use = STORED),
    FIELD(struct email, asked_token_id, .use = STORED),
    FIELD(struct email, asked_message_id, .use = STORED),
    FIELD(struct email, asked_message_date, .use = STORED),
    FIELD(struct email, agent_token_id, .use = STORED),
    FIELD(struct email, approved_sha256, .use = STORED),
    FIELD(struct email, approved_by, .use = STORED),
    FIELD(struct email, approved_at, .use = STORED),
    FIELD(struct email, decided_by, .use = STORED),
    FIELD(struct email, decided_version, .use = STORED),
    FIELD(struct email, next_attempt_at, .use = STORED),
    FIELD(struct email, attempts, .use = STORED),
    FIELD(struct email, trying_since, .use = STORED),
    FIELD(struct email, probes, .use = STORED),
    FIELD(struct email, claim, .use = STORED),
    FIELD(struct email, lease_until, .use = STORED),
    FIELD(struct email, committed_at, .use = STORED),
    FIELD(struct email, sent_at, .use = STORED),
    FIELD(struct email, provider, .use = STORED),
    FIELD(struct email, provider_handle, .use = STORED),
    FIELD(struct email, provider_message_id, .use = STORED),
    FIELD(struct email, provider_thread_id, .use = STORED),
    FIELD(struct email, reason, .use = STORED),
    FIELD(struct email, mail_sha256, .use = STORED),
    FIELD(struct email, erased_at, .use = STORED),
    FIELD(struct email, is_restored, .use = STORED),
    FIELD(struct email, created_at, .use = STORED),
    FIELD(struct email, updated_at, .use = STORED),
    FIELD(struct email, body_bytes, .use = STORED),
    FIELD(struct email, is_waiting, .use = STORED),
    FIELD(struct email, stored_bytes, .use = STORED),
    FIELD(struct email, signature_bytes, .use = STORED),
    {0},
};
const struct schema EMAIL_SCHEMA = SCHEMA(struct email, EMAIL_FIELDS);

static const struct address *addresses_of(struct list list)
{
    return list.items;
}

bool email_is_header_text(const char *text)
{
    for (; text && *text; text++)
        if (((unsigned char)*text < ' ' && *text != '\t') || *text == 0x7F)
            return false;
    return true;
}

static bool one_line(const char *text, const char *field, struct error *error)
{
    return email_is_header_text(text) ||
           fail(error, ERROR_INVALID, field,
                "must be one line without control characters: it becomes a header of the mail");
}

bool email_is_content_id(const char *text)
{
    return !strpbrk(text, "<> \"") && !text_has_control(text) && text_is_ascii(text);
}

static bool check_attachment(const struct attachment *attachment, size_t number,
                             struct error *error)
{
    char field[48];
    snprintf(field, sizeof field, "attachments[%zu].filename", number);
    if (text_has_control(attachment->filename))
        return fail(error, ERROR_INVALID, field, "must not hold control characters");
    snprintf(field, sizeof field, "attachments[%zu].content_type", number);
    if (attachment->content_type && !media_type_is_valid(attachment->content_type))
        return fail(error, ERROR_INVALID, field, "must be a media type, such as application/pdf");
    snprintf(field, sizeof field, "attachments[%zu].content_id", number);
    if (attachment->content_id && !email_is_content_id(attachment->content_id))
        return fail(error, ERROR_INVALID, field, "must be an id without <>, such as logo@mail");
    return true;
}

static bool check_attachments(const struct email *email, int64_t most, struct error *error)
{
    const struct attachment *attachments = email->attachments.items;
    int64_t bytes = 0;
    for (size_t i = 0; i < email->attachments.count; i++) {
        if (!check_attachment(&attachments[i], i, error))
            return false;
        bytes += attachments[i].size_bytes;
    }
    return bytes <= most || fail(error, ERROR_TOO_LARGE, "attachments",
                                 "are %lld bytes together; this server's limit is %lld",
                                 (long long)bytes, (long long)most);
}

static bool is_among(const struct address *address, const struct address *others, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (address_equal(address, &others[i]))
            return true;
    return false;
}

/* Each address once, and of these the first `most`. */
static struct list first_recipients(const struct email *email, size_t most, struct arena *arena)
{
    const struct list lists[] = {email->to_recipients, email->cc_recipients, email->bcc_recipients};
    size_t total = lists[0].count + lists[1].count + lists[2].count, count = 0;
    struct address *all = arena_new(arena, struct address, total < most ? total : most);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        for (size_t j = 0; j < lists[i].count && count < most; j++)
            if (!is_among(&addresses_of(lists[i])[j], all, count))
                all[count++] = addresses_of(lists[i])[j];
    return (struct list){all, count};
}

struct list email_recipients(const struct email *email, struct arena *arena)
{
    return first_recipients(email, SIZE_MAX, arena);
}

/* An address that stands there twice is mailed once, and counts once. */
static bool check_recipients(const struct email *email, int64_t most, struct error *error)
{
    AUTO_ARENA arena = arena_create();
    size_t given = email->to_recipients.count + email->cc_recipients.count +
                   email->bcc_recipients.count;
    if ((int64_t)given <= most ||
        (int64_t)first_recipients(email, (size_t)most + 1, arena).count <= most)
        return true;
    return fail(error, ERROR_INVALID, "to", "a mail has at most %lld recipients, not %zu",
                (long long)most, given);
}

bool email_check(const struct email *email, const struct email_limits *limits, struct error *error)
{
    if (!check_recipients(email, limits->recipients, error))
        return false;
    if (email->planned_send_at.ms && !email->account_id)
        return fail(error, ERROR_INVALID, "planned_send_at",
                    "needs a mailbox that the mail can leave from");
    return one_line(email->subject, "subject", error) &&
           one_line(email->from_name, "from", error) &&
           one_line(email->in_reply_to, "inReplyTo", error) &&
           one_line(email->reference_ids, "references", error) &&
           check_attachments(email, limits->attachment_bytes, error);
}

bool email_check_sendable(const struct email *email, struct error *error)
{
    if (!email->to_recipients.count && !email->cc_recipients.count && !email->bcc_recipients.count)
        return fail(error, ERROR_INVALID, "to", "needs at least one recipient");
    if (!email->subject)
        return fail(error, ERROR_INVALID, "subject", "is required");
    if (!email->account_id)
        return fail(error, ERROR_INVALID, "from_account_id", "no mailbox to send from");
    return true;
}

static int64_t email_text_bytes(const char *text)
{
    return text ? (int64_t)strlen(text) : 0;
}

static int64_t email_address_bytes(struct list list)
{
    int64_t bytes = 0;
    for (size_t i = 0; i < list.count; i++)
        bytes += ADDRESS_BYTES + email_text_bytes(addresses_of(list)[i].email) +
                 email_text_bytes(addresses_of(list)[i].name);
    return bytes;
}

int64_t email_stored_bytes(const struct email *email)
{
    return QUOTA_EMAIL_BYTES + email_address_bytes(email->to_recipients) +
           email_address_bytes(email->cc_recipients) + email_address_bytes(email->bcc_recipients) +
           email_address_bytes(email->reply_to_recipients) + email_text_bytes(email->subject) +
           (int64_t)email->attachments.count * ATTACHMENT_BYTES +
           email_text_bytes(email->reference_ids) + email_text_bytes(email->body_text) +
           email_text_bytes(email->body_html) + (int64_t)email->raw.size;
}

bool email_is_waiting(const struct email *email)
{
    static const bool WAITS[EMAIL_STATE_COUNT] = {
        [EMAIL_PENDING_APPROVAL] = true,
        [EMAIL_QUEUED] = true,
        [EMAIL_SENDING] = true,
        [EMAIL_UNKNOWN] = true,
    };
    return WAITS[email->state] || (email->state == EMAIL_DRAFT && email->planned_send_at.ms);
}

bool email_handle_is_finished(const struct email *email)
{
    return !text_is_empty(email->provider_handle) &&
           !text_starts(email->provider_handle, EMAIL_HANDLE_UNFINISHED);
}

const char *email_handle(const struct email *email)
{
    if (text_is_empty(email->provider_handle))
        return NULL;
    return email->provider_handle +
           (email_handle_is_finished(email) ? 0 : strlen(EMAIL_HANDLE_UNFINISHED));
}

void email_unfinish_handle(struct email *email, struct arena *arena)
{
    if (email_handle_is_finished(email))
        email->provider_handle = arena_format(arena, "%s%s", EMAIL_HANDLE_UNFINISHED,
                                              email->provider_handle);
}

void email_stamp(struct email *email, const char *message_id)
{
    if (!message_id || text_equal(message_id, email->message_id))
        return;
    email->written_message_id = text_or(email->written_message_id, email->message_id);
    email->message_id = message_id;
}

const char *email_body(const struct email *email)
{
    return text_or(email->body_text, text_or(email->body_html, ""));
}
