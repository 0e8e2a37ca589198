#include "api/conversing.h"

#include "api/drafting.h"
#include "api/permission.h"
#include "base/text.h"
#include "store/account_store.h"
#include "store/conversation_store.h"

static struct conversation_shown shown(const struct conversation *conversation)
{
    return (struct conversation_shown){.conversation = *conversation, .channel_type = "email"};
}

static int64_t pages(int64_t total, int64_t size)
{
    return total / size + (total % size != 0);
}

bool conversing_list(struct request *request, const char *user,
                     const struct conversation_filter *filter, int64_t page, int64_t size,
                     struct conversation_listing *ret_listing, struct error *error)
{
    struct conversation_page found;
    const char *user_id;
    if (!permission_user(request, user, THING_CONVERSATION, &user_id, error) ||
        !conversation_list_page(request_reading(request), user_id, filter,
                                (size_t)((page - 1) * size), (size_t)size, request->arena, &found,
                                error))
        return false;
    struct conversation_shown *items = arena_new(request->arena, struct conversation_shown,
                                                 found.items.count);
    for (size_t i = 0; i < found.items.count; i++)
        items[i] = shown((const struct conversation *)found.items.items + i);
    *ret_listing = (struct conversation_listing){
        .status = "success",
        .conversations = {items, found.items.count},
        .page = page,
        .size = size,
        .total = found.count,
        .total_pages = pages(found.count, size),
    };
    return true;
}

bool conversing_open(struct request *request, int64_t page, int64_t size,
                     struct conversation_opened *ret_opened, struct error *error)
{
    struct session *session = request_reading(request);
    struct conversation conversation;
    struct list emails;
    const struct viewer viewer = permission_viewer(request, THING_CONVERSATION, ACT_READ);
    if (!conversation_store_find(session, &viewer, request->id, request->arena, &conversation,
                                 error) ||
        !conversation_list_emails(session, &conversation, (size_t)((page - 1) * size), (size_t)size,
                                  request->arena, &emails, error))
        return false;
    *ret_opened = (struct conversation_opened){
        .status = "success",
        .shown = shown(&conversation),
        .messages = emails,
        .page = page,
        .size = size,
        .total = conversation.message_count,
        .total_pages = pages(conversation.message_count, size),
    };
    return true;
}

/* Neighbours are mostly of one mailbox. */
bool conversing_add_owners(struct request *request, struct conversation_shown *conversations,
                           size_t count, struct error *error)
{
    struct account account = {0};
    for (size_t i = 0; i < count; i++) {
        const char *account_id = conversations[i].conversation.account_id;
        if (!text_equal(account.id, account_id) &&
            !account_store_find_any(request_reading(request), account_id, request->arena, &account,
                                    error))
            return false;
        conversations[i].owner_email = account.email_address;
    }
    return true;
}

bool conversing_find_email(struct request *request, unsigned acts, const char *id,
                           struct email *ret_email, struct error *error)
{
    struct email email;
    bool is_found = drafting_find(request, acts, id, &email, error);
    if (!is_found && error->code != ERROR_NOT_FOUND)
        return false;
    if (!is_found || email_state_is_editable(email.state))
        return fail(error, ERROR_NOT_FOUND, "correspondence", "no mail has this id");
    *ret_email = email;
    return true;
}
