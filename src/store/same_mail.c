#include "store/same_mail.h"

#include <string.h>

#include "base/text.h"

enum { SAME_ID_MOST = 16, SECOND_MS = 1000 };

static bool same_addresses(struct list one, struct list other)
{
    const struct address *ones = one.items, *others = other.items;
    if (one.count != other.count)
        return false;
    for (size_t i = 0; i < one.count; i++)
        if (!text_equal_nocase(text_or(ones[i].email, ""), text_or(others[i].email, "")))
            return false;
    return true;
}

static bool same_files(struct list one, struct list other)
{
    const struct attachment *ones = one.items, *others = other.items;
    if (one.count != other.count)
        return false;
    for (size_t i = 0; i < one.count; i++)
        if (!text_equal(ones[i].sha256, others[i].sha256))
            return false;
    return true;
}

/* Behind the tags that a list has put in front. */
static const char *untagged(const char *subject)
{
    subject = text_or(subject, "");
    for (;;) {
        subject += strspn(subject, " ");
        size_t size = *subject == '[' ? strcspn(subject, "]") : 0;
        if (!size || !subject[size])
            return subject;
        subject += size + 1;
    }
}

/* Texts are compared where they are: they may be long, and the writer must not wait for them. */
static bool says_the_same(struct session *session, const struct email *there,
                          const struct email *email, bool *ret_is_same, struct error *error)
{
    int64_t same = 0;
    *ret_is_same = false;
    if (!same_addresses(there->to_recipients, email->to_recipients) ||
        !same_addresses(there->cc_recipients, email->cc_recipients) ||
        !same_files(there->attachments, email->attachments) ||
        !text_equal(untagged(there->subject), untagged(email->subject)))
        return true;
    if (!there->body_bytes && text_is_empty(email->body_text) && text_is_empty(email->body_html)) {
        *ret_is_same = true;
        return true;
    }
    if (!db_number(session, QUERY_EMAIL_SAYS,
                   PARAMS(TEXT("id", there->id), TEXT("body_text", email->body_text),
                          TEXT("body_html", email->body_html)),
                   &same, error))
        return false;
    *ret_is_same = same;
    return true;
}

static bool same_head(const struct email *there, const struct email *email)
{
    return there->message_date.ms / SECOND_MS == email->message_date.ms / SECOND_MS &&
           (there->erased_at.ms || /* and so does not say who wrote it */
            text_equal_nocase(text_or(there->from_email, ""), text_or(email->from_email, "")));
}

static bool is_same(struct session *session, const struct email *there, const struct email *email,
                    bool *ret_is_same, struct error *error)
{
    bool has_bytes = email->mail_sha256 && text_equal(there->mail_sha256, email->mail_sha256);
    bool is_known_by_head = there->erased_at.ms || there->state != EMAIL_RECEIVED;
    *ret_is_same = !email->message_id || has_bytes || same_head(there, email);
    if (!*ret_is_same || !email->message_id || has_bytes || is_known_by_head)
        return true;
    return says_the_same(session, there, email, ret_is_same, error);
}

bool same_mail_find(struct session *session, const struct email *email, struct arena *arena,
                    const struct email **ret_same, bool *ret_is_used, struct error *error)
{
    struct list found;
    bool ok = email->message_id
                  ? db_load(session, QUERY_THREAD_EMAIL,
                            PARAMS(TEXT("account_id", email->account_id),
                                   TEXT("message_id", email->message_id),
                                   NUMBER("limit", SAME_ID_MOST)),
                            SAME_ID_MOST, &EMAIL_SCHEMA, arena, &found, error)
                  : db_load(session, QUERY_THREAD_EMAIL_BY_HASH,
                            PARAMS(TEXT("account_id", email->account_id),
                                   TEXT("mail_sha256", email->mail_sha256), NUMBER("limit", 1)),
                            1, &EMAIL_SCHEMA, arena, &found, error);
    *ret_same = NULL;
    *ret_is_used = ok && found.count;
    for (size_t i = 0; ok && i < found.count && !*ret_same; i++) {
        const struct email *there = (const struct email *)found.items + i;
        bool same = false;
        ok = is_same(session, there, email, &same, error);
        if (same)
            *ret_same = there;
    }
    return ok;
}
