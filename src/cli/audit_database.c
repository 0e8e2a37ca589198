#include "cli/audit_database.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "store/audit_store.h"

enum { AT_ONCE = 1000, UNTOLD_MOST = 100 };

struct walk {
    struct cli *cli;
    struct session *session;
    const char *organization_id; /* the only one looked at, or NULL */
    struct list anchors;
    struct list audited;
};

/* Rows lead on as long as their numbers grow: a number that is none would lead nowhere. */
static bool leads_on(struct list records, int64_t *number)
{
    const struct event_record *items = records.items;
    int64_t last = records.count ? items[records.count - 1].number : *number;
    bool is_more = records.count == AT_ONCE && last > *number;
    *number = last;
    return is_more;
}

static bool walk_chain(struct walk *walk, struct audited *audited, const struct audited_chain *kept,
                       struct error *error)
{
    struct event_chain chain = {0};
    int64_t number = INT64_MIN;
    bool is_more = true;
    while (is_more) {
        AUTO_ARENA arena = arena_create();
        struct list records;
        if (!audit_store_list_events(walk->session, audited->organization_id, number, AT_ONCE,
                                     arena, &records, error))
            return false;
        const struct event_record *items = records.items;
        for (size_t i = 0; i < records.count; i++)
            audit_event(walk->cli, audited, &chain, walk->anchors, &items[i], arena);
        is_more = leads_on(records, &number);
    }
    audit_end(walk->cli, audited, &chain, walk->anchors, kept->end_number, kept->end_hash);
    return true;
}

static bool walk_chains(struct walk *walk, struct list chains, struct error *error)
{
    const struct audited_chain *kept = chains.items;
    struct audited *audited = arena_new(walk->cli->arena, struct audited, chains.count);
    walk->audited = (struct list){audited, chains.count};
    for (size_t i = 0; i < chains.count; i++) {
        audited[i].organization_id = kept[i].organization_id;
        audited[i].organization = kept[i].organization;
        if (!walk_chain(walk, &audited[i], &kept[i], error))
            return false;
    }
    return true;
}

static struct audited *audited_of(const struct walk *walk, const char *organization_id)
{
    struct audited *audited = walk->audited.items;
    size_t i = 0;
    while (i + 1 < walk->audited.count && !text_equal(audited[i].organization_id, organization_id))
        i++;
    return &audited[i];
}

static void tell(const struct walk *walk, const struct event_record *event, const char *what)
{
    if (what)
        audit_finding(walk->cli, audited_of(walk, event->organization_id), event->number,
                      event->email_id, what);
}

static void end_email(const struct walk *walk, const struct email_trail *trail,
                      const struct audited_step *last, struct arena *arena)
{
    tell(walk, &last->event, email_trail_end(trail, arena));
    tell(walk, &last->event, email_trail_check(trail, &last->event, &last->email, arena));
}

/* The email that was looked at last; its last step is in the arena of the page before. */
struct place {
    struct email_trail trail;
    const struct audited_step *last;
    struct arena *arena;
};

static void walk_steps_of_page(const struct walk *walk, struct place *place, struct list steps,
                               struct arena *arena)
{
    const struct audited_step *items = steps.items;
    assert(items);
    for (size_t i = 0; i < steps.count; i++) {
        if (place->last && !text_equal(place->last->event.email_id, items[i].event.email_id)) {
            end_email(walk, &place->trail, place->last, arena);
            place->trail = (struct email_trail){0};
        }
        tell(walk, &items[i].event, email_trail_add(&place->trail, &items[i].event, false, arena));
        place->last = &items[i];
    }
}

static bool leads_behind(struct list steps, const char *email_id, int64_t position)
{
    if (steps.count < AT_ONCE)
        return false;
    const struct audited_step *last = (const struct audited_step *)steps.items + steps.count - 1;
    int order = strcmp(last->event.email_id, email_id);
    return order > 0 || (order == 0 && last->event.position > position);
}

static bool walk_page(const struct walk *walk, struct place *place, bool *ret_is_more,
                      struct error *error)
{
    struct arena *arena = arena_create();
    const char *email_id = place->last ? place->last->event.email_id : "";
    int64_t position = place->last ? place->last->event.position : 0;
    struct list steps = {0};
    bool is_read = audit_store_list_steps(walk->session, walk->organization_id, email_id, position,
                                          AT_ONCE, arena, &steps, error);
    *ret_is_more = is_read && leads_behind(steps, email_id, position);
    if (is_read && steps.count) {
        struct arena *before = place->arena;
        walk_steps_of_page(walk, place, steps, arena);
        place->arena = arena;
        arena = before;
    }
    arena_destroy(arena);
    return is_read;
}

static bool walk_emails(const struct walk *walk, struct error *error)
{
    struct place place = {0};
    bool is_more = true, is_done = true;
    while (is_done && is_more)
        is_done = walk_page(walk, &place, &is_more, error);
    if (is_done && place.last)
        end_email(walk, &place.trail, place.last, place.arena);
    arena_destroy(place.arena);
    return is_done;
}

static bool walk_untold(const struct walk *walk, struct error *error)
{
    struct list untold = {0};
    if (!audit_store_list_untold(walk->session, walk->organization_id, UNTOLD_MOST,
                                 walk->cli->arena, &untold, error))
        return false;
    const struct event_record *items = untold.items;
    for (size_t i = 0; i < untold.count; i++)
        tell(walk, &items[i], "no event tells of this mail");
    return true;
}

bool audit_database(struct cli *cli, const char *organization, struct list anchors,
                    struct list *ret_audited, struct error *error)
{
    AUTO_READING session = db_read(cli->db);
    struct walk walk = {.cli = cli, .session = session, .anchors = anchors};
    struct list chains;
    if (!db_read_as_of_now(session, error) ||
        !audit_store_list_chains(session, organization, cli->arena, &chains, error))
        return false;
    if (organization && chains.count != 1)
        return fail(error, chains.count ? ERROR_CONFLICT : ERROR_NOT_FOUND, "",
                    chains.count ? "%s is the name of several organizations; give its id"
                                 : "there is no organization %s",
                    organization);
    if (anchors.count && chains.count != 1)
        return fail(error, ERROR_INVALID, "", "--expect needs --organization: there are several");
    if (organization)
        walk.organization_id = ((const struct audited_chain *)chains.items)->organization_id;
    if (!walk_chains(&walk, chains, error) || !walk_emails(&walk, error) ||
        !walk_untold(&walk, error))
        return false;
    *ret_audited = walk.audited;
    return true;
}
