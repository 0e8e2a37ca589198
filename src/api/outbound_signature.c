#include "api/handlers.h"
#include "api/views.h"
#include "base/text.h"
#include "store/identity_store.h"

static void reply_signature(struct request *request, const struct user *user)
{
    struct user shown = *user;
    shown.signature_html = text_or(user->signature_html, "");
    shown.signature_text = text_or(user->signature_text, "");
    reply(request, &SIGNATURE, &shown);
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

static bool change_work(struct session *session, void *context, struct error *error)
{
    return identity_store_change_signature(session, context, error);
}

bool signature_change(struct request *request, struct error *error)
{
    struct user user;
    if (!identity_store_find_user(request_reading(request), &request->viewer, request->arena, &user,
                                  error) ||
        !request_read(request, &SIGNATURE, UPDATE, &user, NULL, error) ||
        !request_write(request, change_work, &user, error))
        return false;
    reply_signature(request, &user);
    return true;
}
