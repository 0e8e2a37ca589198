/* outlook_send.h - one attempt to send a mail through Outlook; inside this room.
 *
 * A mail is made a draft there, the draft's immutable id is kept, and then it is sent by that. The
 * id stays when the draft becomes the sent mail, so that whoever does not know whether it was sent
 * may look: a mail whose id was not kept has certainly not been. */
#pragma once
#include "provider/outlook_call.h"

struct outcome outlook_send(const struct outlook *outlook);
