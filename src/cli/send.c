#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/text.h"
#include "cli/letter.h"
#include "cli/mailbox.h"
#include "cli/print.h"
#include "store/document_store.h"
#include "store/submission.h"

enum {
    MS = 1000,
    POLL_MS = 100,
    MOST_ADDRESSES = 10000,
    MOST_FILES = 100,
    MOST_BYTES = 10 * 1024 * 1024, /* of a text */
};

struct send {
    const char *from, *user, *subject, *text, *text_file, *html_file;
    struct list to, cc, bcc, attach;
    bool eml, json_input;
    moment at;
    int64_t wait;
};
/* clang-format off */
#define SENT(member, ...) FIELD(struct send, member, __VA_ARGS__)
#define ADDRESSES(member, ...) \
    SENT(member, .items = &TEXT_ITEM, .max = MOST_ADDRESSES, .item_max = 998, __VA_ARGS__)
static const struct field SEND_FIELDS[] = {
    SENT(from, .about = "address of the mailbox; otherwise the user's default"),
    SENT(user, .about = "whose mailbox, by address; otherwise the first user"),
    ADDRESSES(to, .about = "a recipient; give it once for each"),
    ADDRESSES(cc, .about = "likewise"),
    ADDRESSES(bcc, .about = "likewise, hidden from the others"),
    SENT(subject, .spelling = &LINE_SPELLING, .max = 998, .about = "the subject"),
    SENT(text, .max = MOST_BYTES, .about = "the text"),
    SENT(text_file, .about = "the text, from a file"),
    SENT(html_file, .about = "the HTML, from a file"),
    SENT(attach, .items = &TEXT_ITEM, .max = MOST_FILES, .item_max = 3000,
         .about = "a file to attach; once for each"),
    SENT(eml, .about = "read a whole message from standard input"),
    SENT(json_input, .about = "read JSON from standard input"),
    SENT(at, .about = "when it leaves; otherwise now"),
    SENT(wait, .preset = "25s", .spelling = &SECONDS_SPELLING, .max = 86400,
         .about = "how long to wait for the outcome"),
    {0},
};
/* clang-format on */
const struct schema SEND_OPTIONS = SCHEMA(struct send, SEND_FIELDS);

static const struct field OUTCOME_FIELDS[] = {
    FIELD(struct email, id, .use = SHOWN),
    NAME_FIELD(struct email, state, EMAIL_STATE_NAMES, .use = SHOWN),
    FIELD(struct email, message_id, .use = SHOWN),
    FIELD(struct email, provider_message_id, .use = SHOWN),
    FIELD(struct email, sent_at, .use = SHOWN),
    FIELD(struct email, reason, .use = SHOWN),
    {0},
};
static const struct schema OUTCOME_VIEW = SCHEMA(struct email, OUTCOME_FIELDS);

static bool read_text_file(const char *path, struct arena *arena, const char **ret_text,
                           struct error *error)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return fail_errno(error, path);
    char *text = arena_alloc(arena, MOST_BYTES + 2);
    size_t size = fread(text, 1, MOST_BYTES + 1, file);
    bool is_read = !ferror(file) || fail_errno(error, path);
    fclose(file);
    if (!is_read)
        return false;
    if (size > MOST_BYTES)
        return fail(error, ERROR_TOO_LARGE, "", "%s has more than %d bytes", path, MOST_BYTES);
    if (!text_is_utf8(text, size) || strlen(text) != size)
        return fail(error, ERROR_INVALID, "", "%s must be UTF-8 text", path);
    *ret_text = text;
    return true;
}

static bool attach_files(struct cli *cli, struct list paths, struct intake *intake,
                         struct email *email, struct error *error)
{
    size_t before = email->attachments.count, count = before + paths.count;
    struct attachment *attachments = arena_new(cli->arena, struct attachment, count);
    if (before)
        memcpy(attachments, email->attachments.items, before * sizeof *attachments);
    for (size_t i = 0; i < paths.count; i++) {
        const char *path = ((const char *const *)paths.items)[i], *slash = strrchr(path, '/');
        if (!intake_file(intake, path, error))
            return false;
        const struct content *contents = intake->contents.items;
        const struct content *content = &contents[intake->contents.count - 1];
        attachments[before + i] = (struct attachment){
            .sha256 = content->sha256,
            .size_bytes = content->size_bytes,
            .filename = slash ? slash + 1 : path,
        };
    }
    email->attachments = (struct list){attachments, count};
    return true;
}

static bool put_recipients(struct cli *cli, const char *name, struct list texts,
                           struct list *recipients, struct error *error)
{
    return !texts.count || letter_addresses(cli, name, texts, recipients, error);
}

/* What was typed wins over what came on standard input. */
static bool put_options(struct cli *cli, const struct send *given, struct intake *intake,
                        struct letter *letter, struct error *error)
{
    struct email *email = &letter->email;
    if (given->from) {
        letter->from = given->from;
        letter->account_id = NULL;
    }
    email->subject = text_or(given->subject, email->subject);
    email->body_text = text_or(given->text, email->body_text);
    if (given->at.ms)
        email->planned_send_at = given->at;
    return put_recipients(cli, "to", given->to, &email->to_recipients, error) &&
           put_recipients(cli, "cc", given->cc, &email->cc_recipients, error) &&
           put_recipients(cli, "bcc", given->bcc, &email->bcc_recipients, error) &&
           (!given->text_file ||
            read_text_file(given->text_file, cli->arena, &email->body_text, error)) &&
           (!given->html_file ||
            read_text_file(given->html_file, cli->arena, &email->body_html, error)) &&
           attach_files(cli, given->attach, intake, email, error);
}

static bool find_mailbox(struct cli *cli, const struct send *given, const struct letter *letter,
                         struct account *ret_account, struct error *error)
{
    struct user user = {0};
    if (letter->account_id)
        return mailbox_find(cli, letter->account_id, ret_account, error);
    if (given->user && !cli_find_user(cli, given->user, &user, error))
        return false;
    return letter->from ? mailbox_find_address(cli, letter->from, user.id, ret_account, error)
                        : mailbox_find_default(cli, user.id, ret_account, error);
}

struct queueing {
    struct email *email;
    const struct account *account;
    struct arena *arena;
};

/* What it carries is kept for as long as a document names it. */
static bool store_documents(struct session *session, const struct queueing *queueing, moment now,
                            struct error *error)
{
    const struct email *email = queueing->email;
    struct attachment *attachments = email->attachments.items;
    for (size_t i = 0; i < email->attachments.count; i++) {
        attachments[i].document_id = id_new(queueing->arena);
        const struct document document = {
            .id = attachments[i].document_id,
            .organization_id = email->organization_id,
            .user_id = email->user_id,
            .sha256 = attachments[i].sha256,
            .filename = attachments[i].filename,
            .mime_type = attachments[i].content_type,
            .size_bytes = attachments[i].size_bytes,
            .origin = DOCUMENT_ATTACHED,
            .created_at = now,
            .updated_at = now,
        };
        if (!document_store_insert(session, &document, error))
            return false;
    }
    return true;
}

static bool queue(struct session *session, void *context, struct error *error)
{
    struct queueing *queueing = context;
    const struct step step = {
        .event = EVENT_SEND, .at = clock_now(), .actor = queueing->email->user_id};
    return store_documents(session, queueing, step.at, error) &&
           submission_send(session, queueing->email, queueing->account, &step, queueing->arena,
                           error);
}

static bool queue_letter(struct cli *cli, struct email *email, const struct account *account,
                         struct error *error)
{
    const struct email_limits limits = {cli->config.recipient_limit, cli->config.attachment_limit};
    struct queueing queueing = {email, account, cli->arena};
    email->id = id_new(cli->arena);
    email->organization_id = account->organization_id;
    email->user_id = account->user_id;
    email->account_id = account->id;
    return email_check(email, &limits, error) && email_check_sendable(email, error) &&
           db_write(cli->db, queue, &queueing, error);
}

static bool has_outcome(const struct email *email)
{
    return email_state_is_final(email->state) || email->state == EMAIL_UNKNOWN;
}

static bool is_under_way(const struct email *email)
{
    return email->state == EMAIL_QUEUED || email->state == EMAIL_SENDING;
}

static bool look(struct cli *cli, struct arena *arena, const struct email *email,
                 struct email *ret_email, struct error *error)
{
    AUTO_READING session = db_read(cli->db);
    const struct viewer viewer = {.organization_id = email->organization_id};
    return email_store_find(session, &viewer, email->id, arena, ret_email, error);
}

/* The server looks into the queue by itself; all there is to do here is to look at the record.
 * Each look has its own memory: the bodies come along every time. */
static bool wait_for_outcome(struct cli *cli, int64_t seconds, struct email *email,
                             struct error *error)
{
    const struct timespec pause = {.tv_nsec = POLL_MS * 1000000L};
    int64_t end = clock_steady_ms() + seconds * MS;
    struct email seen = *email;
    while (is_under_way(&seen) && clock_steady_ms() < end) {
        AUTO_ARENA arena = arena_create();
        nanosleep(&pause, NULL);
        if (!look(cli, arena, email, &seen, error))
            return false;
    }
    return look(cli, cli->arena, email, email, error);
}

static bool read_letter(struct cli *cli, const struct send *given, struct intake *intake,
                        struct letter *letter, struct error *error)
{
    if (given->eml && given->json_input)
        return fail(error, ERROR_INVALID, "", "--eml and --json-input exclude each other");
    return (!given->eml || letter_read_eml(cli, stdin, intake, letter, error)) &&
           (!given->json_input || letter_read_json(cli, stdin, intake, letter, error)) &&
           put_options(cli, given, intake, letter, error);
}

bool send_run(struct cli *cli, void *options, struct error *error)
{
    const struct send *given = options;
    struct letter letter = {0};
    struct account account;
    AUTO_INTAKE intake = {0};
    if (!intake_start(&intake, cli->paths.blobs, (uint64_t)cli->config.attachment_limit, cli->arena,
                      error) ||
        !read_letter(cli, given, &intake, &letter, error) ||
        !find_mailbox(cli, given, &letter, &account, error) ||
        !queue_letter(cli, &letter.email, &account, error))
        return false;
    struct email *email = &letter.email;
    if (!data_folder_is_served(&cli->paths))
        fprintf(stderr,
                "outtray: no outtrayd runs on %s; the mail is queued and leaves when one "
                "does\n",
                cli->paths.folder);
    else if (!wait_for_outcome(cli, given->wait, email, error))
        return false;
    print_object(cli, &OUTCOME_VIEW, email);
    if (email->state != EMAIL_SENT)
        cli->status = has_outcome(email) ? EXIT_FAILED : EXIT_LATER;
    return true;
}
