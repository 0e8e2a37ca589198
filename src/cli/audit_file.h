/* audit_file.h - checks the trail that an export holds, without the server it comes from. What it
 * remembers is an entry for each email. */
#pragma once
#include "cli/audit_report.h"

/* path "-": standard input. ret_audited: of struct audited, one for each trail in it; the
 * anchors are of the first. An export that was cut off or is
 * partly unreadable is a finding, one without a head an error. */
bool audit_file(struct cli *cli, const char *path, struct list anchors, struct list *ret_audited,
                struct error *error);
