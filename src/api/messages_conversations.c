#include "api/conversation_view.h"
#include "api/handlers.h"
#include "api/listing.h"
#include "api/permission.h"
#include "base/text.h"
#include "store/conversation_store.h"

static enum resolved resolved_of(const char *is_resolved)
{
    if (!is_resolved)
        return RESOLVED_ANY;
    return text_equal(is_resolved, "true") ? RESOLVED_YES : RESOLVED_NO;
}

bool conversation_list(struct request *request, struct error *error)
{
    struct conversation_query query = {0};
    if (!request_query(request, &query, error))
        return false;
    struct conversation_listing listing = {.page = query.page, .size = query.size};
    const struct conversation_filter filter = {resolved_of(query.is_resolved), query.search};
    bool may_match = !query.channel_type || text_equal(query.channel_type, "email");
    if (may_match &&
        !conversing_list(request, query.user, &filter, query.page, query.size, &listing, error))
        return false;
    reply(request, &listing);
    return true;
}

bool conversation_show(struct request *request, struct error *error)
{
    struct conversation_query query = {0};
    struct conversation_opened opened;
    if (!request_query(request, &query, error) ||
        !conversing_open(request, query.page, query.size, &opened, error))
        return false;
    return listing_reply(request, &opened, opened.messages, &MESSAGE, listing_show_message,
                         query.view, error);
}

struct resolving { /* on its way to the database */
    struct request *request;
    bool is_resolved;
    struct conversation conversation;
};

static bool resolve_work(struct session *session, void *context, struct error *error)
{
    struct resolving *resolving = context;
    struct request *request = resolving->request;
    const struct viewer viewer = permission_viewer(request, THING_CONVERSATION, ACT_WRITE);
    return conversation_store_resolve(session, &viewer, request->id, resolving->is_resolved,
                                      error) &&
           conversation_store_find(session, &viewer, request->id, request->arena,
                                   &resolving->conversation, error);
}

bool conversation_change(struct request *request, struct error *error)
{
    struct conversation_shown changes = {0};
    struct resolving resolving = {.request = request};
    uint64_t present;
    if (!request_read(request, &changes, &present, error))
        return false;
    if (!schema_has(request->route->reads, present, "conversation.is_resolved"))
        return fail(error, ERROR_INVALID, "isResolved", "is required");
    resolving.is_resolved = changes.conversation.is_resolved;
    if (!request_write(request, resolve_work, &resolving, error))
        return false;
    reply(request, &(struct conversation_shown){.conversation = resolving.conversation,
                                                .channel_type = "email"});
    return true;
}
