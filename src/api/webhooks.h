/* webhooks.h - what both files of /api/webhooks need; inside this room. */
#pragma once
#include "api/request.h"
#include "model/webhook.h"

/* Of the caller's organization, by request->id. */
bool webhooks_find(struct request *request, struct webhook *ret_webhook, struct error *error);
