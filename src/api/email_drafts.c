#include "api/drafting.h"
#include "api/handlers.h"
#include "api/views.h"
#include "base/id.h"
#include "base/text.h"

enum { PAGE_MOST = 100, PAGE_USUAL = 20, OFFSET_MOST = 100 * 1000 * 1000 };

static bool change(struct request *request, const char *id, uint64_t present, struct email *changes,
                   struct error *error)
{
    struct email email;
    if (!drafting_change(request, id, &EMAIL_DRAFT_VIEW, present, changes, &email, error))
        return false;
    drafting_reply(request, 200, &EMAIL_DRAFT_VIEW, &email);
    return true;
}

void email_draft_answer(struct request *request, const struct email *email)
{
    drafting_reply(request, request->route->status, &EMAIL_DRAFT_VIEW, email);
}

bool email_draft_save(struct request *request, struct error *error)
{
    struct email email = {0};
    uint64_t present;
    if (!request_read(request, &EMAIL_DRAFT_VIEW, CREATE, &email, &present, error))
        return false;
    if (email.id)
        return change(request, email.id, present, &email, error);
    if (!email.account_id)
        return fail(error, ERROR_INVALID, "from_account_id", "is required");
    if (!drafting_create(request, &email, error))
        return false;
    drafting_reply(request, 201, &EMAIL_DRAFT_VIEW, &email);
    return true;
}

bool email_draft_change(struct request *request, struct error *error)
{
    struct email changes = {0};
    uint64_t present;
    return request_read(request, &EMAIL_DRAFT_VIEW, UPDATE, &changes, &present, error) &&
           change(request, request->id, present, &changes, error);
}

static const char *filter_of(const struct request *request, const char *name)
{
    const char *value = http_query(request->exchange, name);
    return text_is_empty(value) ? NULL : value;
}

static bool list(struct request *request, const char *usual_state, const struct schema *view,
                 struct error *error)
{
    const char *account_id = filter_of(request, "from_account_id");
    struct email_filter filter = {
        .context_type = filter_of(request, "context_type"),
        .context_id = filter_of(request, "context_id"),
        .account_id = account_id ? text_or(id_read(account_id, request->arena), "") : NULL,
    };
    struct email_page found;
    int64_t page, per_page;
    if (!request_name(request, "status", EMAIL_STATE_NAMES, usual_state, &filter.state, error) ||
        !request_number(request, "page", 1, OFFSET_MOST / PAGE_MOST, 1, &page, error) ||
        !request_number(request, "per_page", 1, PAGE_MOST, PAGE_USUAL, &per_page, error) ||
        !email_store_page(request_reading(request), &request->viewer, &filter,
                          (size_t)((page - 1) * per_page), (size_t)per_page, request->arena, &found,
                          error))
        return false;
    reply(request, view, &found);
    return true;
}

bool email_draft_list(struct request *request, struct error *error)
{
    return list(request, "draft", &EMAIL_DRAFT_PAGE, error);
}

bool email_record_list(struct request *request, struct error *error)
{
    return list(request, NULL, &EMAIL_RECORD_PAGE, error);
}

bool email_draft_show(struct request *request, struct error *error)
{
    struct email email;
    if (!drafting_find(request, request->id, &email, error))
        return false;
    drafting_reply(request, 200, &EMAIL_DRAFT_VIEW, &email);
    return true;
}

bool email_draft_remove(struct request *request, struct error *error)
{
    if (!drafting_remove(request, request->id, error))
        return false;
    reply_nothing(request);
    return true;
}
