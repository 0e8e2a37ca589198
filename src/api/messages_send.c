#include "api/handlers.h"
#include "api/permission.h"
#include "api/sending.h"
#include "api/threading.h"
#include "api/views.h"
#include "base/text.h"
#include "store/account_store.h"

/* Of several mailboxes with the address the named provider's; where there is one it is that,
 * whatever is named. */
static bool messages_send_find(struct request *request, const struct messages_send *send,
                               struct account *ret_account, struct error *error)
{
    static const enum provider_kind NAMED[] = {
        [TIE_GMAIL] = PROVIDER_GMAIL,
        [TIE_OUTLOOK] = PROVIDER_OUTLOOK,
        [TIE_SMTP] = PROVIDER_SMTP,
        [TIE_SANDBOX] = PROVIDER_SANDBOX,
    };
    const struct address *from = send->from.items;
    const struct viewer viewer = permission_viewer(request, THING_MAILBOX, ACT_SEND | ACT_SUBMIT);
    struct session *session = request_reading(request);
    if (send->provider && account_store_find_address(session, &viewer, from->email,
                                                     PROVIDER_NAMES[NAMED[send->provider]],
                                                     request->arena, ret_account, error))
        return true;
    return (!send->provider || error->code == ERROR_NOT_FOUND) &&
           account_store_find_address(session, &viewer, from->email, NULL, request->arena,
                                      ret_account, error);
}

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
    if (!messages_send_find(request, send, &account, error))
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
