#include "api/drafting.h"
#include "api/handlers.h"
#include "api/quotas.h"
#include "api/spelling.h"
#include "api/views.h"
#include "base/clock.h"
#include "message/incoming.h"
#include "store/account_store.h"
#include "store/reception.h"

/* clang-format off */
static const struct field QUERY_FIELDS[] = {
    FIELD(struct import_query, account_id, .json = "account", .use = REQUIRED, .max = ID_BYTES,
          .spelling = &UUID, .about = "the mailbox that the mail came into"),
    FIELD(struct import_query, thread_id, .json = "threadId", .max = 512, .spelling = &ONE_LINE,
          .about = "the thread that its provider has it in"),
    {0},
};
/* clang-format on */
const struct schema IMPORT_QUERY = SCHEMA(struct import_query, QUERY_FIELDS);

struct importing { /* a received mail, on its way to the database */
    struct request *request;
    struct account account;
    struct email email;
    struct list documents;
    bool is_new;
};

static bool import_work(struct session *session, void *context, struct error *error)
{
    struct importing *importing = context;
    struct request *request = importing->request;
    if (!reception_store(session, &importing->email, &importing->documents, &importing->account,
                         clock_now(), request->arena, &importing->is_new, error))
        return false;
    request->email_id = importing->email.id; /* perhaps that of one that was there */
    return true;
}

static bool find_mailbox(struct request *request, struct importing *importing, struct error *error)
{
    struct import_query query = {0};
    if (!request_query(request, &query, error))
        return false;
    importing->email.provider_thread_id = query.thread_id;
    return drafting_account(request, query.account_id, &importing->account, error);
}

void messages_import_answer(struct request *request, const struct email *email)
{
    bool was_there = request->first_status == 200;
    views_reply_sent(request, was_there ? 200 : request->route->status, email);
}

bool messages_import(struct request *request, struct error *error)
{
    struct importing *importing = arena_new(request->arena, struct importing, 1);
    struct email email;
    importing->request = request;
    if (!find_mailbox(request, importing, error))
        return false;
    int64_t bytes = (int64_t)spool_size(http_body(request->exchange));
    if (!quotas_check(request, bytes, error))
        return false;
    const char *thread_id = importing->email.provider_thread_id;
    if (!incoming_read(http_body(request->exchange), request->api->blobs,
                       request->api->settings.keeps_raw, request->arena, &importing->email,
                       &importing->documents, error))
        return false;
    importing->email.provider_thread_id = thread_id;
    if (!request_write(request, import_work, importing, error) ||
        !drafting_find(request, ACT_WRITE, importing->email.id, &email, error))
        return false;
    views_reply_sent(request, importing->is_new ? 201 : 200, &email);
    return true;
}
