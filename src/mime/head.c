#include "mime/head.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/text.h"
#include "mime/charset.h"

static const char *const NAMES[HEAD_FIELD_COUNT] = {
    [HEAD_FROM] = "From",
    [HEAD_REPLY_TO] = "Reply-To",
    [HEAD_TO] = "To",
    [HEAD_CC] = "Cc",
    [HEAD_BCC] = "Bcc",
    [HEAD_SUBJECT] = "Subject",
    [HEAD_DATE] = "Date",
    [HEAD_MESSAGE_ID] = "Message-ID",
    [HEAD_IN_REPLY_TO] = "In-Reply-To",
    [HEAD_REFERENCES] = "References",
    [HEAD_CONTENT_TYPE] = "Content-Type",
    [HEAD_CONTENT_TRANSFER_ENCODING] = "Content-Transfer-Encoding",
    [HEAD_CONTENT_DISPOSITION] = "Content-Disposition",
    [HEAD_CONTENT_ID] = "Content-ID",
};

enum { ESCAPE = 0x1B };

/* The field that lines are being added to. */
struct collector {
    struct head *head;
    struct arena *arena;
    enum head_field field; /* HEAD_FIELD_COUNT: one that is not wanted */
    struct buf value;
    struct buf joined[HEAD_FIELD_COUNT]; /* the values of several fields of one name */
};

/* What stands between the values of several fields of one name; NULL: the first counts. */
static const char *separator(enum head_field field)
{
    bool is_recipients = field == HEAD_TO || field == HEAD_CC || field == HEAD_BCC;
    bool is_ids = field == HEAD_IN_REPLY_TO || field == HEAD_REFERENCES;
    return is_recipients ? ", " : is_ids ? " " : NULL;
}

static void finish_field(struct collector *collector)
{
    if (collector->field == HEAD_FIELD_COUNT)
        return;
    struct error none;
    const char **value = &collector->head->values[collector->field];
    struct buf *joined = &collector->joined[collector->field];
    const char *read = text_trim(buf_text(&collector->value, &none), collector->arena);
    if (!*value) {
        *value = read;
    } else if (separator(collector->field)) {
        if (!joined->size)
            buf_add(joined, *value);
        buf_addf(joined, "%s%s", separator(collector->field), read);
    }
    collector->field = HEAD_FIELD_COUNT;
}

static void join_fields(struct collector *collector)
{
    struct error none;
    for (size_t i = 0; i < HEAD_FIELD_COUNT; i++)
        if (collector->joined[i].size)
            collector->head->values[i] = buf_text(&collector->joined[i], &none);
}

static bool is_control(char character)
{
    return (unsigned char)character < 0x20 || character == 0x7F;
}

/* The line end goes, with what follows it the value is unfolded (RFC 5322 2.2.3). No control is
 * meant to be anywhere else, but for escape sequences of ISO-2022-JP that nobody has encoded. */
static void add_value(struct collector *collector, const char *text, size_t size)
{
    if (collector->field == HEAD_FIELD_COUNT)
        return;
    size -= size && text[size - 1] == '\n';
    size -= size && text[size - 1] == '\r';
    for (size_t i = 0; i < size; i++)
        buf_add_char(&collector->value, is_control(text[i]) && text[i] != ESCAPE ? ' ' : text[i]);
}

static enum head_field find_field(const char *name, size_t size)
{
    for (size_t i = 0; i < HEAD_FIELD_COUNT; i++)
        if (strlen(NAMES[i]) == size && strncasecmp(name, NAMES[i], size) == 0)
            return (enum head_field)i;
    return HEAD_FIELD_COUNT;
}

/* The size of a field's name: visible ASCII before a colon, spaces between forgiven. */
static size_t name_size(const struct bytes *line, size_t *ret_value)
{
    const char *text = line->data;
    size_t size = 0;
    while (size < line->size && text[size] > ' ' && text[size] < 0x7F && text[size] != ':')
        size++;
    size_t colon = size;
    while (colon < line->size && (text[colon] == ' ' || text[colon] == '\t'))
        colon++;
    *ret_value = colon + 1;
    return colon < line->size && text[colon] == ':' ? size : 0;
}

static void add_line(struct collector *collector, const struct bytes *line)
{
    const char *text = line->data;
    size_t value = 0;
    if (*text == ' ' || *text == '\t') {
        add_value(collector, text, line->size);
        return;
    }
    finish_field(collector);
    size_t size = name_size(line, &value);
    if (!size)
        return;
    collector->head->has_fields = true;
    collector->field = find_field(text, size);
    collector->value = BUF(collector->arena, SIZE_MAX / 4); /* mime_head_read counts */
    add_value(collector, text + value, line->size - value);
}

static bool is_empty_line(const struct bytes *line)
{
    const char *text = line->data;
    return text[0] == '\n' || (line->size == 2 && text[0] == '\r' && text[1] == '\n');
}

/* Where a value is not UTF-8, its bytes are kept for mime_head_recode. */
static void head_decode(struct head *head, struct arena *arena)
{
    for (size_t i = 0; i < HEAD_FIELD_COUNT; i++) {
        const char *raw = head->values[i];
        bool is_utf8 = !raw || text_is_utf8(raw, strlen(raw));
        if (is_utf8 && (!raw || !strchr(raw, ESCAPE)))
            continue;
        head->raw[i] = is_utf8 ? NULL : raw;
        head->has_raw = head->has_raw || !is_utf8;
        head->values[i] = charset_line(raw, arena);
    }
}

void mime_head_read(struct source *source, size_t limit, struct arena *arena, struct head *ret_head)
{
    *ret_head = (struct head){0};
    struct collector collector = {.head = ret_head, .arena = arena, .field = HEAD_FIELD_COUNT};
    for (size_t i = 0; i < HEAD_FIELD_COUNT; i++)
        collector.joined[i] = BUF(arena, SIZE_MAX / 4); /* likewise limited by the header's */
    struct bytes line;
    bool is_start = true;
    while ((ret_head->end = source_next(source, &line)) == PIECE_LINE) {
        if (is_start && is_empty_line(&line))
            break;
        ret_head->is_over = ret_head->is_over || line.size > limit - ret_head->size;
        if (!ret_head->is_over) {
            ret_head->size += line.size;
            if (is_start)
                add_line(&collector, &line);
            else
                add_value(&collector, line.data, line.size);
        }
        is_start = source->is_line_start;
    }
    finish_field(&collector);
    join_fields(&collector);
    head_decode(ret_head, arena);
}

void mime_head_recode(struct head *head, const char *charset, struct arena *arena)
{
    if (!head->has_raw || !charset)
        return;
    for (size_t i = 0; i < HEAD_FIELD_COUNT; i++)
        if (head->raw[i]) {
            const struct bytes bytes = {head->raw[i], strlen(head->raw[i])};
            head->values[i] = charset_line(charset_utf8(&bytes, charset, arena), arena);
        }
}
