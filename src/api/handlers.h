/* handlers.h - what the routes run: one file per resource of each family; inside this room. */
#pragma once
#include "api/request.h"

handler outbound_draft_create, outbound_draft_list, outbound_draft_show, outbound_draft_change,
    outbound_draft_remove, outbound_draft_send, outbound_send, signature_show, signature_change;
handler email_draft_save, email_draft_list, email_draft_show, email_draft_change,
    email_draft_remove, email_send, email_record_list, email_record_show, email_record_events,
    email_record_raw;
handler messages_send, account_list, account_create, account_change, account_remove;
answerer outbound_draft_answer, email_draft_answer;
handler health_live, health_ready, health_metrics;
