#include "api/drafting.h"
#include "api/editing.h"
#include "api/handlers.h"
#include "api/listing.h"
#include "api/outbound_cursor.h"
#include "api/permission.h"
#include "api/sending.h"
#include "api/threading.h"
#include "api/views.h"
#include "base/text.h"

/* case_id of this family is a context of type "case". */
static void take_case(struct email *email)
{
    email->context_type = email->context_id ? "case" : NULL;
}

void outbound_draft_answer(struct request *request, const struct email *email)
{
    bool was_there = request->first_status == 200; /* by its client_id */
    drafting_reply(request, was_there ? 200 : request->route->status, email);
}

bool outbound_draft_create(struct request *request, struct error *error)
{
    struct email email = {0};
    bool is_new;
    if (!request_read(request, &email, NULL, error))
        return false;
    take_case(&email);
    if (!drafting_create(request, &email, &is_new, error))
        return false;
    drafting_reply(request, is_new ? 201 : 200, &email);
    return true;
}

bool outbound_draft_list(struct request *request, struct error *error)
{
    struct outbound_query query = {0};
    struct email_cursor before;
    struct viewer viewer;
    struct list found = {0};
    if (!request_query(request, &query, error) ||
        !outbound_cursor_read(query.cursor, request->arena, &before.updated_at, &before.id, error))
        return false;
    size_t limit = (size_t)query.limit;
    if (!drafting_may_list(request, query.status, error) ||
        !permission_list(request, query.user, THING_DRAFT | THING_MAIL, &viewer, error) ||
        !email_list_after(request_reading(request), &viewer, query.status, query.case_id,
                          before.id ? &before : NULL, limit + 1, request->arena, &found, error))
        return false;
    const struct email *emails = found.items;
    struct outbound_page page = {.data = found, .has_more = found.count > limit};
    if (page.has_more) {
        page.data.count = limit;
        page.next_cursor = outbound_cursor_text(emails[limit - 1].updated_at, emails[limit - 1].id,
                                                request->arena);
    }
    return listing_reply(request, &page, page.data, &OUTBOUND_DRAFT, listing_show_email, query.view,
                         error);
}

bool outbound_draft_show(struct request *request, struct error *error)
{
    struct email email;
    if (!drafting_find(request, ACT_READ, request->id, &email, error))
        return false;
    outbound_draft_answer(request, &email);
    return true;
}

bool outbound_draft_change(struct request *request, struct error *error)
{
    struct email changes = {0}, email;
    uint64_t present;
    if (!request_read(request, &changes, &present, error))
        return false;
    take_case(&changes);
    if (!editing_change(request, request->id, present, &changes, &email, error))
        return false;
    outbound_draft_answer(request, &email);
    return true;
}

bool outbound_draft_remove(struct request *request, struct error *error)
{
    if (!editing_remove(request, request->id, error))
        return false;
    reply_nothing(request);
    return true;
}

bool outbound_draft_send(struct request *request, struct error *error)
{
    return request_read(request, NULL, NULL, error) && sending_draft(request, request->id, error);
}

bool outbound_send(struct request *request, struct error *error)
{
    struct email *email = arena_new(request->arena, struct email, 1);
    struct account account;
    if (!request_read(request, email, NULL, error))
        return false;
    take_case(email);
    if (!email->to_recipients.count)
        return fail(error, ERROR_INVALID, "to", "is required");
    if (!email->subject)
        return fail(error, ERROR_INVALID, "subject", "is required");
    bool has_sender = email->parent_id
                          ? threading_answer(request, email->parent_id,
                                             "reply_to_correspondence_id", email, &account, error)
                          : drafting_account(request, email->account_id, &account, error);
    return has_sender && sending_fresh(request, email, &account, error);
}
