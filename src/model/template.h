/* template.h - a subject and bodies with tokens in them, kept to be used again. It belongs to the
 * organization. */
#pragma once
#include "base/schema.h"

struct template
{
    const char *id;
    const char *organization_id;
    const char *user_id; /* who made it */
    const char *name;
    const char *subject, *body_text, *body_html; /* each may be NULL */
    const char *context_type;                    /* what its tokens are of; NULL: of anything */
    int64_t version;                             /* counts the changes, from 1 */
    moment created_at, updated_at;
};
extern const struct schema TEMPLATE_SCHEMA; /* its columns */
