#include "api/conversation_view.h"
#include "api/handlers.h"
#include "api/listing.h"
#include "base/text.h"

static enum resolved resolved_of(const char *status)
{
    if (!status)
        return RESOLVED_ANY;
    return text_equal(status, "resolved") ? RESOLVED_YES : RESOLVED_NO;
}

bool email_conversation_list(struct request *request, struct error *error)
{
    struct conversation_query query = {0};
    struct conversation_listing listing;
    if (!request_query(request, &query, error))
        return false;
    const struct conversation_filter filter = {resolved_of(query.status), query.search};
    if (!conversing_list(request, query.user, &filter, query.page, query.size, &listing, error) ||
        !conversing_add_owners(request, listing.conversations.items, listing.conversations.count,
                               error))
        return false;
    reply(request, &listing);
    return true;
}

bool email_conversation_show(struct request *request, struct error *error)
{
    struct conversation_query query = {0};
    struct conversation_opened opened;
    if (!request_query(request, &query, error) ||
        !conversing_open(request, query.page, query.size, &opened, error) ||
        !conversing_add_owners(request, &opened.shown, 1, error))
        return false;
    return listing_reply(request, &opened, opened.messages, &EMAIL_MESSAGE, listing_show_message,
                         query.view, error);
}
