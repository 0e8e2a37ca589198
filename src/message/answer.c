#include "message/answer.h"

#include <string.h>

#include "base/text.h"
#include "message/embedded.h"
#include "message/quote.h"
#include "mime/thread.h"

/* --- to whom */

typedef bool answer_match(const struct address *one, const struct address *other);

static bool answer_has(const struct list *list, const struct address *address, answer_match *match)
{
    const struct address *items = list->items;
    for (size_t i = 0; i < list->count; i++)
        if (items[i].email && match(address, &items[i]))
            return true;
    return false;
}

static bool answer_is_own(const struct list *own, const struct address *address)
{
    return answer_has(own, address, address_is_of);
}

/* Those that are not the user's, not in `nor`, and in this list for the first time. */
static struct list answer_others(const struct list *list, const struct list *own,
                                 const struct list *nor, struct arena *arena)
{
    const struct address *items = list->items;
    struct address *kept = arena_new(arena, struct address, list->count);
    struct list others = {kept, 0};
    for (size_t i = 0; i < list->count; i++)
        if (!text_is_empty(items[i].email) && !answer_has(&others, &items[i], address_equal) &&
            !answer_is_own(own, &items[i]) && !answer_has(nor, &items[i], address_equal))
            kept[others.count++] = items[i];
    return others;
}

static struct list answer_both(const struct list *one, const struct list *other,
                               struct arena *arena)
{
    struct address *items = arena_new(arena, struct address, one->count + other->count);
    if (one->count)
        memcpy(items, one->items, one->count * sizeof *items);
    if (other->count)
        memcpy(items + one->count, other->items, other->count * sizeof *items);
    return (struct list){items, one->count + other->count};
}

/* Sent from here, or by the same person from elsewhere, who wants no answer from another one than
 * is asked for it. */
static bool answer_is_to_own_mail(const struct email *parent, const struct list *from,
                                  const struct list *own)
{
    const struct address *reply_to = parent->reply_to_recipients.items;
    if (parent->state != EMAIL_RECEIVED)
        return true;
    for (size_t i = 0; i < parent->reply_to_recipients.count; i++)
        if (!answer_is_own(own, &reply_to[i]))
            return false;
    return from->count && answer_is_own(own, from->items);
}

static bool address_answer(const struct email *parent, const struct list *own, bool to_all,
                           struct arena *arena, struct email *draft)
{
    static const struct list NOBODY = {NULL, 0};
    struct address *sender = arena_new(arena, struct address, 1);
    *sender = (struct address){parent->from_email, parent->from_name};
    struct list from = {sender, parent->from_email != NULL};
    bool is_ours = answer_is_to_own_mail(parent, &from, own);
    const struct list *wanted = is_ours                             ? &parent->to_recipients
                                : parent->reply_to_recipients.count ? &parent->reply_to_recipients
                                                                    : &from;
    struct list all = answer_both(&parent->to_recipients, &parent->cc_recipients, arena);
    struct list rest = to_all || is_ours ? all : NOBODY;
    const struct {
        const struct list *list, *own;
    } choices[] = {{wanted, own}, {&rest, own}, {wanted, &NOBODY}, {&from, &NOBODY}};
    for (size_t i = 0; i < sizeof choices / sizeof *choices && !draft->to_recipients.count; i++)
        draft->to_recipients = answer_others(choices[i].list, choices[i].own, &NOBODY, arena);
    struct list post = {&(struct address){parent->list_post, NULL}, parent->list_post != NULL};
    all = answer_both(&all, &post, arena);
    if (to_all)
        draft->cc_recipients = answer_others(&all, own, &draft->to_recipients, arena);
    return draft->to_recipients.count;
}

/* --- the rest */

static const char *cut_subject(const char *subject, struct arena *arena)
{
    size_t size = strlen(subject);
    if (size <= ANSWER_SUBJECT_BYTES_MAX)
        return subject;
    for (size = ANSWER_SUBJECT_BYTES_MAX; size && (subject[size] & 0xC0) == 0x80;)
        size--;
    return arena_copy_bytes(arena, subject, size);
}

/* For the answer itself: an empty paragraph, or line. */
static void put_quote(const struct quote *quote, struct arena *arena, struct email *draft)
{
    draft->body_html = arena_format(arena, "<p><br></p>\n%s", quote->html);
    draft->body_text = arena_format(arena, "\n\n%s", quote->text);
}

/* Copies of the parent's attachments; those alone that the HTML shows, or all. */
static void attach(const struct email *parent, bool with_others, struct arena *arena,
                   struct email *draft)
{
    size_t count = parent->attachments.count, kept = 0;
    struct attachment *items = arena_new(arena, struct attachment, count);
    if (count)
        memcpy(items, parent->attachments.items, count * sizeof *items);
    struct list all = {items, count};
    embedded_mark(draft->body_html, &all, arena);
    for (size_t i = 0; i < count; i++)
        if (with_others || items[i].is_inline)
            items[kept++] = items[i];
    draft->attachments = (struct list){items, kept};
}

bool answer_reply(const struct email *parent, const struct list *own_addresses, bool to_all,
                  const struct manner *manner, struct arena *arena, struct email *ret_draft,
                  struct error *error)
{
    struct email draft = {
        .parent_id = parent->id,
        .context_type = parent->context_type,
        .context_id = parent->context_id,
    };
    if (!address_answer(parent, own_addresses, to_all, arena, &draft))
        return fail(error, ERROR_INVALID, "to", "the mail does not say whom an answer could reach");
    draft.subject = cut_subject(mime_reply_subject(text_or(parent->subject, ""), arena), arena);
    struct quote quote;
    if (!quote_reply(parent, manner, arena, &quote, error))
        return false;
    put_quote(&quote, arena, &draft);
    attach(parent, false, arena, &draft);
    *ret_draft = draft;
    return true;
}

bool answer_forward(const struct email *parent, const struct manner *manner, struct arena *arena,
                    struct email *ret_draft, struct error *error)
{
    struct email draft = {
        .context_type = parent->context_type,
        .context_id = parent->context_id,
    };
    draft.subject = cut_subject(mime_forward_subject(text_or(parent->subject, ""), arena), arena);
    struct quote quote;
    if (!quote_forward(parent, manner, arena, &quote, error))
        return false;
    put_quote(&quote, arena, &draft);
    attach(parent, true, arena, &draft);
    *ret_draft = draft;
    return true;
}

struct email answer_forward_attached(const struct email *parent,
                                     const struct attachment *attachment, struct arena *arena)
{
    struct attachment *items = arena_new(arena, struct attachment, 1);
    const char *subject = mime_forward_subject(text_or(parent->subject, ""), arena);
    *items = *attachment;
    return (struct email){
        .context_type = parent->context_type,
        .context_id = parent->context_id,
        .subject = cut_subject(subject, arena),
        .body_html = "<p><br></p>\n",
        .body_text = "\n",
        .attachments = {items, 1},
    };
}
