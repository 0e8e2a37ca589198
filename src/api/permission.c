/* Whose things a request reaches, and what it hears of those that it does not. */
#include "api/permission.h"

#include <string.h>

#include "base/id.h"
#include "base/text.h"
#include "store/document_store.h"
#include "store/email_store.h"
#include "store/identity_store.h"

struct caller permission_caller(const struct request *request)
{
    return (struct caller){request->viewer.organization_id, request->viewer.user_id,
                           request->token_id, request->scopes};
}

struct viewer permission_viewer(const struct request *request, unsigned things, unsigned acts)
{
    const struct caller caller = permission_caller(request);
    return rights_viewer(&caller, things, acts);
}

bool permission_sends(const struct request *request)
{
    return rights_reach(request->scopes, THING_DRAFT, ACT_SEND) != REACH_NONE;
}

static bool permission_lacks(unsigned scope, struct arena *arena, struct error *error)
{
    return fail(error, ERROR_FORBIDDEN, "", "the token lacks the scope %s",
                scope_names(scope, arena));
}

bool permission_check(const struct request *request, unsigned things, unsigned acts,
                      struct error *error)
{
    if (rights_reach(request->scopes, things, acts) != REACH_NONE)
        return true;
    unsigned scopes = rights_scopes((struct right){things, acts});
    return permission_lacks(scopes & -scopes, request->arena, error);
}

/* Whether there may be a thing of the token's own user that this viewer is not shown. */
static bool permission_is_narrow(const struct viewer *viewer)
{
    return viewer->only_drafts ||
           (viewer->seen_by && !text_equal(viewer->seen_by, viewer->user_id));
}

bool permission_find_thing(struct session *session, const struct request *request, unsigned things,
                           unsigned acts, const char *id, struct email *ret_email,
                           struct error *error)
{
    const struct viewer viewer = permission_viewer(request, things, acts);
    unsigned scope = rights_scope_missing(things, acts);
    bool is_own = false;
    if (email_store_find(session, &viewer, id, request->arena, ret_email, error))
        return true;
    if (error->code != ERROR_NOT_FOUND || !scope || !permission_is_narrow(&viewer))
        return false;
    struct error missing = *error;
    if (!email_store_is_own(session, viewer.user_id, id, &is_own, error))
        return false;
    *error = missing;
    return is_own && permission_lacks(scope, request->arena, error);
}

bool permission_find_email(struct session *session, const struct request *request, unsigned acts,
                           const char *id, struct email *ret_email, struct error *error)
{
    return permission_find_thing(session, request, THING_EMAIL, acts, id, ret_email, error);
}

bool permission_find_document(struct session *session, const struct request *request, unsigned acts,
                              const char *id, struct document *ret_document, struct error *error)
{
    unsigned pending = acts == ACT_READ ? THING_PENDING : 0; /* its attachments may be read */
    struct viewer viewer = permission_viewer(request, THING_DOCUMENT | pending, acts);
    unsigned scope = rights_scope_missing(THING_DOCUMENT, acts);
    struct document own;
    if (document_store_find(session, &viewer, id, request->arena, ret_document, error))
        return true;
    if (error->code != ERROR_NOT_FOUND || !scope || !permission_is_narrow(&viewer))
        return false;
    viewer.seen_by = viewer.user_id;
    return document_store_find(session, &viewer, id, request->arena, &own, error) &&
           permission_lacks(scope, request->arena, error);
}

static bool permission_is_no_user(struct error *error)
{
    return fail(error, ERROR_NOT_FOUND, "user",
                "no user that this token reaches has this id or address");
}

bool permission_user(struct request *request, const char *named, unsigned things,
                     const char **ret_user_id, struct error *error)
{
    const char *own_id = request->viewer.user_id,
               *id = named ? id_read(named, request->arena) : NULL;
    struct session *session = request_reading(request);
    struct viewer viewer = request->viewer;
    struct user user;
    if (!named || text_equal(id, own_id)) {
        *ret_user_id = own_id;
        return true;
    }
    viewer.user_id = id;
    bool is_found = id ? identity_store_find_user(session, &viewer, request->arena, &user, error)
                       : identity_store_find_user_by_email(session, named, request->arena, &user,
                                                           error);
    if (!is_found)
        return error->code == ERROR_NOT_FOUND && permission_is_no_user(error);
    bool is_reached = text_equal(user.id, own_id) ||
                      (text_equal(user.organization_id, viewer.organization_id) &&
                       rights_reach(request->scopes, things, ACT_READ | ACT_ADMINISTER) ==
                           REACH_ORGANIZATION);
    if (!is_reached)
        return permission_is_no_user(error);
    *ret_user_id = user.id;
    return true;
}

bool permission_list(struct request *request, const char *named, unsigned things,
                     struct viewer *ret_viewer, struct error *error)
{
    const struct caller caller = permission_caller(request);
    const char *user_id;
    if (!permission_user(request, named, things, &user_id, error))
        return false;
    *ret_viewer = rights_viewer_of_user(&caller, user_id, things, ACT_READ);
    return true;
}
