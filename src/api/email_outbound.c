#include "api/drafting.h"
#include "api/explaining.h"
#include "api/handlers.h"
#include "api/listing.h"
#include "api/permission.h"
#include "api/precondition.h"
#include "api/replies.h"
#include "api/views.h"
#include "message/outgoing.h"
#include "store/account_store.h"
#include "store/erasure.h"
#include "store/event_store.h"

enum { EVENTS_MOST = 1000, RAW_BYTES_MOST = 256 * 1024 * 1024 };

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

/* About what it will take of the disk. */
static uint64_t raw_bytes(const struct email *email)
{
    const struct attachment *attachments = email->attachments.items;
    int64_t bytes = email->body_bytes;
    for (size_t i = 0; i < email->attachments.count; i++)
        bytes += attachments[i].size_bytes;
    return (uint64_t)bytes;
}

/* What waits for approval is shown as it will leave. */
static bool email_record_as_sent(struct request *request, struct email *email, struct error *error)
{
    struct account account;
    if (email->state != EMAIL_PENDING_APPROVAL || email->message_id || !email->account_id)
        return true;
    if (!account_store_find_any(request_reading(request), email->account_id, request->arena,
                                &account, error))
        return false;
    email->provider = PROVIDER_NAMES[account.provider];
    email->message_id = email->asked_message_id;
    email->message_date = email->asked_message_date;
    return true;
}

bool email_record_raw(struct request *request, struct error *error)
{
    struct email email;
    if (!drafting_find(request, ACT_READ, request->id, &email, error))
        return false;
    if (email.state == EMAIL_RECEIVED) /* made again from its parts, it would be another mail */
        return fail(error, ERROR_CONFLICT, "status",
                    "a mail that was received is not kept as it came, only what it held");
    if (email.erased_at.ms)
        return fail(error, ERROR_CONFLICT, "status", "what this mail said was erased");
    if (!email_record_as_sent(request, &email, error))
        return false;
    if (!email.message_id)
        return fail(error, ERROR_CONFLICT, "status",
                    "a draft has no message yet; it gets one when it is sent");
    if (!replies_begin(request, raw_bytes(&email), error))
        return false;
    AUTO_SPOOL message = spool_create(request->api->settings.spool_folder, RAW_BYTES_MOST);
    const struct provider *provider = provider_named(email.provider);
    if (!outgoing_write(&email, request->api->blobs, provider && provider->takes_bcc,
                        request->arena, message, error))
        return false;
    if (email.content_sha256)
        http_reply_header(request->exchange, "X-Outtray-Content-SHA256", email.content_sha256);
    return reply_spool(request, message, error);
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
