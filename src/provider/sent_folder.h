/* sent_folder.h - which of a mailbox's folders, as IMAP lists them, have its sent mail. */
#pragma once
#include <stddef.h>

#include "base/schema.h"

enum { SENT_FOLDERS_MOST = 4 };

/* Names: those of the folders (struct imap_folder) that their server says it of; only where it says
 * it of none, those with a usual name. Returns how many. */
size_t sent_folder_choose(struct list folders, const char *ret_names[SENT_FOLDERS_MOST]);
