#include "mime/winmail.h"

#include <string.h>

#include "base/media_type.h"
#include "base/text.h"
#include "mime/content.h"
#include "mime/enclosure.h"
#include "mime/leaf.h"
#include "mime/parse.h"
#include "mime/tnef.h"

enum { PIECE_SIZE = 4096 }; /* given to the sink at once */

struct winmail {
    struct mime_attachment itself;
    struct bytes bytes;
};

bool winmail_is(const struct part *part)
{
    return text_equal(part->type, "application/ms-tnef") ||
           text_equal(part->type, "application/vnd.ms-tnef") ||
           (part->filename && text_equal_nocase(part->filename, "winmail.dat"));
}

/* --- while the parts are read */

static bool winmail_count(void *context, const void *data, size_t size, struct error *error)
{
    size_t *total = context;
    (void)data, (void)error;
    *total += size;
    return true;
}

/* The room is for all that was counted. */
static bool winmail_fill(void *context, const void *data, size_t size, struct error *error)
{
    struct buf *buf = context;
    (void)error;
    buf_add_bytes(buf, data, size);
    return true;
}

/* What stands among base64 is text of the mail; it is added when the content is read for good. */
static enum piece winmail_read_content(struct part_tree *tree, const struct part *part,
                                       struct content *content, bool is_for_good)
{
    AUTO_ARENA arena = arena_create();
    struct buf foreign = BUF(arena, MIME_BODY_BYTES_MAX);
    content->error = tree->error;
    content->foreign = &foreign;
    g_mime_encoding_init_decode(&content->decoder, part->encoding);
    enum piece end = content_read(content, &tree->source);
    if (is_for_good)
        leaf_add_text(tree, (struct bytes){foreign.data, foreign.size});
    return end;
}

static void winmail_add_attachment(struct part_tree *tree, const struct mime_attachment *item,
                                   const char *name, const struct bytes *bytes)
{
    struct content content = {.name = name};
    struct enclosure enclosure = enclosure_start(tree->sink, item, leaf_list(tree), tree->arena);
    const char *at = bytes->data;
    enclosure.content = &content;
    for (size_t left = bytes->size; left && !tree->has_failed;) {
        size_t size = left < PIECE_SIZE ? left : PIECE_SIZE;
        tree->has_failed = !enclosure_write(&enclosure, at, size, tree->error);
        at += size;
        left -= size;
    }
    tree->has_failed = tree->has_failed || !enclosure_end(&enclosure, tree->error);
}

static bool winmail_can_be_opened(const struct bytes *bytes)
{
    AUTO_ARENA arena = arena_create();
    struct tnef tnef;
    return tnef_read(bytes, 0, arena, &tnef);
}

/* It is read twice, so that its size is known before there is memory for it. */
enum piece winmail_read(struct part_tree *tree, const struct part *part)
{
    size_t size = 0;
    uint64_t start = source_tell(&tree->source);
    struct content counted = {.context = &size, .write = winmail_count};
    enum piece end = winmail_read_content(tree, part, &counted, false);
    if (tree->source.has_failed)
        return end;
    source_seek(&tree->source, start);
    if (size > WINMAIL_BYTES_MAX - tree->winmail_bytes || tree->winmail_count == WINMAIL_COUNT_MAX)
        return leaf_read_attachment(tree, part);
    struct buf buf = BUF(tree->arena, size);
    buf.room = size + 1;
    buf.data = arena_alloc(tree->arena, buf.room);
    struct content content = {.context = &buf, .write = winmail_fill};
    end = winmail_read_content(tree, part, &content, true);
    const struct winmail winmail = {leaf_attachment(part), {buf.data, buf.size}};
    tree->winmail_bytes += size;
    if (tree->source.has_failed)
        return end;
    if (!winmail_can_be_opened(&winmail.bytes)) {
        winmail_add_attachment(tree, &winmail.itself, NULL, &winmail.bytes);
        return end;
    }
    if (!tree->winmails)
        tree->winmails = arena_new(tree->arena, struct winmail, WINMAIL_COUNT_MAX);
    tree->winmails[tree->winmail_count++] = winmail;
    return end;
}

/* --- when they have been read */

static bool winmail_is_blank(const struct buf *buf)
{
    for (size_t i = 0; i < buf->size; i++)
        if (!strchr(" \t\n", buf->data[i]))
            return false;
    return true;
}

static void winmail_add_body(struct body *body, const char *text, bool stands_alone)
{
    body->buf.size = 0; /* it was blank */
    leaf_add_body(body, text);
    body->stands_alone = body->stands_alone || stands_alone;
}

/* Gives whether the body was taken. Text and HTML say the same, as in an alternative. */
static bool winmail_take_body(struct part_tree *tree, const struct tnef *tnef)
{
    if ((!tnef->text && !tnef->html) || !winmail_is_blank(&tree->text.buf) ||
        !winmail_is_blank(&tree->html.buf))
        return false;
    if (tnef->text)
        winmail_add_body(&tree->text, tnef->text, !tnef->html);
    if (tnef->html)
        winmail_add_body(&tree->html, tnef->html, !tnef->text);
    if (!tree->order)
        tree->order = tnef->text ? MIME_TEXT_FIRST : MIME_HTML_FIRST;
    tree->has_body = true;
    return true;
}

/* The type of a file alone: it says nothing of a charset, and a file has no parts. */
static const char *winmail_type(const struct tnef_file *file, struct arena *arena)
{
    struct media_type read;
    if (file->type && media_type_read(file->type, arena, &read) &&
        !text_starts(read.essence, "multipart/"))
        return read.essence;
    return text_or(file->name ? media_type_of_name(file->name) : NULL, "application/octet-stream");
}

static void winmail_take_file(struct part_tree *tree, const struct tnef_file *file,
                              struct arena *arena)
{
    struct mime_attachment item = {
        .content_type = arena_copy(tree->arena, winmail_type(file, arena)),
        .file = -1,
    };
    if (file->content_id)
        item.content_id = part_content_id(arena_copy(tree->arena, file->content_id), tree->arena);
    item.is_inline = item.content_id;
    tree->part_count++;
    winmail_add_attachment(tree, &item, file->name, &file->data);
}

static void winmail_open_one(struct part_tree *tree, const struct winmail *winmail)
{
    AUTO_ARENA arena = arena_create();
    struct tnef tnef;
    size_t room = tree->part_count < MIME_PARTS_MAX ? MIME_PARTS_MAX - tree->part_count : 0;
    if (!tnef_read(&winmail->bytes, room, arena, &tnef))
        tnef = (struct tnef){0};
    bool has_taken = winmail_take_body(tree, &tnef);
    bool is_cut = has_taken && (tree->text.buf.size == MIME_BODY_BYTES_MAX ||
                                tree->html.buf.size == MIME_BODY_BYTES_MAX);
    bool is_lost = tnef.has_rich_text && winmail_is_blank(&tree->text.buf) &&
                   winmail_is_blank(&tree->html.buf);
    const struct tnef_file *files = tnef.files.items;
    for (size_t i = 0; i < tnef.files.count && !tree->has_failed; i++)
        winmail_take_file(tree, &files[i], arena);
    has_taken = has_taken || tnef.files.count;
    if (!tree->has_failed && (!has_taken || !tnef.is_whole || is_cut || is_lost))
        winmail_add_attachment(tree, &winmail->itself, NULL, &winmail->bytes);
}

void winmail_open(struct part_tree *tree)
{
    for (size_t i = 0; i < tree->winmail_count && !tree->has_failed && !tree->source.has_failed;
         i++)
        winmail_open_one(tree, &tree->winmails[i]);
}
