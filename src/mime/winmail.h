/* winmail.h - opens winmail.dat, in which Outlook wraps files and bodies: they become those of the
 * mail. */
#pragma once
#include "mime/part_tree.h"

/* Of all such files of a mail, in bytes and in number; what is beyond is an attachment. */
enum { WINMAIL_BYTES_MAX = 32 * 1024 * 1024, WINMAIL_COUNT_MAX = 16 };

/* By its type, or by its name. */
bool winmail_is(const struct part *part);

/* As leaf_read_attachment. A file that can be opened is kept until all parts have been read; one
 * that is none, or is broken, is an attachment at once. */
enum piece winmail_read(struct part_tree *tree, const struct part *part);

/* Behind the last part, when it is known whether the mail has a body: what is in the files becomes
 * attachments, and the body where there is no other. The file itself is an attachment as well
 * where something in it is left, or nothing was taken out. */
void winmail_open(struct part_tree *tree);
