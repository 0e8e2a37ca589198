#include "message/incoming.h"

#include <string.h>

#include "base/buf.h"
#include "base/secret.h"
#include "base/text.h"
#include "html/html.h"
#include "message/embedded.h"
#include "message/incoming_ids.h"
#include "message/incoming_parts.h"
#include "message/raw.h"

enum { JOINED_TEXT_BYTES_MAX = 5 * 1024 * 1024 };

static const char UNREADABLE[] =
    "this mail could not be read: it ended the process that reads mail, twice";
static const char UNREADABLE_TEXT[] =
    "[This message could not be read by the server. It is attached as it came.]";
static const char UNREADABLE_HTML[] =
    "its HTML could not be read: it ended the process that reads mail, twice";

/* --- the header */

static const char *cut(const char *text, size_t most, struct arena *arena)
{
    size_t size = text ? strlen(text) : 0;
    if (size <= most)
        return text;
    for (size = most; size && (text[size] & 0xC0) == 0x80;)
        size--;
    return arena_copy_bytes(arena, text, size);
}

static struct list take_addresses(const struct list *list, size_t *room, struct arena *arena)
{
    struct list taken = {list->items, list->count < *room ? list->count : *room};
    struct address *addresses = taken.items;
    for (size_t i = 0; i < taken.count; i++)
        addresses[i].name = cut(addresses[i].name, INCOMING_NAME_BYTES_MAX, arena);
    *room -= taken.count;
    return taken;
}

static void read_header(const struct mime_mail *mail, struct arena *arena, struct email *email)
{
    size_t room = INCOMING_RECIPIENTS_MAX;
    email->from_email = mail->from.email;
    email->from_name = cut(mail->from.name, INCOMING_NAME_BYTES_MAX, arena);
    email->reply_to_recipients = take_addresses(&mail->reply_to, &room, arena);
    email->to_recipients = take_addresses(&mail->to, &room, arena);
    email->cc_recipients = take_addresses(&mail->cc, &room, arena);
    email->bcc_recipients = take_addresses(&mail->bcc, &room, arena);
    email->subject = cut(mail->subject, INCOMING_SUBJECT_BYTES_MAX, arena);
    email->message_date = mail->date;
    incoming_ids_read(mail, arena, email);
    email->list_post = mail->list_post;
    email->kind = mail->is_report      ? EMAIL_KIND_REPORT
                  : mail->is_automatic ? EMAIL_KIND_AUTO_REPLY
                                       : EMAIL_KIND_MAIL;
}

/* --- the bodies */

static bool is_blank(const char *text)
{
    return !text || !text[strspn(text, " \t\r\n")];
}

/* A byte order mark says what the charset is, whatever the HTML itself says. */
static bool attach_html(struct incoming_parts *parts, const char *html, struct error *error)
{
    return incoming_parts_add(parts, "message.html", "text/html",
                              arena_format(parts->arena, "\xEF\xBB\xBF%s", html), error);
}

/* What is wrong with the server may be over the next time; what is wrong with the mail is not. */
static bool incoming_may_pass(const struct error *error)
{
    return error->code == ERROR_UNAVAILABLE;
}

/* Text before or after HTML: a list's footer, a note above a page. Too large together, they stay as
 * they are. */
static bool join(enum mime_order order, struct arena *arena, struct email *email,
                 struct error *error)
{
    if (strlen(email->body_text) > JOINED_TEXT_BYTES_MAX)
        return true;
    const char *text = arena_format(arena, "<div>%s</div>\n", html_escape(email->body_text, arena));
    const char *first = order == MIME_TEXT_FIRST ? text : email->body_html;
    const char *second = order == MIME_TEXT_FIRST ? email->body_html : text;
    const char *html = arena_format(arena, "%s%s", first, second), *joined = NULL;
    if (!html_sanitize(html, arena, &html, error) || !html_text(html, arena, &joined, error))
        return !incoming_may_pass(error);
    email->body_html = html;
    email->body_text = joined;
    return true;
}

static bool read_bodies(const struct mime_mail *mail, struct incoming_parts *parts,
                        struct email *email, struct error *error)
{
    struct error too_deep;
    email->body_text = mail->text;
    if (is_blank(mail->html)) {
        email->body_text = text_or(mail->text, "");
        return true;
    }
    const struct list files = embedded_files(&parts->attachments, parts->locations, parts->arena);
    if (!html_sanitize_with(mail->html, &files, parts->arena, &email->body_html, &too_deep)) {
        if (incoming_may_pass(&too_deep)) {
            *error = too_deep;
            return false;
        }
        email->body_html = NULL;
        email->body_text = text_or(mail->text, "");
        if (too_deep.code == ERROR_UNREADABLE)
            email->reason = UNREADABLE_HTML;
        return attach_html(parts, mail->html, error);
    }
    if (is_blank(email->body_html)) { /* nothing but scripts and remote images */
        email->body_html = NULL;
        email->body_text = text_or(mail->text, "");
    } else if (is_blank(mail->text))
        email->body_text = NULL;
    else if (mail->order)
        return join(mail->order, parts->arena, email, error);
    return true;
}

/* --- all of it */

/* ret_email gets what the mail says. */
static bool incoming_take(struct spool *raw, struct incoming_parts *parts, struct email *ret_email,
                          struct error *error)
{
    struct mime_mail mail;
    struct mime_sink sink = incoming_parts_sink(parts);
    if (!mime_parse(raw, &sink, parts->arena, &mail, error)) {
        if (error->code != ERROR_UNREADABLE)
            return false;
        ret_email->reason = UNREADABLE;
        ret_email->body_text = UNREADABLE_TEXT;
        return incoming_parts_add_file(parts, "message.eml", "message/rfc822", raw, error);
    }
    if (!read_bodies(&mail, parts, ret_email, error))
        return false;
    read_header(&mail, parts->arena, ret_email);
    return true;
}

bool incoming_read(struct spool *raw, struct blobs *blobs, bool keeps_raw, struct arena *arena,
                   struct email *ret_email, struct list *ret_documents, struct error *error)
{
    struct email email = {.state = EMAIL_RECEIVED};
    AUTO_INCOMING_PARTS parts;
    incoming_parts_start(&parts, blobs, arena);
    if (!incoming_take(raw, &parts, &email, error))
        return false;
    struct list documents = incoming_parts_documents(&parts);
    const struct document *itself = email.reason == UNREADABLE ? documents.items : NULL;
    if (itself)
        raw_is_kept_as(itself, &email);
    else if (!raw_keep(raw, blobs, keeps_raw, arena, &email, &documents, error))
        return false;
    email.attachments = parts.attachments;
    email.invitation = incoming_parts_calendar(&parts);
    if (email.invitation.method && email.kind != EMAIL_KIND_REPORT)
        email.kind = EMAIL_KIND_CALENDAR;
    embedded_mark(email.body_html, &email.attachments, arena);
    *ret_documents = documents;
    *ret_email = email;
    return true;
}
