/* audit_format.h - an export of a trail: JSON lines, a head, the events, an end. docs/audit.md has
 * it in full. */
#pragma once
#include "model/event_record.h"

#define AUDIT_FORMAT "outtray-audit-1"

struct audit_head {
    const char *format;
    const char *organization_id, *organization;
    int64_t after;        /* the number of the event before the first; 0: from the start */
    const char *previous; /* that one's hash, or NULL */
};
struct audit_end { /* of the whole trail, which is that of the export */
    int64_t end_number;
    const char *end_hash;
};
extern const struct schema AUDIT_HEAD, AUDIT_END;
