/* audit_database.h - checks the trails in the database, all as of one moment, while a server runs
 * or not; in memory that does not grow with them. */
#pragma once
#include "cli/audit_report.h"

/* organization: an id or a name; NULL: all, then without anchors. ret_audited: of struct audited.
 */
bool audit_database(struct cli *cli, const char *organization, struct list anchors,
                    struct list *ret_audited, struct error *error);
