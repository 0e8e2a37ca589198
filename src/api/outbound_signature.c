#include "api/handlers.h"
#include "api/views.h"
#include "base/text.h"
#include "store/identity_store.h"
#include "store/trail.h"

static void reply_signature(struct request *request, const struct user *user)
{
    struct user shown = *user;
    shown.signature_html = text_or(user->signature_html, "");
    shown.signature_text = text_or(user->signature_text, "");
    reply(request, &shown);
}

bool signature_show(struct request *request, struct error *error)
{
    struct user user;
    if (!identity_store_find_user(request_reading(request), &request->viewer, request->arena, &user,
                                  error))
        return false;
    reply_signature(request, &user);
    return true;
}

struct changing { /* of a signature, on its way to the database */
    struct request *request;
    struct user user, changes;
    uint64_t present;
};

static bool change_work(struct session *session, void *context, struct error *error)
{
    struct changing *changing = context;
    const struct request *request = changing->request;
    if (!identity_store_find_user(session, &request->viewer, request->arena, &changing->user,
                                  error))
        return false;
    const struct user before = changing->user;
    const struct administration act = request_act(request, ACT_SIGNATURE_CHANGED, before.id);
    schema_apply(&SIGNATURE, changing->present, &changing->changes, &changing->user);
    return identity_store_change_signature(session, &changing->user, error) &&
           trail_note_change(session, &act, &SIGNATURE_TOLD, &before, &changing->user, error);
}

bool signature_change(struct request *request, struct error *error)
{
    struct changing changing = {.request = request};
    if (!request_read(request, &changing.changes, &changing.present, error) ||
        !request_write(request, change_work, &changing, error))
        return false;
    reply_signature(request, &changing.user);
    return true;
}
