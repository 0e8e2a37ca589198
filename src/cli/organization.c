#include "base/clock.h"
#include "base/text.h"
#include "cli/print.h"
#include "store/quota_store.h"
#include "store/trail.h"

/* How much of the server an organization may have. A server that runs on the folder goes by it at
 * once: it reads the limits in each transaction that counts. */

struct quota_given {
    const char *organization;
    const char *limits[QUOTA_COUNT]; /* as they were typed */
};

#define QUOTA_GIVEN(flag, quota, text) \
    { \
        .name = flag, .kind = KIND_TEXT, .max = 40, .about = text, \
        .offset = offsetof(struct quota_given, limits) + (quota) * sizeof(const char *) \
    }
/* clang-format off */
static const struct field OPTION_FIELDS[] = {
    FIELD(struct quota_given, organization, .spelling = &LINE_SPELLING, .max = 200,
          .about = "name or id; otherwise all are shown"),
    QUOTA_GIVEN("stored_bytes", QUOTA_STORED_BYTES, "such as 20G; none; default: the setting"),
    QUOTA_GIVEN("waiting_emails", QUOTA_WAITING_EMAILS, "a number; none; default"),
    QUOTA_GIVEN("templates", QUOTA_TEMPLATES, "likewise"),
    QUOTA_GIVEN("contexts", QUOTA_CONTEXTS, "likewise"),
    QUOTA_GIVEN("tokens", QUOTA_TOKENS, "likewise"),
    QUOTA_GIVEN("mailboxes", QUOTA_MAILBOXES, "likewise"),
    {0},
};
const struct schema ORGANIZATION_QUOTA_OPTIONS = SCHEMA(struct quota_given, OPTION_FIELDS);

struct quota_row {
    const char *organization, *quota, *limit;
    int64_t used;
    bool is_own;
};
static const struct field ROW_FIELDS[] = {
    FIELD(struct quota_row, organization, .use = SHOWN),
    FIELD(struct quota_row, quota, .use = SHOWN),
    FIELD(struct quota_row, used, .use = SHOWN),
    FIELD(struct quota_row, limit, .use = SHOWN),
    FIELD(struct quota_row, is_own, .json = "own", .use = SHOWN),
    {0},
};
static const struct schema ROW = SCHEMA(struct quota_row, ROW_FIELDS);
/* clang-format on */

static bool organization_read_limit(struct cli *cli, enum quota quota, const char *text,
                                    int64_t *ret_limit, struct error *error)
{
    const char *flag = arena_copy(cli->arena, QUOTAS[quota].name);
    struct error why;
    *ret_limit = text_equal(text, "none") ? QUOTA_UNLIMITED : 0;
    if (text_equal(text, "none") || text_equal(text, "default"))
        return true;
    return (BYTES_SPELLING.read(text, cli->arena, ret_limit, &why) && *ret_limit > 0) ||
           fail(error, ERROR_INVALID, "", "--%s must be a number from 1 on, none or default", flag);
}

struct organization_change {
    struct cli *cli;
    const struct quota_given *given;
    struct list found; /* of struct quotas */
};

static bool organization_has_change(const struct quota_given *given)
{
    for (enum quota quota = 0; quota < QUOTA_COUNT; quota++)
        if (given->limits[quota])
            return true;
    return false;
}

/* What the trail tells: each limit that was given. */
static const char *organization_detail(const struct quotas *quotas, const struct quota_given *given,
                                       struct arena *arena)
{
    const char *detail = "{";
    for (enum quota quota = 0; quota < QUOTA_COUNT; quota++)
        if (given->limits[quota])
            detail = arena_format(arena, "%s%s\"quota_%s\":%lld", detail, detail[1] ? "," : "",
                                  QUOTAS[quota].name, (long long)quotas->limits.of[quota]);
    return arena_format(arena, "%s}", detail);
}

static bool organization_note(struct session *session, const struct organization_change *change,
                              const struct quotas *quotas, struct error *error)
{
    return trail_note(session,
                      &(struct administration){
                          .event = ACT_ORGANIZATION_CHANGED,
                          .organization_id = quotas->organization_id,
                          .subject_id = quotas->organization_id,
                          .actor = "operator",
                          .at = clock_now(),
                          .detail = organization_detail(quotas, change->given, change->cli->arena),
                      },
                      error);
}

static bool organization_work(struct session *session, void *context, struct error *error)
{
    struct organization_change *change = context;
    struct cli *cli = change->cli;
    if (!quota_store_list(session, change->given->organization, LIST_MOST, cli->arena,
                          &change->found, error))
        return false;
    struct quotas *quotas = (struct quotas *)change->found.items;
    if (change->given->organization && change->found.count != 1)
        return fail(error, ERROR_NOT_FOUND, "", "%s organization is called %s",
                    change->found.count ? "more than one" : "no", change->given->organization);
    if (!organization_has_change(change->given))
        return true;
    for (enum quota quota = 0; quota < QUOTA_COUNT; quota++)
        if (change->given->limits[quota] &&
            !organization_read_limit(cli, quota, change->given->limits[quota],
                                     &quotas->limits.of[quota], error))
            return false;
    return quota_store_set_limits(session, quotas, error) &&
           organization_note(session, change, quotas, error);
}

bool organization_quota(struct cli *cli, void *options, struct error *error)
{
    struct organization_change change = {.cli = cli, .given = options};
    const struct quota_amounts settings = config_quotas(&cli->config);
    if (organization_has_change(options) && !change.given->organization)
        return fail(error, ERROR_INVALID, "", "--organization is needed to change a quota");
    if (!db_write(cli->db, organization_work, &change, error))
        return false;
    const struct quotas *quotas = change.found.items;
    struct quota_row *rows = arena_new(cli->arena, struct quota_row,
                                       change.found.count * QUOTA_COUNT);
    for (size_t i = 0; i < change.found.count; i++)
        for (enum quota quota = 0; quota < QUOTA_COUNT; quota++) {
            int64_t limit = quota_limit(&quotas[i], &settings, quota);
            rows[i * QUOTA_COUNT + quota] = (struct quota_row){
                .organization = quotas[i].organization,
                .quota = QUOTAS[quota].name,
                .used = quotas[i].used.of[quota],
                .limit = limit == QUOTA_UNLIMITED
                             ? "none"
                             : arena_format(cli->arena, "%lld", (long long)limit),
                .is_own = quotas[i].limits.of[quota],
            };
        }
    print_list(cli, &ROW, (struct list){rows, change.found.count * QUOTA_COUNT});
    return true;
}
