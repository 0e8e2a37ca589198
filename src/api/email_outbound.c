#include "api/drafting.h"
#include "api/explaining.h"
#include "api/handlers.h"
#include "api/listing.h"
#include "api/permission.h"
#include "api/precondition.h"
#include "api/replies.h"
#include "api/views.h"
#include "store/erasure.h"
#include "store/event_store.h"

enum { EVENTS_MOST = 1000 };

static bool email_record_show_in_list(struct request *request, struct email *email, void *ret_item,
                                      struct error *error)
{
    struct email *item = ret_item;
    *item = *email;
    return explaining_wait(request, item, error) && explaining_recipients(request, item, error);
}

bool email_record_list(struct request *request, struct error *error)
{
    struct email_query query = {0};
    struct email_page found;
    struct viewer viewer;
    if (!request_query(request, &query, error) ||
        !permission_list(request, query.user, THING_EMAIL, &viewer, error))
        return false;
    const struct email_filter filter = {query.status, query.context_type, query.context_id,
                                        query.account_id};
    if (!email_list_page(request_reading(request), &viewer, &filter,
                         (size_t)((query.page - 1) * query.per_page), (size_t)query.per_page,
                         request->arena, &found, error))
        return false;
    return listing_reply(request, &found, found.items, &EMAIL_RECORD, email_record_show_in_list,
                         query.view, error);
}

bool email_record_show(struct request *request, struct error *error)
{
    struct email email;
    if (!drafting_find(request, ACT_READ, request->id, &email, error) ||
        !explaining_wait(request, &email, error) || !explaining_recipients(request, &email, error))
        return false;
    drafting_reply(request, 200, &email);
    return true;
}

bool email_record_events(struct request *request, struct error *error)
{
    struct email email;
    struct event_page page;
    if (!drafting_find(request, ACT_READ, request->id, &email, error) ||
        !event_store_list(request_reading(request), email.id, EVENTS_MOST, request->arena,
                          &page.items, error))
        return false;
    page.count = (int64_t)page.items.count;
    reply(request, &page);
    return true;
}

static bool erase_work(struct session *session, void *context, struct error *error)
{
    struct request *request = context;
    struct step step = request_step(request, EVENT_ERASED);
    struct email email;
    enum erasure ignored;
    return permission_find_email(session, request, ACT_ADMINISTER, request->id, &email, error) &&
           precondition_check(request, email.version, error) &&
           erasure_run(session, &email, &step, request->arena, &ignored, error);
}

bool email_record_erase(struct request *request, struct error *error)
{
    if (!request_write(request, erase_work, request, error))
        return false;
    reply_nothing(request);
    return true;
}
