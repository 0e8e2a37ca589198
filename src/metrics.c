#include "metrics.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"
#include "model/account.h"
#include "model/email_state.h"
#include "model/webhook.h"
#include "parser/parser.h"
#include "store/census_store.h"
#include "store/quota_store.h"

enum { QUOTAS_SHOWN = 50 };

static uint64_t at_least_0(int64_t number)
{
    return number > 0 ? (uint64_t)number : 0;
}

static void add_states(struct buf *buf, const struct census *census)
{
    static const char NAME[] = "emails";
    int64_t counts[EMAIL_STATE_COUNT] = {
        [EMAIL_DRAFT] = census->drafts,      [EMAIL_PENDING_APPROVAL] = census->pending_approval,
        [EMAIL_QUEUED] = census->queued,     [EMAIL_SENDING] = census->sending,
        [EMAIL_FAILED] = census->failed,     [EMAIL_UNKNOWN] = census->unknown,
        [EMAIL_CANCELED] = census->canceled,
    };
    int64_t others = 0;
    for (size_t i = 0; i < EMAIL_STATE_COUNT; i++)
        others += counts[i];
    counts[EMAIL_SENT] = census->emails - others;
    metric_begin(buf, METRIC_GAUGE, NAME,
                 "Emails that are kept, by state; received ones are not counted.");
    for (size_t i = 0; i < EMAIL_RECEIVED; i++)
        metric_value(buf, NAME, arena_format(buf->arena, "state=\"%s\"", EMAIL_STATE_NAMES[i]),
                     at_least_0(counts[i]));
    metric_add(buf, METRIC_GAUGE, "emails_held",
               "Queued emails that wait for a person, or whose mailbox is held.",
               at_least_0(census->held));
}

static void add_ages(struct buf *buf, const struct census *census, moment now)
{
    const struct {
        const char *name, *help;
        moment since;
    } ages[] = {
        {"oldest_due_seconds",
         "For how long the first queued email might have left; none of mailboxes that are held.",
         census->oldest_due},
        {"oldest_unknown_seconds", "Since when the first email is unknown.",
         census->oldest_unknown},
        {"oldest_pending_approval_seconds", "Since when the first email waits for approval.",
         census->oldest_pending},
    };
    for (size_t i = 0; i < sizeof ages / sizeof *ages; i++) {
        bool is_past = ages[i].since.ms && ages[i].since.ms < now.ms;
        metric_begin(buf, METRIC_GAUGE, ages[i].name, ages[i].help);
        metric_seconds(buf, ages[i].name, "", is_past ? 1000 * (now.ms - ages[i].since.ms) : 0);
    }
}

/* label: what the names are the values of. */
static void add_gauge(struct buf *buf, const char *name, const char *help, const char *label,
                      const char *const names[], const int64_t counts[], size_t count)
{
    metric_begin(buf, METRIC_GAUGE, name, help);
    for (size_t i = 0; i < count; i++)
        metric_value(buf, name, arena_format(buf->arena, "%s=\"%s\"", label, names[i]),
                     at_least_0(counts[i]));
}

static void add_mailboxes(struct buf *buf, const struct census *census)
{
    const int64_t counts[] = {
        [ACCOUNT_CONNECTED] = census->accounts - census->reauth_required - census->paused -
                              census->disconnected,
        [ACCOUNT_REAUTH_REQUIRED] = census->reauth_required,
        [ACCOUNT_PAUSED] = census->paused,
    };
    add_gauge(buf, "mailboxes", "Connected mailboxes, by status.", "status", ACCOUNT_STATUS_NAMES,
              counts, sizeof counts / sizeof *counts);
}

static void add_webhooks(struct buf *buf, const struct census *census)
{
    const int64_t counts[] = {
        [WEBHOOK_ACTIVE] = census->webhooks - census->webhooks_failing - census->webhooks_off,
        [WEBHOOK_FAILING] = census->webhooks_failing,
        [WEBHOOK_OFF] = census->webhooks_off,
    };
    add_gauge(buf, "webhooks", "Webhooks, by state.", "state", WEBHOOK_STATE_NAMES, counts,
              sizeof counts / sizeof *counts);
}

/* Of the organizations that store the most, each by its id. */
static void add_quotas(struct buf *buf, struct session *session)
{
    static const char USED[] = "quota_used", LIMIT[] = "quota_limit";
    struct list found;
    struct error error;
    if (!quota_store_list(session, NULL, QUOTAS_SHOWN, buf->arena, &found, &error)) {
        LOG(LOG_WARNING, "quotas_not_read", LOG_TEXT("reason", error.message));
        return;
    }
    const struct quotas *quotas = found.items;
    for (int pass = 0; pass < 2; pass++) {
        metric_begin(buf, METRIC_GAUGE, pass ? LIMIT : USED,
                     pass ? "What an organization may use of a quota; none where it has no limit."
                          : "What an organization uses of a quota; those that store the most.");
        for (size_t i = 0; i < found.count; i++)
            for (enum quota quota = 0; quota < QUOTA_COUNT; quota++) {
                int64_t limit = quota_limit(&quotas[i], quota_store_settings(), quota);
                if (pass && limit == QUOTA_UNLIMITED)
                    continue;
                metric_value(buf, pass ? LIMIT : USED,
                             arena_format(buf->arena, "organization=\"%s\",quota=\"%s\"",
                                          quotas[i].organization_id, QUOTAS[quota].name),
                             at_least_0(pass ? limit : quotas[i].used.of[quota]));
            }
    }
}

/* A database that cannot be read just now leaves the rest of the page. */
static void add_census(struct buf *buf, struct db *db)
{
    moment now = clock_now();
    struct census census;
    struct error error = {0};
    AUTO_READING session = db_read(db);
    if (!census_store_take(session, now, buf->arena, &census, &error)) {
        LOG(LOG_WARNING, "census_failed", LOG_TEXT("reason", error.message));
        return;
    }
    add_states(buf, &census);
    add_ages(buf, &census, now);
    add_mailboxes(buf, &census);
    add_webhooks(buf, &census);
    add_quotas(buf, session);
}

static void add_outcomes(struct buf *buf, const struct delivery_counts *counts)
{
    static const char NAME[] = "outcomes_total";
    metric_begin(buf, METRIC_COUNTER, NAME, "Attempts to send, by provider and how they ended.");
    for (size_t provider = 0; PROVIDER_NAMES[provider]; provider++)
        for (size_t i = 0; OUTCOME_NAMES[i]; i++)
            metric_value(buf, NAME,
                         arena_format(buf->arena, "provider=\"%s\",outcome=\"%s\"",
                                      PROVIDER_NAMES[provider], OUTCOME_NAMES[i]),
                         counts->outcomes[provider][i]);
}

static void add_parser(struct buf *buf)
{
    struct parser_counts counts = parser_counts();
    metric_add(buf, METRIC_GAUGE, "parser_processes", "Processes that read strangers' mail.",
               at_least_0(counts.running));
    metric_add(buf, METRIC_COUNTER, "parser_deaths_total",
               "Such processes that died over what they read, or took too long.",
               at_least_0(counts.died));
    metric_add(buf, METRIC_COUNTER, "parser_unreadable_total",
               "What ended such a process twice, and was given up.", at_least_0(counts.unreadable));
}

void metrics_add(struct buf *buf, void *context)
{
    const struct metrics *metrics = context;
    struct delivery_counts counts = delivery_count(metrics->delivery);
    add_census(buf, metrics->db);
    metric_add(buf, METRIC_GAUGE, "sending", "Mails under way.", counts.under_way);
    add_outcomes(buf, &counts);
    metric_histogram(buf, "lateness_seconds",
                     "How long after it was due a mail was first claimed, durably.",
                     &(struct histogram){LATENESS_LIMITS_US, counts.lateness, LATENESS_LIMITS,
                                         counts.lateness_us});
    metric_add(buf, METRIC_COUNTER, "claims_total", "Mails that were claimed.", counts.claims);
    metric_begin(buf, METRIC_COUNTER, "claim_seconds_total",
                 "What choosing and claiming them took, without the commit.");
    metric_seconds(buf, "claim_seconds_total", "", (int64_t)counts.claim_us);
    add_parser(buf);
}
