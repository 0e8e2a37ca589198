#include "cli/audit_report.h"

#include "base/text.h"
#include "cli/print.h"

enum { FINDINGS_SHOWN = 100 };

struct finding {
    const char *organization_id, *organization;
    int64_t number;
    const char *email_id, *finding;
};
static const struct field FINDING_FIELDS[] = {
    FIELD(struct finding, organization_id, .use = SHOWN),
    FIELD(struct finding, organization, .use = SHOWN),
    FIELD(struct finding, number, .use = SHOWN | OMITTED),
    FIELD(struct finding, email_id, .use = SHOWN),
    FIELD(struct finding, finding, .use = SHOWN),
    {0},
};
static const struct schema FINDING = SCHEMA(struct finding, FINDING_FIELDS);

static const struct field AUDITED_FIELDS[] = {
    FIELD(struct audited, organization_id, .use = SHOWN),
    FIELD(struct audited, organization, .use = SHOWN),
    FIELD(struct audited, holds, .use = SHOWN),
    FIELD(struct audited, events, .use = SHOWN),
    FIELD(struct audited, first, .use = SHOWN),
    FIELD(struct audited, last, .use = SHOWN),
    FIELD(struct audited, older, .use = SHOWN),
    FIELD(struct audited, findings, .use = SHOWN),
    FIELD(struct audited, end, .use = SHOWN),
    {0},
};
static const struct schema AUDITED = SCHEMA(struct audited, AUDITED_FIELDS);

void audit_finding(struct cli *cli, struct audited *audited, int64_t number, const char *email_id,
                   const char *what)
{
    const struct finding finding = {audited->organization_id, audited->organization, number,
                                    email_id, what};
    if (what && audited->findings++ < FINDINGS_SHOWN)
        print_row(cli, &FINDING, &finding);
}

void audit_event(struct cli *cli, struct audited *audited, struct event_chain *chain,
                 struct list anchors, const struct event_record *record, struct arena *arena)
{
    audit_finding(cli, audited, record->number, record->email_id,
                  event_chain_add(chain, record, arena));
    audit_finding(cli, audited, record->number, record->email_id,
                  anchors_pass(anchors, record, arena));
}

void audit_end(struct cli *cli, struct audited *audited, const struct event_chain *chain,
               struct list anchors, int64_t number, const char *hash)
{
    const struct anchor *missed = anchors_missed(anchors);
    audited->events = chain->events;
    audited->first = chain->first;
    audited->last = chain->number;
    audited->older = chain->older;
    audited->end = chain->is_chained
                       ? arena_format(cli->arena, "%lld:%s", (long long)chain->number, chain->hash)
                       : NULL;
    audit_finding(cli, audited, 0, NULL, event_chain_end(chain, number, hash, cli->arena));
    if (missed)
        audit_finding(cli, audited, missed->number, NULL,
                      arena_format(cli->arena, "event %lld was noted, and is not there",
                                   (long long)missed->number));
}

void audit_report(struct cli *cli, struct list audited)
{
    struct audited *items = audited.items;
    for (size_t i = 0; i < audited.count; i++) {
        items[i].holds = !items[i].findings;
        if (!items[i].holds)
            cli->status = EXIT_FAILED;
    }
    print_list(cli, &AUDITED, audited);
}
