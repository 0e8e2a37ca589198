#include "store/census_store.h"

#define COUNTED(member) FIELD(struct census, member, .use = STORED)

static const struct field CENSUS_FIELDS[] = {
    COUNTED(emails),
    COUNTED(drafts),
    COUNTED(pending_approval),
    COUNTED(queued),
    COUNTED(sending),
    COUNTED(failed),
    COUNTED(unknown),
    COUNTED(canceled),
    COUNTED(held),
    COUNTED(oldest_due),
    COUNTED(oldest_unknown),
    COUNTED(oldest_pending),
    COUNTED(accounts),
    COUNTED(reauth_required),
    COUNTED(paused),
    COUNTED(disconnected),
    COUNTED(webhooks),
    COUNTED(webhooks_failing),
    COUNTED(webhooks_off),
    {0},
};
static const struct schema CENSUS_SCHEMA = SCHEMA(struct census, CENSUS_FIELDS);

bool census_store_take(struct session *session, moment now, struct arena *arena,
                       struct census *ret_census, struct error *error)
{
    struct list found;
    if (!db_load(session, QUERY_CENSUS, PARAMS(NUMBER("now", now.ms)), 1, &CENSUS_SCHEMA, arena,
                 &found, error))
        return false;
    *ret_census = *(struct census *)found.items;
    return true;
}
