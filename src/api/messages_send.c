#include "api/handlers.h"
#include "api/permission.h"
#include "api/sending.h"
#include "api/threading.h"
#include "api/views.h"
#include "base/text.h"
#include "store/account_store.h"

bool messages_send(struct request *request, struct error *error)
{
    struct messages_send *send = arena_new(request->arena, struct messages_send, 1);
    struct account account;
    if (!request_read(request, send, NULL, error))
        return false;
    if (send->is_internal)
        return fail(error, ERROR_INVALID, "isInternal",
                    "must be false: private notes are not mail");
    const struct address *from = send->from.items;
    const struct viewer viewer = permission_viewer(request, THING_MAILBOX, ACT_SEND | ACT_SUBMIT);
    if (!account_store_find_address(request_reading(request), &viewer, from->email, send->provider,
                                    request->arena, &account, error))
        return false;
    struct email *email = &send->email;
    email->from_name = from->name;
    if (send->thread_id && !threading_continue(request, &account, send->thread_id, email, error))
        return false;
    bool is_alias = !text_equal_nocase(from->email, account.email_address);
    email->from_email = is_alias ? from->email : account.email_address; /* a reply's too */
    email->subject = text_or(email->subject, "(no subject)");
    *(send->is_html ? &email->body_html : &email->body_text) = send->body;
    return sending_fresh(request, email, &account, error);
}
