/* conversation_view.h - conversations in the two families that show them: each one's field tables
 * over the structs of conversing.h; inside this room. */
#pragma once
#include "api/conversing.h"

struct conversation_query {
    int64_t page, size;
    const char *channel_type, *is_resolved, *status, *search; /* NULL: any */
    enum listing_shape view;
    const char *user;
};

/* messages */
extern const struct schema CONVERSATION_LIST_QUERY, CONVERSATION_QUERY;
extern const struct schema CONVERSATION_LISTING; /* struct conversation_listing */
extern const struct schema CONVERSATION_OPENED;  /* struct conversation_opened */
extern const struct schema CONVERSATION_CHANGE;  /* struct conversation_shown */
extern const struct schema CONVERSATION_CHANGED; /* the same, within "conversation" */

/* email */
extern const struct schema EMAIL_CONVERSATION_LIST_QUERY, EMAIL_CONVERSATION_QUERY;
extern const struct schema EMAIL_CONVERSATION_LISTING; /* struct conversation_listing */
extern const struct schema EMAIL_CONVERSATION_OPENED;  /* struct conversation_opened */
