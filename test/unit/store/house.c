#include "house.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/id.h"
#include "base/secret.h"
#include "case.h"
#include "store/identity_store.h"
#include "store/reception.h"
#include "store/submission.h"
#include "json/json.h"

static bool people_work(struct session *session, void *context, struct error *error)
{
    struct house *house = context;
    return identity_store_insert_organization(session, &house->organization, error) &&
           identity_store_insert_organization(session, &house->other_organization, error) &&
           identity_store_insert_user(session, &house->ann, error) &&
           identity_store_insert_user(session, &house->bob, error) &&
           identity_store_insert_user(session, &house->eve, error);
}

static struct user person(struct house *house, const struct organization *organization,
                          const char *email)
{
    return (struct user){.id = id_new(house->arena),
                         .organization_id = organization->id,
                         .email = email,
                         .created_at = {NOON}};
}

static void write_or_end(struct house *house, db_work *work, void *context)
{
    struct error error = {0};
    if (!db_write(house->db, work, context, &error)) {
        fprintf(stderr, "%s: %s\n", error.field, error.message);
        abort();
    }
}

int house_start(void **state)
{
    static const struct db_codec CODEC = {json_write_list, json_read_list};
    static struct house house;
    struct error error = {0};
    secret_start();
    house = (struct house){.folder = "/tmp/house-test-XXXXXX", .arena = arena_create()};
    if (!mkdtemp(house.folder))
        return -1;
    house.db = db_open(arena_format(house.arena, "%s/outtray.db", house.folder), &CODEC, &error);
    house.blobs = blobs_open(arena_format(house.arena, "%s/blobs", house.folder), &error);
    if (!house.db || !house.blobs) {
        fprintf(stderr, "%s\n", error.message);
        return -1;
    }
    house.organization = (struct organization){id_new(house.arena), "House", {NOON}};
    house.other_organization = (struct organization){id_new(house.arena), "Other", {NOON}};
    house.ann = person(&house, &house.organization, "ann@example.com");
    house.bob = person(&house, &house.organization, "bob@example.com");
    house.eve = person(&house, &house.other_organization, "eve@example.net");
    write_or_end(&house, people_work, &house);
    house.account = house_account(&house, &house.ann, "ann@example.com", PROVIDER_SANDBOX);
    *state = &house;
    return 0;
}

int house_stop(void **state)
{
    struct house *house = *state;
    char command[128];
    db_read_end(&house->reading);
    db_close(house->db);
    blobs_close(house->blobs);
    arena_destroy(house->arena);
    snprintf(command, sizeof command, "rm -rf '%s'", house->folder);
    return system(command);
}

struct session *house_reading(struct house *house)
{
    if (!house->reading)
        house->reading = db_read(house->db);
    return house->reading;
}

struct viewer house_viewer(const struct user *user)
{
    return (struct viewer){
        .organization_id = user->organization_id, .user_id = user->id, .seen_by = user->id};
}

static bool account_work(struct session *session, void *context, struct error *error)
{
    return account_store_insert(session, context, error);
}

struct account house_account(struct house *house, const struct user *user, const char *address,
                             enum provider_kind provider)
{
    struct account account = {
        .id = id_new(house->arena),
        .organization_id = user->organization_id,
        .user_id = user->id,
        .provider = provider,
        .email_address = address,
        .is_active = true,
        .created_at = {NOON},
        .updated_at = {NOON},
    };
    if (provider == PROVIDER_SMTP) {
        account.smtp_host = "127.0.0.1";
        account.smtp_port = 1;
        account.smtp_security = SECURITY_NONE;
    }
    write_or_end(house, account_work, &account);
    return account;
}

struct email house_email(struct house *house, const struct account *account)
{
    static struct address bob[] = {{"bob@example.org", "Bob"}};
    return (struct email){
        .id = id_new(house->arena),
        .organization_id = account->organization_id,
        .user_id = account->user_id,
        .account_id = account->id,
        .from_email = account->email_address,
        .to_recipients = {bob, 1},
        .subject = "Hello",
        .body_text = "Good morning.\r\n",
    };
}

struct keeping {
    struct email *email;
    struct step step;
};

static bool keep_work(struct session *session, void *context, struct error *error)
{
    struct keeping *keeping = context;
    return email_store_insert(session, keeping->email, &keeping->step, error);
}

void house_keep(struct house *house, struct email *email, enum email_event event, int64_t at_ms)
{
    struct keeping keeping = {email, {event, {at_ms}, email->user_id, NULL, NULL}};
    write_or_end(house, keep_work, &keeping);
}

struct submitting {
    struct house *house;
    struct email *email;
    const struct account *account;
    moment at;
};

static bool queue_work(struct session *session, void *context, struct error *error)
{
    struct submitting *submitting = context;
    struct step step = {EVENT_SEND, submitting->at, submitting->email->user_id, NULL, NULL};
    return submission_queue(session, submitting->email, submitting->account, &step,
                            submitting->house->arena, error);
}

void house_submit(struct house *house, struct email *email, const struct account *account,
                  int64_t at_ms)
{
    write_or_end(house, queue_work, &(struct submitting){house, email, account, {at_ms}});
}

struct email house_draft(struct house *house, const struct account *account)
{
    struct email email = house_email(house, account);
    house_keep(house, &email, EVENT_CREATED, NOON);
    return email;
}

struct email house_queued(struct house *house, const struct account *account, int64_t at_ms)
{
    struct email email = house_email(house, account);
    house_submit(house, &email, account, at_ms);
    return email;
}

struct receiving {
    struct house *house;
    struct email *email;
    const struct account *account;
    moment at;
    bool is_new;
};

static bool receive_work(struct session *session, void *context, struct error *error)
{
    struct receiving *receiving = context;
    const struct list no_documents = {0};
    return reception_store(session, receiving->email, &no_documents, receiving->account,
                           receiving->at, receiving->house->arena, &receiving->is_new, error);
}

bool house_receive(struct house *house, struct email *email, const struct account *account,
                   int64_t at_ms)
{
    struct receiving receiving = {house, email, account, {at_ms}, false};
    write_or_end(house, receive_work, &receiving);
    return receiving.is_new;
}

struct moving {
    struct email *email;
    struct step step;
};

static bool move_work(struct session *session, void *context, struct error *error)
{
    struct moving *moving = context;
    return email_store_move(session, moving->email, &moving->step, error);
}

bool house_move(struct house *house, struct email *email, enum email_event event,
                struct error *error)
{
    struct moving moving = {email, {event, {NOON + 1}, "system", NULL, NULL}};
    return db_write(house->db, move_work, &moving, error);
}

struct email house_look(struct house *house, const char *email_id)
{
    struct error error = {0};
    struct email email = {0};
    struct session *session = house_reading(house);
    struct viewer viewer = {.organization_id = house->organization.id};
    assert_true(email_store_find(session, &viewer, email_id, house->arena, &email, &error));
    return email;
}

const char *house_history(struct house *house, const char *email_id)
{
    struct error error = {0};
    struct list events;
    const char *history = "";
    struct session *session = house_reading(house);
    assert_true(event_store_list(session, email_id, 100, house->arena, &events, &error));
    const struct event *event = events.items;
    for (size_t i = 0; i < events.count; i++)
        history = arena_format(
            house->arena, "%s%s%s %s>%s", history, i ? ", " : "", EMAIL_EVENT_NAMES[event[i].event],
            EMAIL_STATE_NAMES[event[i].from_state], EMAIL_STATE_NAMES[event[i].to_state]);
    return history;
}
