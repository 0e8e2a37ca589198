#include "mime/enclosure.h"

#include <string.h>

#include "base/file_name.h"
#include "base/media_type.h"
#include "base/text.h"
#include "mime/attachment.h"
#include "mime/charset.h"
#include "mime/encoded_word.h"

enum { HELD_BYTES_MAX = 64 * 1024, FILENAME_MAX_BYTES = 255 };

static bool enclosure_is_mail(const struct mime_attachment *item)
{
    return text_equal(item->content_type, "message/rfc822") ||
           text_equal(item->content_type, "message/global");
}

struct enclosure enclosure_start(const struct parser_sink *sink, const struct mime_attachment *item,
                                 struct list *list, struct arena *arena)
{
    return (struct enclosure){
        .sink = sink,
        .list = list,
        .arena = arena,
        .item = *item,
        .is_held = !item->filename && enclosure_is_mail(item),
        .held = BUF(arena, HELD_BYTES_MAX),
    };
}

static const char *enclosure_filename(const char *name, struct arena *arena)
{
    const char *clean = attachment_filename(charset_line(name, arena), arena);
    return clean ? file_name_cut(clean, FILENAME_MAX_BYTES, arena) : NULL;
}

/* The subject of the mail whose beginning is held. */
static const char *enclosure_subject(const struct enclosure *enclosure)
{
    struct arena *arena = enclosure->arena;
    struct error error;
    struct source *source = arena_new(arena, struct source, 1);
    struct head head = {0};
    AUTO_SPOOL spool = spool_create("/", HELD_BYTES_MAX);
    if (!spool_write(spool, enclosure->held.data, enclosure->held.size, &error))
        return NULL;
    source_start(source, spool);
    mime_head_read(source, HELD_BYTES_MAX, arena, &head);
    const char *raw = head.values[HEAD_SUBJECT];
    const char *subject = raw ? charset_line(encoded_word_decode(raw, arena, NULL), arena) : NULL;
    return text_is_empty(subject) ? NULL : arena_format(arena, "%s.eml", subject);
}

static bool enclosure_begin(struct enclosure *enclosure, struct error *error)
{
    struct mime_attachment *item = &enclosure->item;
    const char *name = enclosure->content ? enclosure->content->name : NULL;
    if (!name && enclosure->is_held && enclosure->held.size)
        name = enclosure_subject(enclosure);
    if (!item->filename && name)
        item->filename = enclosure_filename(name, enclosure->arena);
    ((struct mime_attachment *)enclosure->list->items)[enclosure->list->count++] = *item;
    enclosure->is_begun = true;
    enclosure->is_held = false;
    const struct parser_sink *sink = enclosure->sink;
    struct buf *held = &enclosure->held;
    return !sink || (sink->begin(sink->context, item, error) &&
                     (!held->size || sink->write(sink->context, held->data, held->size, error)));
}

/* An empty line ends the header that is held. */
static bool enclosure_has_header(const struct buf *held, size_t added)
{
    size_t from = held->size > added + 3 ? held->size - added - 3 : 0;
    const char *text = held->data + from;
    size_t size = held->size - from;
    return memmem(text, size, "\n\n", 2) || memmem(text, size, "\n\r\n", 3);
}

bool enclosure_write(void *context, const void *data, size_t size, struct error *error)
{
    struct enclosure *enclosure = context;
    if (enclosure->is_held && size <= enclosure->held.limit - enclosure->held.size) {
        buf_add_bytes(&enclosure->held, data, size);
        return !enclosure_has_header(&enclosure->held, size) || enclosure_begin(enclosure, error);
    }
    if (!enclosure->is_begun && !enclosure_begin(enclosure, error))
        return false;
    const struct parser_sink *sink = enclosure->sink;
    return !sink || sink->write(sink->context, data, size, error);
}

bool enclosure_end(struct enclosure *enclosure, struct error *error)
{
    const struct parser_sink *sink = enclosure->sink;
    return (enclosure->is_begun || enclosure_begin(enclosure, error)) &&
           (!sink || sink->end(sink->context, error));
}
