#include "mime/leaf.h"

#include <string.h>

#include "base/media_type.h"
#include "base/text.h"
#include "mime/charset.h"
#include "mime/content.h"
#include "mime/enclosure.h"
#include "mime/flowed.h"
#include "mime/parse.h"
#include "mime/uuencode.h"

static const char BYTE_ORDER_MARK[] = "\xEF\xBB\xBF";

enum { PIECE_SIZE = 4096 }; /* decoded at once */

static bool leaf_add_bytes(void *context, const void *data, size_t size, struct error *error)
{
    struct buf *raw = context;
    size_t room = raw->limit - raw->size;
    (void)error;
    buf_add_bytes(raw, data, size < room ? size : room);
    return true;
}

/* What is over the limit is cut off after a whole character. */
static void leaf_add_cut(struct buf *buf, const char *text, size_t size)
{
    if (size > buf->limit - buf->size)
        for (size = buf->limit - buf->size; size && (text[size] & 0xC0) == 0x80;)
            size--;
    buf_add_bytes(buf, text, size);
}

void leaf_add_body(struct body *body, const char *text)
{
    struct buf *buf = &body->buf;
    body->is_there = true;
    if (buf->size && buf->data[buf->size - 1] != '\n')
        leaf_add_cut(buf, "\n", 1);
    while (*text) {
        size_t size = strcspn(text, "\r");
        leaf_add_cut(buf, text, size);
        text += size;
        if (!*text)
            break;
        leaf_add_cut(buf, "\n", 1);
        text += text[1] == '\n' ? 2 : 1;
    }
}

void leaf_add_text(struct part_tree *tree, struct bytes foreign)
{
    AUTO_ARENA arena = arena_create();
    if (!foreign.size)
        return;
    leaf_add_body(&tree->text, charset_utf8(&foreign, NULL, arena));
    tree->text.stands_alone = true;
    if (!tree->order)
        tree->order = MIME_TEXT_FIRST;
}

struct list *leaf_list(struct part_tree *tree)
{
    struct list *list = &tree->mail->attachments;
    if (!list->items) /* at most one more than parts, for the rest of a message with too many */
        list->items = arena_new(tree->arena, struct mime_attachment, MIME_PARTS_MAX + 1);
    return list;
}

static void leaf_add_uuencoded(struct part_tree *tree, const struct uuencoded *file,
                               struct arena *arena)
{
    static const char BINARY[] = "application/octet-stream";
    char decoded[2 * PIECE_SIZE];
    const char *name = arena_copy_bytes(arena, file->name.data, file->name.size);
    const char *line = file->data.data, *end = line + file->data.size;
    struct mime_attachment item = {.content_type = text_or(media_type_of_name(name), BINARY),
                                   .file = -1};
    struct content content = {.name = name};
    struct enclosure enclosure = enclosure_start(tree->sink, &item, leaf_list(tree), tree->arena);
    enclosure.content = &content;
    g_mime_encoding_init_decode(&content.decoder, GMIME_CONTENT_ENCODING_UUENCODE);
    while (line < end && !tree->has_failed) {
        size_t size = (size_t)(end - line) < PIECE_SIZE ? (size_t)(end - line) : PIECE_SIZE;
        size_t got = g_mime_encoding_step(&content.decoder, line, size, decoded);
        tree->has_failed = got && !enclosure_write(&enclosure, decoded, got, tree->error);
        line += size;
    }
    tree->has_failed = tree->has_failed || !enclosure_end(&enclosure, tree->error);
    tree->part_count++;
}

/* Uuencoded files become attachments; gives the text without them. */
static struct bytes leaf_take_uuencoded(struct part_tree *tree, struct bytes text,
                                        struct arena *arena)
{
    struct uuencoded file;
    struct error none;
    struct buf rest = BUF(arena, MIME_BODY_BYTES_MAX);
    size_t at = 0;
    while (tree->part_count < MIME_PARTS_MAX && !tree->has_failed &&
           uuencode_find(&text, at, &file)) {
        buf_add_bytes(&rest, (const char *)text.data + at, file.start - at);
        leaf_add_uuencoded(tree, &file, arena);
        at = file.end;
    }
    if (!at)
        return text;
    buf_add_bytes(&rest, (const char *)text.data + at, text.size - at);
    const char *data = buf_text(&rest, &none);
    return (struct bytes){data, rest.size};
}

/* A body that is cut off is kept whole as an attachment, too. */
enum piece leaf_read_body(struct part_tree *tree, const struct part *part, struct body *body)
{
    AUTO_ARENA arena = arena_create(); /* of what is not kept */
    struct buf raw = BUF(arena, MIME_BODY_BYTES_MAX);
    struct buf foreign = BUF(arena, MIME_BODY_BYTES_MAX);
    struct content content = {
        .context = &raw, .write = leaf_add_bytes, .error = tree->error, .foreign = &foreign};
    uint64_t position = source_tell(&tree->source);
    g_mime_encoding_init_decode(&content.decoder, part->encoding);
    enum piece end = content_read(&content, &tree->source);
    struct bytes bytes = {raw.size ? raw.data : "", raw.size};
    if (body == &tree->text)
        bytes = leaf_take_uuencoded(tree, bytes, arena);
    const char *charset = NULL;
    const char *text = charset_read(&bytes, part->charset, body == &tree->html, arena, &charset);
    if (!tree->charset && charset_is_of_headers(charset))
        tree->charset = charset;
    text += text_starts(text, BYTE_ORDER_MARK) ? strlen(BYTE_ORDER_MARK) : 0;
    leaf_add_body(body, part->is_flowed ? flowed_read(text, part->deletes_space, arena) : text);
    leaf_add_text(tree, (struct bytes){foreign.data, foreign.size});
    if (body->buf.size < MIME_BODY_BYTES_MAX || tree->source.has_failed)
        return end;
    source_seek(&tree->source, position);
    return leaf_read_attachment(tree, part);
}

struct mime_attachment leaf_attachment(const struct part *part)
{
    return (struct mime_attachment){
        .filename = part->filename,
        .content_type = part->full_type,
        .content_id = part->content_id,
        .location = part->location,
        .is_inline = part->content_id && !part->is_attachment,
        .file = -1,
    };
}

enum piece leaf_read_attachment(struct part_tree *tree, const struct part *part)
{
    const struct mime_attachment attachment = leaf_attachment(part);
    AUTO_ARENA arena = arena_create(); /* of what is not kept */
    struct buf foreign = BUF(arena, MIME_BODY_BYTES_MAX);
    struct enclosure enclosure = enclosure_start(tree->sink, &attachment, leaf_list(tree),
                                                 tree->arena);
    struct content content = {
        .context = &enclosure, .write = enclosure_write, .error = tree->error, .foreign = &foreign};
    enclosure.content = &content;
    struct report_tap tap = {.report = &tree->report,
                             .type = part->type,
                             .context = &enclosure,
                             .write = enclosure_write,
                             .start = BUF(arena, REPORT_START_BYTES)};
    if (report_wants(part->type)) {
        content.context = &tap;
        content.write = report_tap_write;
    }
    g_mime_encoding_init_decode(&content.decoder, part->encoding);
    enum piece end = content_read(&content, &tree->source);
    tree->has_failed = content.has_failed || tree->source.has_failed ||
                       !enclosure_end(&enclosure, tree->error);
    report_tap_end(&tap, tree->arena);
    leaf_add_text(tree, (struct bytes){foreign.data, foreign.size});
    return end;
}

static bool leaf_drop(void *context, const void *data, size_t size, struct error *error)
{
    (void)context, (void)data, (void)size, (void)error;
    return true;
}

enum piece leaf_skip(struct part_tree *tree)
{
    struct content content = {.write = leaf_drop, .error = tree->error};
    g_mime_encoding_init_decode(&content.decoder, GMIME_CONTENT_ENCODING_BINARY);
    return content_read(&content, &tree->source);
}

enum piece leaf_read_plain(struct part_tree *tree, GMimeContentEncoding encoding)
{
    const struct part plain = {
        .type = "text/plain", .full_type = "text/plain", .encoding = encoding};
    tree->text.stands_alone = tree->has_body = true;
    if (!tree->order)
        tree->order = MIME_TEXT_FIRST;
    return leaf_read_body(tree, &plain, &tree->text);
}
