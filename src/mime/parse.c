#include "mime/parse.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/text.h"
#include "mime/address.h"
#include "mime/charset.h"
#include "mime/content.h"
#include "mime/encoded_word.h"
#include "mime/flowed.h"
#include "mime/form.h"
#include "mime/id_field.h"
#include "mime/library.h"
#include "mime/tasks.h"
#include "parser/parser.h"

/* The walk through the parts is ours, since GMime's parser goes as deep as the message wants
 * and keeps every part; parameters, dates and encodings are left to GMime. */

static const char BYTE_ORDER_MARK[] = "\xEF\xBB\xBF";

enum { PART_HEADERS_MAX = 1024 * 1024 }; /* of all parts together; what is beyond has no header */

struct parser {
    struct source source;
    const struct parser_sink *sink;
    struct arena *arena;
    struct mime_mail *mail;
    struct error *error;
    struct body {
        struct buf buf;
        bool is_there;     /* though it may be empty */
        bool stands_alone; /* a part of it stands where no alternative is */
    } text, html;
    enum mime_order order;
    const char *charset; /* of the first body, where headers may be in it; or NULL */
    size_t part_count, head_bytes;
    bool has_failed;
};

/* Of an alternative, and of what is in it. */
struct bodies {
    bool has_text, has_html;
};

/* What is known about a part from the multiparts around it. */
struct place {
    const char *default_type;
    struct bodies *alternative; /* the innermost around it; NULL: none */
    bool is_direct;             /* in that one itself */
    bool may_have_name;         /* and be a body all the same */
};

static enum piece read_part(struct parser *parser, const struct head *head, struct place place);

/* --- bodies */

static bool add_bytes(void *context, const void *data, size_t size, struct error *error)
{
    struct buf *raw = context;
    size_t room = raw->limit - raw->size;
    (void)error;
    buf_add_bytes(raw, data, size < room ? size : room);
    return true;
}

/* What is over the limit is cut off after a whole character. */
static void add_cut(struct buf *buf, const char *text, size_t size)
{
    if (size > buf->limit - buf->size)
        for (size = buf->limit - buf->size; size && (text[size] & 0xC0) == 0x80;)
            size--;
    buf_add_bytes(buf, text, size);
}

/* After what other parts gave, on a new line. Lines end with LF. */
static void add_body(struct body *body, const char *text)
{
    struct buf *buf = &body->buf;
    body->is_there = true;
    if (buf->size && buf->data[buf->size - 1] != '\n')
        add_cut(buf, "\n", 1);
    while (*text) {
        size_t size = strcspn(text, "\r");
        add_cut(buf, text, size);
        text += size;
        if (!*text)
            break;
        add_cut(buf, "\n", 1);
        text += text[1] == '\n' ? 2 : 1;
    }
}

static enum piece read_body(struct parser *parser, const struct part *part, struct body *body)
{
    AUTO_ARENA arena = arena_create(); /* of what is not kept */
    struct buf raw = BUF(arena, MIME_BODY_BYTES_MAX);
    struct content content = {.context = &raw, .write = add_bytes, .error = parser->error};
    g_mime_encoding_init_decode(&content.decoder, part->encoding);
    enum piece end = content_read(&content, &parser->source);
    struct bytes bytes = {raw.size ? raw.data : "", raw.size};
    const char *charset = NULL;
    const char *text = charset_read(&bytes, part->charset, body == &parser->html, arena, &charset);
    if (!parser->charset && charset_is_of_headers(charset))
        parser->charset = charset;
    text += text_starts(text, BYTE_ORDER_MARK) ? strlen(BYTE_ORDER_MARK) : 0;
    add_body(body, part->is_flowed ? flowed_read(text, part->deletes_space, arena) : text);
    return end;
}

/* --- attachments */

static void add_attachment(struct parser *parser, const struct mime_attachment *attachment)
{
    struct list *list = &parser->mail->attachments;
    if (!list->count) /* at most one more than parts, for the rest of a message with too many */
        list->items = arena_new(parser->arena, struct mime_attachment, MIME_PARTS_MAX + 1);
    ((struct mime_attachment *)list->items)[list->count++] = *attachment;
}

static bool drop(void *context, const void *data, size_t size, struct error *error)
{
    (void)context, (void)data, (void)size, (void)error;
    return true;
}

static enum piece read_attachment(struct parser *parser, const struct part *part)
{
    struct mime_attachment attachment = {
        .filename = part->filename,
        .content_type = part->type,
        .content_id = part->content_id,
        .is_inline = part->content_id && !part->is_attachment,
        .file = -1,
    };
    const struct parser_sink *sink = parser->sink;
    struct content content = {
        .context = sink ? sink->context : NULL,
        .write = sink ? sink->write : drop,
        .error = parser->error,
    };
    add_attachment(parser, &attachment);
    g_mime_encoding_init_decode(&content.decoder, part->encoding);
    content.has_failed = sink && !sink->begin(sink->context, &attachment, parser->error);
    enum piece end = content_read(&content, &parser->source);
    parser->has_failed = content.has_failed || parser->source.has_failed ||
                         (sink && !sink->end(sink->context, parser->error));
    return end;
}

/* --- the tree */

/* Whether reading goes on with the next part of the multipart at this level. */
static bool has_next(const struct parser *parser, enum piece end, size_t level)
{
    return end == PIECE_BOUNDARY && !parser->has_failed && !parser->source.is_final &&
           parser->source.hit_level == level;
}

static enum piece skip(struct source *source)
{
    struct bytes line;
    enum piece piece = PIECE_LINE;
    while (piece == PIECE_LINE)
        piece = source_next(source, &line);
    return piece;
}

static enum piece read_parts(struct parser *parser, const struct part *part, struct place inside)
{
    struct source *source = &parser->source;
    size_t level = source->boundary_count++;
    source->boundaries[level] = part->boundary;
    enum piece end = skip(source);
    while (has_next(parser, end, level) && parser->part_count < MIME_PARTS_MAX) {
        struct head head;
        size_t room = PART_HEADERS_MAX - parser->head_bytes;
        mime_head_read(source, room, parser->arena, &head);
        parser->head_bytes += head.size;
        mime_head_recode(&head, parser->charset, parser->arena);
        end = read_part(parser, &head, inside);
    }
    source->boundary_count = level;
    if (has_next(parser, end, level))
        return read_attachment(parser, &(struct part){.type = "application/octet-stream"});
    bool is_ours = end == PIECE_BOUNDARY && source->hit_level == level;
    return is_ours && !parser->has_failed ? skip(source) : end;
}

/* Bodies that nothing is an alternative to stand alone. */
static enum piece read_multipart(struct parser *parser, const struct part *part,
                                 const struct place *place)
{
    struct place inside = {.default_type = "text/plain", .alternative = place->alternative};
    struct bodies bodies = {false, false};
    if (text_equal(part->type, "multipart/digest"))
        inside.default_type = "message/rfc822";
    inside.is_direct = text_equal(part->type, "multipart/alternative");
    if (inside.is_direct)
        inside.alternative = &bodies;
    enum piece end = read_parts(parser, part, inside);
    if (place->alternative) {
        place->alternative->has_text |= bodies.has_text;
        place->alternative->has_html |= bodies.has_html;
    } else {
        parser->text.stands_alone |= bodies.has_text && !bodies.has_html;
        parser->html.stands_alone |= bodies.has_html && !bodies.has_text;
    }
    return end;
}

/* Of two texts in one alternative, the first. */
static struct body *body_for(struct parser *parser, const struct part *part, struct place place)
{
    bool is_text = text_equal(part->type, "text/plain");
    if ((!is_text && !text_equal(part->type, "text/html")) || part->is_attachment ||
        (part->filename && !place.may_have_name))
        return NULL;
    struct body *body = is_text ? &parser->text : &parser->html;
    if (place.alternative) {
        bool *has = is_text ? &place.alternative->has_text : &place.alternative->has_html;
        if (*has && place.is_direct)
            return NULL;
        *has = true;
    } else {
        body->stands_alone = true;
    }
    if (!parser->order)
        parser->order = is_text ? MIME_TEXT_FIRST : MIME_HTML_FIRST;
    return body;
}

static enum piece read_part(struct parser *parser, const struct head *head, struct place place)
{
    FAULT(PARSER_PART);
    parser->part_count++;
    if (head->end == PIECE_END)
        return head->end;
    struct part part = part_read(head, place.default_type, parser->arena);
    if (head->end == PIECE_BOUNDARY)
        return head->end; /* a header and nothing else */
    if (part.boundary && parser->source.boundary_count < MIME_DEPTH_MAX)
        return read_multipart(parser, &part, &place);
    struct body *body = body_for(parser, &part, place);
    return body ? read_body(parser, &part, body) : read_attachment(parser, &part);
}

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
    if (from.count)
        mail->from = *(struct address *)from.items;
    mail->reply_to = mime_address_list(head->values[HEAD_REPLY_TO], arena);
    mail->to = mime_address_list(head->values[HEAD_TO], arena);
    mail->cc = mime_address_list(head->values[HEAD_CC], arena);
    mail->bcc = mime_address_list(head->values[HEAD_BCC], arena);
    mail->subject = decode_line(head->values[HEAD_SUBJECT], arena);
    mail->date = decode_date(head->values[HEAD_DATE]);
    mail->message_id = id_field_read_one(head->values[HEAD_MESSAGE_ID], arena);
    mail->in_reply_to = id_field_read(head->values[HEAD_IN_REPLY_TO], arena);
    mail->references = id_field_read(head->values[HEAD_REFERENCES], arena);
}

static bool parse_here(const struct parser_call *call, struct arena *arena, void *ret_answered,
                       struct error *error)
{
    struct mime_mail mail = {0}, *ret_mail = ret_answered;
    struct parser parser = {.sink = call->sink, .arena = arena, .mail = &mail, .error = error};
    struct head head;
    library_start();
    parser.text.buf = parser.html.buf = BUF(arena, MIME_BODY_BYTES_MAX);
    source_start(&parser.source, call->file);
    mime_head_read(&parser.source, MIME_HEADER_BYTES_MAX, arena, &head);
    if (head.is_over)
        return fail(error, ERROR_TOO_LARGE, "", "has a header of more than %d bytes",
                    MIME_HEADER_BYTES_MAX);
    if (!head.has_fields && !parser.source.has_failed)
        return fail(error, ERROR_INVALID, "", "is not a message: it has no header");
    read_part(&parser, &head, (struct place){.default_type = "text/plain", .may_have_name = true});
    mime_head_recode(&head, parser.charset, arena);
    read_header(&head, arena, &mail);
    if (parser.source.has_failed)
        return fail(error, ERROR_INTERNAL, "", "the message could not be read from the disk");
    if (parser.has_failed)
        return false;
    mail.text = parser.text.is_there ? buf_text(&parser.text.buf, error) : NULL;
    mail.html = parser.html.is_there ? buf_text(&parser.html.buf, error) : NULL;
    if (parser.text.stands_alone && parser.html.stands_alone)
        mail.order = parser.order;
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
