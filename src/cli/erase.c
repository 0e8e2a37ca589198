#include <stdio.h>

#include "base/clock.h"
#include "base/text.h"
#include "cli/print.h"
#include "mime/address.h"
#include "store/audit_store.h"
#include "store/erasure.h"
#include "store/event_store.h"

enum { AT_ONCE = 100 };

struct erase {
    const char *address, *email_id, *organization;
    bool dry_run;
};
static const struct field ERASE_FIELDS[] = {
    FIELD(struct erase, address, .spelling = &LINE_SPELLING, .max = 998,
          .about = "whose mail, from or to him"),
    FIELD(struct erase, organization,
          .about = "with --address: only this one's mail, by name or "
                   "id"),
    FIELD(struct erase, email_id, .about = "this mail alone"),
    FIELD(struct erase, dry_run, .about = "only say which"),
    {0},
};
const struct schema ERASE_OPTIONS = SCHEMA(struct erase, ERASE_FIELDS);

struct row {
    const char *id;
    enum email_state state;
    moment created_at;
    const char *erasure; /* what became of it, or must be done first */
};
static const struct field ROW_FIELDS[] = {
    FIELD(struct row, id, .use = SHOWN),
    NAME_FIELD(struct row, state, EMAIL_STATE_NAMES, .use = SHOWN),
    FIELD(struct row, created_at, .use = SHOWN),
    FIELD(struct row, erasure, .use = SHOWN),
    {0},
};
static const struct schema ROW = SCHEMA(struct row, ROW_FIELDS);

struct erasing { /* some mails, in one transaction */
    struct cli *cli;
    struct list emails; /* of struct email: as they were when they were found */
    struct row *rows;
    struct arena *arena;
};

static bool erase_one(struct session *session, const struct erasing *erasing,
                      const struct email *found, struct row *row, struct error *error)
{
    const struct step step = {.event = EVENT_ERASED, .at = clock_now(), .actor = "system"};
    const struct viewer viewer = {.organization_id = found->organization_id};
    struct email email;
    enum erasure erasure;
    *row = (struct row){found->id, found->state, found->created_at, ERASURE_NAMES[ERASURE_GONE]};
    if (!email_store_find(session, &viewer, found->id, erasing->arena, &email, error))
        return error->code == ERROR_NOT_FOUND && erasure_forget(session, found->id, error);
    row->state = email.state;
    row->erasure = erasure_obstacle(&email);
    if (row->erasure && !email.erased_at.ms)
        return true;
    if (!erasure_run(session, &email, &step, erasing->arena, &erasure, error))
        return false;
    row->erasure = ERASURE_NAMES[erasure];
    return true;
}

static bool erase_work(struct session *session, void *context, struct error *error)
{
    const struct erasing *erasing = context;
    const struct email *emails = erasing->emails.items;
    for (size_t i = 0; i < erasing->emails.count; i++)
        if (!erase_one(session, erasing, &emails[i], &erasing->rows[i], error))
            return false;
    return true;
}

static bool erase_some(struct cli *cli, struct list emails, bool is_dry, struct arena *arena,
                       struct error *error)
{
    const struct email *items = emails.items;
    struct erasing erasing = {cli, emails, arena_new(arena, struct row, emails.count), arena};
    if (!is_dry && !db_write(cli->db, erase_work, &erasing, error))
        return false;
    for (size_t i = 0; i < emails.count; i++) {
        struct row *row = &erasing.rows[i];
        if (is_dry)
            *row = (struct row){items[i].id, items[i].state, items[i].created_at,
                                text_or(erasure_obstacle(&items[i]), items[i].erased_at.ms
                                                                         ? "erased before"
                                                                         : "would be erased")};
        const struct email now = {.state = row->state};
        if (erasure_obstacle(&now))
            cli->status = EXIT_FAILED;
        print_row(cli, &ROW, row);
    }
    return true;
}

static bool list_some(struct cli *cli, struct erasure_search *search, struct arena *arena,
                      struct list *ret_emails, struct error *error)
{
    AUTO_READING session = db_read(cli->db);
    return erasure_list(session, search, AT_ONCE, arena, ret_emails, error);
}

static bool erase_address(struct cli *cli, const struct erase *given, const char *organization_id,
                          struct error *error)
{
    struct address address; /* as records have it */
    if (!mime_address_read(given->address, cli->arena, &address, error))
        return false;
    struct erasure_search search = {organization_id, address.email, ""};
    size_t count = 0;
    while (search.after_id) {
        AUTO_ARENA arena = arena_create();
        struct list emails;
        if (!list_some(cli, &search, arena, &emails, error) ||
            !erase_some(cli, emails, given->dry_run, arena, error))
            return false;
        count += emails.count;
        search.after_id = arena_copy(cli->arena, search.after_id);
    }
    if (!count)
        fprintf(stderr, "outtray: there is no mail from or to %s\n", address.email);
    return true;
}

static bool find_organization(struct cli *cli, const char *wanted, const char **ret_id,
                              struct error *error)
{
    AUTO_READING session = db_read(cli->db);
    struct list chains;
    *ret_id = NULL;
    if (!wanted)
        return true;
    if (!audit_store_list_chains(session, wanted, cli->arena, &chains, error))
        return false;
    if (chains.count != 1)
        return fail(error, chains.count ? ERROR_CONFLICT : ERROR_NOT_FOUND, "",
                    chains.count ? "%s is the name of several organizations; give its id"
                                 : "there is no organization %s",
                    wanted);
    *ret_id = ((const struct audited_chain *)chains.items)->organization_id;
    return true;
}

/* Its organization is known by its first event. Where that is all there is, it was a draft. */
static bool find_email(struct cli *cli, const char *text, struct email *ret_email,
                       struct error *error)
{
    AUTO_READING session = db_read(cli->db);
    const char *id;
    struct list events;
    if (!cli_read_id(cli, text, &id, error) ||
        !event_store_list(session, id, 1, cli->arena, &events, error))
        return false;
    const struct event *first = events.items;
    if (!events.count)
        return fail(error, ERROR_NOT_FOUND, "", "no mail has the id %s", id);
    const struct viewer viewer = {.organization_id = first->organization_id};
    *ret_email = (struct email){.id = id,
                                .organization_id = first->organization_id,
                                .state = EMAIL_DRAFT,
                                .created_at = first->at};
    return email_store_find(session, &viewer, id, cli->arena, ret_email, error) ||
           error->code == ERROR_NOT_FOUND;
}

/* The rows are overwritten where they stood; the log still has them as they were. */
static bool empty_log(struct cli *cli, struct error *error)
{
    bool is_empty;
    if (!db_empty_log(cli->db, &is_empty, error))
        return false;
    if (!is_empty)
        fputs("outtray: it is erased, but the log of the database still holds what it was, until "
              "the server has ended or has written some 64 MB more\n",
              stderr);
    return true;
}

bool erase_run(struct cli *cli, void *options, struct error *error)
{
    const struct erase *given = options;
    const char *organization_id;
    struct email email;
    if (!given->address == !given->email_id)
        return fail(error, ERROR_INVALID, "", "give either --address or --email-id");
    if (!find_organization(cli, given->organization, &organization_id, error) ||
        (given->email_id && !find_email(cli, given->email_id, &email, error)))
        return false;
    bool is_done = given->email_id ? erase_some(cli, (struct list){&email, 1}, given->dry_run,
                                                cli->arena, error)
                                   : erase_address(cli, given, organization_id, error);
    return is_done && (given->dry_run || empty_log(cli, error));
}
