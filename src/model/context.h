/* context.h - what is known of one of the caller's entities, an invoice or a case: the values that
 * tokens of a mail about it take. It belongs to the organization. */
#pragma once
#include "base/schema.h"

struct context {
    const char *organization_id;
    const char *context_type, *context_id; /* as emails have them */
    const char *fields;                    /* a flat JSON object: text, numbers, true and false */
    int64_t version;                       /* counts the changes, from 1 */
    moment created_at, updated_at;
};
extern const struct schema CONTEXT_SCHEMA; /* its columns */
