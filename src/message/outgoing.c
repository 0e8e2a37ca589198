#include "message/outgoing.h"

#include <unistd.h>

#include "base/text.h"
#include "html/html.h"
#include "message/signature.h"
#include "mime/compose.h"

struct open_files { /* of the attachments, while the mail is written */
    struct mime_attachment *items;
    size_t count;
};

static void close_files(struct open_files *files)
{
    for (size_t i = 0; i < files->count; i++)
        close(files->items[i].file);
}
#define AUTO_FILES __attribute__((cleanup(close_files))) struct open_files

static bool open_attachments(const struct email *email, const struct blobs *blobs,
                             struct open_files *files, struct error *error)
{
    const struct attachment *attachments = email->attachments.items;
    for (size_t i = 0; i < email->attachments.count; i++) {
        int file = blob_open(blobs, attachments[i].sha256, error);
        if (file < 0)
            return false;
        files->items[files->count++] = (struct mime_attachment){
            .filename = attachments[i].filename,
            .content_type = attachments[i].content_type,
            .content_id = attachments[i].content_id,
            .is_inline = attachments[i].is_inline,
            .file = file,
        };
    }
    return true;
}

bool outgoing_check(const struct email *email, struct error *error)
{
    struct error why;
    if (email->body_text || text_is_empty(email->body_html) || html_check(email->body_html, &why))
        return true;
    return fail(error, why.code == ERROR_UNAVAILABLE ? why.code : ERROR_INVALID, "body_html",
                "%s for a mail", why.message);
}

bool outgoing_write(const struct email *email, const struct blobs *blobs, bool with_bcc,
                    struct arena *arena, struct spool *out, struct error *error)
{
    AUTO_FILES files = {arena_new(arena, struct mime_attachment, email->attachments.count), 0};
    struct mime_header reference = {EMAIL_REFERENCE_HEADER, email->id};
    struct mime_mail mail = {
        .from = {email->from_email, email->from_name},
        .to = email->to_recipients,
        .cc = email->cc_recipients,
        .bcc = email->bcc_recipients,
        .reply_to = email->reply_to_recipients,
        .subject = email->subject,
        .message_id = text_or(email->written_message_id, email->message_id),
        .in_reply_to = email->in_reply_to,
        .references = email->reference_ids,
        .date = email->message_date,
        .headers = {&reference, 1},
    };
    struct signed_bodies bodies;
    if (!signature_append(email, arena, &bodies, error) ||
        !open_attachments(email, blobs, &files, error))
        return false;
    mail.text = bodies.text;
    mail.html = bodies.html;
    mail.attachments = (struct list){files.items, files.count};
    return mime_compose(&mail, with_bcc, out, error);
}
