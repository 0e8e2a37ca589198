/* Gmail's search knows each mail by its Message-ID, also one that it did not send. */
#include "provider/gmail_thread.h"

#include <string.h>

#include "base/text.h"
#include "mime/message_id.h"
#include "provider/gmail_call.h"
#include "provider/thread_find.h"

/* The search's own signs in an id would look for something else. */
static bool gmail_thread_may_search(const char *message_id)
{
    return message_id && mime_is_message_id(message_id) && !strpbrk(message_id, "\"(){}\\");
}

bool gmail_find_thread(struct web_mail *mail, const char *message_id, const char **ret_thread_id,
                       struct web_answer *ret_answer)
{
    struct gmail_page page;
    *ret_thread_id = NULL;
    if (!gmail_thread_may_search(message_id))
        return true;
    const char *search = arena_format(mail->arena, "rfc822msgid:%.*s", (int)strlen(message_id) - 2,
                                      message_id + 1);
    if (!gmail_list_messages(mail, search, &page, ret_answer))
        return false;
    const struct gmail_message *found = page.messages.items;
    for (size_t i = 0; i < page.messages.count && !*ret_thread_id; i++)
        if (gmail_is_id(found[i].thread_id))
            *ret_thread_id = found[i].thread_id;
    return true;
}

bool thread_find_is_needed(const struct account *account)
{
    return account->provider == PROVIDER_GMAIL;
}

bool thread_find(struct provider_pool *pool, const struct account *account,
                 const struct credential *credential, const char *message_id, struct arena *arena,
                 const char **ret_thread_id, struct error *error)
{
    const struct attempt attempt = {.account = account, .credential = *credential, .arena = arena};
    struct web_answer answer;
    struct web_mail mail = web_mail_open(pool, &attempt, &GMAIL_SERVICE);
    bool is_told = gmail_find_thread(&mail, message_id, ret_thread_id, &answer);
    web_mail_close(pool, &attempt, &mail);
    if (is_told)
        return true;
    bool may_pass = web_mail_outcome(&answer).kind == OUTCOME_TRY_LATER;
    return fail(error, may_pass ? ERROR_UNAVAILABLE : ERROR_PROVIDER, "", "%s", answer.sentence);
}
