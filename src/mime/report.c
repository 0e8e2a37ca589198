#include "mime/report.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "mime/id_field.h"

/* The parts that tell of another mail, and by which fields. A status has several groups of fields,
 * with empty lines between (RFC 3464 2.1); a returned mail has one header. */
static const struct {
    const char *type, *fields[2];
    bool is_status;
} PARTS[] = {
    {"message/delivery-status", {"X-Original-Message-ID", "Original-Message-ID"}, true},
    {"message/global-delivery-status", {"X-Original-Message-ID", "Original-Message-ID"}, true},
    {"message/disposition-notification", {"Original-Message-ID", NULL}, true},
    {"message/global-disposition-notification", {"Original-Message-ID", NULL}, true},
    {"message/feedback-report", {"Original-Message-ID", NULL}, true},
    {"message/rfc822", {"Message-ID", NULL}, false},
    {"message/global", {"Message-ID", NULL}, false},
    {"message/global-headers", {"Message-ID", NULL}, false},
    {"text/rfc822-headers", {"Message-ID", NULL}, false},
};
enum { PART_COUNT = sizeof PARTS / sizeof *PARTS };

static size_t report_part(const char *type)
{
    size_t i = 0;
    while (i < PART_COUNT && !text_equal(type, PARTS[i].type))
        i++;
    return i;
}

void report_see(struct report *report, const char *type, bool is_whole)
{
    size_t part = report_part(type);
    report->is_multipart |= is_whole && text_equal(type, "multipart/report");
    report->has_status |= part < PART_COUNT && PARTS[part].is_status;
}

bool report_is(const struct report *report)
{
    return report->is_multipart || report->has_status;
}

bool report_wants(const char *type)
{
    return report_part(type) < PART_COUNT;
}

bool report_tap_write(void *context, const void *data, size_t size, struct error *error)
{
    struct report_tap *tap = context;
    size_t room = tap->start.limit - tap->start.size;
    buf_add_bytes(&tap->start, data, size < room ? size : room);
    return tap->write(tap->context, data, size, error);
}

static void report_add(struct report *report, const char *value, struct arena *arena)
{
    if (report->field_count++ >= REPORT_FIELDS_MAX)
        return;
    const char *ids = id_field_read(value, arena);
    if (ids)
        report->ids = report->ids ? arena_format(arena, "%s %s", report->ids, ids) : ids;
}

/* The size of a field with the lines that continue it. */
static size_t report_field_size(const char *text)
{
    size_t size = 0;
    do {
        size += strcspn(text + size, "\n");
        size += text[size] == '\n';
    } while (text[size] == ' ' || text[size] == '\t');
    return size;
}

static void report_read_field(struct report *report, size_t part, const char *field, size_t size,
                              struct arena *arena)
{
    for (size_t i = 0; i < 2 && PARTS[part].fields[i]; i++) {
        size_t name = strlen(PARTS[part].fields[i]);
        const char *colon = size > name ? memchr(field + name, ':', size - name) : NULL;
        if (!colon || strncasecmp(field, PARTS[part].fields[i], name) != 0 ||
            strspn(field + name, " \t") != (size_t)(colon - field) - name)
            continue;
        char *value = arena_copy_bytes(arena, colon + 1, size - (size_t)(colon + 1 - field));
        for (char *at = value; *at; at++)
            if ((unsigned char)*at < ' ')
                *at = ' ';
        report_add(report, value, arena);
    }
}

void report_tap_end(struct report_tap *tap, struct arena *arena)
{
    size_t part = report_part(tap->type);
    if (part == PART_COUNT || !tap->start.size || tap->report->part_count++ >= REPORT_PARTS_MAX)
        return;
    struct error none;
    const char *text = buf_text(&tap->start, &none);
    for (size_t size; *text; text += size) {
        size = report_field_size(text);
        bool is_empty = *text == '\n' || text_starts(text, "\r\n");
        if (is_empty && !PARTS[part].is_status)
            return;
        report_read_field(tap->report, part, text, size, arena);
    }
}

const char *report_ids(const struct report *report, const char *header, struct arena *arena)
{
    struct report all = *report;
    if (header)
        report_add(&all, header, arena);
    return all.ids;
}
