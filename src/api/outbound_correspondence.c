#include "api/conversing.h"
#include "api/handlers.h"
#include "api/listing.h"
#include "api/outbound_cursor.h"
#include "api/permission.h"
#include "base/text.h"
#include "store/correspondence_list.h"

static enum direction direction_of(const char *name)
{
    if (!name)
        return DIRECTION_ANY;
    return text_equal(name, "inbound") ? DIRECTION_INBOUND : DIRECTION_OUTBOUND;
}

static struct outbound_page page_of(struct request *request, struct list emails, size_t limit)
{
    const struct email *items = emails.items;
    struct outbound_page page = {.has_more = emails.count > limit};
    page.data.count = page.has_more ? limit : emails.count;
    page.data.items = emails.items;
    if (page.has_more)
        page.next_cursor = outbound_cursor_text(items[limit - 1].sent_at, items[limit - 1].id,
                                                request->arena);
    return page;
}

bool correspondence_list(struct request *request, struct error *error)
{
    struct correspondence_query query = {0};
    struct correspondence_cursor before = {0};
    struct list found;
    if (!request_query(request, &query, error) ||
        !outbound_cursor_read(query.cursor, request->arena, &before.sent_at, &before.id, error))
        return false;
    const struct correspondence_filter filter = {direction_of(query.direction), query.case_id,
                                                 query.conversation_id};
    size_t limit = (size_t)query.limit;
    struct viewer viewer;
    if (!permission_list(request, query.user, THING_CONVERSATION, &viewer, error) ||
        !correspondence_list_after(request_reading(request), &viewer, &filter, &before, limit + 1,
                                   request->arena, &found, error))
        return false;
    struct outbound_page page = page_of(request, found, limit);
    return listing_reply(request, &page, page.data, &CORRESPONDENCE_RECORD, listing_show_message,
                         query.view, error);
}

bool correspondence_show(struct request *request, struct error *error)
{
    struct email email;
    if (!conversing_find_email(request, ACT_READ, request->id, &email, error))
        return false;
    struct message message = message_shown(request, &email);
    reply(request, &message);
    return true;
}
