#include "mime/parse.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "mime/address.h"
#include "mime/automatic.h"
#include "mime/charset.h"
#include "mime/encoded_word.h"
#include "mime/form.h"
#include "mime/id_field.h"
#include "mime/library.h"
#include "mime/part_tree.h"
#include "mime/tasks.h"
#include "parser/parser.h"

/* --- the header */

static const char *decode_line(const char *raw, struct arena *arena)
{
    return raw ? charset_line(encoded_word_decode(raw, arena, NULL), arena) : NULL;
}

static moment decode_date(const char *raw)
{
    GDateTime *date = raw ? g_mime_utils_header_decode_date(raw) : NULL;
    if (!date)
        return (moment){0};
    int64_t seconds = g_date_time_to_unix(date);
    g_date_time_unref(date);
    return (moment){seconds > 0 ? seconds * 1000 : 0};
}

static void read_header(const struct head *head, struct arena *arena, struct mime_mail *mail)
{
    struct list from = mime_address_list(head->values[HEAD_FROM], arena);
    if (!from.count)
        from = mime_address_list(head->values[HEAD_SENDER], arena);
    if (from.count)
        mail->from = *(struct address *)from.items;
    mail->reply_to = mime_address_list(head->values[HEAD_REPLY_TO], arena);
    if (!mail->reply_to.count && from.count > 1)
        mail->reply_to = from; /* all authors want the answer (RFC 5322 3.6.2) */
    mail->to = mime_address_list(head->values[HEAD_TO], arena);
    mail->cc = mime_address_list(head->values[HEAD_CC], arena);
    mail->bcc = mime_address_list(head->values[HEAD_BCC], arena);
    mail->subject = decode_line(head->values[HEAD_SUBJECT], arena);
    mail->date = decode_date(head->values[HEAD_DATE]);
    const char *received = head->values[HEAD_RECEIVED];
    const char *at = received && !mail->date.ms ? strrchr(received, ';') : NULL;
    if (at)
        mail->date = decode_date(at + 1);
    mail->message_id = id_field_read_one(head->values[HEAD_MESSAGE_ID], arena);
    mail->in_reply_to = id_field_read(head->values[HEAD_IN_REPLY_TO], arena);
    mail->references = id_field_read(head->values[HEAD_REFERENCES], arena);
    mail->is_automatic = automatic_is(head);
    mail->list_post = automatic_list_post(head->values[HEAD_LIST_POST], arena);
}

static bool parse_here(const struct parser_call *call, struct arena *arena, void *ret_answered,
                       struct error *error)
{
    struct mime_mail mail = {0}, *ret_mail = ret_answered;
    struct part_tree tree = {.sink = call->sink, .arena = arena, .mail = &mail, .error = error};
    struct head head;
    library_start();
    tree.text.buf = tree.html.buf = BUF(arena, MIME_BODY_BYTES_MAX);
    source_start(&tree.source, call->file);
    mime_head_read(&tree.source, MIME_HEADER_BYTES_MAX, arena, &head);
    if (head.is_over)
        return fail(error, ERROR_TOO_LARGE, "", "has a header of more than %d bytes",
                    MIME_HEADER_BYTES_MAX);
    if (!head.has_fields && !tree.source.has_failed)
        return fail(error, ERROR_INVALID, "", "is not a message: it has no header");
    part_tree_read(&tree, &head);
    mime_head_recode(&head, tree.charset, arena);
    read_header(&head, arena, &mail);
    mail.is_report = report_is(&tree.report);
    if (mail.is_report)
        mail.reported = report_ids(&tree.report, head.values[HEAD_X_ORIGINAL_MESSAGE_ID], arena);
    if (tree.source.has_failed)
        return fail(error, ERROR_INTERNAL, "", "the message could not be read from the disk");
    if (tree.has_failed)
        return false;
    mail.text = tree.text.is_there ? buf_text(&tree.text.buf, error) : NULL;
    mail.html = tree.html.is_there ? buf_text(&tree.html.buf, error) : NULL;
    if (tree.text.stands_alone && tree.html.stands_alone)
        mail.order = tree.order;
    *ret_mail = mail;
    return true;
}

const struct parser_task MIME_PARSE_TASK = {
    .name = "mime",
    .answered = &MIME_MAIL_FORM,
    .item = &MIME_ATTACHMENT_FORM,
    .items_max = MIME_PARTS_MAX + 1,
    .answer_bytes_max = 2 * MIME_BODY_BYTES_MAX + 32 * MIME_HEADER_BYTES_MAX,
    .prepare = mime_tasks_prepare,
    .run = parse_here,
};

/* --- wherever it runs, the sink is the caller's */

static bool parse_begin(void *context, const void *item, struct error *error)
{
    const struct mime_sink *sink = context;
    struct mime_attachment part = *(const struct mime_attachment *)item;
    part.file = -1;
    return sink->begin(sink->context, &part, error);
}

static bool parse_write(void *context, const void *data, size_t size, struct error *error)
{
    const struct mime_sink *sink = context;
    return sink->write(sink->context, data, size, error);
}

static bool parse_end(void *context, struct error *error)
{
    const struct mime_sink *sink = context;
    return sink->end(sink->context, error);
}

static void parse_again(void *context)
{
    const struct mime_sink *sink = context;
    if (sink->again)
        sink->again(sink->context);
}

bool mime_parse(const struct spool *message, const struct mime_sink *sink, struct arena *arena,
                struct mime_mail *ret_mail, struct error *error)
{
    const struct parser_sink through = {(void *)(uintptr_t)sink, parse_begin, parse_write,
                                        parse_end, parse_again};
    const struct parser_call call = {.file = message, .sink = sink ? &through : NULL};
    if (!parser_run(&MIME_PARSE_TASK, &call, arena, ret_mail, error))
        return false;
    struct mime_attachment *attachments = ret_mail->attachments.items;
    for (size_t i = 0; i < ret_mail->attachments.count; i++)
        attachments[i].file = -1;
    return true;
}
