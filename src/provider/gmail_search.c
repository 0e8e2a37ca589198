#include "provider/gmail_search.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "provider/gmail_call.h"

enum {
    CANDIDATES_MOST = 200, /* each is a call */
    PAGES_MOST = 4,
    DAY_MS = 24 * 60 * 60 * 1000,
    DAYS_LEAST = 2,
    DAYS_MOST = 60,
};

struct candidates { /* sent mail that may be the one */
    struct gmail_message items[CANDIDATES_MOST];
    size_t count;
    bool is_over; /* there are more */
};

/* Gmail may have put a Message-ID of its own in the place of ours; where it has not, that tells
 * too. */
static bool is_ours(const struct gmail_message *message, const struct email *email)
{
    const char *reference = gmail_header(message, EMAIL_REFERENCE_HEADER);
    return reference ? text_equal(reference, email->id)
                     : text_equal(gmail_message_id(message), text_or(email->message_id, ""));
}

static bool holds(const struct candidates *candidates, const char *id)
{
    for (size_t i = 0; i < candidates->count; i++)
        if (text_equal(candidates->items[i].id, id))
            return true;
    return false;
}

static void add(struct candidates *candidates, struct list messages)
{
    const struct gmail_message *items = messages.items;
    for (size_t i = 0; i < messages.count; i++) {
        if (!gmail_is_id(items[i].id) || holds(candidates, items[i].id))
            continue;
        if (candidates->count == CANDIDATES_MOST)
            candidates->is_over = true;
        else
            candidates->items[candidates->count++] = items[i];
    }
}

/* WEB_GONE: the history does not go back that far any more. */
static bool collect_history(struct web_mail *mail, const char *history_id,
                            struct candidates *candidates, struct web_answer *ret_answer)
{
    struct gmail_page page = {0};
    for (int pages = 0; pages < PAGES_MOST; pages++) {
        if (!gmail_list_history(mail, history_id, page.next_page, &page, ret_answer))
            return false;
        const struct gmail_change *changes = page.history.items;
        for (size_t i = 0; i < page.history.count; i++)
            add(candidates, changes[i].messages);
        if (!page.next_page)
            return true;
    }
    candidates->is_over = true;
    return true;
}

/* One of its recipients, as a term of Gmail's search; "" when none can be written in one. */
static const char *recipient_term(const struct email *email, struct arena *arena)
{
    static const char PLAIN[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "@.-_+";
    const struct {
        const char *operator;
        struct list addresses;
    } lists[] = {
        {"to", email->to_recipients}, {"cc", email->cc_recipients}, {"bcc", email->bcc_recipients}};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const struct address *address = lists[i].addresses.items;
        if (lists[i].addresses.count && !address->email[strspn(address->email, PLAIN)])
            return arena_format(arena, " %s:%s", lists[i].operator, address->email);
    }
    return "";
}

static int64_t days_since(moment when)
{
    int64_t days = when.ms ? (clock_now().ms - when.ms) / DAY_MS : 0;
    days = days < 0 ? 0 : days;
    return days + DAYS_LEAST < DAYS_MOST ? days + DAYS_LEAST : DAYS_MOST;
}

/* Where the history tells nothing, the search does, though it may lag behind. */
static bool collect_found(struct web_mail *mail, const struct email *email,
                          struct candidates *candidates, struct web_answer *ret_answer)
{
    struct gmail_page page;
    const char *search = arena_format(mail->arena, "in:sent newer_than:%lldd%s",
                                      (long long)days_since(email->committed_at),
                                      recipient_term(email, mail->arena));
    if (!gmail_list_messages(mail, search, &page, ret_answer))
        return false;
    *candidates = (struct candidates){.is_over = page.next_page};
    add(candidates, page.messages);
    return true;
}

static bool collect(struct web_mail *mail, const struct email *email,
                    const struct gmail_handle *handle, struct candidates *candidates,
                    struct web_answer *ret_answer)
{
    if (handle->history_id) {
        bool is_told = collect_history(mail, handle->history_id, candidates, ret_answer);
        if (is_told && !candidates->is_over)
            return true;
        if (!is_told && ret_answer->meaning != WEB_GONE)
            return false;
    }
    return collect_found(mail, email, candidates, ret_answer);
}

static bool look_at(struct web_mail *mail, const struct email *email, const char *id,
                    struct gmail_finding *finding, struct web_answer *ret_answer)
{
    struct gmail_message message;
    if (!gmail_get_message(mail, id, &message, ret_answer))
        return ret_answer->meaning == WEB_GONE; /* deleted meanwhile */
    if (gmail_is_id(message.id) && gmail_has_label(&message, "SENT") &&
        !gmail_has_label(&message, "DRAFT") && is_ours(&message, email)) {
        finding->is_sent = true;
        finding->sent = message;
    }
    return true;
}

/* Those of the draft's thread first, since there it most likely is. */
static bool look_through(struct web_mail *mail, const struct email *email,
                         const struct gmail_handle *handle, const struct candidates *candidates,
                         struct gmail_finding *finding, struct web_answer *ret_answer)
{
    for (int is_other = 0; is_other < 2; is_other++)
        for (size_t i = 0; i < candidates->count; i++) {
            const struct gmail_message *item = &candidates->items[i];
            if (text_equal(item->thread_id, handle->thread_id) == is_other)
                continue;
            if (!look_at(mail, email, item->id, finding, ret_answer))
                return false;
            if (finding->is_sent)
                return true;
        }
    finding->is_complete = !candidates->is_over;
    return true;
}

static bool look_at_draft(struct web_mail *mail, const struct gmail_handle *handle,
                          enum gmail_draft_state *ret_state, struct web_answer *ret_answer)
{
    struct gmail_draft draft;
    if (gmail_get_draft(mail, handle->draft_id, &draft, ret_answer))
        *ret_state = text_equal(draft.message.id, handle->message_id) ? GMAIL_DRAFT_THERE
                                                                      : GMAIL_DRAFT_CHANGED;
    else if (ret_answer->meaning == WEB_GONE)
        *ret_state = GMAIL_DRAFT_GONE;
    else
        return false;
    return true;
}

bool gmail_search_run(struct web_mail *mail, const struct email *email,
                      const struct gmail_handle *handle, struct gmail_finding *ret_finding,
                      struct web_answer *ret_answer)
{
    struct candidates *candidates = arena_new(mail->arena, struct candidates, 1);
    *ret_finding = (struct gmail_finding){.draft = GMAIL_DRAFT_GONE};
    return (!handle->draft_id || look_at_draft(mail, handle, &ret_finding->draft, ret_answer)) &&
           collect(mail, email, handle, candidates, ret_answer) &&
           look_through(mail, email, handle, candidates, ret_finding, ret_answer);
}

static bool is_same_mail(const struct gmail_message *message, const struct email *email)
{
    return is_ours(message, email) && gmail_has_label(message, "DRAFT") &&
           text_equal(gmail_header(message, "Message-ID"), email->message_id);
}

const char *gmail_search_draft(struct web_mail *mail, const struct email *email)
{
    struct gmail_page page;
    struct web_answer ignored;
    struct gmail_message message;
    const char *id = text_or(email->message_id, "<>");
    const char *search = arena_format(mail->arena, "rfc822msgid:%.*s", (int)strcspn(id + 1, ">"),
                                      id + 1);
    if (!gmail_list_drafts(mail, search, &page, &ignored) || !page.drafts.count)
        return NULL;
    const struct gmail_draft *draft = page.drafts.items;
    bool is_its = gmail_is_id(draft->id) && gmail_is_id(draft->message.id) &&
                  gmail_get_message(mail, draft->message.id, &message, &ignored) &&
                  is_same_mail(&message, email);
    return is_its ? draft->id : NULL;
}
