/* What a person finds filled in when he answers or forwards: shaped like a draft, kept nowhere. */
#include "api/conversing.h"
#include "api/drafting.h"
#include "api/handlers.h"
#include "api/permission.h"
#include "api/raw_mail.h"
#include "api/spelling.h"
#include "api/threading.h"
#include "message/answer.h"
#include "message/raw.h"
#include "store/account_store.h"

enum { OWN_ADDRESSES_MOST = 1000 };

static const char FIELD_NAME[] = "correspondence_id";

/* clang-format off */
#define PARENT \
    FIELD(struct envelope, correspondence_id, .use = CREATE | REQUIRED, .max = ID_BYTES, \
          .spelling = &CORRESPONDENCE_ID, .about = "the mail that is answered or forwarded")
static const struct field REPLY_FIELDS[] = {
    PARENT,
    FIELD(struct envelope, reply_all, .use = CREATE,
          .about = "whether everybody who got the mail gets the answer"),
    {0},
};
static const struct field FORWARD_FIELDS[] = {
    PARENT,
    FIELD(struct envelope, reply_all, .use = CREATE, .about = "makes no difference to a forward"),
    FIELD(struct envelope, as_attachment, .use = CREATE,
          .about = "whether the mail goes along as a file of its own, byte for byte, instead of being quoted"),
    {0},
};
/* clang-format on */
const struct schema ENVELOPE_REPLY = VIEW(struct envelope, REPLY_FIELDS, "ReplyEnvelope");
const struct schema ENVELOPE_FORWARD = VIEW(struct envelope, FORWARD_FIELDS, "ForwardEnvelope");

static bool read_parent(struct request *request, struct envelope *ret_envelope,
                        struct email *ret_parent, struct error *error)
{
    *ret_envelope = (struct envelope){0};
    return request_read(request, ret_envelope, NULL, error) &&
           conversing_find_email(request, ACT_READ | ACT_WRITE, ret_envelope->correspondence_id,
                                 ret_parent, error) &&
           (!ret_parent->erased_at.ms ||
            fail(error, ERROR_INVALID, FIELD_NAME, "names a mail that was erased"));
}

/* Of all the user's mailboxes: their own, and those that mail of theirs may be from, too. */
static bool list_own_addresses(struct request *request, const char *user_id,
                               struct list *ret_addresses, struct error *error)
{
    const struct viewer owner = {
        .organization_id = request->viewer.organization_id, .user_id = user_id, .seen_by = user_id};
    struct list found;
    if (!account_store_list(request_reading(request), &owner, OWN_ADDRESSES_MOST, request->arena,
                            &found, error))
        return false;
    const struct account *accounts = found.items;
    size_t count = found.count;
    for (size_t i = 0; i < found.count; i++)
        count += accounts[i].aliases.count;
    struct address *addresses = arena_new(request->arena, struct address, count);
    *ret_addresses = (struct list){addresses, 0};
    for (size_t i = 0; i < found.count; i++) {
        const struct address *aliases = accounts[i].aliases.items;
        addresses[ret_addresses->count++] = (struct address){accounts[i].email_address, NULL};
        for (size_t j = 0; j < accounts[i].aliases.count; j++)
            addresses[ret_addresses->count++] = aliases[j];
    }
    return true;
}

static void reply_envelope(struct request *request, const struct email *draft,
                           const struct account *account)
{
    struct email shown = views_shown(request, draft);
    shown.account_id = account->id;
    shown.from_email = account->email_address;
    reply(request, &shown);
}

bool envelope_reply(struct request *request, struct error *error)
{
    struct envelope envelope;
    struct email parent, draft, threaded = {0};
    struct account account;
    struct list own_addresses;
    if (!read_parent(request, &envelope, &parent, error) ||
        !threading_answer(request, parent.id, FIELD_NAME, &threaded, &account, error) ||
        !list_own_addresses(request, account.user_id, &own_addresses, error))
        return false;
    const struct manner manner = {account.language, account.timezone};
    if (!answer_reply(&parent, &own_addresses, envelope.reply_all, &manner, request->arena, &draft,
                      error))
        return false;
    if (!draft.context_id) {
        draft.context_type = threaded.context_type;
        draft.context_id = threaded.context_id;
    }
    reply_envelope(request, &draft, &account);
    return true;
}

/* Whether it can be attached, and how much that will be, is said at once. */
static bool forward_attached(struct request *request, const struct email *parent,
                             struct email *ret_draft, struct error *error)
{
    AUTO_RAW_MAIL mail = {0};
    struct attachment attachment = {
        .email_id = parent->id,
        .filename = raw_filename(parent->subject, request->arena),
        .content_type = "message/rfc822",
    };
    if (!raw_mail_find(request, parent, FIELD_NAME,
                       (uint64_t)request->api->settings.limits.attachment_bytes, &mail, error))
        return false;
    attachment.size_bytes = raw_mail_size(&mail);
    *ret_draft = answer_forward_attached(parent, &attachment, request->arena);
    return true;
}

/* Like a draft, it may wait for a mailbox. */
bool envelope_forward(struct request *request, struct error *error)
{
    struct envelope envelope;
    struct email parent, draft;
    struct account account = {0};
    if (!read_parent(request, &envelope, &parent, error))
        return false;
    if (!drafting_account(request, NULL, &account, error)) {
        if (error->code != ERROR_NOT_FOUND)
            return false;
        *error = (struct error){0};
    }
    const struct manner manner = {account.language, account.timezone};
    if (!(envelope.as_attachment ? forward_attached(request, &parent, &draft, error)
                                 : answer_forward(&parent, &manner, request->arena, &draft, error)))
        return false;
    reply_envelope(request, &draft, &account);
    return true;
}
