#include "base/clock.h"
#include "base/id.h"
#include "cli/print.h"
#include "mime/address.h"
#include "store/identity_store.h"
#include "store/overview_store.h"
#include "store/trail.h"

struct user_add {
    const char *email, *name, *organization;
};
static const struct field USER_ADD_FIELDS[] = {
    FIELD(struct user_add, email, .use = REQUIRED, .spelling = &LINE_SPELLING, .max = 320,
          .about = "the user's address, by which he is named here"),
    FIELD(struct user_add, name, .spelling = &LINE_SPELLING, .max = 200, .about = "his name"),
    FIELD(struct user_add, organization, .spelling = &LINE_SPELLING, .max = 200,
          .about = "name of a new organization; otherwise the first one"),
    {0},
};
const struct schema USER_ADD_OPTIONS = SCHEMA(struct user_add, USER_ADD_FIELDS);

static const char *const YES_NO_NAMES[] = {"", "no", "yes", NULL};
enum yes_no { UNSAID, NO, YES };
struct user_change {
    const char *email;
    enum yes_no requires_approval;
};
static const struct field USER_CHANGE_FIELDS[] = {
    FIELD(struct user_change, email, .use = REQUIRED, .about = "the user's address"),
    NAME_FIELD(struct user_change, requires_approval, YES_NO_NAMES,
               .about = "yes: his mail leaves only with somebody else's consent"),
    {0},
};
const struct schema USER_CHANGE_OPTIONS = SCHEMA(struct user_change, USER_CHANGE_FIELDS);

static const struct field USER_SHOWN[] = {
    FIELD(struct user, id, .use = SHOWN),
    FIELD(struct user, email, .use = SHOWN),
    FIELD(struct user, name, .use = SHOWN),
    FIELD(struct user, organization_id, .use = SHOWN),
    FIELD(struct user, requires_approval, .use = SHOWN),
    FIELD(struct user, created_at, .use = SHOWN),
    {0},
};
static const struct schema USER_VIEW = SCHEMA(struct user, USER_SHOWN);

struct adding {
    struct cli *cli;
    const char *organization;
    struct user user;
};

static bool find_first(struct session *session, struct adding *adding, struct error *error)
{
    struct list found;
    if (!overview_store_organizations(session, 1, adding->cli->arena, &found, error))
        return false;
    if (!found.count)
        return fail(error, ERROR_NOT_FOUND, "",
                    "there is no organization yet: outtray init makes the first, --organization "
                    "another");
    adding->user.organization_id = ((struct organization *)found.items)->id;
    return true;
}

static bool add_user(struct session *session, const struct adding *adding, struct error *error)
{
    const struct user *user = &adding->user;
    struct administration act = cli_act(ACT_USER_CREATED, user->organization_id, user->id);
    act.detail = trail_told(&USER_TOLD, user, adding->cli->arena);
    return identity_store_insert_user(session, user, error) && trail_note(session, &act, error);
}

static bool add(struct session *session, void *context, struct error *error)
{
    struct adding *adding = context;
    if (!adding->organization)
        return find_first(session, adding, error) && add_user(session, adding, error);
    const struct organization made = {id_new(adding->cli->arena), adding->organization,
                                      adding->user.created_at};
    adding->user.organization_id = made.id;
    struct administration act = cli_act(ACT_ORGANIZATION_CREATED, made.id, made.id);
    act.detail = trail_told(&ORGANIZATION_TOLD, &made, adding->cli->arena);
    return identity_store_insert_organization(session, &made, error) &&
           trail_note(session, &act, error) && add_user(session, adding, error);
}

bool user_add(struct cli *cli, void *options, struct error *error)
{
    const struct user_add *given = options;
    struct address address;
    if (!mime_address_read(given->email, cli->arena, &address, error))
        return false;
    struct adding adding = {
        .cli = cli,
        .organization = given->organization,
        .user = {.id = id_new(cli->arena),
                 .email = address.email,
                 .name = given->name,
                 .created_at = clock_now()},
    };
    if (!db_write(cli->db, add, &adding, error))
        return false;
    print_object(cli, &USER_VIEW, &adding.user);
    return true;
}

struct changing {
    struct user before, user;
};

static bool change(struct session *session, void *context, struct error *error)
{
    const struct changing *changing = context;
    const struct user *user = &changing->user;
    const struct administration act = cli_act(ACT_USER_CHANGED, user->organization_id, user->id);
    return identity_store_change_approval(session, user, error) &&
           trail_note_change(session, &act, &USER_TOLD, &changing->before, user, error);
}

bool user_change(struct cli *cli, void *options, struct error *error)
{
    const struct user_change *given = options;
    struct changing changing;
    if (!given->requires_approval)
        return fail(error, ERROR_INVALID, "", "--requires-approval is needed: yes or no");
    if (!cli_find_user(cli, given->email, &changing.before, error))
        return false;
    changing.user = changing.before;
    changing.user.requires_approval = given->requires_approval == YES;
    if (!db_write(cli->db, change, &changing, error))
        return false;
    print_object(cli, &USER_VIEW, &changing.user);
    return true;
}

bool user_list(struct cli *cli, void *options, struct error *error)
{
    (void)options;
    AUTO_READING session = db_read(cli->db);
    struct list users;
    if (!overview_store_users(session, LIST_MOST, cli->arena, &users, error))
        return false;
    print_list(cli, &USER_VIEW, users);
    return true;
}
