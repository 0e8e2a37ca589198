#include "base/text.h"
#include "cli/audit_database.h"
#include "cli/audit_file.h"
#include "cli/audit_format.h"
#include "store/audit_store.h"
#include "json/json.h"

enum { AT_ONCE = 1000, MOST_ANCHORS = 1000, ANCHOR_BYTES = 100 };

struct verify {
    const char *organization;
    struct list expect;
};
static const struct field VERIFY_FIELDS[] = {
    FIELD(struct verify, organization, .about = "only this one's trail, by name or id"),
    FIELD(struct verify, expect, .max = MOST_ANCHORS, .item_max = ANCHOR_BYTES, .items = &TEXT_ITEM,
          .about = "an end that was noted earlier: that event must still be there, unchanged"),
    {0},
};
const struct schema AUDIT_VERIFY_OPTIONS = SCHEMA(struct verify, VERIFY_FIELDS);

struct export
{
    const char *organization;
    int64_t after;
};
static const struct field EXPORT_FIELDS[] = {
    FIELD(struct export, organization,
          .about = "whose trail, by name or id, or server for the server's own; needed when there "
                   "are several"),
    FIELD(struct export, after, .max = INT64_MAX, .about = "only events with a higher number"),
    {0},
};
const struct schema AUDIT_EXPORT_OPTIONS = SCHEMA(struct export, EXPORT_FIELDS);

bool audit_verify(struct cli *cli, void *options, struct error *error)
{
    const struct verify *given = options;
    struct list anchors, audited;
    bool is_file = cli->words.count;
    if (is_file && given->organization)
        return fail(error, ERROR_INVALID, "", "an export is of one organization already");
    if (!anchors_read(given->expect, cli->arena, &anchors, error) ||
        !(is_file ? audit_file(cli, cli_word(cli, 0), anchors, &audited, error)
                  : audit_database(cli, given->organization, anchors, &audited, error)))
        return false;
    audit_report(cli, audited);
    return true;
}

static void print_line(const struct schema *schema, const void *object, struct arena *arena)
{
    struct bytes text = json_write(schema, object, arena);
    fwrite(text.data, 1, text.size, stdout);
    putchar('\n');
}

/* The trail to be exported, of those that are there: the one with a name, else the only one, and
 * then the server's own too, if it has one. */
static bool choose(struct session *session, const char *organization, struct arena *arena,
                   struct audited_chain *ret_chain, struct audited_chain *ret_server,
                   struct error *error)
{
    struct list chains;
    if (!audit_store_list_chains(session, organization, arena, &chains, error))
        return false;
    struct audited_chain *items = chains.items;
    if (!organization && chains.count && text_equal(items->organization_id, TRAIL_OF_SERVER)) {
        *ret_server = *items; /* its id is the least */
        chains = (struct list){items + 1, chains.count - 1};
    }
    if (!chains.count)
        return fail(error, ERROR_NOT_FOUND, "", "there is no organization %s",
                    text_or(organization, "yet"));
    if (chains.count > 1)
        return fail(error, ERROR_INVALID, "", "there are several; --organization says which");
    *ret_chain = *(const struct audited_chain *)chains.items;
    return true;
}

static bool print_head(struct session *session, const struct audited_chain *chain, int64_t after,
                       struct arena *arena, struct error *error)
{
    struct list found = {0};
    struct audit_head head = {AUDIT_FORMAT, chain->organization_id, chain->organization, after,
                              NULL};
    if (after && !audit_store_list_events(session, chain->organization_id, after - 1, 1, arena,
                                          &found, error))
        return false;
    const struct event_record *before = found.items;
    if (after && (!found.count || before->number != after))
        return fail(error, ERROR_NOT_FOUND, "", "there is no event %lld; the trail ends at %lld",
                    (long long)after, (long long)chain->end_number);
    head.previous = after ? before->hash : NULL;
    print_line(&AUDIT_HEAD, &head, arena);
    return true;
}

static bool print_page(struct session *session, const char *organization_id, int64_t *number,
                       bool *ret_is_more, struct error *error)
{
    AUTO_ARENA arena = arena_create();
    struct list records;
    if (!audit_store_list_events(session, organization_id, *number, AT_ONCE, arena, &records,
                                 error))
        return false;
    const struct event_record *items = records.items;
    for (size_t i = 0; i < records.count; i++)
        print_line(&EVENT_RECORD_SCHEMA, &items[i], arena);
    int64_t last = records.count ? items[records.count - 1].number : *number;
    *ret_is_more = records.count == AT_ONCE && last > *number;
    *number = last;
    return true;
}

static bool print_trail(struct session *session, const struct audited_chain *chain, int64_t after,
                        struct arena *arena, struct error *error)
{
    int64_t number = after;
    bool is_more = true;
    if (!print_head(session, chain, after, arena, error))
        return false;
    while (is_more)
        if (!print_page(session, chain->organization_id, &number, &is_more, error))
            return false;
    const struct audit_end end = {chain->end_number, chain->end_hash};
    print_line(&AUDIT_END, &end, arena);
    return true;
}

bool audit_export(struct cli *cli, void *options, struct error *error)
{
    const struct export *given = options;
    AUTO_READING session = db_read(cli->db);
    struct audited_chain chain = {0}, server = {0};
    return db_read_as_of_now(session, error) &&
           choose(session, given->organization, cli->arena, &chain, &server, error) &&
           print_trail(session, &chain, given->after, cli->arena, error) &&
           (!server.organization_id || print_trail(session, &server, 0, cli->arena, error));
}
