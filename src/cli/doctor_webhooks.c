/* Those who are told of events. */
#include "base/text.h"
#include "cli/doctor.h"
#include "store/webhook_store.h"

static bool list(struct doctor *doctor, struct list *ret_webhooks, struct error *error)
{
    AUTO_READING session = db_read(doctor->cli->db);
    return webhook_store_list(session, NULL, LIST_MOST, doctor->cli->arena, ret_webhooks, error);
}

/* Whether it takes what it is told. */
static bool look_at(struct doctor *doctor, const struct webhook *webhook)
{
    switch (webhook_state(webhook)) {
    case WEBHOOK_FAILING:
        doctor_say(doctor, LEVEL_WARN, "%s (%s) has failed since %s: %s", webhook->url, webhook->id,
                   moment_text(webhook->failing_since, 0, doctor->cli->arena),
                   text_or(webhook->reason, "it does not answer"));
        return false;
    case WEBHOOK_OFF:
        doctor_say(doctor, LEVEL_WARN, "%s (%s) is switched off: %s", webhook->url, webhook->id,
                   text_or(webhook->reason, "somebody wanted it so"));
        return false;
    case WEBHOOK_ACTIVE: break;
    }
    return true;
}

bool doctor_webhooks(struct doctor *doctor, struct error *error)
{
    struct list webhooks;
    if (!list(doctor, &webhooks, error))
        return false;
    const struct webhook *webhook = webhooks.items;
    size_t good = 0;
    for (size_t i = 0; i < webhooks.count; i++)
        good += look_at(doctor, &webhook[i]);
    if (good == webhooks.count)
        doctor_say(doctor, LEVEL_OK, "all %zu take what they are told", good);
    return true;
}
