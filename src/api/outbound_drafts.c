#include <errno.h>
#include <stdlib.h>

#include "api/drafting.h"
#include "api/handlers.h"
#include "api/sending.h"
#include "api/views.h"
#include "base/id.h"
#include "base/text.h"

enum { PAGE_MOST = 100, PAGE_USUAL = 50 };

static const char DRAFT[] = "draft";

/* case_id of this family is a context of type "case". */
static void take_case(struct email *email)
{
    email->context_type = email->context_id ? "case" : NULL;
}

void outbound_draft_answer(struct request *request, const struct email *email)
{
    struct email shown = outbound_shown(email);
    drafting_reply(request, request->route->status, &OUTBOUND_DRAFT, &shown);
}

bool outbound_draft_create(struct request *request, struct error *error)
{
    struct email email = {0};
    if (!request_read(request, &OUTBOUND_DRAFT, CREATE, &email, NULL, error))
        return false;
    take_case(&email);
    if (!drafting_create(request, &email, error))
        return false;
    outbound_draft_answer(request, &email);
    return true;
}

/* "<milliseconds>_<id>" of the last draft of the page before. */
static bool read_cursor(struct request *request, struct email_cursor *ret_cursor,
                        const struct email_cursor **ret_before, struct error *error)
{
    const char *text = http_query(request->exchange, "cursor");
    *ret_before = NULL;
    if (text_is_empty(text))
        return true;
    char *end;
    errno = 0;
    ret_cursor->updated_at.ms = strtoll(text, &end, 10);
    ret_cursor->id = *end == '_' ? id_read(end + 1, request->arena) : NULL;
    if (errno || end == text || !ret_cursor->id)
        return fail(error, ERROR_INVALID, "cursor", "is not a next_cursor that this server gave");
    *ret_before = ret_cursor;
    return true;
}

static const char *cursor_after(const struct email *last, struct arena *arena)
{
    return arena_format(arena, "%lld_%s", (long long)last->updated_at.ms, last->id);
}

bool outbound_draft_list(struct request *request, struct error *error)
{
    struct email_cursor cursor;
    const struct email_cursor *before;
    int64_t limit;
    struct list found = {0};
    const char *status;
    const char *case_id = http_query(request->exchange, "case_id");
    if (!request_number(request, "limit", 1, PAGE_MOST, PAGE_USUAL, &limit, error) ||
        !request_name(request, "status", EMAIL_STATE_NAMES, DRAFT, &status, error) ||
        !read_cursor(request, &cursor, &before, error))
        return false;
    bool may_match = text_equal(status, DRAFT);
    if (may_match && !email_store_drafts(request_reading(request), request->viewer.user_id,
                                         text_is_empty(case_id) ? NULL : case_id, before,
                                         (size_t)limit + 1, request->arena, &found, error))
        return false;
    struct email *emails = found.items;
    struct outbound_page page = {.data = found, .has_more = found.count > (size_t)limit};
    if (page.has_more) {
        page.data.count = (size_t)limit;
        page.next_cursor = cursor_after(&emails[limit - 1], request->arena);
    }
    for (size_t i = 0; i < page.data.count; i++)
        emails[i] = outbound_shown(&emails[i]);
    reply(request, &OUTBOUND_DRAFT_PAGE, &page);
    return true;
}

bool outbound_draft_show(struct request *request, struct error *error)
{
    struct email email;
    if (!drafting_find(request, request->id, &email, error))
        return false;
    outbound_draft_answer(request, &email);
    return true;
}

bool outbound_draft_change(struct request *request, struct error *error)
{
    struct email changes = {0}, email;
    uint64_t present;
    if (!request_read(request, &OUTBOUND_DRAFT, UPDATE, &changes, &present, error))
        return false;
    take_case(&changes);
    if (!drafting_change(request, request->id, &OUTBOUND_DRAFT, present, &changes, &email, error))
        return false;
    outbound_draft_answer(request, &email);
    return true;
}

bool outbound_draft_remove(struct request *request, struct error *error)
{
    if (!drafting_remove(request, request->id, error))
        return false;
    reply_nothing(request);
    return true;
}

bool outbound_draft_send(struct request *request, struct error *error)
{
    struct email nothing = {0};
    static const struct field NO_FIELDS[] = {{0}};
    static const struct schema EMPTY = SCHEMA(struct email, NO_FIELDS);
    return request_read(request, &EMPTY, CREATE, &nothing, NULL, error) &&
           sending_draft(request, request->id, error);
}

bool outbound_send(struct request *request, struct error *error)
{
    struct email *email = arena_new(request->arena, struct email, 1);
    struct account account;
    if (!request_read(request, &OUTBOUND_DRAFT, CREATE, email, NULL, error))
        return false;
    take_case(email);
    if (!email->to_recipients.count)
        return fail(error, ERROR_INVALID, "to", "is required");
    if (!email->subject)
        return fail(error, ERROR_INVALID, "subject", "is required");
    return drafting_account(request, email->account_id, &account, error) &&
           sending_fresh(request, email, &account, error);
}
