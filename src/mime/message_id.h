/* message_id.h - whether a text is a Message-ID, or a list of them, that a header can carry as it
 * is (RFC 5322 3.6.4). */
#pragma once
#include <stdbool.h>

/* One: <left@right>, printable ASCII without white space, at most MIME_ID_MAX bytes. An id without
 * an @ is one, too: others write them, and an answer must name them. */
bool mime_is_message_id(const char *text);

/* One or more, with spaces or tabs between. */
bool mime_are_message_ids(const char *text);
