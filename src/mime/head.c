#include "mime/head.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/text.h"
#include "mime/charset.h"

static const char *const NAMES[HEAD_FIELD_COUNT] = {
    [HEAD_FROM] = "From",
    [HEAD_SENDER] = "Sender",
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
    [HEAD_CONTENT_LOCATION] = "Content-Location",
    [HEAD_RECEIVED] = "Received",
    [HEAD_LIST_POST] = "List-Post",
    [HEAD_AUTO_SUBMITTED] = "Auto-Submitted",
    [HEAD_PRECEDENCE] = "Precedence",
    [HEAD_X_AUTOREPLY] = "X-Autoreply",
    [HEAD_X_AUTORESPOND] = "X-Autorespond",
    [HEAD_X_AUTORESPONSE] = "X-Autoresponse",
    [HEAD_X_AUTOREPLY_FROM] = "X-AutoReply-From",
    [HEAD_X_MAIL_AUTOREPLY] = "X-Mail-Autoreply",
    [HEAD_X_ORIGINAL_MESSAGE_ID] = "X-Original-Message-ID",
};

enum { ESCAPE = 0x1B };
/* What only programs write: where such a field follows, a header was not over. `-` at the end: all
 * names that begin so. */
static const char *const OF_PROGRAMS[] = {
    "X-",           "Content-", "MIME-Version", "Received", "Received-SPF",           "Return-Path",
    "Delivered-To", "DKIM-",    "ARC-",         "List-",    "Authentication-Results", "Thread-",
    "Message-ID",
};

/* Of the names without a hyphen, those that a header has; most with one are of headers. */
static const char *const OF_HEADERS[] = {
    "Sender",       "Importance", "Priority",   "Sensitivity", "Keywords", "Comments",
    "Organization", "Precedence", "Newsgroups", "Lines",       "Path",     "Status",
    "Encrypted",    "Language",   "Expires",    "Supersedes",  "Approved", "Distribution",
};

enum { LOOKED_AHEAD_BYTES = 64 * 1024 }; /* for whether a header goes on */

/* The field that lines are being added to. */
struct collector {
    struct head *head;
    struct arena *arena;
    enum head_field field; /* HEAD_FIELD_COUNT: one that is not wanted */
    struct buf value;
    struct buf joined[HEAD_FIELD_COUNT]; /* the values of several fields of one name */
    bool is_part;
    bool has_end; /* at `end`, unless the header goes on behind it; `at_end` is what it had there */
    bool is_sure; /* that it does not */
    bool has_unknown; /* fields that nobody knows stand at `unknown`, and nothing else behind it */
    uint64_t end, unknown;
    struct head at_end;
    struct buf lost; /* lines that are no fields; at the end there were `lost_at_end` of it */
    size_t lost_at_end, joined_at_end[HEAD_FIELD_COUNT];
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

static bool head_is_listed(const char *name, size_t size, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t listed = strlen(list[i]);
        bool is_start = list[i][listed - 1] == '-';
        if (size >= listed && (is_start || size == listed) &&
            strncasecmp(name, list[i], listed) == 0)
            return true;
    }
    return false;
}

static bool head_is_of_program(const char *name, size_t size)
{
    return head_is_listed(name, size, OF_PROGRAMS, sizeof OF_PROGRAMS / sizeof *OF_PROGRAMS);
}

static bool head_is_of_part(const char *name, size_t size)
{
    static const char *const OF_PARTS[] = {"Content-", "X-", "MIME-Version"};
    return head_is_listed(name, size, OF_PARTS, sizeof OF_PARTS / sizeof *OF_PARTS);
}

/* Whether a header has such a field, and not a text (`Phone: 123`). */
static bool head_is_known(const char *name, size_t size)
{
    static const char *const OF_TEXTS[] = {"E-Mail"};
    return head_is_listed(name, size, OF_HEADERS, sizeof OF_HEADERS / sizeof *OF_HEADERS) ||
           find_field(name, size) != HEAD_FIELD_COUNT ||
           (memchr(name, '-', size) && !head_is_listed(name, size, OF_TEXTS, 1));
}

/* The fields without which a mail is not read rightly; an answer quotes those of another mail, but
 * only the first of a header counts. */
static bool head_is_missing(const struct head *head, enum head_field field)
{
    static const bool NEEDED[HEAD_FIELD_COUNT] = {
        [HEAD_FROM] = true,
        [HEAD_SUBJECT] = true,
        [HEAD_DATE] = true,
        [HEAD_MESSAGE_ID] = true,
    };
    return field < HEAD_FIELD_COUNT && NEEDED[field] && !head->values[field];
}

/* Content seems to begin at this line, or at the unknown fields before it. */
static void head_end_at(struct collector *collector, uint64_t position)
{
    collector->has_end = true;
    collector->end = collector->has_unknown ? collector->unknown : position;
    collector->at_end = *collector->head;
    collector->lost_at_end = collector->lost.size;
    for (size_t i = 0; i < HEAD_FIELD_COUNT; i++)
        collector->joined_at_end[i] = collector->joined[i].size;
}

static void head_add_field(struct collector *collector, const char *name, size_t size,
                           uint64_t position)
{
    struct head *head = collector->head;
    bool may_go_on = !collector->is_sure &&
                     (!collector->is_part || collector->at_end.has_part_fields);
    collector->field = find_field(name, size);
    if (collector->field == HEAD_RECEIVED && head->values[HEAD_RECEIVED])
        collector->field = HEAD_FIELD_COUNT; /* most mails have several, and the newest is enough */
    head->has_fields = true;
    head->has_part_fields = head->has_part_fields || head_is_of_part(name, size);
    if (may_go_on &&
        (head_is_of_program(name, size) || head_is_missing(&collector->at_end, collector->field)))
        collector->has_end = false;
    if (head_is_known(name, size)) {
        collector->has_unknown = false;
    } else if (!collector->has_unknown) {
        collector->has_unknown = true;
        collector->unknown = position;
    }
}

/* `Content-Type: image/png;`: its parameters follow, though the line with them does not say so. */
static bool head_is_unfinished(const struct collector *collector)
{
    const struct buf *value = &collector->value;
    size_t size = value->size;
    if (collector->field == HEAD_FIELD_COUNT)
        return false;
    while (size && value->data[size - 1] == ' ')
        size--;
    return size && value->data[size - 1] == ';';
}

/* No line of a header begins as those between parts do. */
static bool head_is_delimiter(const struct bytes *line)
{
    return line->size > 2 && memcmp(line->data, "--", 2) == 0;
}

static void add_line(struct collector *collector, const struct bytes *line, uint64_t position)
{
    const char *text = line->data;
    size_t value = 0;
    if (*text == ' ' || *text == '\t') {
        add_value(collector, text, line->size);
        return;
    }
    size_t size = name_size(line, &value);
    if (!size && head_is_unfinished(collector)) {
        buf_add_char(&collector->value, ' ');
        add_value(collector, text, line->size);
        return;
    }
    finish_field(collector);
    if (!size) {
        if (!collector->has_end && (collector->head->has_fields || collector->is_part))
            head_end_at(collector, position);
        collector->is_sure = collector->is_sure || (collector->has_end && head_is_delimiter(line));
        if (collector->is_part)
            buf_add_bytes(&collector->lost, text, line->size);
        return;
    }
    head_add_field(collector, text, size, position);
    collector->value = BUF(collector->arena, SIZE_MAX / 4); /* mime_head_read counts */
    add_value(collector, text + value, line->size - value);
}

static bool is_empty_line(const struct bytes *line)
{
    const char *text = line->data;
    size_t returns = 0;
    while (returns < line->size && text[returns] == '\r')
        returns++;
    return returns + 1 == line->size && text[returns] == '\n';
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

/* Where content began before the header seemed to be over: there it goes on. */
static void head_go_back(struct collector *collector, struct source *source)
{
    struct head *head = collector->head;
    if (!collector->has_end && collector->has_unknown && head->end != PIECE_LINE)
        head_end_at(collector, collector->unknown);
    if (!collector->has_end || source->has_failed)
        return;
    *head = collector->at_end;
    head->is_broken = true;
    head->end = PIECE_LINE;
    collector->lost.size = collector->lost_at_end;
    for (size_t i = 0; i < HEAD_FIELD_COUNT; i++)
        collector->joined[i].size = collector->joined_at_end[i];
    source_seek(source, collector->end);
}

static void head_read(struct collector *collector, struct source *source, size_t limit)
{
    struct head *head = collector->head;
    struct bytes line;
    bool is_start = true;
    uint64_t position = source_tell(source);
    for (size_t i = 0; i < HEAD_FIELD_COUNT; i++)
        collector->joined[i] = BUF(collector->arena, SIZE_MAX / 4); /* limited by the header's */
    while ((head->end = source_next(source, &line)) == PIECE_LINE) {
        if (is_start && is_empty_line(&line))
            break;
        if (collector->has_end && position - collector->end > LOOKED_AHEAD_BYTES)
            break;
        head->is_over = head->is_over || line.size > limit - head->size;
        if (!head->is_over) {
            head->size += line.size;
            if (is_start)
                add_line(collector, &line, position);
            else
                add_value(collector, line.data, line.size);
        }
        is_start = source->is_line_start;
        position = source_tell(source);
    }
    finish_field(collector);
    head_go_back(collector, source);
    join_fields(collector);
    head_decode(head, collector->arena);
}

void mime_head_read(struct source *source, size_t limit, struct arena *arena, struct head *ret_head)
{
    *ret_head = (struct head){0};
    struct collector collector = {.head = ret_head, .arena = arena, .field = HEAD_FIELD_COUNT};
    head_read(&collector, source, limit);
}

/* `Note: please call` is no header either: it has no field that one of a part has. */
void mime_head_read_part(struct source *source, size_t limit, struct arena *arena,
                         struct head *ret_head)
{
    *ret_head = (struct head){0};
    struct collector collector = {.head = ret_head,
                                  .arena = arena,
                                  .field = HEAD_FIELD_COUNT,
                                  .is_part = true,
                                  .lost = BUF(arena, SIZE_MAX / 4)};
    uint64_t position = source_tell(source);
    head_read(&collector, source, limit);
    ret_head->lost = (struct bytes){collector.lost.data, collector.lost.size};
    if (!ret_head->has_fields || ret_head->has_part_fields || ret_head->is_over ||
        source->has_failed)
        return;
    *ret_head = (struct head){.end = PIECE_LINE, .is_broken = true};
    source_seek(source, position);
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
