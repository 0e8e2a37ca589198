#include "api/handlers.h"
#include "api/precondition.h"
#include "api/template_views.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/text.h"
#include "html/html.h"
#include "store/trail.h"

/* Templates belong to the organization: who may write mail there may change them. */

/* One that was deleted meanwhile is left out. */
static bool template_make(void *context, const void *listed, struct arena *arena, void *ret_item,
                          bool *ret_is_there, struct error *error)
{
    struct request *request = context;
    const struct template *template = listed;
    *ret_is_there = template_store_find(request_reading(request), &request->viewer, template->id,
                                        arena, ret_item, error);
    return *ret_is_there || error->code == ERROR_NOT_FOUND;
}

bool template_list(struct request *request, struct error *error)
{
    struct template_query query = {0};
    struct template_page page;
    if (!request_query(request, &query, error) ||
        !template_store_page(request_reading(request), &request->viewer, query.context_type,
                             (size_t)((query.page - 1) * query.per_page), (size_t)query.per_page,
                             request->arena, &page, error))
        return false;
    const struct json_maker maker = {&TEMPLATE_VIEW, sizeof(struct template), template_make,
                                     request};
    return reply_made(request, &page, &maker, error);
}

bool template_show(struct request *request, struct error *error)
{
    struct template template;
    if (!template_store_find(request_reading(request), &request->viewer, request->id,
                             request->arena, &template, error))
        return false;
    reply_version(request, template.version);
    if (precondition_is_known(request, template.version))
        reply_unchanged(request);
    else
        reply(request, &template);
    return true;
}

/* What a mail could not be made of. */
static bool check_html(const struct template *template, struct error *error)
{
    struct error why;
    return !template->body_html || html_check(template->body_html, &why) ||
           fail(error, why.code == ERROR_UNAVAILABLE ? why.code : ERROR_INVALID, "body_html",
                "%s for a mail", why.message);
}

struct changing { /* on its way to the database */
    struct request *request;
    struct template template, changes;
    uint64_t present;
};

static bool note(struct session *session, const struct request *request,
                 enum administration_event event, const struct template *template,
                 struct error *error)
{
    struct administration act = request_act(request, event, template->id);
    act.detail = trail_told(&TEMPLATE_TOLD, template, request->arena);
    return trail_note(session, &act, error);
}

static bool insert_work(struct session *session, void *context, struct error *error)
{
    const struct changing *changing = context;
    return template_store_insert(session, &changing->template, error) &&
           note(session, changing->request, ACT_TEMPLATE_CREATED, &changing->template, error);
}

bool template_create(struct request *request, struct error *error)
{
    struct changing changing = {.request = request};
    struct template *template = &changing.template;
    if (!request_read(request, template, NULL, error) || !check_html(template, error))
        return false;
    template->id = id_new(request->arena);
    template->organization_id = request->viewer.organization_id;
    template->user_id = request->viewer.user_id;
    template->version = 1;
    template->created_at = template->updated_at = clock_now();
    if (!request_write(request, insert_work, &changing, error))
        return false;
    reply_version(request, template->version);
    reply(request, template);
    return true;
}

/* Read and written in one transaction: of two who change different fields, neither loses any. */
static bool change_work(struct session *session, void *context, struct error *error)
{
    struct changing *changing = context;
    struct request *request = changing->request;
    struct template *template = &changing->template;
    if (!template_store_find(session, &request->viewer, request->id, request->arena, template,
                             error) ||
        !precondition_check(request, template->version, error))
        return false;
    const struct template before = *template;
    const struct administration act = request_act(request, ACT_TEMPLATE_CHANGED, template->id);
    schema_apply(&TEMPLATE_VIEW, changing->present, &changing->changes, template);
    template->version++;
    template->updated_at = clock_now();
    if (text_is_empty(template->name))
        return fail(error, ERROR_INVALID, "name", "is required");
    return template_store_change(session, template, error) &&
           trail_note_change(session, &act, &TEMPLATE_TOLD, &before, template, error);
}

bool template_change(struct request *request, struct error *error)
{
    struct changing changing = {.request = request};
    if (!request_read(request, &changing.changes, &changing.present, error) ||
        !check_html(&changing.changes, error) ||
        !request_write(request, change_work, &changing, error))
        return false;
    reply_version(request, changing.template.version);
    reply(request, &changing.template);
    return true;
}

static bool remove_work(struct session *session, void *context, struct error *error)
{
    const struct request *request = context;
    struct template template;
    return template_store_find(session, &request->viewer, request->id, request->arena, &template,
                               error) &&
           precondition_check(request, template.version, error) &&
           template_store_remove(session, &request->viewer, request->id, error) &&
           note(session, request, ACT_TEMPLATE_DELETED, &template, error);
}

bool template_remove(struct request *request, struct error *error)
{
    if (!request_write(request, remove_work, request, error))
        return false;
    reply_nothing(request);
    return true;
}
