#include "api/drafting.h"
#include "api/editing.h"
#include "api/handlers.h"
#include "api/listing.h"
#include "api/permission.h"
#include "api/views.h"
#include "base/id.h"
#include "base/text.h"

static bool change(struct request *request, const char *id, uint64_t present, struct email *changes,
                   struct error *error)
{
    struct email email;
    if (!editing_change(request, id, present, changes, &email, error))
        return false;
    drafting_reply(request, 200, &email);
    return true;
}

void email_draft_answer(struct request *request, const struct email *email)
{
    bool was_changed = request->first_status == 200; /* by a POST with its uid */
    drafting_reply(request, was_changed ? 200 : request->route->status, email);
}

bool email_draft_save(struct request *request, struct error *error)
{
    struct email email = {0};
    uint64_t present;
    bool is_new;
    if (!request_read(request, &email, &present, error))
        return false;
    if (email.id)
        return change(request, email.id, present, &email, error);
    if (!email.account_id && !email.parent_id)
        return fail(error, ERROR_INVALID, "from_account_id", "is required");
    email.version = 0; /* a new one has none to be checked */
    if (!drafting_create(request, &email, &is_new, error))
        return false;
    drafting_reply(request, is_new ? 201 : 200, &email);
    return true;
}

bool email_draft_change(struct request *request, struct error *error)
{
    struct email changes = {0};
    uint64_t present;
    return request_read(request, &changes, &present, error) &&
           change(request, request->id, present, &changes, error);
}

/* One user's, whatever else the token may see. */
bool email_draft_list(struct request *request, struct error *error)
{
    struct email_query query = {0};
    struct email_page found;
    struct viewer viewer;
    if (!request_query(request, &query, error) ||
        !drafting_may_list(request, query.status, error) ||
        !permission_list(request, query.user, THING_DRAFT | THING_MAIL, &viewer, error))
        return false;
    const struct email_filter filter = {query.status, query.context_type, query.context_id, NULL};
    bool is_plain = !viewer.is_agent && !query.context_type && !query.context_id &&
                    text_equal(query.status, EMAIL_STATE_NAMES[EMAIL_DRAFT]);
    size_t offset = (size_t)((query.page - 1) * query.per_page), limit = (size_t)query.per_page;
    struct session *session = request_reading(request);
    if (is_plain ? !email_list_drafts(session, viewer.seen_by, offset, limit, request->arena,
                                      &found, error)
                 : !email_list_page(session, &viewer, &filter, offset, limit, request->arena,
                                    &found, error))
        return false;
    return listing_reply(request, &found, found.items, &EMAIL_DRAFT_VIEW, listing_show_email,
                         query.view, error);
}

bool email_draft_show(struct request *request, struct error *error)
{
    struct email email;
    if (!drafting_find(request, ACT_READ, request->id, &email, error))
        return false;
    drafting_reply(request, 200, &email);
    return true;
}

bool email_draft_remove(struct request *request, struct error *error)
{
    if (!editing_remove(request, request->id, error))
        return false;
    reply_nothing(request);
    return true;
}
