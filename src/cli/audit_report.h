/* audit_report.h - what `outtray audit verify` prints: each finding as it is made, and then how
 * each organization's trail stands. */
#pragma once
#include "cli/anchor.h"
#include "cli/cli.h"
#include "model/event_chain.h"

struct audited { /* an organization's trail */
    const char *organization_id, *organization;
    bool holds;
    int64_t events, first, last;
    int64_t older; /* than the chain: nothing vouches for them */
    int64_t findings;
    const char *end; /* "NUMBER:HASH", for --expect; NULL: nothing is chained */
};

/* number 0: of no event; email_id NULL: of no email; what NULL: there is nothing to say. Beyond the
 * first hundred of an organization they are only counted. */
void audit_finding(struct cli *cli, struct audited *audited, int64_t number, const char *email_id,
                   const char *what);

/* One event more: all that it is checked for but its email's own trail. */
void audit_event(struct cli *cli, struct audited *audited, struct event_chain *chain,
                 struct list anchors, const struct event_record *record, struct arena *arena);
/* There are no more; number and hash as for event_chain_end. */
void audit_end(struct cli *cli, struct audited *audited, const struct event_chain *chain,
               struct list anchors, int64_t number, const char *hash);

/* Of struct audited. The tool's exit status tells whether all hold. */
void audit_report(struct cli *cli, struct list audited);
