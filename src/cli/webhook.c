#include "base/clock.h"
#include "base/id.h"
#include "cli/print.h"
#include "model/event_type.h"
#include "notice/notice_key.h"
#include "notice/notice_url.h"
#include "store/trail.h"
#include "store/webhook_store.h"

struct webhook_add {
    const char *user, *url, *description;
    struct list event;
};
static const struct field WEBHOOK_ADD_FIELDS[] = {
    FIELD(struct webhook_add, user, .use = REQUIRED,
          .about = "who it belongs to, by address: his organization's mail is told of"),
    FIELD(struct webhook_add, url, .use = REQUIRED, .spelling = &LINE_SPELLING,
          .max = WEBHOOK_URL_BYTES, .about = "https, on the public internet"),
    FIELD(struct webhook_add, event, .max = 32, .item_max = 40, .items = &TEXT_ITEM,
          .about = "a type of event; give it once for each; otherwise all"),
    FIELD(struct webhook_add, description, .spelling = &LINE_SPELLING, .max = 500,
          .about = "what it is for, to tell it from others"),
    {0},
};
const struct schema WEBHOOK_ADD_OPTIONS = SCHEMA(struct webhook_add, WEBHOOK_ADD_FIELDS);

struct webhook_row {
    const char *id, *url, *reason, *description;
    const char *secret; /* only when it is made */
    enum webhook_state state;
    moment failing_since;
    int64_t delivered;
};
static const struct field WEBHOOK_MADE_FIELDS[] = {
    FIELD(struct webhook_row, id, .use = SHOWN),
    FIELD(struct webhook_row, url, .use = SHOWN),
    FIELD(struct webhook_row, secret, .use = SHOWN),
    {0},
};
static const struct schema WEBHOOK_MADE = SCHEMA(struct webhook_row, WEBHOOK_MADE_FIELDS);
static const struct field WEBHOOK_ROW_FIELDS[] = {
    FIELD(struct webhook_row, id, .use = SHOWN),
    NAME_FIELD(struct webhook_row, state, WEBHOOK_STATE_NAMES, .use = SHOWN),
    FIELD(struct webhook_row, delivered, .use = SHOWN),
    FIELD(struct webhook_row, failing_since, .use = SHOWN),
    FIELD(struct webhook_row, url, .use = SHOWN),
    FIELD(struct webhook_row, description, .use = SHOWN),
    FIELD(struct webhook_row, reason, .use = SHOWN),
    {0},
};
static const struct schema WEBHOOK_ROW = SCHEMA(struct webhook_row, WEBHOOK_ROW_FIELDS);

static bool check_types(struct list types, struct error *error)
{
    const char *const *items = types.items;
    for (size_t i = 0; i < types.count; i++)
        if (!event_type_exists(items[i]))
            return fail(error, ERROR_INVALID, "", "there is no type of event %s", items[i]);
    return true;
}

static bool insert(struct session *session, void *context, struct error *error)
{
    const struct webhook *webhook = context;
    AUTO_ARENA arena = arena_create();
    struct administration act = cli_act(ACT_WEBHOOK_CREATED, webhook->organization_id, webhook->id);
    act.detail = trail_told(&WEBHOOK_TOLD, webhook, arena);
    return trail_note(session, &act, error) && webhook_store_insert(session, webhook, error);
}

static struct webhook webhook_of(struct cli *cli, const struct webhook_add *given,
                                 const struct user *user, const char *url)
{
    moment now = clock_now();
    return (struct webhook){
        .id = id_new(cli->arena),
        .organization_id = user->organization_id,
        .user_id = user->id,
        .url = url,
        .description = given->description,
        .events = given->event,
        .is_active = true,
        .version = 1,
        .created_at = now,
        .updated_at = now,
    };
}

bool webhook_add(struct cli *cli, void *options, struct error *error)
{
    const struct webhook_add *given = options;
    const struct notice_settings settings = {cli->config.allow_private_addresses,
                                             cli->config.tls_ca_file};
    struct user user;
    struct secret_key key;
    const char *url;
    if (!check_types(given->event, error) ||
        !notice_url_check(given->url, &settings, cli->arena, &url, error) ||
        !cli_find_user(cli, given->user, &user, error) ||
        !secret_key_open(cli->paths.key, &key, error))
        return false;
    const char *secret = notice_key_new(cli->arena);
    struct webhook webhook = webhook_of(cli, given, &user, url);
    webhook.sealed_secret = secret_seal(&key, secret, webhook.id, cli->arena);
    if (!db_write(cli->db, insert, &webhook, error))
        return false;
    print_object(cli, &WEBHOOK_MADE,
                 &(struct webhook_row){.id = webhook.id, .url = url, .secret = secret});
    return true;
}

bool webhook_list(struct cli *cli, void *options, struct error *error)
{
    (void)options;
    AUTO_READING session = db_read(cli->db);
    struct list found;
    if (!webhook_store_list(session, NULL, LIST_MOST, cli->arena, &found, error))
        return false;
    const struct webhook *webhooks = found.items;
    struct webhook_row *rows = arena_new(cli->arena, struct webhook_row, found.count);
    for (size_t i = 0; i < found.count; i++) {
        rows[i] = (struct webhook_row){
            .id = webhooks[i].id,
            .url = webhooks[i].url,
            .reason = webhooks[i].reason,
            .description = webhooks[i].description,
            .state = webhook_state(&webhooks[i]),
            .failing_since = webhooks[i].failing_since,
        };
        if (!webhook_store_least(session, webhooks[i].id, &rows[i].delivered, error))
            return false;
    }
    print_list(cli, &WEBHOOK_ROW, (struct list){rows, found.count});
    return true;
}

static bool remove_it(struct session *session, void *context, struct error *error)
{
    const char *const *id = context;
    AUTO_ARENA arena = arena_create();
    struct webhook webhook;
    if (!webhook_store_find(session, NULL, *id, arena, &webhook, error))
        return false;
    struct administration act = cli_act(ACT_WEBHOOK_DELETED, webhook.organization_id, webhook.id);
    act.detail = trail_told(&WEBHOOK_TOLD, &webhook, arena);
    return webhook_store_remove(session, NULL, *id, error) && trail_note(session, &act, error);
}

bool webhook_remove(struct cli *cli, void *options, struct error *error)
{
    (void)options;
    const char *id;
    if (!cli_read_id(cli, cli_word(cli, 0), &id, error) ||
        !db_write(cli->db, remove_it, &id, error))
        return false;
    if (!cli->json)
        printf("webhook %s is deleted\n", id);
    return true;
}
