/* smtp_transactions.h - gives one mail to an SMTP server in as many transactions as it takes for
 * the number of its recipients (RFC 5321 4.5.3.1.10); inside this room.
 *
 * While nobody has accepted the mail, one refused recipient refuses it for all. Afterwards that
 * cannot be any more: who is refused is left out. What became of one transaction is durable before
 * the next begins. */
#pragma once
#include "net/smtp.h"
#include "provider/provider.h"

void smtp_transactions_run(struct provider_pool *pool, struct smtp_connection *connection,
                           const struct smtp_server *server, const struct attempt *attempt,
                           struct outcome *ret_outcome);
