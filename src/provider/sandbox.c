#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/text.h"
#include "provider/providers.h"

/* Delivers into a Maildir (https://cr.yp.to/proto/maildir.html): SANDBOX/<address>/{tmp,new,cur}.
 * Of organizations with the same address only the first one has that folder; a further one has
 * SANDBOX/<organization's id>/<address>, which is no address's folder.
 * A file's name is the email's id, so that one email can never lie there twice. */

/* What a recipient's +tag makes it do, as a real provider would: user+refused@example.com. */
static const struct {
    const char *tag;
    struct outcome outcome;
    bool is_delivered;
} SCRIPTS[] = {
    {"+refused@",
     {.kind = OUTCOME_REFUSED, .reason = "550 5.1.1 the sandbox refuses this recipient"},
     false},
    {"+later@",
     {.kind = OUTCOME_TRY_LATER, .reason = "451 4.7.1 the sandbox asks to come back later"},
     false},
    {"+signin@",
     {.kind = OUTCOME_SIGN_IN_AGAIN, .reason = "535 5.7.8 the sandbox wants a new sign-in"},
     false},
    {"+unknown@",
     {.kind = OUTCOME_UNKNOWN, .reason = "the sandbox took the mail and did not answer"},
     true},
    {"+lost@",
     {.kind = OUTCOME_UNKNOWN, .reason = "the sandbox neither took the mail nor answered"},
     false},
};
enum { SCRIPT_COUNT = sizeof SCRIPTS / sizeof *SCRIPTS };

/* Its user has signed in again, or it is the mail that tries: then the sandbox is content. */
static bool sandbox_is_signed_in(const struct email *email)
{
    return email->attempts > 1;
}

static int script_of(const struct email *email, struct arena *arena)
{
    struct list recipients = email_recipients(email, arena);
    const struct address *addresses = recipients.items;
    for (size_t i = 0; i < recipients.count; i++)
        for (int script = 0; script < SCRIPT_COUNT; script++)
            if (strstr(addresses[i].email, SCRIPTS[script].tag) &&
                !(SCRIPTS[script].outcome.kind == OUTCOME_SIGN_IN_AGAIN &&
                  sandbox_is_signed_in(email)))
                return script;
    return -1;
}

static bool make_folder(const char *path, struct error *error)
{
    return mkdir(path, 0700) == 0 || errno == EEXIST || fail_errno(error, "the sandbox's folder");
}

static const char *make_maildir(const char *folder, const struct account *account,
                                struct arena *arena, struct error *error)
{
    static const char *const SUBFOLDERS[] = {"tmp", "new", "cur"};
    const char *parent = account->is_apart
                             ? arena_format(arena, "%s/%s", folder, account->organization_id)
                             : folder;
    const char *maildir = arena_format(arena, "%s/%s", parent, account->email_address);
    if (strchr(account->email_address, '/')) {
        fail(error, ERROR_INVALID, "emailAddress", "must not hold a / in the sandbox");
        return NULL;
    }
    if (!make_folder(folder, error) || !make_folder(parent, error) || !make_folder(maildir, error))
        return NULL;
    for (size_t i = 0; i < sizeof SUBFOLDERS / sizeof *SUBFOLDERS; i++)
        if (!make_folder(arena_format(arena, "%s/%s", maildir, SUBFOLDERS[i]), error))
            return NULL;
    return maildir;
}

static bool write_file(const char *path, const struct spool *message, struct error *error)
{
    char piece[16 * 1024];
    int64_t size = 0;
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0)
        return fail_errno(error, "the sandbox's mail");
    bool ok = true;
    for (uint64_t at = 0; ok && (size = spool_read(message, at, piece, sizeof piece)) > 0;
         at += (uint64_t)size)
        ok = write(file, piece, (size_t)size) == size;
    ok = ok && size == 0 && fsync(file) == 0;
    if (!ok)
        fail_errno(error, "the sandbox's mail");
    close(file);
    return ok;
}

static int open_folder(const char *path, struct error *error)
{
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        fail_errno(error, "the sandbox's folder");
    return folder;
}

/* ret_is_out: the mail may be read, whatever comes after. */
static bool publish(const struct attempt *attempt, const char *written, const char *final,
                    int folder, bool *ret_is_out, struct error *error)
{
    if (!attempt->commit(attempt->context))
        return fail(error, ERROR_UNAVAILABLE, "",
                    "this server could not note that the mail leaves");
    if (rename(written, final) != 0)
        return fail_errno(error, "the sandbox's mail");
    *ret_is_out = true;
    FAULT(SANDBOX_RENAMED);
    return fsync(folder) == 0 || fail_errno(error, "the sandbox's folder");
}

/* The folder is opened before the mail is out: a lack of descriptors must not leave it in doubt. */
static bool deliver(const char *maildir, const struct attempt *attempt, bool *ret_is_out,
                    struct error *error)
{
    struct arena *arena = attempt->arena;
    const char *written = arena_format(arena, "%s/tmp/%s.eml", maildir, attempt->email->id);
    const char *final = arena_format(arena, "%s/new/%s.eml", maildir, attempt->email->id);
    if (!write_file(written, attempt->message, error))
        return false;
    FAULT(SANDBOX_WRITTEN);
    int folder = open_folder(arena_format(arena, "%s/new", maildir), error);
    if (folder < 0)
        return false;
    bool is_published = publish(attempt, written, final, folder, ret_is_out, error);
    close(folder);
    return is_published;
}

static bool check(const struct provider_settings *settings, const struct account *account,
                  const struct credential *credential, struct arena *arena, struct error *error)
{
    (void)credential;
    return make_maildir(settings->sandbox_folder, account, arena, error);
}

static void send(struct provider_pool *pool, const struct attempt *attempt,
                 struct outcome *ret_outcome)
{
    const struct provider_settings *settings = provider_pool_settings(pool);
    struct error error = {0};
    int script = script_of(attempt->email, attempt->arena);
    if (script >= 0 && !SCRIPTS[script].is_delivered) {
        if (SCRIPTS[script].outcome.kind == OUTCOME_UNKNOWN)
            attempt->commit(attempt->context);
        *ret_outcome = SCRIPTS[script].outcome;
        return;
    }
    const char *maildir = make_maildir(settings->sandbox_folder, attempt->account, attempt->arena,
                                       &error);
    bool is_out = false;
    if (!maildir || !deliver(maildir, attempt, &is_out, &error)) {
        *ret_outcome = (struct outcome){
            .kind = is_out ? OUTCOME_UNKNOWN : OUTCOME_TRY_LATER,
            .reason = arena_copy(attempt->arena, error.message),
        };
        return;
    }
    if (script >= 0) {
        *ret_outcome = SCRIPTS[script].outcome;
        return;
    }
    *ret_outcome = (struct outcome){
        .kind = OUTCOME_SENT,
        .provider_message_id = arena_format(attempt->arena, "sandbox-%s", attempt->email->id),
        .provider_thread_id = attempt->email->provider_thread_id,
        .message_id = attempt->email->message_id,
    };
}

const struct provider SANDBOX_PROVIDER = {
    .name = "sandbox",
    .check = check,
    .send = send,
};
