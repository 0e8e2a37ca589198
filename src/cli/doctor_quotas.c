/* What organizations use of their quotas, and whether it was counted right. */
#include "cli/doctor.h"
#include "store/quota_store.h"

enum { NEARLY_PERCENT = 90 };

static bool doctor_list_quotas(struct doctor *doctor, struct list *ret_quotas, struct error *error)
{
    AUTO_READING session = db_read(doctor->cli->db);
    return quota_store_list(session, NULL, LIST_MOST, doctor->cli->arena, ret_quotas, error);
}

bool doctor_quotas(struct doctor *doctor, struct error *error)
{
    const struct config *config = &doctor->cli->config;
    const struct quota_amounts settings = config_quotas(config);
    struct list found;
    if (!doctor_list_quotas(doctor, &found, error))
        return false;
    const struct quotas *quotas = found.items;
    size_t nearly = 0;
    for (size_t i = 0; i < found.count; i++)
        for (enum quota quota = 0; quota < QUOTA_COUNT; quota++) {
            int64_t limit = quota_limit(&quotas[i], &settings, quota);
            int64_t used = quotas[i].used.of[quota];
            if (limit == QUOTA_UNLIMITED || used < limit / 100 * NEARLY_PERCENT || !used)
                continue;
            nearly++;
            doctor_say(doctor, LEVEL_WARN, "%s has used %lld of %lld %s", quotas[i].organization,
                       (long long)used, (long long)limit, QUOTAS[quota].name);
        }
    if (!nearly)
        doctor_say(doctor, LEVEL_OK, "no organization is near one of its quotas");
    return true;
}

/* Read as of one moment, while a server may go on counting. */
static bool doctor_recount(struct doctor *doctor, const struct quotas *listed, size_t *drifted,
                           struct error *error)
{
    AUTO_READING session = db_read(doctor->cli->db);
    struct quotas counted, real;
    if (!db_read_as_of_now(session, error) ||
        !quota_store_find(session, listed->organization_id, doctor->cli->arena, &counted, error) ||
        !quota_store_recount(session, listed->organization_id, doctor->cli->arena, &real, error))
        return false;
    for (enum quota quota = 0; quota < QUOTA_COUNT; quota++)
        if (counted.used.of[quota] != real.used.of[quota]) {
            ++*drifted;
            doctor_say(doctor, LEVEL_WARN, "%s is counted for %lld %s, and has %lld",
                       listed->organization, (long long)counted.used.of[quota], QUOTAS[quota].name,
                       (long long)real.used.of[quota]);
        }
    return true;
}

bool doctor_quota_counts(struct doctor *doctor, struct error *error)
{
    struct list found;
    size_t drifted = 0;
    if (!doctor->given->thorough) {
        doctor_say(doctor, LEVEL_OK, "not compared: that is for --thorough");
        return true;
    }
    if (!doctor_list_quotas(doctor, &found, error))
        return false;
    for (size_t i = 0; i < found.count; i++)
        if (!doctor_recount(doctor, (const struct quotas *)found.items + i, &drifted, error))
            return false;
    if (!drifted)
        doctor_say(doctor, LEVEL_OK, "all are what a recount finds");
    return true;
}
