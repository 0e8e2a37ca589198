#include "api/raw_mail.h"

#include "api/conversing.h"
#include "api/drafting.h"
#include "api/handlers.h"
#include "api/permission.h"
#include "api/replies.h"
#include "message/outgoing.h"
#include "message/raw.h"
#include "mime/disposition.h"
#include "store/account_store.h"
#include "store/raw_store.h"

enum { RAW_BYTES_MOST = 256 * 1024 * 1024 };

/* --- one that is shown */

/* About what it will take of the disk. */
static uint64_t raw_mail_bytes(const struct email *email)
{
    const struct attachment *attachments = email->attachments.items;
    int64_t bytes = email->body_bytes;
    for (size_t i = 0; i < email->attachments.count; i++)
        bytes += attachments[i].size_bytes;
    return (uint64_t)bytes;
}

/* What waits for approval is shown as it will leave. */
static bool raw_mail_as_sent(struct request *request, struct email *email, struct error *error)
{
    struct account account;
    if (email->state != EMAIL_PENDING_APPROVAL || email->message_id || !email->account_id)
        return true;
    if (!account_store_find_any(request_reading(request), email->account_id, request->arena,
                                &account, error))
        return false;
    email->provider = PROVIDER_NAMES[account.provider];
    email->message_id = email->asked_message_id;
    email->message_date = email->asked_message_date;
    return true;
}

/* A file that a stranger may have written: no browser shows it as part of this server. */
static void raw_mail_headers(struct request *request, const struct email *email)
{
    struct http_exchange *exchange = request->exchange;
    const char *name = raw_filename(email->subject, request->arena);
    http_reply_header(exchange, "Content-Disposition",
                      mime_attachment_disposition(name, request->arena));
    http_reply_header(exchange, "X-Content-Type-Options", "nosniff");
    http_reply_header(exchange, "Content-Security-Policy", "sandbox; default-src 'none'");
}

/* Byte for byte as it came: made again from its parts, it would be another mail. */
static bool raw_mail_received(struct request *request, const struct email *email,
                              struct error *error)
{
    struct email seen;
    struct raw raw;
    if (!permission_find_thing(request_reading(request), request, THING_CONVERSATION, ACT_READ,
                               email->id, &seen, error) ||
        !raw_store_find(request_reading(request), email->id, request->arena, &raw, error))
        return false;
    if (!raw.bytes.data && !raw.document.id)
        return fail(error, ERROR_CONFLICT, "status",
                    "this mail was not kept as it came, only what it held: it came in before that "
                    "was done, or while keep_raw_mail was no");
    int file = raw.bytes.data ? -1 : blob_open(request->api->blobs, raw.document.sha256, error);
    if (!raw.bytes.data && file < 0)
        return false;
    raw_mail_headers(request, email);
    if (raw.bytes.data)
        reply_bytes(request, request->route->status, request->route->media_type, raw.bytes);
    else
        reply_file(request, file, (uint64_t)raw.document.size_bytes);
    return true;
}

static bool raw_mail_reply(struct request *request, struct email *email, struct error *error)
{
    if (email->erased_at.ms)
        return fail(error, ERROR_CONFLICT, "status", "what this mail said was erased");
    if (email->state == EMAIL_RECEIVED)
        return raw_mail_received(request, email, error);
    if (!raw_mail_as_sent(request, email, error))
        return false;
    if (!email->message_id)
        return fail(error, ERROR_CONFLICT, "status",
                    "a draft has no message yet; it gets one when it is sent");
    if (!replies_begin(request, raw_mail_bytes(email), error))
        return false;
    AUTO_SPOOL message = spool_create(request->api->settings.spool_folder, RAW_BYTES_MOST);
    const struct provider *provider = provider_named(email->provider);
    if (!outgoing_write(email, request->api->blobs, provider && provider->takes_bcc, request->arena,
                        message, error))
        return false;
    if (email->content_sha256)
        http_reply_header(request->exchange, "X-Outtray-Content-SHA256", email->content_sha256);
    raw_mail_headers(request, email);
    return reply_spool(request, message, error);
}

bool email_record_raw(struct request *request, struct error *error)
{
    struct email email;
    return drafting_find(request, ACT_READ, request->id, &email, error) &&
           raw_mail_reply(request, &email, error);
}

bool correspondence_raw(struct request *request, struct error *error)
{
    struct email email;
    return conversing_find_email(request, ACT_READ, request->id, &email, error) &&
           raw_mail_reply(request, &email, error);
}

/* --- one that is attached to another */

void raw_mail_finish(struct raw_mail *mail)
{
    spool_destroy(mail->composed);
    mail->composed = NULL;
}

static bool raw_mail_compose(struct request *request, const struct email *email, const char *field,
                             uint64_t room, struct raw_mail *mail, struct error *error)
{
    if (raw_mail_bytes(email) > room)
        return fail(error, ERROR_TOO_LARGE, field,
                    "names a mail that leaves the attachments of one mail over their limit");
    mail->composed = spool_create(request->api->settings.spool_folder, RAW_BYTES_MOST);
    return outgoing_write(email, request->api->blobs, false, request->arena, mail->composed, error);
}

bool raw_mail_find(struct request *request, const struct email *email, const char *field,
                   uint64_t room, struct raw_mail *ret_mail, struct error *error)
{
    struct raw raw;
    *ret_mail = (struct raw_mail){0};
    if (email->erased_at.ms)
        return fail(error, ERROR_INVALID, field, "names a mail that was erased");
    if (email->state != EMAIL_RECEIVED)
        return email->message_id
                   ? raw_mail_compose(request, email, field, room, ret_mail, error)
                   : fail(error, ERROR_INVALID, field, "names a mail that has no message yet");
    if (!raw_store_find(request_reading(request), email->id, request->arena, &raw, error))
        return false;
    ret_mail->bytes = raw.bytes;
    ret_mail->document = raw.document;
    return raw.bytes.data || raw.document.id ||
           fail(error, ERROR_INVALID, field, "names a mail that was not kept as it came");
}

int64_t raw_mail_size(const struct raw_mail *mail)
{
    if (mail->document.id)
        return mail->document.size_bytes;
    return (int64_t)(mail->composed ? spool_size(mail->composed) : mail->bytes.size);
}

bool raw_mail_keep(struct request *request, const struct raw_mail *mail, const char **ret_sha256,
                   struct error *error)
{
    struct blob_writer *writer = blob_begin(request->api->blobs, error);
    if (!writer)
        return false;
    if (mail->composed ? !spool_each(mail->composed, blob_take, writer, error)
                       : !blob_write(writer, mail->bytes.data, mail->bytes.size, error)) {
        blob_abandon(writer);
        return false;
    }
    return blob_finish(writer, request->arena, ret_sha256, error);
}
