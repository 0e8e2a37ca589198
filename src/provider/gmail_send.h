/* gmail_send.h - one attempt to send a mail through Gmail; inside this room.
 *
 * The mail is made a draft, the draft's id is kept, and then the draft is sent by it. A draft can
 * be sent once only: who does not know whether it was may ask (gmail_search.h), and send it again
 * when it is still there. A mail that Gmail refuses leaves its draft behind. */
#pragma once
#include "provider/web_mail.h"

struct outcome gmail_send_mail(struct web_mail *mail, const struct attempt *attempt);
