#include "first_start.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/text.h"
#include "mime/address.h"
#include "store/account_store.h"
#include "store/identity_store.h"
#include "store/overview_store.h"
#include "store/trail.h"

static const struct field FIRST_START_FIELDS[] = {
    FIELD(struct first_start, organization_id, .use = SHOWN),
    FIELD(struct first_start, user_id, .use = SHOWN),
    FIELD(struct first_start, token, .use = SHOWN),
    FIELD(struct first_start, account_id, .use = SHOWN),
    FIELD(struct first_start, email, .use = SHOWN),
    {0},
};
const struct schema FIRST_START_SCHEMA = SCHEMA(struct first_start, FIRST_START_FIELDS);

struct making {
    const struct first_names *names;
    moment now;
    struct arena *arena;
    struct first_start made;
};

bool first_start_is_due(struct db *db, bool *ret_is_due, struct error *error)
{
    AUTO_READING session = db_read(db);
    int64_t users = 0;
    if (!identity_store_count_users(session, &users, error))
        return false;
    *ret_is_due = !users;
    return true;
}

static bool insert_mailbox(struct session *session, const struct user *user, moment now,
                           struct arena *arena, struct account *ret_account, struct error *error)
{
    *ret_account = (struct account){
        .id = id_new(arena),
        .organization_id = user->organization_id,
        .user_id = user->id,
        .provider = PROVIDER_SANDBOX,
        .email_address = user->email,
        .display_name = user->name,
        .is_default = true,
        .is_active = true,
        .created_at = now,
        .updated_at = now,
    };
    return account_store_insert(session, ret_account, error);
}

static bool note(struct session *session, const struct administration *by,
                 enum administration_event event, const char *subject_id, const struct schema *told,
                 const void *thing, struct error *error)
{
    AUTO_ARENA arena = arena_create();
    struct administration act = *by;
    act.event = event;
    act.subject_id = subject_id;
    act.detail = trail_told(told, thing, arena);
    return trail_note(session, &act, error);
}

static bool insert_all(struct session *session, void *context, struct error *error)
{
    struct making *making = context;
    struct arena *arena = making->arena;
    const struct organization organization = {
        id_new(arena), text_or(making->names->organization, "My organization"), making->now};
    const struct user user = {
        .id = id_new(arena),
        .organization_id = organization.id,
        .email = making->names->email,
        .name = making->names->name,
        .created_at = making->now,
    };
    int64_t users = 0;
    struct account account;
    struct token token = {.scopes = SCOPE_ALL, .label = "first start", .created_at = making->now};
    const char *secret;
    if (!identity_store_count_users(session, &users, error))
        return false;
    if (users)
        return fail(error, ERROR_CONFLICT, "",
                    "there is a user already; another token is made by: outtray token create");
    const struct administration by = {
        .organization_id = organization.id, .actor = "operator", .at = making->now};
    if (!identity_store_insert_organization(session, &organization, error) ||
        !note(session, &by, ACT_ORGANIZATION_CREATED, organization.id, &ORGANIZATION_TOLD,
              &organization, error) ||
        !identity_store_insert_user(session, &user, error) ||
        !note(session, &by, ACT_USER_CREATED, user.id, &USER_TOLD, &user, error) ||
        !identity_store_make_token(session, &user, &token, arena, &secret, error) ||
        !note(session, &by, ACT_TOKEN_CREATED, token.id, &TOKEN_TOLD, &token, error) ||
        !insert_mailbox(session, &user, making->now, arena, &account, error) ||
        !trail_note_mailbox(session, &by, NULL, &account, error))
        return false;
    making->made = (struct first_start){organization.id, user.id, secret, account.id, user.email};
    return true;
}

bool first_start_make(struct db *db, const struct first_names *names, struct arena *arena,
                      struct first_start *ret_made, struct error *error)
{
    struct address address;
    struct first_names checked = *names;
    if (!mime_address_read(text_or(names->email, "you@outtray.example"), arena, &address, error))
        return false;
    checked.email = address.email;
    checked.name = text_or(names->name, address.name);
    struct making making = {.names = &checked, .now = clock_now(), .arena = arena};
    if (!db_write(db, insert_all, &making, error))
        return false;
    *ret_made = making.made;
    return true;
}

bool first_start_keep(const struct first_start *made, const char *path, struct error *error)
{
    size_t size = strlen(made->token);
    unlink(path); /* it may be a link, or open to others */
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool is_kept = file >= 0 && write(file, made->token, size) == (ssize_t)size &&
                   write(file, "\n", 1) == 1 && fsync(file) == 0;
    if (!is_kept)
        fail_errno(error, path);
    if (file >= 0)
        close(file);
    return is_kept;
}

/* One word of a shell's, whatever it holds. */
static const char *first_start_quote(const char *text, struct arena *arena)
{
    struct buf buf = BUF(arena, 4 * strlen(text) + 3);
    struct error never;
    buf_add_char(&buf, '\'');
    for (; *text; text++)
        if (*text == '\'')
            buf_add(&buf, "'\\''");
        else
            buf_add_char(&buf, *text);
    buf_add_char(&buf, '\'');
    return buf_text(&buf, &never);
}

/* As it is typed: most need no quotes. */
static const char *first_start_word(const char *text, struct arena *arena)
{
    static const char PLAIN[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "@%_+=:,./-";
    return *text && !text[strspn(text, PLAIN)] ? text : first_start_quote(text, arena);
}

void first_start_print(const struct first_start *made, const char *url, const char *file,
                       struct arena *arena, FILE *out)
{
    char real[PATH_MAX];
    const char *bearer = arena_format(arena, "'Authorization: Bearer %s'", made->token);
    if (file) {
        file = realpath(file, real) ? real : file;
        bearer = arena_format(arena, "\"Authorization: Bearer $(cat %s)\"",
                              first_start_quote(file, arena));
        fprintf(out, "Your token is in the file %s, which only this user can read.\n\n", file);
    } else {
        fprintf(out, "Your token, shown only now:\n\n  export TOKEN=%s\n\n", made->token);
    }
    fprintf(out,
            "Send a first mail, into the sandbox:\n\n"
            "  curl %s/api/email/send -H %s -H 'Content-Type: "
            "application/json' -d '{\"from_account_id\": \"%s\", \"to\": "
            "[\"someone@outtray.example\"], \"subject\": \"A first mail\", \"body_text\": "
            "\"It left the house.\", \"attachments\": [{\"filename\": \"hello.txt\", "
            "\"content_type\": \"text/plain\", \"data_base64\": \"SGVsbG8hCg==\"}]}'\n\n",
            url, bearer, made->account_id);
    fprintf(out, "All it can do is on %s/docs.\n\n", url);
}

bool first_start_print_again(struct db *db, const char *url, const char *tool, const char *folder,
                             struct arena *arena, FILE *out, struct error *error)
{
    struct list users;
    AUTO_READING session = db_read(db);
    if (!overview_store_users(session, 1, arena, &users, error))
        return false;
    const struct user *user = users.items;
    fprintf(out,
            "Its pages are at %s/docs. Another token is made, and shown once, by:\n\n"
            "  %s --data %s token create --user %s --scope inbox:read --scope inbox:write\n\n",
            url, first_start_word(tool, arena), first_start_word(folder, arena),
            first_start_word(user->email, arena));
    fflush(out);
    return true;
}
