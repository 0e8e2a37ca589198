/* report.h - which mail a report is about (RFC 6522): a bounce, a delay, a receipt, a complaint. */
#pragma once
#include "base/buf.h"

enum {
    REPORT_START_BYTES = 32 * 1024, /* of a part: what is looked at */
    REPORT_PARTS_MAX = 16,
    REPORT_FIELDS_MAX = 32, /* with ids, of all parts */
};

/* What was seen of a message so far. */
struct report {
    bool is_multipart, has_status;
    size_t part_count, field_count;
    const char *ids; /* with spaces between; or NULL */
};

void report_see(struct report *report, const char *type, bool is_whole); /* whole: the message's */

/* multipart/report, or with a part that only reports have: some servers write another type. */
bool report_is(const struct report *report);

/* The ids of the mail that it is about: of the returned mail or its header, or named in the status;
 * and of its own field X-Original-Message-ID (header: its value, or NULL). NULL for none. */
const char *report_ids(const struct report *report, const char *header, struct arena *arena);

/* Whether a part of this type may say so. */
bool report_wants(const char *type);

/* Looks on while the content of a part goes where it goes. */
struct report_tap {
    struct report *report;
    const char *type;
    void *context; /* of write */
    bool (*write)(void *context, const void *data, size_t size, struct error *error);
    struct buf start; /* limit: REPORT_START_BYTES */
};
bool report_tap_write(void *context, const void *data, size_t size, struct error *error);
void report_tap_end(struct report_tap *tap, struct arena *arena);
